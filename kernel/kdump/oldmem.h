/* SPDX-License-Identifier: GPL-2.0-only */
/* CAPTURE: what oldmem.c, oldmem_mmap.c and vmcore_cb.c share. */
#ifndef _KDUMP_OLDMEM_H
#define _KDUMP_OLDMEM_H

#include <linux/mm_types.h>
#include <linux/rwsem.h>
#include <linux/types.h>

/**
 * enum oldmem_kind - what is behind a physical address
 * @OLDMEM_OLD: memory of the crashed kernel
 * @OLDMEM_OURS: memory that this kernel uses
 * @OLDMEM_ABSENT: memory that a driver says must not be touched; reads as zeroes
 */
enum oldmem_kind {
	OLDMEM_OLD,
	OLDMEM_OURS,
	OLDMEM_ABSENT,
};

/**
 * struct oldmem_part - a piece of memory of one kind
 * @paddr: physical address that lies inside
 * @start: first byte
 * @end: first byte behind
 * @kind: what all of it is
 * @image: it belongs to the crash image; see kdump_arch_oldmem_map()
 */
struct oldmem_part {
	u64 paddr;
	u64 start;
	u64 end;
	enum oldmem_kind kind;
	bool image;
};

/*
 * Held for writing while callbacks of drivers come and go.  Held for reading
 * from the question to the moment when the answer is used or remembered.
 */
extern struct rw_semaphore oldmem_ask_lock;

/* Old memory has been shown to user space. */
extern bool oldmem_shown;

/**
 * oldmem_classify() - what is behind a physical address?
 * @paddr: physical address
 * @start: where to look: page-aligned, not above @paddr
 * @end: first byte behind it, page-aligned, above @paddr
 *
 * Context: Process context, may sleep; oldmem_ask_lock is held.
 * Return: a part of [@start, @end) around @paddr, in whole pages.
 */
struct oldmem_part oldmem_classify(u64 paddr, u64 start, u64 end);

/**
 * oldmem_ask() - ask the drivers about old memory
 * @part: a piece of old memory; cut to what has one answer, and its kind set
 *
 * Context: as oldmem_classify().
 */
void oldmem_ask(struct oldmem_part *part);

/**
 * oldmem_forget() - forget which memory may be touched
 *
 * Context: Process context, may sleep; oldmem_ask_lock is held for writing.
 */
void oldmem_forget(void);

/*
 * A page of this kernel that a core header claims to be old memory.  Only a
 * reserved page, which nobody has allocated since the start, can still hold the
 * old bytes.  NULL for all others.
 */
struct page *oldmem_own_page(u64 paddr);

#endif /* _KDUMP_OLDMEM_H */
