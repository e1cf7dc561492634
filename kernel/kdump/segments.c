// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: where the parts of a crash image lie.
 *
 * Runs in the system kernel, in process context.  Pure: see segments.h.  The
 * segments come from user space; no sum in here may overflow before it has
 * been checked.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kexec.h>
#include <linux/mm.h>

#include "segments.h"

static bool overlap(const struct range *a, const struct range *b)
{
	return a->start < b->end && b->start < a->end;
}

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
		struct range a = {
			segments[i].mem, segments[i].mem + segments[i].memsz
		};

		for (j = 0; j < i; j++) {
			struct range b = {
				segments[j].mem,
				segments[j].mem + segments[j].memsz
			};

			if (overlap(&a, &b))
				return -EINVAL;
		}
	}
	return 0;
}

u64 segments_hole(const struct range *within, const struct range *taken,
		  unsigned int nr, u64 size)
{
	struct range hole;
	unsigned int i = 0;

	hole.start = ALIGN(within->start, size);
	/* Behind whatever is in the way; that may be in the way of others. */
	while (i < nr) {
		hole.end = hole.start + size;
		if (overlap(&hole, &taken[i])) {
			hole.start = ALIGN(taken[i].end, size);
			i = 0;
		} else {
			i++;
		}
	}
	return hole.start < within->end && size <= within->end - hole.start ?
	       hole.start : 0;
}
