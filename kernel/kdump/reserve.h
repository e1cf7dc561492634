/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RESERVE: may an area be reserved?
 *
 * Pure: plain arguments, no globals; for reserve.c and its tests.
 */
#ifndef _KDUMP_RESERVE_H
#define _KDUMP_RESERVE_H

#include <linux/align.h>
#include <linux/kdump_arch.h>
#include <linux/mm.h>
#include <linux/range.h>

#include "crashkernel.h"

/**
 * enum kdump_reserve_error - what is wrong with an area that was asked for
 */
enum kdump_reserve_error {
	KDUMP_RESERVE_OK,
	KDUMP_RESERVE_SIZE_MISALIGNED,
	KDUMP_RESERVE_TOO_LARGE,
	KDUMP_RESERVE_OFFSET_MISALIGNED,
	KDUMP_RESERVE_BELOW_FLOOR,
	KDUMP_RESERVE_BEYOND_LIMIT,
};

/* Do the architecture's limits and the size of RAM allow this area? */
static inline enum kdump_reserve_error
kdump_reserve_check(const struct crashkernel_area *area,
		    const struct kdump_arch_limits *limits, u64 ram)
{
	if (!IS_ALIGNED(area->size, PAGE_SIZE))
		return KDUMP_RESERVE_SIZE_MISALIGNED;
	if (area->size >= ram)
		return KDUMP_RESERVE_TOO_LARGE;
	if (!area->fixed)
		return KDUMP_RESERVE_OK;
	if (!IS_ALIGNED(area->offset, limits->offset_align))
		return KDUMP_RESERVE_OFFSET_MISALIGNED;
	if (area->offset < limits->floor)
		return KDUMP_RESERVE_BELOW_FLOOR;
	if (area->offset > limits->high_end ||
	    area->size > limits->high_end - area->offset)
		return KDUMP_RESERVE_BEYOND_LIMIT;
	return KDUMP_RESERVE_OK;
}

/*
 * The area to search for a place at @attempt 0, then 1.  Without ",high" the
 * area below low_end comes first, with it the area above.  An architecture with
 * low_end == high_end has no area above: it is empty.
 */
static inline struct range
kdump_reserve_search(const struct kdump_arch_limits *limits, bool high,
		     unsigned int attempt)
{
	struct range below = { limits->floor, limits->low_end };
	struct range above = { limits->low_end, limits->high_end };

	return high == (attempt == 0) ? above : below;
}

#endif /* _KDUMP_RESERVE_H */
