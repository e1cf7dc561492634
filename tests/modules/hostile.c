// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: faults that accompany a crash. */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/notifier.h>
#include <linux/panic.h>
#include <linux/panic_notifier.h>
#include <linux/smp.h>

#include "kdump_crash.h"

/* How many of the other CPUs have arrived where they have to be. */
static atomic_t arrived;

void kdump_crash_arrive(void)
{
	atomic_inc(&arrived);
}

void kdump_crash_wait_for_others(void)
{
	while (atomic_read(&arrived) < num_online_cpus() - 1)
		cpu_relax();
}

/* Called on a CPU in an interrupt: only an NMI gets the CPU out of here. */
noinline void kdump_crash_spin(void *unused)
{
	kdump_crash_arrive();
	for (;;)
		cpu_relax();
}

static void others_spin(void)
{
	smp_call_function(kdump_crash_spin, NULL, 0);
	kdump_crash_wait_for_others();
}

/* The first CPU that oopses spins here, and holds the lock of die(). */
static int kdump_crash_dying(struct notifier_block *block, unsigned long event,
			     void *args)
{
	if (event == DIE_OOPS && !atomic_read(&arrived))
		kdump_crash_spin(NULL);
	return NOTIFY_DONE;
}

static struct notifier_block dying = { .notifier_call = kdump_crash_dying };

static void kdump_crash_die(void *unused)
{
	kdump_crash_oops();
}

static void others_die(void)
{
	register_die_notifier(&dying);
	smp_call_function(kdump_crash_die, NULL, 0);
	kdump_crash_wait_for_others();
}

const struct way other_ways[] = {
	{ "die", others_die },
	{ "spin", others_spin },
	{ }
};

/* Each CPU waits for all others, and then panics. */
static noinline void kdump_crash_meet(void *unused)
{
	kdump_crash_arrive();
	while (atomic_read(&arrived) < num_online_cpus())
		cpu_relax();
	panic("kdump test: CPU %d panics", raw_smp_processor_id());
}

void kdump_crash_together(void)
{
	preempt_disable();
	smp_call_function(kdump_crash_meet, NULL, 0);
	kdump_crash_meet(NULL);
}

static void kdump_crash_called(void *unused)
{
	kdump_crash_panic();
}

static call_single_data_t call = CSD_INIT(kdump_crash_called, NULL);

/* Another CPU panics, while this CPU is in the middle of a function. */
static void crash_elsewhere(void)
{
	int cpu = raw_smp_processor_id();

	smp_call_function_single_async(cpumask_any_but(cpu_online_mask, cpu),
				       &call);
	mdelay(300);
}

const struct way fault_ways[] = {
	{ "panic", kdump_crash_panic },
	{ "oops", kdump_crash_oops },
	{ "elsewhere", crash_elsewhere },
	{ }
};

static const struct way *fault;

static int kdump_crash_probed(struct kprobe *probe, struct pt_regs *regs)
{
	fault->go();
	return 0;
}

static struct kprobe probe = { .pre_handler = kdump_crash_probed };

int fault_at(const char *symbol, const struct way *does)
{
	fault = does;
	probe.symbol_name = symbol;
	return register_kprobe(&probe);
}

static int kdump_crash_returns(struct kretprobe_instance *instance,
			       struct pt_regs *regs)
{
	fault->go();
	return 0;
}

static struct kretprobe return_probe = { .handler = kdump_crash_returns };

int fault_behind(const char *symbol, const struct way *does)
{
	fault = does;
	return_probe.kp.symbol_name = symbol;
	return register_kretprobe(&return_probe);
}

static int kdump_crash_notified(struct notifier_block *block,
				unsigned long event, void *message)
{
	fault->go();
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = kdump_crash_notified };

int fault_in_notifier(const struct way *does)
{
	fault = does;
	return atomic_notifier_chain_register(&panic_notifier_list, &notifier);
}

static unsigned char faked_reason;

static int fake_reason(struct kretprobe_instance *instance,
		       struct pt_regs *regs)
{
	regs_set_return_value(regs, faked_reason);
	return 0;
}

static struct kretprobe reason_probe = {
	.kp.symbol_name = "default_get_nmi_reason",
	.handler = fake_reason,
};

int fake_nmi_reason(unsigned char reason)
{
	faked_reason = reason;
	return register_kretprobe(&reason_probe);
}
