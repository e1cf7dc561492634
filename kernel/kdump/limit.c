// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: how often crash images may still be loaded.
 *
 * Runs in the system kernel, in process context.  The sysctl has the name and
 * the meaning that it has in later kernels: an administrator arms the machine
 * and then sets it to 0, and until the next boot nobody can replace the crash
 * image, while kexec -l still works.
 */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/sysctl.h>

#include "limit.h"

/* How many calls are left. */
static atomic_t load_limit = ATOMIC_INIT(KDUMP_LIMIT_NONE);

bool kdump_load_permitted(void)
{
	int now = atomic_read(&load_limit);

	do {
		if (now == KDUMP_LIMIT_NONE)
			return true;
		if (!now)
			return false;
	} while (!atomic_try_cmpxchg(&load_limit, &now, now - 1));
	return true;
}

static int limit_lower(int wanted)
{
	int now = atomic_read(&load_limit);

	do {
		if (!kdump_limit_lowers(now, wanted))
			return -EINVAL;
	} while (!atomic_try_cmpxchg(&load_limit, &now, wanted));
	return 0;
}

static int limit_handler(struct ctl_table *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos)
{
	int value = atomic_read(&load_limit);
	struct ctl_table as_int = { .data = &value, .maxlen = sizeof(value) };
	int ret = proc_dointvec(&as_int, write, buffer, lenp, ppos);

	return ret || !write ? ret : limit_lower(value);
}

static struct ctl_table limit_table[] = {
	{
		.procname	= "kexec_load_limit_panic",
		.mode		= 0644,
		.proc_handler	= limit_handler,
	},
	{ }
};

static int __init kdump_limit_init(void)
{
	register_sysctl_init("kernel", limit_table);
	return 0;
}
late_initcall(kdump_limit_init);
