// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on x86: which CPU must be left alone?
 *
 * Runs in the capture kernel, while it reads the list of CPUs in the firmware's
 * ACPI table, and when ACPI adds a CPU later.
 *
 * The firmware starts one CPU, the boot CPU, and the hardware remembers which
 * one.  An INIT sends any other CPU to sleep until a startup IPI comes, but it
 * sends the boot CPU to the firmware's reset vector.  What happens there is up
 * to the firmware: OVMF resets the machine, and the dump is lost.
 *
 * This kernel runs on the CPU that has crashed.  If that is not the boot CPU,
 * bringing up the boot CPU would begin with an INIT.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/crash_dump.h>
#include <linux/printk.h>
#include <linux/types.h>

#include <asm/kdump.h>
#include <asm/msr.h>

#define NO_APICID	(~0U)

/* A CPU older than the Pentium Pro does not have this register. */
static bool runs_on_boot_cpu(void)
{
	u64 base;

	return rdmsrl_safe(MSR_IA32_APICBASE, &base) ||
	       base & MSR_IA32_APICBASE_BSP;
}

/*
 * ACPI tells firmware to list the boot CPU first (6.4, 5.2.12.1).  The register
 * above only says whether this CPU is the boot CPU.
 */
bool kdump_capture_spares(u32 apicid, u32 own)
{
	static u32 spared = NO_APICID;
	static bool asked;

	if (!asked && apicid != own && is_kdump_kernel() &&
	    !runs_on_boot_cpu()) {
		spared = apicid;
		pr_info("the CPU with APIC ID %u has booted the machine and stays unused: starting it again would reset the machine\n",
			spared);
	}
	asked = true;
	return apicid == spared;
}
