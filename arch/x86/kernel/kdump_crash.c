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
#include <linux/kernel.h>
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
#include <asm/kdump.h>
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

/* Is this CPU at work, or on its way there? */
static bool runs(int cpu)
{
	return cpu_online(cpu) || cpumask_test_cpu(cpu, cpu_callout_mask);
}

/*
 * The first NMI may have found a CPU on its way up without the means to take
 * it.  With @again, send another one if it is online now, and can.
 */
static bool stop_stragglers(bool again)
{
	int cpu, here = raw_smp_processor_id();
	bool stopped = true;

	for_each_possible_cpu(cpu) {
		if (cpu == here || !runs(cpu) || kdump_note_saved(cpu))
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
	/* Waits a second at most for those that do not answer. */
	nmi_shootdown_cpus(stop_this_cpu_nmi);
	/*
	 * One second more: it takes this CPU for one of those that are online,
	 * which one on its way up or down is not, and the host of a guest may
	 * have better things to do than to run a CPU that is to stop.
	 */
	for (msecs = 1000; msecs--; kdump_arch_wait()) {
		/* Not all the time: an APIC that hangs makes each take 100 ms. */
		if (stop_stragglers(msecs % 100 == 0))
			break;
	}
}

static void silence_io_apic(void)
{
	if (!IS_ENABLED(CONFIG_X86_IO_APIC))
		return;
	/* A CPU may have been stopped with its lock held. */
	ioapic_zap_locks();
	clear_IO_APIC();
}

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

void kdump_arch_quiesce(unsigned int part)
{
	static void (*const parts[])(void) = {
		silence_io_apic,
		silence_hpet,
		lapic_shutdown,
		restore_boot_irq_mode,
		cpu_emergency_stop_pt,
		cpu_emergency_disable_virtualization,
	};

	static_assert(ARRAY_SIZE(parts) == KDUMP_QUIESCE_PARTS);
	parts[part]();
}
