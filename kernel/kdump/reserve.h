/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RESERVE: arithmetic behind the policy.
 *
 * Pure: plain arguments, no globals; for reserve.c and its tests.
 */
#ifndef _KDUMP_RESERVE_H
#define _KDUMP_RESERVE_H

#include <linux/align.h>
#include <linux/kdump.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "crashkernel.h"

/**
 * struct kdump_range - physical addresses
 * @start: the first
 * @end: the first behind it; @end <= @start: empty
 */
struct kdump_range {
	u64 start;
	u64 end;
};

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

static inline struct kdump_range kdump_range_intersect(struct kdump_range a,
						       struct kdump_range b)
{
	struct kdump_range both = {
		.start = max(a.start, b.start),
		.end = min(a.end, b.end),
	};

	if (both.start >= both.end)
		return (struct kdump_range){ };
	return both;
}

static inline bool kdump_range_overlaps(struct kdump_range a,
					struct kdump_range b)
{
	return kdump_range_intersect(a, b).end != 0;
}

/*
 * How far a range is covered: the first address that is neither below @upto
 * nor in @piece.  Pieces are given in ascending order.
 */
static inline u64 kdump_range_cover(u64 upto, struct kdump_range piece)
{
	return piece.start <= upto ? max(upto, piece.end) : upto;
}

/* Bytes that fit between the ends of @range from a multiple of @align on. */
static inline u64 kdump_range_room(struct kdump_range range, u64 align)
{
	u64 start = ALIGN(range.start, align);

	/* start < range.start: the alignment went past the last address */
	if (start < range.start || start >= range.end)
		return 0;
	return ALIGN_DOWN(range.end - start, PAGE_SIZE);
}

/* Can the area be reserved as far as limits and size of RAM are concerned? */
static inline enum kdump_reserve_error
kdump_reserve_check(const struct crashkernel_area *area,
		    const struct kdump_reserve_limits *limits, u64 ram)
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

#endif /* _KDUMP_RESERVE_H */
