// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the memory map that the capture kernel gets, also where it has more
 * entries than a kernel keeps.
 */
#include <string.h>

#include <linux/kdump_format.h>

#include "kdump-x86.h"
#include "ranges.h"

enum { RAM, RESERVED, ACPI };

#define MANY	8

static void fill_list(struct kdump_ranges *list, const struct kdump_range *from)
{
	size_t i;

	*list = (struct kdump_ranges){ NULL, 0 };
	for (i = 0; i < MANY && from[i].end; i++)
		kdump_ranges_add(list, from[i].start, from[i].end,
				 from[i].type);
}

static const struct {
	const char *name;
	struct kdump_range firmware[MANY];
	struct kdump_range reservation[MANY];
	struct kdump_range hole[2];
	const char *map;
} rows[] = {
	{ "a small machine",
	  { { 0x0, 0x9fc00, RAM }, { 0x9fc00, 0xa0000, RESERVED },
	    { 0xf0000, 0x100000, RESERVED }, { 0x100000, 0x3ffe0000, RAM },
	    { 0x3ffe0000, 0x40000000, ACPI } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0x4ff0000, 0x5000000, 0 }, { 0x4f50000, 0x4ff0000, 0 } },
	  "0-9f000:0 9f000-9fc00:o 9fc00-a0000:1 f0000-100000:1 100000-1000000:o 1000000-4f50000:0 4f50000-4ff0000:o 4ff0000-5000000:o 5000000-3ffe0000:o 3ffe0000-40000000:2" },
	{ "low memory that the firmware has reserved",
	  { { 0x1000, 0x50000, RAM }, { 0x50000, 0x60000, RESERVED },
	    { 0x60000, 0x80123, RAM } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0, 0, 0 } },
	  "1000-50000:0 50000-60000:1 60000-80000:0 80000-80123:o 1000000-5000000:0" },
	{ "parts of pages",
	  { { 0x400, 0x1800, RAM }, { 0x2100, 0x2f00, RAM } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0, 0, 0 } },
	  "400-1800:o 2100-2f00:o 1000000-5000000:0" },
	{ "memory across the limit of the backup",
	  { { 0x80000, 0x200000, RAM } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0, 0, 0 } },
	  "80000-a0000:0 a0000-200000:o 1000000-5000000:0" },
	{ "low and high reservation",
	  { { 0x100000, 0x80000000, RAM },
	    { 0x100000000, 0x200000000, RAM } },
	  { { 0x70000000, 0x80000000, RAM },
	    { 0x1f0000000, 0x200000000, RAM } },
	  { { 0x1fff00000, 0x200000000, 0 } },
	  "100000-70000000:o 70000000-80000000:0 100000000-1f0000000:o 1f0000000-1fff00000:0 1fff00000-200000000:o" },
	{ "holes in the middle",
	  { { 0x100000, 0x80000000, RAM } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0x2000000, 0x2010000, 0 }, { 0x3000000, 0x30a0000, 0 } },
	  "100000-1000000:o 1000000-2000000:0 2000000-2010000:o 2010000-3000000:0 3000000-30a0000:o 30a0000-5000000:0 5000000-80000000:o" },
	{ "the firmware's word wins inside the reservation",
	  { { 0x2000000, 0x2001000, RESERVED } },
	  { { 0x1000000, 0x5000000, RAM } },
	  { { 0, 0, 0 } },
	  "1000000-2000000:0 2000000-2001000:1 2001000-5000000:0" },
};

static char type_letter(unsigned int type)
{
	return type == KDUMP_E820_OLD ? 'o' : "012"[type];
}

/* RAM and reserved memory by turns, one page each, @pairs times. */
static void add_pairs(struct kdump_ranges *list, uint64_t start,
		      unsigned int pairs)
{
	for (; pairs; pairs--, start += 2 * KDUMP_PAGE) {
		kdump_ranges_add(list, start, start + KDUMP_PAGE, RAM);
		kdump_ranges_add(list, start + KDUMP_PAGE,
				 start + 2 * KDUMP_PAGE, RESERVED);
	}
}

