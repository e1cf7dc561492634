// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find a place in the reservation for each part of an image.
 *
 * Pure.  Items are placed in the order given, each in the memory that the items
 * before it have left.  If there is no place, say why.
 */
#include <errno.h>
#include <stdio.h>

#include "kdump.h"

/* For the kernel's own data, programs and buffers. */
#define ROOM_TO_RUN	(16 << 20)

/* The best place for @item in one range; false if there is none. */
static bool find_place(const struct kdump_item *item,
		       const struct kdump_range *free, uint64_t *paddr)
{
	uint64_t size = kdump_align(item->size, KDUMP_PAGE);
	uint64_t start = free->start > item->min ? free->start : item->min;
	uint64_t end = free->end;

	if (item->max && end > item->max)
		end = item->max;
	if (item->where == KDUMP_AT && free->start > item->min)
		return false;
	/* An address that wraps around comes out below the range. */
	start = kdump_align(start, item->align);
	if (start < free->start || start >= end || end - start < size)
		return false;
	if (item->where == KDUMP_HIGH)
		start = (end - size) & ~(item->align - 1);
	*paddr = start;
	return true;
}

static int place_item(struct kdump_item *item, struct kdump_ranges *free)
{
	unsigned int i, at;
	uint64_t paddr;

	for (i = 0; i < free->count; i++) {
		at = item->where == KDUMP_HIGH ? free->count - 1 - i : i;
		if (!find_place(item, &free->range[at], &paddr))
			continue;
		item->paddr = paddr;
		return kdump_ranges_remove(free, paddr, paddr +
					   kdump_align(item->size,
						       KDUMP_PAGE));
	}
	return -ENOSPC;
}

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
		err = place_item(&items[i], &free);
		if (err == -ENOSPC)
			*misfit = &items[i];
	}
	kdump_ranges_free(&free);
	return err;
}

uint64_t kdump_place_need(const struct kdump_item *items, unsigned int count)
{
	uint64_t need = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		need += kdump_align(items[i].size, KDUMP_PAGE);
	return need;
}

/*
 * While it is unpacked, an initrd is in memory twice.  The file system that it is
 * unpacked to may fill half of the memory.
 */
uint64_t kdump_place_advise(uint64_t need, uint64_t unpacked, uint64_t least)
{
	uint64_t size = need + 2 * unpacked + ROOM_TO_RUN;

	return size < least ? least : size;
}

const char *kdump_place_argument(const struct kdump_kernel *kernel,
				 uint64_t size)
{
	static char text[48];

	snprintf(text, sizeof(text), "%s%s%s", kdump_size_argument(size),
		 kernel->fixed ? "@" : "",
		 kernel->fixed ? kdump_addr_argument(kernel->min) : "");
	return text;
}

static int explain_linked(const struct kdump_kernel *kernel,
			  const struct kdump_range *target, uint64_t advice,
			  struct kdump_why *why)
{
	uint64_t last = kernel->min + kernel->size - 1;

	return kdump_explain(why, "this kernel runs only where it was linked, at 0x%llx to 0x%llx, but 0x%llx to 0x%llx is reserved; boot with crashkernel=%s, or use a relocatable kernel",
			     (unsigned long long)kernel->min,
			     (unsigned long long)last,
			     (unsigned long long)target->start,
			     (unsigned long long)target->end - 1,
			     kdump_place_argument(kernel, advice));
}

static int explain_small(const struct kdump_kernel *kernel, uint64_t size,
			 const struct kdump_item *misfit, uint64_t need,
			 uint64_t advice, struct kdump_why *why)
{
	/* Alignment, or memory below the kernel, may have cost the room. */
	if (advice <= size)
		advice = 2 * size;
	return kdump_explain(why, "the reservation is too small: this image needs %s and more to run, %s is reserved, and there was no room for its %s of %s; boot with a larger one, e.g. crashkernel=%s",
			     kdump_size(need), kdump_size(size), misfit->name,
			     kdump_size(misfit->size),
			     kdump_place_argument(kernel, advice));
}

/* A kernel that runs at one place needs a crashkernel= with this offset. */
int kdump_place_explain(const struct kdump_kernel *kernel,
			const struct kdump_range *target,
			const struct kdump_item *misfit, uint64_t need,
			uint64_t advice, struct kdump_why *why)
{
	uint64_t size = target->end - target->start;

	if (kernel->fixed && (kernel->min < target->start ||
			      kernel->min >= target->end))
		return explain_linked(kernel, target, advice, why);
	if (kernel->max && target->start >= kernel->max)
		return kdump_explain(why, "this kernel must lie below 0x%llx, but 0x%llx to 0x%llx is reserved; boot with crashkernel=%s@16M",
				     (unsigned long long)kernel->max,
				     (unsigned long long)target->start,
				     (unsigned long long)target->end - 1,
				     kdump_size_argument(advice));
	return explain_small(kernel, size, misfit, need, advice, why);
}
