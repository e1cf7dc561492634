/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: where the parts of a crash image lie.
 *
 * Pure: plain arguments, no globals, no allocation.
 */
#ifndef _KDUMP_SEGMENTS_H
#define _KDUMP_SEGMENTS_H

#include <linux/range.h>
#include <linux/types.h>

struct kexec_segment;

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
 * segments_hole() - find the lowest free place
 * @within: where it shall be
 * @taken: ranges it must not touch, in any order
 * @nr: how many
 * @size: bytes wanted, a power of two; also the alignment
 *
 * Return: address of the place, 0 if there is none.
 */
u64 segments_hole(const struct range *within, const struct range *taken,
		  unsigned int nr, u64 size);

#endif /* _KDUMP_SEGMENTS_H */
