// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: ways to crash, each in a context of its own. */
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/panic.h>
#include <linux/timer.h>

#include "kdump_crash.h"

noinline void kdump_crash_panic(void)
{
	panic("kdump test: panic from a module");
}

/* A store to an address that nothing maps. */
noinline void kdump_crash_oops(void)
{
	WRITE_ONCE(*(int *)0x123, 0);
}

static void kdump_crash_irq_work(struct irq_work *work)
{
	kdump_crash_oops();
}

static DEFINE_IRQ_WORK(irq_work, kdump_crash_irq_work);

static void crash_hardirq(void)
{
	irq_work_queue(&irq_work);
	/* Wait here, so that the interrupt hits this task: a virtual CPU may be late. */
	irq_work_sync(&irq_work);
}

static void kdump_crash_timer(struct timer_list *timer)
{
	kdump_crash_oops();
}

static DEFINE_TIMER(timer, kdump_crash_timer);

static void crash_softirq(void)
{
	mod_timer(&timer, jiffies + 1);
}

static noinline void kdump_crash_lock(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

static void kdump_crash_tasklet(struct tasklet_struct *tasklet)
{
}

static DECLARE_TASKLET(tasklet, kdump_crash_tasklet);

/* For a crash point of LKDTM in tasklets, which crashes at the tenth hit. */
static void run_tasklets(void)
{
	int i;

	for (i = 0; i < 20; i++) {
		tasklet_schedule(&tasklet);
		tasklet_unlock_wait(&tasklet);
	}
}

const struct way crash_ways[] = {
	{ "panic", kdump_crash_panic },
	{ "oops", kdump_crash_oops },
	{ "hardirq", crash_hardirq },
	{ "softirq", crash_softirq },
	{ "lock", kdump_crash_lock },
	{ "tasklets", run_tasklets },
	{ "together", kdump_crash_together },
	{ }
};
