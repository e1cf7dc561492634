// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find a place in the reservation for everything an image consists of.
 *
 * Pure.  Items are placed in the order given, each in memory that the ones
 * before have left.
 */
#include <errno.h>

#include "kdump.h"

/* The best place for @item in one range; false if there is none. */
static bool fits(const struct kdump_item *item, const struct kdump_range *free,
		 uint64_t *addr)
{
	uint64_t size = kdump_align(item->size, KDUMP_PAGE);
	uint64_t start = free->start > item->min ? free->start : item->min;
	uint64_t end = free->end;

	if (item->max && end > item->max)
		end = item->max;
	if (item->where == KDUMP_AT && free->start > item->min)
		return false;
	/* What wraps around is in front of the range again. */
	start = kdump_align(start, item->align);
	if (start < free->start || start >= end || end - start < size)
		return false;
	if (item->where == KDUMP_HIGH)
		start = (end - size) & ~(item->align - 1);
	*addr = start;
	return true;
}

static int place_one(struct kdump_item *item, struct kdump_ranges *free)
{
	unsigned int i, at;
	uint64_t addr;

	for (i = 0; i < free->count; i++) {
		at = item->where == KDUMP_HIGH ? free->count - 1 - i : i;
		if (!fits(item, &free->range[at], &addr))
			continue;
		item->addr = addr;
		return kdump_ranges_remove(free, addr, addr +
					   kdump_align(item->size,
						       KDUMP_PAGE));
	}
	return -ENOSPC;
}

/*
 * Places all items, or returns -ENOSPC with *misfit the first for which there
 * is no room.
 */
int kdump_place(struct kdump_item *items, unsigned int count,
		const struct kdump_ranges *reservation,
		const struct kdump_item **misfit)
{
	struct kdump_ranges free;
	unsigned int i;
	int err;

	err = kdump_ranges_copy(&free, reservation);
	for (i = 0; i < count && !err; i++) {
		if (!items[i].size)
			continue;
		err = place_one(&items[i], &free);
		if (err == -ENOSPC)
			*misfit = &items[i];
	}
	kdump_ranges_free(&free);
	return err;
}

/* Bytes that all items occupy, without what alignment may cost. */
uint64_t kdump_place_need(const struct kdump_item *items, unsigned int count)
{
	uint64_t need = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		need += kdump_align(items[i].size, KDUMP_PAGE);
	return need;
}
