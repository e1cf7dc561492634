// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CRASH from a module.
 *
 * Runs in the kernel that is to crash; insmod with how= crashes it at once,
 * in the context that the name says.  The functions have names that tools
 * show in a backtrace, and none of them is inlined.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/string.h>
#include <linux/timer.h>

static char *how = "panic";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "panic, oops, hardirq or softirq");

static noinline void kdump_crash_panic(void)
{
	panic("kdump test: panic from a module");
}

/* A store to an address that nothing maps. */
static noinline void kdump_crash_oops(void)
{
	WRITE_ONCE(*(int *)0x123, 0);
}

static void kdump_crash_irq_work(struct irq_work *work)
{
	kdump_crash_oops();
}

static void kdump_crash_timer(struct timer_list *timer)
{
	kdump_crash_oops();
}

static DEFINE_IRQ_WORK(irq_work, kdump_crash_irq_work);
static DEFINE_TIMER(timer, kdump_crash_timer);

static int __init kdump_crash_init(void)
{
	if (!strcmp(how, "panic"))
		kdump_crash_panic();
	else if (!strcmp(how, "oops"))
		kdump_crash_oops();
	else if (!strcmp(how, "hardirq"))
		irq_work_queue(&irq_work);
	else if (!strcmp(how, "softirq"))
		mod_timer(&timer, jiffies + 1);
	else
		return -EINVAL;
	/* The crash in interrupt context comes while this task waits. */
	msleep(2000);
	return -EIO;
}
module_init(kdump_crash_init);

MODULE_DESCRIPTION("Crash the kernel in a chosen context");
MODULE_LICENSE("GPL");
