/* SPDX-License-Identifier: GPL-2.0-only */
/* RESERVE: the size of the reservation, for the rest of kernel/kdump. */
#ifndef _KDUMP_SHRINK_H
#define _KDUMP_SHRINK_H

#include <linux/types.h>

/**
 * kdump_reserve_size() - bytes of &crashk_res
 *
 * Context: Any.  Unless the caller holds the kexec lock, the answer may be out
 * of date.
 * Return: bytes, a multiple of the page size; 0: nothing is reserved.
 */
u64 kdump_reserve_size(void);

/**
 * kdump_reserve_shrink() - give memory of the reservation back to the system
 * @size: bytes that stay reserved in &crashk_res, rounded up to pages; 0 gives
 *	  up &crashk_low_res, too
 *
 * Context: Process context.  Takes the kexec lock.
 * Return: 0; -EINVAL: a reservation cannot grow; -EBUSY: a crash image is
 * loaded, being loaded, or running.
 */
int kdump_reserve_shrink(u64 size);

#endif /* _KDUMP_SHRINK_H */
