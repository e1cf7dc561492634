// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: arithmetic on ranges of physical memory.
 *
 * Pure.  Lists stay sorted and free of overlaps: a range that is added replaces
 * what it overlaps.  Adjacent ranges are not merged.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/* Insert @new at index @at; all ranges from there move up. */
static int insert_range(struct kdump_ranges *list, unsigned int at,
			struct kdump_range new)
{
	struct kdump_range *grown;

	grown = realloc(list->range, (list->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->range = grown;
	memmove(&grown[at + 1], &grown[at],
		(list->count - at) * sizeof(*grown));
	grown[at] = new;
	list->count++;
	return 0;
}

static void drop_range(struct kdump_ranges *list, unsigned int at)
{
	list->count--;
	memmove(&list->range[at], &list->range[at + 1],
		(list->count - at) * sizeof(*list->range));
}

/*
 * Ranges that reach into [start, end) are cut; a range that goes beyond both
 * ends is split.
 */
int kdump_ranges_remove(struct kdump_ranges *list, uint64_t start,
			uint64_t end)
{
	unsigned int i = 0;

	while (i < list->count && start < end) {
		struct kdump_range *r = &list->range[i];

		if (r->end <= start || r->start >= end) {
			i++;
		} else if (r->start < start && r->end > end) {
			struct kdump_range rest = { end, r->end, r->type };

			r->end = start;
			return insert_range(list, i + 1, rest);
		} else if (r->start < start) {
			r->end = start;
			i++;
		} else if (r->end > end) {
			r->start = end;
			i++;
		} else {
			drop_range(list, i);
		}
	}
	return 0;
}

int kdump_ranges_add(struct kdump_ranges *list, uint64_t start, uint64_t end,
		     unsigned int type)
{
	unsigned int i;
	int err;

	if (start >= end)
		return -EINVAL;
	err = kdump_ranges_remove(list, start, end);
	if (err)
		return err;
	for (i = 0; i < list->count; i++)
		if (list->range[i].start > start)
			break;
	return insert_range(list, i, (struct kdump_range){ start, end, type });
}

int kdump_ranges_copy(struct kdump_ranges *to, const struct kdump_ranges *from)
{
	struct kdump_ranges copy = { NULL, 0 };
	unsigned int i;

	for (i = 0; i < from->count; i++) {
		int err = insert_range(&copy, i, from->range[i]);

		if (err) {
			kdump_ranges_free(&copy);
			return err;
		}
	}
	*to = copy;
	return 0;
}

void kdump_ranges_free(struct kdump_ranges *list)
{
	free(list->range);
	list->range = NULL;
	list->count = 0;
}
