// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the core header of this kernel.
 *
 * Runs in the system kernel, in process context, with the kexec lock held.
 * Says what the dump consists of: the notes of every CPU that may ever be up,
 * VMCOREINFO, the kernel image and all memory but the reservation.
 */
#include <linux/cpumask.h>
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kdump.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/range.h>
#include <linux/slab.h>

#include "elfcorehdr.h"
#include "elfcorehdr_layout.h"

/* Ranges of memory that a header has room for: a firmware map and hot-plug. */
#define MEMORY_RANGES_MAX	512

/* Entries of a table: a note a CPU, VMCOREINFO, the image, memory. */
static unsigned int table_entries(void)
{
	return num_possible_cpus() + 2 + MEMORY_RANGES_MAX;
}

size_t kdump_elfcorehdr_size(void)
{
	return PAGE_ALIGN(elfcorehdr_bytes(ELFCLASS64, table_entries()));
}

struct memory_map {
	int nr;
	struct range ram[MEMORY_RANGES_MAX];
};

static int add_ram(struct resource *res, void *arg)
{
	struct memory_map *map = arg;

	if (map->nr == MEMORY_RANGES_MAX)
		return -EFBIG;
	map->ram[map->nr++] = (struct range) {
		.start = res->start,
		.end = res->end + 1,
	};
	return 0;
}

static void exclude(struct memory_map *map, const struct resource *res)
{
	if (res->end)
		subtract_range(map->ram, MEMORY_RANGES_MAX, res->start,
			       res->end + 1);
}

/* What is backed up is in the dump, also pages that only firmware used. */
static int add_backup(struct memory_map *map, const struct kdump_stub *stub)
{
	struct resource backup = DEFINE_RES_MEM(stub->backup_start,
						stub->backup_size);

	if (!stub->backup_size)
		return 0;
	exclude(map, &backup);
	map->nr = clean_sort_range(map->ram, MEMORY_RANGES_MAX);
	return add_ram(&backup, map);
}

static int memory_map_get(struct memory_map *map, const struct kdump_stub *stub)
{
	int ret = walk_system_ram_res(0, U64_MAX, map, add_ram);

	if (!ret)
		ret = add_backup(map, stub);
	if (ret)
		return ret;
	exclude(map, &crashk_res);
	exclude(map, &crashk_low_res);
	map->nr = clean_sort_range(map->ram, MEMORY_RANGES_MAX);
	return 0;
}

static int put_memory(struct elfcorehdr *hdr, const struct kdump_stub *stub)
{
	struct memory_map *map;
	int i, ret;

	map = kvzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	ret = memory_map_get(map, stub);
	for (i = 0; i < map->nr && !ret; i++) {
		void *vaddr = phys_to_virt(map->ram[i].start);

		ret = elfcorehdr_put_ram(hdr, &map->ram[i], stub,
					 (unsigned long)vaddr);
	}
	kvfree(map);
	return ret;
}

static int put_image(struct elfcorehdr *hdr)
{
	struct kdump_elf_phdr phdr = { .type = PT_LOAD };

	if (!kdump_arch_kernel_map(&phdr))
		return 0;
	phdr.offset = phdr.paddr;
	return elfcorehdr_put(hdr, phdr);
}

static int put_note(struct elfcorehdr *hdr, u64 where, u64 size)
{
	return elfcorehdr_put(hdr, (struct kdump_elf_phdr) {
		.type = PT_NOTE,
		.offset = where,
		.paddr = where,
		.memsz = size,
	});
}

static int put_notes(struct elfcorehdr *hdr)
{
	int cpu, ret;

	for_each_possible_cpu(cpu) {
		void *notes = per_cpu_ptr(crash_notes, cpu);

		ret = put_note(hdr, per_cpu_ptr_to_phys(notes),
			       sizeof(note_buf_t));
		if (ret)
			return ret;
	}
	return put_note(hdr, hdr->where + elfcorehdr_notes(hdr),
			VMCOREINFO_NOTE_SIZE);
}

int kdump_elfcorehdr_build(void *buf, size_t size, u64 where,
			   const struct kdump_stub *stub)
{
	struct elfcorehdr hdr = {
		.base = buf,
		.where = where,
		.entries = table_entries(),
	};
	int ret;

	if (!crash_notes)
		return -ENOMEM;
	if (size < elfcorehdr_bytes(stub->class, hdr.entries))
		return -EFBIG;
	elfcorehdr_init(&hdr, stub);
	memcpy(buf + elfcorehdr_notes(&hdr), vmcoreinfo_note,
	       VMCOREINFO_NOTE_SIZE);
	ret = put_notes(&hdr);
	if (!ret)
		ret = put_image(&hdr);
	if (!ret)
		ret = put_memory(&hdr, stub);
	if (!ret)
		elfcorehdr_commit(&hdr);
	return ret;
}
