// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: from the last words of the system kernel to the jump.
 *
 * Runs on a machine that is broken, in any context: no locks, no allocation,
 * no sleeping, every wait bounded.  The call graph below __crash_kexec() stays
 * in this file, notes.c and the architecture's kdump_crash.c, up to
 * machine_kexec().
 */
#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>

#include <asm/kdump.h>

#include "notes.h"

bool crash_kexec_post_notifiers;
core_param(crash_kexec_post_notifiers, crash_kexec_post_notifiers, bool, 0644);

int kexec_should_crash(struct task_struct *p)
{
	if (crash_kexec_post_notifiers)
		return 0;
	/* Each of these makes die() end in panic(). */
	return panic_on_oops || in_interrupt() || !p->pid || is_global_init(p);
}

static void mark_silent_cpus(int self)
{
	int cpu;

	for_each_online_cpu(cpu) {
		if (cpu != self && !kdump_note_saved(cpu))
			kdump_note_silent(cpu);
	}
}

/*
 * Inline into its caller even where the registers of the crash are not known:
 * those of here then still name the whole way back to panic().
 */
void __crash_kexec(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();
	struct kimage *image = kdump_load_fire();
	struct pt_regs here;

	if (!image)
		return;
	if (!regs) {
		kdump_arch_regs_here(&here);
		regs = &here;
	}
	local_irq_disable();
	kdump_note_crashed(regs, cpu);
	kdump_arch_stop_cpus();
	mark_silent_cpus(cpu);
	kdump_arch_quiesce();
	machine_kexec(image);
}

void crash_kexec(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();

	/* panic() uses the same mark, so one of the two goes on. */
	if (atomic_cmpxchg(&panic_cpu, PANIC_CPU_INVALID, cpu) !=
	    PANIC_CPU_INVALID)
		return;
	__crash_kexec(regs);
	atomic_set(&panic_cpu, PANIC_CPU_INVALID);
}

void crash_smp_send_stop(void)
{
	kdump_arch_stop_cpus();
}
