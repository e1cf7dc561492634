// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on ppc64: stop the other CPUs, silence the machine.
 *
 * Runs after the crash: no locks, no allocation, no sleeping.  An NMI brings
 * the other CPUs here, wherever they were, or they come by themselves.  They
 * end in kexec_smp_wait(), and wait in real mode until the code of the next
 * kernel is at address 0.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/processor.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/firmware.h>
#include <asm/hvcall.h>
#include <asm/hw_breakpoint.h>
#include <asm/hw_irq.h>
#include <asm/kdump.h>
#include <asm/machdep.h>
#include <asm/paca.h>
#include <asm/papr-watchdog.h>
#include <asm/rtas.h>

/*
 * How long to wait for CPUs that were sent an NMI, for CPUs among them that are
 * still starting, and for all CPUs after a soft reset.
 */
#define STOP_MSECS		2000
#define START_MSECS		500
#define SOFT_RESET_MSECS	500

/* An NMI arrives within this time. */
#define NMI_MSECS		100

/* The CPU that stops all others; -1: none.  crash(8) looks for this name. */
static int crashing_cpu = -1;

/*
 * CPUs that know they must stop: they were sent an NMI, or will see
 * crashing_cpu by themselves.  They get no other NMI: it would interrupt a CPU
 * that writes its note, and half a note would stay.
 */
static struct cpumask told;

#ifdef CONFIG_PPC_RTAS
/*
 * A CPU may have been stopped while it held the RTAS lock.  CPUs that stop need
 * the lock to leave the interrupt controller.
 */
static void zap_rtas_lock(void)
{
	rtas.lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
}
#else
static void zap_rtas_lock(void)
{
}
#endif

static void cpu_leave_interrupts(int secondary)
{
	hw_breakpoint_disable();
	reset_sprs();
	/* Let the hypervisor no longer write to memory of this kernel. */
	if (ppc_md.kexec_cpu_down)
		ppc_md.kexec_cpu_down(1, secondary);
}

#ifdef CONFIG_SMP

/*
 * How often each CPU has called kdump_crash_join(); more than once: it faulted.
 */
static u8 joins[NR_CPUS];

void kdump_crash_join(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();
	int by = READ_ONCE(crashing_cpu);

	if (by < 0 || by == cpu)
		return;
	hard_irq_disable();
	switch (joins[cpu]++) {
	case 0:
		crash_save_cpu(regs, cpu);
		fallthrough;
	case 1:
		cpu_leave_interrupts(1);
		fallthrough;
	default:
		kexec_smp_wait();
	}
}

/*
 * Does another CPU still run?  With @starting, CPUs count that are not online
 * yet.  That is only a hint: some platforms leave cpu_start set when a CPU goes
 * offline.
 */
static bool cpus_run(bool starting)
{
	int cpu, here = raw_smp_processor_id();

	for_each_possible_cpu(cpu) {
		if (cpu != here &&
		    (cpu_online(cpu) ||
		     (starting && READ_ONCE(paca_ptrs[cpu]->cpu_start))) &&
		    READ_ONCE(paca_ptrs[cpu]->kexec_state) !=
			    KEXEC_STATE_REAL_MODE)
			return true;
	}
	return false;
}

static void cpus_send_nmi(void)
{
	int cpu, here = raw_smp_processor_id();

	/* Send to online CPUs only: an NMI would start an offline CPU. */
	for_each_online_cpu(cpu) {
		if (cpu != here && !cpumask_test_and_set_cpu(cpu, &told))
			do_smp_send_nmi_ipi(cpu, false);
	}
}

static void cpus_wait_for_reset(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < SOFT_RESET_MSECS && cpus_run(false); msecs++)
		mdelay(1);
}

static void cpus_stop(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < STOP_MSECS; msecs++) {
		cpus_send_nmi();
		if (!cpus_run(msecs < START_MSECS))
			break;
		mdelay(1);
	}
}

void kdump_arch_stop_cpus(void)
{
	if (cmpxchg(&crashing_cpu, -1, raw_smp_processor_id()) >= 0)
		return;
	zap_rtas_lock();
	if (!cpumask_empty(&told))
		cpus_wait_for_reset();
	cpus_stop();
}

#else

void kdump_crash_join(struct pt_regs *regs)
{
}

void kdump_arch_stop_cpus(void)
{
}

#endif

/*
 * If the CPU that crashes did not see this CPU in @told, it has sent an NMI.
 * Wait for it first, so that this CPU joins only once.
 */
static void join_if_wanted(struct pt_regs *regs)
{
	if (READ_ONCE(crashing_cpu) < 0)
		return;
	mdelay(NMI_MSECS);
	kdump_crash_join(regs);
}

/* Has another CPU crashed, which will soon stop this one? */
static bool crash_elsewhere(void)
{
	int cpu = atomic_read(&panic_cpu);

	return cpu != PANIC_CPU_INVALID && cpu != raw_smp_processor_id();
}

void kdump_soft_reset(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();
	unsigned int msecs;

	if (crash_kexec_post_notifiers)
		return;
	cpumask_set_cpu(cpu, &told);
	crash_kexec(regs);
	for (msecs = 0; msecs < STOP_MSECS && crash_elsewhere(); msecs++) {
		join_if_wanted(regs);
		mdelay(1);
	}
	cpumask_clear_cpu(cpu, &told);
}

/* Another CPU panics.  @regs are the registers of this one before. */
void nmi_panic_self_stop(struct pt_regs *regs)
{
	hard_irq_disable();
	cpumask_set_cpu(raw_smp_processor_id(), &told);
	for (;;) {
		join_if_wanted(regs);
		cpu_relax();
	}
}

#ifdef CONFIG_PPC_PSERIES
/*
 * A capture kernel neither knows of a timer that the hypervisor runs, nor feeds
 * it.  Stopping takes one call; the hypervisor may say a few times that it is
 * busy.
 */
static void stop_watchdogs(void)
{
	unsigned int tries = 10;

	if (!firmware_has_feature(FW_FEATURE_WATCHDOG))
		return;
	while (tries-- && plpar_hcall_norets_notrace(H_WATCHDOG,
						     PSERIES_WDTF_OP_STOP,
						     PSERIES_WDT_NUM_ALL) ==
			  H_BUSY)
		mdelay(1);
}
#else
static void stop_watchdogs(void)
{
}
#endif

void kdump_arch_quiesce(unsigned int part)
{
	zap_rtas_lock();
	switch (part) {
	case 0:
		machine_kexec_mask_interrupts();
		break;
	case 1:
		cpu_leave_interrupts(0);
		break;
	default:
		stop_watchdogs();
		break;
	}
}

void kdump_save_low(const struct kimage *image)
{
	phys_addr_t to = kdump_armed_backup(image);

	if (to)
		memcpy(__va(to), __va(0), KDUMP_BACKUP_EARLY);
}
