/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: what the x86 parts of kexec -p share.
 *
 * The functions are pure, in the sense of kdump.h.
 */
#ifndef KDUMP_X86_H
#define KDUMP_X86_H

#include "../../kdump.h"

bool kdump_bzimage_is(const char *buf, size_t len);
int kdump_bzimage_parse(const char *buf, size_t len, bool entry32,
			struct kdump_kernel *kernel, struct kdump_why *why);

/**
 * struct kdump_x86_memory - sources of the memory map of a capture kernel
 * @firmware: memory of the machine with its types, as the firmware reports it
 * @ram: the type of RAM for any use
 * @reservation: memory for the capture kernel
 * @low: memory below this address is free, because purgatory backs it up
 * @hole: memory in the reservation that the capture kernel must not write to
 * @holes: how many of @hole are valid
 */
struct kdump_x86_memory {
	const struct kdump_ranges *firmware;
	unsigned int ram;
	const struct kdump_ranges *reservation;
	uint64_t low;
	struct kdump_range hole[2];
	unsigned int holes;
};

int kdump_x86_map(const struct kdump_x86_memory *memory,
		  struct kdump_ranges *map);

/* Entries in boot_params; a kernel without NUMA keeps three more. */
#define KDUMP_X86_TABLE	128

/*
 * Change a map that has more entries than every kernel keeps: put those that the
 * capture kernel needs most to the front, because a kernel drops the last ones,
 * and leave out old memory that need not be there.  After this the map is not in
 * ascending order, but its RAM is.
 */
int kdump_x86_order(struct kdump_ranges *map, unsigned int ram);

#endif /* KDUMP_X86_H */
