// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: stop the other CPUs, silence the machine.
 *
 * Runs after the crash: no locks, no allocation, no sleeping.  The other CPUs
 * come here by NMI, wherever they were.
 */
#include <linux/compiler.h>
#include <linux/kdump.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/processor.h>
#include <linux/sched.h>

#include <asm/apic.h>
#include <asm/cpu_entry_area.h>
#include <asm/hpet.h>
#include <asm/intel_pt.h>
#include <asm/io_apic.h>
#include <asm/page_types.h>
#include <asm/reboot.h>
#include <asm/virtext.h>

/* On a CPU that shall stop; its caller halts it for good. */
static void stop_this_cpu_nmi(int cpu, struct pt_regs *regs)
{
	crash_save_cpu(regs, cpu);
	cpu_emergency_stop_pt();
	disable_local_APIC();
}

void kdump_arch_stop_cpus(void)
{
	static bool stopped;

	if (xchg(&stopped, true))
		return;
	/* Waits a second at most for those that do not answer. */
	nmi_shootdown_cpus(stop_this_cpu_nmi);
}

static void silence_io_apic(void)
{
	if (!IS_ENABLED(CONFIG_X86_IO_APIC))
		return;
	/* A CPU may have been stopped with its lock held. */
	ioapic_zap_locks();
	clear_IO_APIC();
}

void kdump_arch_quiesce(void)
{
	silence_io_apic();
	if (IS_ENABLED(CONFIG_HPET_TIMER))
		hpet_disable();
	lapic_shutdown();
	restore_boot_irq_mode();
	cpu_emergency_stop_pt();
	cpu_emergency_disable_virtualization();
}
