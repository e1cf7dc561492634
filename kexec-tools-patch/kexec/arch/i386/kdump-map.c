// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the memory map of the capture kernel.
 *
 * Pure.  The capture kernel gets the map as its e820 table, in boot_params, so
 * it needs no memmap= on its command line.
 */
#include <errno.h>
#include <stdlib.h>

#include <linux/kdump_format.h>

#include "kdump-x86.h"

/* The part of @range that purgatory backs up, in whole pages. */
static int add_low_ram(const struct kdump_x86_memory *memory,
		       const struct kdump_range *range,
		       struct kdump_ranges *map)
{
	uint64_t start = kdump_align(range->start, KDUMP_PAGE);
	uint64_t end = range->end < memory->low ? range->end : memory->low;

	end &= ~(uint64_t)(KDUMP_PAGE - 1);
	return start < end ? kdump_ranges_add(map, start, end, memory->ram) :
			     0;
}

/* Memory for any use: low memory and the reservation. */
static int add_ram(const struct kdump_x86_memory *memory,
		   struct kdump_ranges *map)
{
	const struct kdump_ranges *from = memory->firmware;
	unsigned int i;
	int err = 0;

	for (i = 0; i < from->count && !err; i++)
		if (from->range[i].type == memory->ram)
			err = add_low_ram(memory, &from->range[i], map);
	from = memory->reservation;
	for (i = 0; i < from->count && !err; i++)
		err = kdump_ranges_add(map, from->range[i].start,
				       from->range[i].end, memory->ram);
	return err;
}

/*
 * With @ram add the RAM of the machine, as old memory; without it add all other
 * memory, with the type that the firmware gave it.
 */
static int add_firmware(const struct kdump_x86_memory *memory, bool ram,
			struct kdump_ranges *map)
{
	const struct kdump_ranges *from = memory->firmware;
	unsigned int i;
	int err = 0;

	for (i = 0; i < from->count && !err; i++) {
		const struct kdump_range *range = &from->range[i];

		if ((range->type == memory->ram) == ram)
			err = kdump_ranges_add(map, range->start, range->end,
					       ram ? KDUMP_E820_OLD :
						     range->type);
	}
	return err;
}

/*
 * What is added later wins.  So the capture kernel's own memory covers old
 * memory, memory that the firmware reserved covers both, and the holes in the
 * reservation become old memory: they may be read, but not used.
 */
int kdump_x86_map(const struct kdump_x86_memory *memory,
		  struct kdump_ranges *map)
{
	struct kdump_ranges made = { NULL, 0 };
	unsigned int i;
	int err;

	err = add_firmware(memory, true, &made);
	if (!err)
		err = add_ram(memory, &made);
	if (!err)
		err = add_firmware(memory, false, &made);
	for (i = 0; i < memory->holes && !err; i++)
		err = kdump_ranges_add(&made, memory->hole[i].start,
				       memory->hole[i].end, KDUMP_E820_OLD);
	if (err)
		kdump_ranges_free(&made);
	else
		*map = made;
	return err;
}

/* Where entries stand in a table that is too long. */
enum rank {
	RANK_RAM,		/* without it no capture kernel runs */
	RANK_OLD_LOW,
	RANK_FIRMWARE_LOW,
	RANK_FIRMWARE_HIGH,
	RANK_OLD_HIGH,
};

static enum rank range_rank(const struct kdump_range *range, unsigned int ram)
{
	bool low = range->start < KDUMP_4GB;

	if (range->type == ram)
		return RANK_RAM;
	if (range->type == KDUMP_E820_OLD)
		return low ? RANK_OLD_LOW : RANK_OLD_HIGH;
	return low ? RANK_FIRMWARE_LOW : RANK_FIRMWARE_HIGH;
}

/* Append all ranges of that rank to @to, which has room for them. */
static void append_rank(const struct kdump_ranges *from, unsigned int ram,
			enum rank rank, struct kdump_ranges *to)
{
	unsigned int i;

	for (i = 0; i < from->count; i++)
		if (range_rank(&from->range[i], ram) == rank)
			to->range[to->count++] = from->range[i];
}

/*
 * A capture kernel takes everything above 4 GB for memory, so old memory there
 * is left out.  Below 4 GB a capture kernel must have all old memory or none:
 * with a part of it, it would take the rest for devices.
 */
int kdump_x86_order(struct kdump_ranges *map, unsigned int ram)
{
	struct kdump_ranges made = { NULL, 0 };
	unsigned int own;

	if (map->count <= KDUMP_X86_TABLE)
		return 0;
	made.range = calloc(map->count, sizeof(*made.range));
	if (!made.range)
		return -ENOMEM;
	append_rank(map, ram, RANK_RAM, &made);
	own = made.count;
	append_rank(map, ram, RANK_OLD_LOW, &made);
	if (made.count > KDUMP_X86_TABLE)
		made.count = own;
	append_rank(map, ram, RANK_FIRMWARE_LOW, &made);
	append_rank(map, ram, RANK_FIRMWARE_HIGH, &made);
	kdump_ranges_free(map);
	*map = made;
	return 0;
}
