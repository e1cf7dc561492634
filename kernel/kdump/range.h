/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on ranges of memory.
 *
 * In all of kdump the end of a struct range is the first byte behind it, and
 * end <= start means empty.  Pure: plain arguments, no globals.
 */
#ifndef _KDUMP_RANGE_H
#define _KDUMP_RANGE_H

#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/range.h>

/* What @a and @b have in common; { 0, 0 }: nothing. */
static inline struct range kdump_range_intersect(struct range a, struct range b)
{
	struct range both = {
		.start = max(a.start, b.start),
		.end = min(a.end, b.end),
	};

	if (both.start >= both.end)
		return (struct range){ };
	return both;
}

static inline bool kdump_range_overlaps(struct range a, struct range b)
{
	return kdump_range_intersect(a, b).end != 0;
}

/*
 * How far a range is covered: the first address that is neither below @upto
 * nor in @piece.  Pieces are given in ascending order.
 */
static inline u64 kdump_range_cover(u64 upto, struct range piece)
{
	return piece.start <= upto ? max(upto, piece.end) : upto;
}

/* Bytes of whole pages in @range from the first multiple of @align on. */
static inline u64 kdump_range_room(struct range range, u64 align)
{
	u64 start = ALIGN(range.start, align);

	/* start < range.start: the alignment went past the last address */
	if (start < range.start || start >= range.end)
		return 0;
	return ALIGN_DOWN(range.end - start, PAGE_SIZE);
}

#endif /* _KDUMP_RANGE_H */
