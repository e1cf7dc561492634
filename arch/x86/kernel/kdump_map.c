// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: the memory map of the capture kernel.
 *
 * Runs in the system kernel, in process context.  Pure: see kdump_map.h.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kdump_format.h>
#include <linux/minmax.h>
#include <linux/mm.h>

#include "kdump_map.h"

static u64 firmware_end(const struct e820_entry *entry)
{
	return entry->addr + entry->size;
}

static u64 entry_end(const struct boot_e820_entry *entry)
{
	return entry->addr + entry->size;
}

static void map_append(struct kdump_map *map, u64 start, u64 end, u32 type)
{
	if (start >= end || WARN_ON_ONCE(map->nr == map->room))
		return;
	map->entry[map->nr++] = (struct boot_e820_entry) {
		.addr = start, .size = end - start, .type = type,
	};
}

/* Take a range out of all entries; the part behind it becomes a new entry. */
static void map_cut(struct kdump_map *map, u64 start, u64 end)
{
	unsigned int i;

	for (i = 0; i < map->nr; i++) {
		struct boot_e820_entry *entry = &map->entry[i];

		if (entry->addr >= end || entry_end(entry) <= start)
			continue;
		map_append(map, end, entry_end(entry), entry->type);
		entry->size = entry->addr < start ? start - entry->addr : 0;
	}
}

/* What is set later wins. */
static void map_set(struct kdump_map *map, u64 start, u64 end, u32 type)
{
	if (start >= end)
		return;
	map_cut(map, start, end);
	map_append(map, start, end, type);
}

static void map_set_old(struct kdump_map *map,
			const struct kdump_map_memory *memory)
{
	unsigned int i;

	for (i = 0; i < memory->nr_firmware; i++) {
		const struct e820_entry *entry = &memory->firmware[i];

		if (entry->type == E820_TYPE_RAM)
			map_set(map, entry->addr, firmware_end(entry),
				KDUMP_E820_OLD);
	}
}

/* The capture kernel can use whole pages of low memory only. */
static void map_set_ram(struct kdump_map *map,
			const struct kdump_map_memory *memory)
{
	unsigned int i;

	for (i = 0; i < memory->nr_firmware; i++) {
		const struct e820_entry *entry = &memory->firmware[i];

		if (entry->type == E820_TYPE_RAM)
			map_set(map, PAGE_ALIGN(entry->addr),
				ALIGN_DOWN(min(firmware_end(entry), memory->low),
					   PAGE_SIZE), E820_TYPE_RAM);
	}
	for (i = 0; i < memory->nr_reserved; i++)
		map_set(map, memory->reserved[i].start, memory->reserved[i].end,
			E820_TYPE_RAM);
}

static void map_set_others(struct kdump_map *map,
			   const struct kdump_map_memory *memory)
{
	unsigned int i;

	for (i = 0; i < memory->nr_firmware; i++) {
		const struct e820_entry *entry = &memory->firmware[i];

		if (entry->type != E820_TYPE_RAM)
			map_set(map, entry->addr, firmware_end(entry),
				entry->type);
	}
	for (i = 0; i < memory->nr_holes; i++)
		map_set(map, memory->holes[i].start, memory->holes[i].end,
			KDUMP_E820_OLD);
}

void kdump_map_build(const struct kdump_map_memory *memory,
		     struct kdump_map *map)
{
	map->nr = 0;
	map_set_old(map, memory);
	map_set_ram(map, memory);
	map_set_others(map, memory);
}

static unsigned int map_count(const struct kdump_map *map, bool old)
{
	unsigned int i, nr = 0;

	for (i = 0; i < map->nr; i++)
		nr += map->entry[i].size &&
		      (old || map->entry[i].type != KDUMP_E820_OLD);
	return nr;
}

int kdump_map_store(const struct kdump_map *map, struct boot_e820_entry *to,
		    unsigned int room)
{
	bool old = map_count(map, true) <= room;
	unsigned int i, nr = 0;

	if (map_count(map, old) > room)
		return -E2BIG;
	for (i = 0; i < map->nr; i++) {
		const struct boot_e820_entry *entry = &map->entry[i];

		if (entry->size && (old || entry->type != KDUMP_E820_OLD))
			to[nr++] = *entry;
	}
	return nr;
}
