/* SPDX-License-Identifier: GPL-2.0-only */
/* CAPTURE: shared by what reads old memory and what maps it. */
#ifndef _KDUMP_OLDMEM_H
#define _KDUMP_OLDMEM_H

#include <linux/mm_types.h>
#include <linux/types.h>

/**
 * struct oldmem_part - a piece of memory of one kind
 * @place: physical address that lies inside
 * @start: first byte
 * @end: first byte behind
 * @ours: this kernel runs in it; false: all of it is old memory
 */
struct oldmem_part {
	u64 place;
	u64 start;
	u64 end;
	bool ours;
};

/* The largest such part of [start, end) around @place; pages are whole. */
struct oldmem_part oldmem_classify(u64 place, u64 start, u64 end);

/*
 * A page of our own that a core header claims to be old.  Only what nobody has
 * allocated since the start can still hold the old bytes; NULL for the rest.
 */
struct page *oldmem_own_page(u64 place);

#endif /* _KDUMP_OLDMEM_H */
