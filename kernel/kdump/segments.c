// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: where the parts of a crash image lie.
 *
 * Runs in the system kernel, in process context.  Pure: see segments.h.  The
 * segments come from user space, so each sum is checked for overflow before it
 * is used.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/mm.h>

#include "elfcorehdr_layout.h"
#include "range.h"
#include "segments.h"

static int segment_check(const struct kexec_segment *segment,
			 const struct range *reservation)
{
	u64 start = segment->mem, size = segment->memsz;

	if (start < reservation->start || start >= reservation->end ||
	    size > reservation->end - start)
		return -EADDRNOTAVAIL;
	if (!PAGE_ALIGNED(start) || !PAGE_ALIGNED(size) || !size ||
	    segment->bufsz > size)
		return -EINVAL;
	return 0;
}

int segments_check(const struct kexec_segment *segments, unsigned long nr,
		   const struct range *reservation)
{
	unsigned long i, j;
	int ret;

	for (i = 0; i < nr; i++) {
		ret = segment_check(&segments[i], reservation);
		if (ret)
			return ret;
	}
	for (i = 0; i < nr; i++) {
		for (j = 0; j < i; j++) {
			if (kdump_range_overlaps(segment_range(&segments[i]),
						 segment_range(&segments[j])))
				return -EINVAL;
		}
	}
	return 0;
}

bool segment_covers(const struct kexec_segment *segment, u64 start, u64 size)
{
	return start >= segment->mem && size <= segment->memsz &&
	       start - segment->mem <= segment->memsz - size;
}

bool segments_hold_backup(const struct kexec_segment *segments,
			  unsigned long nr, const struct kdump_stub *stub)
{
	unsigned long i;

	if (!stub->backup_size)
		return true;
	if (stub->backup_start + stub->backup_size < stub->backup_start ||
	    !PAGE_ALIGNED(stub->backup_start ^ stub->backup_to))
		return false;
	for (i = 0; i < nr; i++) {
		if (segment_covers(&segments[i], stub->backup_to,
				   stub->backup_size))
			return true;
	}
	return false;
}

u64 segments_hole(const struct range *within, const struct range *taken,
		  unsigned int nr, u64 size)
{
	struct range hole;
	unsigned int i = 0;

	hole.start = ALIGN(within->start, size);
	/* Move behind each obstacle, and then look at all of them again. */
	while (i < nr) {
		hole.end = hole.start + size;
		if (kdump_range_overlaps(hole, taken[i])) {
			hole.start = ALIGN(taken[i].end, size);
			i = 0;
		} else {
			i++;
		}
	}
	return hole.start < within->end && size <= within->end - hole.start ?
	       hole.start : 0;
}
