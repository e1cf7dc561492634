/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: how often crash images may still be loaded. */
#ifndef _KDUMP_LIMIT_H
#define _KDUMP_LIMIT_H

#include <linux/types.h>

/* No limit; the value at boot. */
#define KDUMP_LIMIT_NONE	(-1)

/**
 * kdump_limit_lowers() - may the limit be changed like this?
 * @now: the limit
 * @wanted: what it is to become
 *
 * Pure.
 *
 * Return: true if @wanted is a number of calls, and fewer than now.
 */
static inline bool kdump_limit_lowers(int now, int wanted)
{
	return wanted >= 0 && (now == KDUMP_LIMIT_NONE || wanted < now);
}

/**
 * kdump_load_permitted() - count a call that loads or unloads a crash image
 *
 * Calls that will fail count, too.
 *
 * Context: Any.
 * Return: whether the sysctl kexec_load_limit_panic still permits this call.
 */
bool kdump_load_permitted(void);

#endif /* _KDUMP_LIMIT_H */
