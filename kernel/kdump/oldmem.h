/* SPDX-License-Identifier: GPL-2.0-only */
/* CAPTURE: what oldmem.c and oldmem_mmap.c share. */
#ifndef _KDUMP_OLDMEM_H
#define _KDUMP_OLDMEM_H

#include <linux/mm_types.h>
#include <linux/types.h>

/**
 * struct oldmem_part - a piece of memory of one kind
 * @paddr: physical address that lies inside
 * @start: first byte
 * @end: first byte behind
 * @ours: this kernel uses it; false: all of it is old memory
 * @image: it belongs to the crash image; see kdump_arch_oldmem_map()
 */
struct oldmem_part {
	u64 paddr;
	u64 start;
	u64 end;
	bool ours;
	bool image;
};

/* The largest such part of [start, end) around @paddr, in whole pages. */
struct oldmem_part oldmem_classify(u64 paddr, u64 start, u64 end);

/*
 * A page of this kernel that a core header claims to be old memory.  Only a
 * reserved page, which nobody has allocated since the start, can still hold the
 * old bytes.  NULL for all others.
 */
struct page *oldmem_own_page(u64 paddr);

#endif /* _KDUMP_OLDMEM_H */
