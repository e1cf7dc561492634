/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: where the parts of a crash image lie.
 *
 * Pure: plain arguments, no globals, no allocation.
 */
#ifndef _KDUMP_SEGMENTS_H
#define _KDUMP_SEGMENTS_H

#include <linux/kexec.h>
#include <linux/range.h>
#include <linux/types.h>

struct kdump_stub;

/* Where a segment lies. */
static inline struct range segment_range(const struct kexec_segment *segment)
{
	return (struct range) {
		.start = segment->mem,
		.end = segment->mem + segment->memsz,
	};
}

/**
 * segments_check() - may these segments be loaded?
 * @segments: what the tool passed
 * @nr: how many
 * @reservation: first byte and byte behind the last one of the reservation
 *
 * Return: 0; -EADDRNOTAVAIL: a segment is not inside the reservation;
 * -EINVAL: one is misaligned or empty, holds more bytes than it has room for,
 * or two overlap.
 */
int segments_check(const struct kexec_segment *segments, unsigned long nr,
		   const struct range *reservation);

/**
 * segment_covers() - does a segment contain all of a range?
 * @segment: the segment
 * @start: physical address of the first byte
 * @size: bytes; may be hostile
 */
bool segment_covers(const struct kexec_segment *segment, u64 start, u64 size);

/**
 * segments_hold_backup() - can the backup region be saved and found again?
 * @segments: segments that segments_check() has accepted
 * @nr: how many
 * @stub: what the tool asked for
 *
 * The copy must lie in a segment.  Elsewhere it could overwrite the page tables
 * of the jump.  The region and its copy must have the same offset in their pages:
 * a capture kernel refuses a program header for which that does not hold.
 *
 * Return: whether both is so, or no backup was asked for.
 */
bool segments_hold_backup(const struct kexec_segment *segments,
			  unsigned long nr, const struct kdump_stub *stub);

/**
 * segments_hole() - find the lowest free place
 * @within: the place is inside this range
 * @taken: ranges that it must not touch, in any order
 * @nr: how many
 * @size: bytes wanted, a power of two; also the alignment
 *
 * Return: address of the place, 0 if there is none.
 */
u64 segments_hole(const struct range *within, const struct range *taken,
		  unsigned int nr, u64 size);

#endif /* _KDUMP_SEGMENTS_H */