#define LOW	0x10000000ULL
#define HIGH	0x200000000ULL
#define TOP	0x3fff00000000ULL	/* below 64 TB */

/* Letters of the types, with a number behind each: how many follow. */
static const char *order_text(const struct kdump_ranges *map)
{
	static char text[256];
	unsigned int i, same = 0, used = 0;

	for (i = 0; i < map->count; i++) {
		bool high = map->range[i].start >= KDUMP_4GB;
		char c = type_letter(map->range[i].type);

		same++;
		if (i + 1 < map->count &&
		    map->range[i + 1].type == map->range[i].type &&
		    (map->range[i + 1].start >= KDUMP_4GB) == high)
			continue;
		used += snprintf(text + used, sizeof(text) - used, "%s%c*%u%s",
				 used ? " " : "", c, same, high ? "h" : "");
		same = 0;
	}
	return text;
}

/* Machines with @low and @high pairs, and a reservation at @TOP. */
static const struct {
	const char *name;
	unsigned int low;
	unsigned int high;
	const char *order;
} many[] = {
	{ "a short map stays as it is", 1, 1,
	  "0*1 o*3 1*1 o*1h 1*1h 0*1h o*2h" },
	{ "of a long map, old memory above 4 GB is left out", 20, 200,
	  "0*1 0*1h o*22 1*20 1*200h" },
	{ "old memory below 4 GB is there as a whole", 124, 0,
	  "0*1 0*1h o*126 1*124" },
	{ "or not at all", 125, 0, "0*1 0*1h 1*125" },
};

static void test_order(void)
{
	struct kdump_ranges firmware, reservation, map;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(many); i++) {
		struct kdump_x86_memory memory = {
			.firmware = &firmware, .ram = RAM,
			.reservation = &reservation,
			.low = KDUMP_BACKUP_SIZE, .holes = 1,
			.hole[0] = { TOP + 0xff00000, TOP + 0x10000000, 0 },
		};

		firmware = (struct kdump_ranges){ NULL, 0 };
		reservation = firmware;
		kdump_ranges_add(&firmware, 0, 0x9fffe, RAM);
		kdump_ranges_add(&firmware, 0x100000, LOW - KDUMP_PAGE, RAM);
		add_pairs(&firmware, LOW, many[i].low);
		add_pairs(&firmware, HIGH, many[i].high);
		kdump_ranges_add(&firmware, TOP, 1ULL << 46, RAM);
		kdump_ranges_add(&reservation, TOP, TOP + 0x10000000, RAM);
		ok(!kdump_x86_map(&memory, &map) &&
		   !kdump_x86_order(&map, RAM) &&
		   !strcmp(order_text(&map), many[i].order), "%s",
		   many[i].name);
		note("%s", order_text(&map));
		kdump_ranges_free(&firmware);
		kdump_ranges_free(&reservation);
		kdump_ranges_free(&map);
	}
}

int main(void)
{
	struct kdump_ranges firmware, reservation, map;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kdump_x86_memory memory = {
			.firmware = &firmware, .ram = RAM,
			.reservation = &reservation,
			.low = KDUMP_BACKUP_SIZE,
		};

		fill_list(&firmware, rows[i].firmware);
		fill_list(&reservation, rows[i].reservation);
		memcpy(memory.hole, rows[i].hole, sizeof(memory.hole));
		while (memory.holes < 2 && memory.hole[memory.holes].end)
			memory.holes++;
		ok(!kdump_x86_map(&memory, &map) &&
		   ranges_are(&map, type_letter, rows[i].map), "%s",
		   rows[i].name);
		kdump_ranges_free(&firmware);
		kdump_ranges_free(&reservation);
		kdump_ranges_free(&map);
	}
	test_order();
	return tap_end();
}
