// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on ppc64: stop the other CPUs, silence the machine.
 *
 * Runs after the crash: no locks, no allocation, no sleeping.  The other CPUs
 * come here by NMI, wherever they were, or by themselves.  What they find is
 * this kernel's kexec_smp_wait(): they wait in real mode until the code of the
 * next kernel is at address 0.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/processor.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/hw_breakpoint.h>
#include <asm/hw_irq.h>
#include <asm/kdump.h>
#include <asm/machdep.h>
#include <asm/paca.h>
#include <asm/rtas.h>

/*
 * How long to wait for CPUs that were interrupted, for those among them that
 * are only just starting, and for all after a reset.
 */
#define STOP_MSECS		2000
#define START_MSECS		500
#define SOFT_RESET_MSECS	500

/* In which an NMI that has been sent arrives. */
#define NMI_MSECS		100

/* The CPU that stops all others; -1: none.  crash(8) looks for this name. */
static int crashing_cpu = -1;

/*
 * CPUs that will see that by themselves, or were sent an NMI.  Another one in
 * the middle of that would not return to it, and leave half a note.
 */
static struct cpumask told;

#ifdef CONFIG_PPC_RTAS
/*
 * A CPU may have been stopped with its lock held, and those that stop want it,
 * to leave the interrupt controller.
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

static void leave_interrupts(int secondary)
{
	hw_breakpoint_disable();
	reset_sprs();
	/* The hypervisor shall no longer write to memory of this kernel. */
	if (ppc_md.kexec_cpu_down)
		ppc_md.kexec_cpu_down(1, secondary);
}

#ifdef CONFIG_SMP

/* How often each CPU has begun to join: it faults if it comes back. */
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
		leave_interrupts(1);
		fallthrough;
	default:
		kexec_smp_wait();
	}
}

/*
 * Does a CPU run that shall stop?  With @starting one that is not online yet
 * counts.  Some platforms leave cpu_start set when a CPU goes offline.
 */
static bool others_run(bool starting)
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

static void interrupt_others(void)
{
	int cpu, here = raw_smp_processor_id();

	/* One by one: an NMI would start a CPU that is not online. */
	for_each_online_cpu(cpu) {
		if (cpu != here && !cpumask_test_and_set_cpu(cpu, &told))
			do_smp_send_nmi_ipi(cpu, false);
	}
}

static void wait_for_volunteers(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < SOFT_RESET_MSECS && others_run(false); msecs++)
		mdelay(1);
}

static void stop_others(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < STOP_MSECS; msecs++) {
		interrupt_others();
		if (!others_run(msecs < START_MSECS))
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
		wait_for_volunteers();
	stop_others();
}

#else

void kdump_crash_join(struct pt_regs *regs)
{
}

void kdump_arch_stop_cpus(void)
{
}

#endif

/* A volunteer that was seen too late is sent an NMI, and joins in that. */
static void join_if_wanted(struct pt_regs *regs)
{
	if (READ_ONCE(crashing_cpu) < 0)
		return;
	mdelay(NMI_MSECS);
	kdump_crash_join(regs);
}

/* Has another CPU crashed, and will soon stop this one? */
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

/* Another CPU panics.  What this one did is in @regs. */
void nmi_panic_self_stop(struct pt_regs *regs)
{
	hard_irq_disable();
	cpumask_set_cpu(raw_smp_processor_id(), &told);
	for (;;) {
		join_if_wanted(regs);
		cpu_relax();
	}
}

void kdump_arch_quiesce(unsigned int part)
{
	zap_rtas_lock();
	if (part == 0)
		machine_kexec_mask_interrupts();
	else
		leave_interrupts(0);
}

void kdump_save_low(const struct kimage *image)
{
	phys_addr_t to = kdump_load_backup(image);

	if (to)
		memcpy(__va(to), __va(0), KDUMP_BACKUP_EARLY);
}
