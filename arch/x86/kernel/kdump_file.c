// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: the boot parameters of a crash image by kexec_file_load(2).
 *
 * Runs in the system kernel, in process context.  kexec-bzimage64.c fills in
 * the parameters of any kernel; only the memory map of a capture kernel differs.
 */
#include <linux/ioport.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/mm.h>

#include <asm/bootparam.h>
#include <asm/e820/api.h>
#include <asm/kdump.h>

#include "kdump_map.h"

static void add_reserved(struct kdump_map_memory *memory,
			 const struct resource *res)
{
	if (res->end)
		memory->reserved[memory->nr_reserved++] =
			(struct range) { res->start, res->end + 1 };
}

int kdump_arch_file_map(const struct kimage *image, struct boot_params *params)
{
	struct kdump_map_memory memory = {
		.firmware = e820_table_firmware->entries,
		.nr_firmware = e820_table_firmware->nr_entries,
		.low = KDUMP_BACKUP_SIZE,
		.nr_holes = KDUMP_FILE_HOLES,
	};
	struct kdump_map map = { .room = kdump_map_room(memory.nr_firmware) };
	int nr;

	map.entry = kvmalloc_array(map.room, sizeof(*map.entry), GFP_KERNEL);
	if (!map.entry)
		return -ENOMEM;
	add_reserved(&memory, &crashk_res);
	add_reserved(&memory, &crashk_low_res);
	kdump_file_holes(image, memory.holes);
	kdump_map_build(&memory, &map);
	nr = kdump_map_store(&map, params->e820_table,
			     ARRAY_SIZE(params->e820_table));
	kvfree(map.entry);
	if (nr < 0)
		return nr;
	params->e820_entries = nr;
	return 0;
}
