/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD on x86: the memory map of the capture kernel.
 *
 * Pure: plain arguments, no globals, no allocation.
 */
#ifndef _ASM_X86_KERNEL_KDUMP_MAP_H
#define _ASM_X86_KERNEL_KDUMP_MAP_H

#include <linux/range.h>
#include <linux/types.h>

#include <asm/bootparam.h>
#include <asm/e820/types.h>

/**
 * struct kdump_map - entries that do not overlap, in any order
 * @entry: the entries; those of size 0 mean nothing
 * @nr: how many there are
 * @room: how many there may be
 */
struct kdump_map {
	struct boot_e820_entry *entry;
	unsigned int nr;
	unsigned int room;
};

/**
 * struct kdump_map_memory - sources of the memory map of a capture kernel
 * @firmware: memory of the machine with its types, as the firmware reports it
 * @nr_firmware: entries of @firmware
 * @reserved: memory for the capture kernel, first byte and byte behind the last
 *	      one
 * @nr_reserved: how many of @reserved are valid
 * @low: RAM below this address is free, because purgatory backs it up
 * @holes: memory in @reserved that the capture kernel must not write to
 * @nr_holes: how many of @holes are valid
 */
struct kdump_map_memory {
	const struct e820_entry *firmware;
	unsigned int nr_firmware;
	struct range reserved[2];
	unsigned int nr_reserved;
	u64 low;
	struct range holes[2];
	unsigned int nr_holes;
};

/**
 * kdump_map_room() - entries that kdump_map_build() needs at most
 * @nr_firmware: entries of the map of the firmware
 */
static inline unsigned int kdump_map_room(unsigned int nr_firmware)
{
	/*
	 * Each entry is set up to two times.  Each time adds one entry, and
	 * another one behind it where it lies inside of an older one.
	 */
	return 4 * nr_firmware + 8;
}

/**
 * kdump_map_build() - make the map
 * @memory: the sources
 * @map: @entry and @room are set by the caller; @nr is filled in
 *
 * The capture kernel may use its reservation without the holes, and low memory.
 * All other RAM becomes old memory.  Other types are as the firmware reports
 * them.
 */
void kdump_map_build(const struct kdump_map_memory *memory,
		     struct kdump_map *map);

/**
 * kdump_map_store() - write the map to the boot parameters
 * @map: the map
 * @to: where to
 * @room: entries of @to
 *
 * If there is not enough room, no old memory is written: the capture kernel
 * takes a map without any for one that does not know about old memory.
 *
 * Return: how many entries there are, or -E2BIG.
 */
int kdump_map_store(const struct kdump_map *map, struct boot_e820_entry *to,
		    unsigned int room);

#endif /* _ASM_X86_KERNEL_KDUMP_MAP_H */
