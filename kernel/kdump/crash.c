// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: from the last words of the system kernel to the jump.
 *
 * Runs on a machine that is broken, in any context: no locks, no allocation,
 * no sleeping, every wait bounded.  The call graph below __crash_kexec() stays
 * in this file, notes.c and the architecture's kdump_crash.c, up to
 * machine_kexec().
 *
 * The path is a row of steps.  What they touch may be broken, too: a fault in
 * one of them comes back here, and the next one is taken.
 */
#include <linux/atomic.h>
#include <linux/interrupt.h>
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/memory_hotplug.h>
#include <linux/page-flags.h>
#include <linux/panic.h>
#include <linux/pfn.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>

#include <asm/kdump.h>

#include "notes.h"

bool crash_kexec_post_notifiers;
core_param(crash_kexec_post_notifiers, crash_kexec_post_notifiers, bool, 0644);

enum kdump_crash_step {
	STEP_NONE,
	STEP_NOTE,
	STEP_STOP,
	STEP_MARK,
	STEP_QUIESCE,
	STEP_JUMP = STEP_QUIESCE + KDUMP_QUIESCE_PARTS,
	STEPS,
};

/* Faults nest, and the stack has room for so many. */
#define FAULTS_MAX	8

/**
 * struct kdump_crash - how far the crash path is
 * @image: the image to jump into
 * @regs: registers at the moment of the crash, valid during STEP_NOTE
 * @cpu: the CPU on the path, the only one that writes here; or -1
 * @step: the step that has begun last; never goes back
 * @mark: the CPU that STEP_MARK looks at next
 * @faults: how often something was given up
 */
struct kdump_crash {
	struct kimage *image;
	struct pt_regs *regs;
	int cpu;
	enum kdump_crash_step step;
	int mark;
	unsigned int faults;
};

static struct kdump_crash crash = { .cpu = -1 };

static bool panicking_here(void)
{
	return atomic_read(&panic_cpu) == raw_smp_processor_id();
}

int kexec_should_crash(struct task_struct *p)
{
	/* panic() does not come to its end. */
	if (panicking_here())
		return 1;
	if (crash_kexec_post_notifiers)
		return 0;
	/* Each of these makes die() end in panic(). */
	return panic_on_oops || in_interrupt() || !p->pid || is_global_init(p);
}

bool kdump_crash_before_notifiers(void)
{
	static bool entered;

	/* The second time a notifier has failed; it would fail again. */
	return xchg(&entered, true) || !crash_kexec_post_notifiers;
}

static void mark_if_silent(int cpu)
{
	if (cpu_online(cpu) && cpu != crash.cpu && !kdump_note_saved(cpu))
		kdump_note_silent(cpu);
}

static void take(enum kdump_crash_step step)
{
	switch (step) {
	case STEP_NOTE:
		kdump_note_crashed(crash.regs, crash.cpu);
		break;
	case STEP_STOP:
		kdump_arch_stop_cpus();
		break;
	case STEP_MARK:
		mark_if_silent(crash.mark++);
		break;
	case STEP_JUMP:
		machine_kexec(crash.image);
		break;
	default:
		kdump_arch_quiesce(step - STEP_QUIESCE);
		break;
	}
}

/* Before anything of the step is done: it may not come back. */
static bool begin_next(void)
{
	bool again = crash.step == STEP_MARK && crash.mark < nr_cpu_ids &&
		     crash.faults < FAULTS_MAX;

	if (!again && crash.step < STEPS)
		WRITE_ONCE(crash.step, crash.step + 1);
	return crash.step < STEPS;
}

static void go_on(void)
{
	while (begin_next())
		take(crash.step);
}

void kdump_crash_resume(void)
{
	if (READ_ONCE(crash.cpu) != raw_smp_processor_id())
		return;
	/* Into the log only: the console may be what has failed. */
	if (READ_ONCE(crash.step) < STEP_JUMP && !crash.faults++)
		printk_deferred("kdump: step %d of the crash path has failed; going on\n",
				crash.step);
	go_on();
	/* What is left is what panic= says; the task must not just end. */
	panic_on_oops = 1;
}

/*
 * Where the registers of the crash are not known, those of here name the whole
 * way back to panic().
 */
void __crash_kexec(struct pt_regs *regs)
{
	struct kimage *image = kdump_load_fire();
	struct pt_regs here;

	if (!image) {
		kdump_crash_resume();
		return;
	}
	if (!regs) {
		kdump_arch_regs_here(&here);
		regs = &here;
	}
	local_irq_disable();
	crash.image = image;
	crash.regs = regs;
	WRITE_ONCE(crash.cpu, raw_smp_processor_id());
	go_on();
}

void crash_kexec(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();
	int old = atomic_cmpxchg(&panic_cpu, PANIC_CPU_INVALID, cpu);

	/* panic() uses the same mark, so one CPU goes on. */
	if (old != PANIC_CPU_INVALID && old != cpu)
		return;
	__crash_kexec(regs);
	if (old == PANIC_CPU_INVALID)
		atomic_set(&panic_cpu, PANIC_CPU_INVALID);
}

void crash_smp_send_stop(void)
{
	kdump_load_settle();
	kdump_arch_stop_cpus();
}

void kdump_crash_poison(phys_addr_t paddr)
{
	struct page *page = pfn_to_online_page(PHYS_PFN(paddr));

	if (page && kexec_crash_loaded())
		SetPageHWPoison(page);
}
