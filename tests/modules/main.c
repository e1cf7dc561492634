// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CRASH from a module, while more is broken than what crashes.
 *
 * Runs in the system kernel. insmod with how= crashes the kernel at once, in the
 * way of that name; without how= the module stays, and the crash comes from
 * elsewhere. Tools must show its functions in a backtrace, so that they have
 * telling names and are not inlined.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/string.h>

#include "kdump_crash.h"

static char *how = "";
module_param(how, charp, 0);
MODULE_PARM_DESC(how, "how to crash");

static char *others = "";
module_param(others, charp, 0);
MODULE_PARM_DESC(others, "what the other CPUs do before the crash");

static char *fault = "";
module_param(fault, charp, 0);
MODULE_PARM_DESC(fault, "function in which a fault waits, or \"notifier\"");

static char *does = "oops";
module_param(does, charp, 0);
MODULE_PARM_DESC(does, "what the fault does");

static bool behind;
module_param(behind, bool, 0);
MODULE_PARM_DESC(behind, "the fault waits where the function returns");

static unsigned char nmi_reason;
module_param(nmi_reason, byte, 0);
MODULE_PARM_DESC(nmi_reason, "what port 0x61 says after an NMI");

static int writable = -1;
module_param(writable, int, 0);
MODULE_PARM_DESC(writable, "x86: pages of the reservation that must be writable");

/* Find a way in two tables; each table ends with an entry without a name. */
static const struct way *find_way(const struct way *ways,
				  const struct way *more, const char *name)
{
	for (; ways->name; ways++) {
		if (!strcmp(ways->name, name))
			return ways;
	}
	return more ? find_way(more, NULL, name) : NULL;
}

static int __init prepare_fault(void)
{
	const struct way *way = find_way(fault_ways, NULL, does);

	if (!way)
		return -EINVAL;
	if (!strcmp(fault, "notifier"))
		return fault_in_notifier(way);
	return behind ? fault_behind(fault, way) : fault_at(fault, way);
}

static int __init kdump_crash_init(void)
{
	const struct way *crash = find_way(crash_ways, arch_crash_ways, how);
	const struct way *prepare = find_way(other_ways, arch_other_ways,
					     others);
	int ret = 0;

	if ((*how && !crash) || (*others && !prepare))
		return -EINVAL;
	if (*fault)
		ret = prepare_fault();
	if (!ret && nmi_reason)
		ret = fake_nmi_reason(nmi_reason);
	if (!ret && writable >= 0)
		ret = check_writable(writable);
	if (ret)
		return ret;
	if (prepare)
		prepare->go();
	if (!crash)
		return 0;
	crash->go();
	/* A crash in interrupt context comes while this task waits. */
	msleep(2000);
	return -EIO;
}
module_init(kdump_crash_init);

MODULE_DESCRIPTION("Crash the kernel in a chosen way");
MODULE_LICENSE("GPL");
