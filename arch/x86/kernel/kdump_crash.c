// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: stop the other CPUs, silence the machine.
 *
 * Runs after the crash: no locks, no allocation, no sleeping.  The other CPUs
 * come here by NMI, wherever they were.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/printk.h>
#include <linux/processor.h>
#include <linux/sched.h>

#include <asm/apic.h>
#include <asm/cpu_entry_area.h>
#include <asm/hpet.h>
#include <asm/hypervisor.h>
#include <asm/intel_pt.h>
#include <asm/io_apic.h>
#include <asm/kdump.h>
#include <asm/mshyperv.h>
#include <asm/page_types.h>
#include <asm/reboot.h>
#include <asm/virtext.h>

/* Runs on each CPU that must stop; its caller then halts the CPU for good. */
static void cpu_stop_nmi(int cpu, struct pt_regs *regs)
{
	crash_save_cpu(regs, cpu);
	cpu_emergency_stop_pt();
	disable_local_APIC();
}

/* Is this CPU online, or coming up? */
static bool cpu_runs(int cpu)
{
	return cpu_online(cpu) || cpumask_test_cpu(cpu, cpu_callout_mask);
}

/*
 * Have all other CPUs stopped?  The first NMI may have reached a CPU that was
 * coming up and could not handle it yet.  With @again, send another NMI to each
 * running CPU that is online by now.
 */
static bool cpus_stopped(bool again)
{
	int cpu, here = raw_smp_processor_id();
	bool stopped = true;

	for_each_possible_cpu(cpu) {
		if (cpu == here || !cpu_runs(cpu) || kdump_note_saved(cpu))
			continue;
		stopped = false;
		if (again && cpu_online(cpu))
			apic->send_IPI(cpu, NMI_VECTOR);
	}
	return stopped;
}

void kdump_arch_stop_cpus(void)
{
	static bool stopped;
	unsigned int msecs;

	if (xchg(&stopped, true))
		return;
	/* This waits a second at most for the CPUs to answer. */
	nmi_shootdown_cpus(cpu_stop_nmi);
	/*
	 * Wait one second more.  nmi_shootdown_cpus() counts on this CPU being
	 * online, and it is not while it comes up or goes down.  And the host
	 * of a guest may be slow to run a CPU that is to stop.
	 */
	for (msecs = 1000; msecs--; kdump_arch_wait()) {
		/*
		 * Send rarely: with an APIC that hangs, each NMI takes 100 ms.
		 */
		if (cpus_stopped(msecs % 100 == 0))
			break;
	}
}

#ifdef CONFIG_X86_IO_APIC
static void silence_io_apic(void)
{
	/* A CPU may have been stopped while it held the lock of the IO-APIC. */
	ioapic_zap_locks();
	clear_IO_APIC();
}
#else
static void silence_io_apic(void)
{
}
#endif

#ifdef CONFIG_HPET_TIMER
static void silence_hpet(void)
{
	hpet_disable();
}
#else
static void silence_hpet(void)
{
}
#endif

/*
 * End what this guest has agreed with its hypervisor.  Xen resets all that it
 * keeps for the guest, so nothing that needs Xen may follow.
 */
static void leave_hypervisor(void)
{
	if (machine_ops.crash_shutdown)
		machine_ops.crash_shutdown(NULL);
}

/* Take back the pages that Hyper-V uses for hypercalls and for the clock. */
static void leave_hyperv_pages(void)
{
	if (hypervisor_is_type(X86_HYPER_MS_HYPERV))
		hyperv_cleanup();
}

void kdump_arch_quiesce(unsigned int part)
{
	static void (*const parts[])(void) = {
		silence_io_apic,
		silence_hpet,
		lapic_shutdown,
		restore_boot_irq_mode,
		cpu_emergency_stop_pt,
		cpu_emergency_disable_virtualization,
		leave_hypervisor,
		leave_hyperv_pages,
	};

	static_assert(ARRAY_SIZE(parts) == KDUMP_ARCH_QUIESCE_PARTS);
	parts[part]();
}

#ifdef CONFIG_X86_UV

/* Other CPUs are stopped within this time, or the crash path has failed. */
#define NMI_MSECS	3000

static bool crash_may_come(void)
{
	return kexec_crash_loaded() ||
	       atomic_read(&panic_cpu) != PANIC_CPU_INVALID;
}

bool kdump_crash_nmi(struct pt_regs *regs, bool first)
{
	unsigned int msecs;

	if (first) {
		crash_kexec(regs);
		pr_emerg("kdump: no crash image was started\n");
		return true;
	}
	for (msecs = NMI_MSECS; msecs && crash_may_come(); msecs--) {
		run_crash_ipi_callback(regs);
		kdump_arch_wait();
	}
	return false;
}

#endif
