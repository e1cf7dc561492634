// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find a place in the reservation for everything an image consists of.
 *
 * Pure.  Items are placed in the order given, each in memory that the ones
 * before have left.  If there is no place, tell why.
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

static int because_linked(const struct kdump_image *image,
			  const struct kdump_range *target, uint64_t need,
			  struct kdump_why *why)
{
	uint64_t size = target->end - target->start;

	return kdump_because(why, "this kernel runs only where it was linked, at 0x%llx to 0x%llx, but 0x%llx to 0x%llx is reserved; boot with crashkernel=%s@%s, or use a relocatable kernel",
			     (unsigned long long)image->min,
			     (unsigned long long)(image->min + image->size - 1),
			     (unsigned long long)target->start,
			     (unsigned long long)target->end - 1,
			     kdump_size_argument(need < size ? size : 2 * need),
			     kdump_addr_argument(image->min));
}

static int because_small(const struct kdump_image *image, uint64_t size,
			 const struct kdump_item *misfit, uint64_t need,
			 struct kdump_why *why)
{
	return kdump_because(why, "the reservation is too small: this image needs %s and more to run, %s is reserved, and there was no room for its %s of %s; boot with a larger one, e.g. crashkernel=%s%s%s",
			     kdump_size(need), kdump_size(size), misfit->name,
			     kdump_size(misfit->size),
			     kdump_size_argument(2 * (need > size ? need :
						      size)),
			     image->fixed ? "@" : "",
			     image->fixed ? kdump_addr_argument(image->min) :
					    "");
}

/*
 * Why there was no place in @target for @misfit, and what crashkernel= would
 * have one; a kernel that runs at one place only must get just that.
 */
int kdump_place_because(const struct kdump_image *image,
			const struct kdump_range *target,
			const struct kdump_item *misfit, uint64_t need,
			struct kdump_why *why)
{
	uint64_t size = target->end - target->start;

	if (image->fixed && (image->min < target->start ||
			     image->min >= target->end))
		return because_linked(image, target, need, why);
	if (image->max && target->start >= image->max)
		return kdump_because(why, "this kernel must lie below 0x%llx, but 0x%llx to 0x%llx is reserved; boot with crashkernel=%s@16M",
				     (unsigned long long)image->max,
				     (unsigned long long)target->start,
				     (unsigned long long)target->end - 1,
				     kdump_size_argument(size));
	return because_small(image, size, misfit, need, why);
}
