// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: from the last words of the system kernel to the jump.
 *
 * Runs on a broken machine, in any context: no locks, no allocation, no
 * sleeping, every wait bounded; crash_tell() says why it may print.  The call
 * graph below __crash_kexec() stays in this file, armed.c, notes.c, and the
 * architecture's kdump_crash.c, kdump_stacks.c and kdump_arch_wait(), up to
 * machine_kexec().
 *
 * The path is a row of steps.  The memory and devices that they touch may be
 * broken, too: after a fault in one step the path goes on with the next one.
 */
#include <linux/atomic.h>
#include <linux/interrupt.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
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
#include <linux/timekeeping.h>

#include <asm/kdump.h>

#include "armed.h"
#include "notes.h"

bool crash_kexec_post_notifiers;
core_param(crash_kexec_post_notifiers, crash_kexec_post_notifiers, bool, 0644);

enum kdump_crash_step {
	STEP_NONE,
	STEP_NOTE,
	STEP_TELL,
	STEP_STOP,
	STEP_MARK,
	STEP_QUIESCE,
	STEP_JUMP = STEP_QUIESCE + KDUMP_ARCH_QUIESCE_PARTS,
	STEPS,
};

/* Faults nest, and the stack has room for this many. */
#define FAULTS_MAX	8

/**
 * struct kdump_crash - how far the crash path has come
 * @image: the image to jump into
 * @regs: registers at the moment of the crash, valid during STEP_NOTE
 * @cpu: the CPU on the path, the only one that writes here; or -1
 * @step: the step that was begun last; never goes back
 * @mark: the CPU that STEP_MARK looks at next
 * @faults: how often a step was given up
 * @silent: STEP_TELL writes to the log only
 */
struct kdump_crash {
	struct kimage *image;
	struct pt_regs *regs;
	int cpu;
	enum kdump_crash_step step;
	int mark;
	unsigned int faults;
	bool silent;
};

static struct kdump_crash crash = { .cpu = -1 };

static bool this_cpu_panics(void)
{
	return atomic_read(&panic_cpu) == raw_smp_processor_id();
}

int kexec_should_crash(struct task_struct *p)
{
	/* This is an oops in the middle of panic(), which will not return. */
	if (this_cpu_panics())
		return 1;
	if (crash_kexec_post_notifiers)
		return 0;
	/* Each of these makes die() end in panic(). */
	return panic_on_oops || in_interrupt() || !p->pid || is_global_init(p);
}

bool kdump_crash_before_notifiers(void)
{
	static bool entered;

	/*
	 * The second call means that a notifier has panicked; it would again.
	 */
	return xchg(&entered, true) || !crash_kexec_post_notifiers;
}

/*
 * The last line of this kernel on the console.  panic() or die() has just printed
 * there, and panic_cpu is set, so printk() does not wait for a CPU that prints.
 * The drivers may wait for a lock, so this comes before CPUs are stopped: a
 * stopped CPU never gives up its lock.  In an NMI, printk() writes to the log
 * only.
 */
static void crash_tell(void)
{
	time64_t now = __ktime_get_real_seconds();

	if (crash.silent)
		printk_deferred("kdump: starting the capture kernel, %ptTs UTC\n",
				&now);
	else
		pr_emerg("kdump: starting the capture kernel, %ptTs UTC\n",
			 &now);
}

static void crash_mark_silent(int cpu)
{
	if (cpu_online(cpu) && cpu != crash.cpu && !kdump_note_saved(cpu))
		kdump_note_silent(cpu);
}

static void crash_run_step(enum kdump_crash_step step)
{
	switch (step) {
	case STEP_NOTE:
		kdump_note_crashed(crash.regs, crash.cpu);
		kdump_armed_mend(crash.image);
		break;
	case STEP_TELL:
		crash_tell();
		break;
	case STEP_STOP:
		kdump_arch_stop_cpus();
		break;
	case STEP_MARK:
		crash_mark_silent(crash.mark++);
		break;
	case STEP_JUMP:
		machine_kexec(crash.image);
		break;
	default:
		kdump_arch_quiesce(step - STEP_QUIESCE);
		break;
	}
}

/* Count the step before it runs, because it may fault and never return. */
static bool crash_begin_step(void)
{
	bool again = crash.step == STEP_MARK && crash.mark < nr_cpu_ids &&
		     crash.faults < FAULTS_MAX;

	if (!again && crash.step < STEPS)
		WRITE_ONCE(crash.step, crash.step + 1);
	return crash.step < STEPS;
}

static void crash_run_steps(void)
{
	while (crash_begin_step())
		crash_run_step(crash.step);
}

void kdump_crash_resume(void)
{
	if (READ_ONCE(crash.cpu) != raw_smp_processor_id())
		return;
	/*
	 * Write to the log only, because the console may have caused the fault.
	 */
	if (READ_ONCE(crash.step) < STEP_JUMP && !crash.faults++)
		printk_deferred("kdump: step %d of the crash path has failed; going on\n",
				crash.step);
	crash_run_steps();
	/* Let the oops end in panic(), which does what panic= says. */
	panic_on_oops = 1;
}

/*
 * If the caller has no registers, take those of here: a debugger unwinds from
 * them through panic() to the function that called it.
 */
void __crash_kexec(struct pt_regs *regs)
{
	struct kimage *image = kdump_armed_fire();
	struct pt_regs here;

	if (!image) {
		/* If panic() tries once more, it will have stopped CPUs. */
		crash.silent = true;
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
	crash_run_steps();
}

void crash_kexec(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();
	int old = atomic_cmpxchg(&panic_cpu, PANIC_CPU_INVALID, cpu);

	/* panic() takes panic_cpu, too, so only one CPU goes on. */
	if (old != PANIC_CPU_INVALID && old != cpu)
		return;
	__crash_kexec(regs);
	if (old == PANIC_CPU_INVALID)
		atomic_set(&panic_cpu, PANIC_CPU_INVALID);
}

void crash_smp_send_stop(void)
{
	crash.silent = true;
	kdump_armed_settle();
	kdump_arch_stop_cpus();
}

void kdump_crash_poison(phys_addr_t paddr)
{
	struct page *page = pfn_to_online_page(PHYS_PFN(paddr));

	if (page && kexec_crash_loaded())
		SetPageHWPoison(page);
}
