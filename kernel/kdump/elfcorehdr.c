// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the core header of this kernel.
 *
 * Runs in the system kernel, in process context, one caller at a time.
 * The header says what the dump consists of: the notes of every possible CPU,
 * VMCOREINFO, the mapping of the kernel image, and all memory but the
 * reservation.
 */
#include <linux/cpumask.h>
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/math64.h>
#include <linux/memblock.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/range.h>
#include <linux/slab.h>

#include "elfcorehdr.h"
#include "elfcorehdr_layout.h"

/*
 * Splits that come on top: around the backup region and two reservations, and
 * where the direct mapping ends.
 */
#define MEMORY_SPLITS		4

/**
 * struct memory_map - the memory that the dump shows
 * @coming: memory that is about to be online, or NULL
 * @end: where the last range ends
 * @room: how many ranges there are in @ram; 0: the ranges are only counted
 * @nr: how many ranges there are
 * @ram: the ranges, first byte and byte behind the last one
 */
struct memory_map {
	const struct range *coming;
	u64 end;
	int room;
	int nr;
	struct range ram[];
};

static int map_append(struct memory_map *map, u64 start, u64 end)
{
	bool joins = map->nr && map->end == start;

	if (!joins && map->room && map->nr >= map->room - MEMORY_SPLITS)
		return -EFBIG;
	if (!joins)
		map->nr++;
	map->end = end;
	if (!map->room)
		return 0;
	if (!joins)
		map->ram[map->nr - 1].start = start;
	map->ram[map->nr - 1].end = end;
	return 0;
}

/*
 * Offline memory holds nothing and may be pulled out.  The first pages of a
 * block that comes online may hold the page structs of the rest, so it counts
 * from the start.
 */
static bool map_in_use(const struct memory_map *map, u64 start, u64 end)
{
	const struct range *coming = map->coming;

	return pfn_to_online_page(PHYS_PFN(start)) ||
	       (coming && start < coming->end && coming->start < end);
}

/* Memory goes offline by blocks. */
static u64 block_end(u64 paddr)
{
	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		return U64_MAX;
	return ALIGN_DOWN(paddr, (u64)memory_block_size_bytes()) +
	       memory_block_size_bytes();
}

static int map_add_ram(struct resource *res, void *arg)
{
	struct memory_map *map = arg;
	u64 start, end;
	int ret = 0;

	for (start = res->start; start <= res->end && !ret; start = end) {
		end = min(block_end(start), (u64)res->end + 1);
		if (map_in_use(map, start, end))
			ret = map_append(map, start, end);
	}
	return ret;
}

static unsigned int ranges_now(void)
{
	struct memory_map count = { };

	walk_system_ram_res(0, U64_MAX, &count, map_add_ram);
	return count.nr;
}

/* For the memory that is there, and what firmware says may come. */
static unsigned int spare_ranges(void)
{
	u64 end = PFN_PHYS(max_t(u64, max_pfn, max_possible_pfn));

	if (!IS_ENABLED(CONFIG_MEMORY_HOTPLUG))
		return 0;
	return elfcorehdr_spare(div64_u64(end, memory_block_size_bytes()),
				crashk_res.end ? resource_size(&crashk_res) : 0);
}

/* Entries of a table: a note per CPU, VMCOREINFO, the kernel map, memory. */
size_t kdump_elfcorehdr_size(void)
{
	unsigned int entries = num_possible_cpus() + 2 + ranges_now() +
			       spare_ranges() + MEMORY_SPLITS;

	return PAGE_ALIGN(elfcorehdr_bytes(ELFCLASS64, entries));
}

static void map_exclude(struct memory_map *map, const struct resource *res)
{
	if (res->end)
		subtract_range(map->ram, map->room, res->start,
			       res->end + 1);
}

/* The dump shows all of the backup region, even pages that firmware used. */
static int map_add_backup(struct memory_map *map,
			  const struct kdump_stub *stub)
{
	struct resource backup = DEFINE_RES_MEM(stub->backup_start,
						stub->backup_size);

	if (!stub->backup_size)
		return 0;
	map_exclude(map, &backup);
	map->nr = clean_sort_range(map->ram, map->room);
	return map_append(map, backup.start, backup.end + 1);
}

static int map_fill(struct memory_map *map, const struct kdump_stub *stub)
{
	int ret = walk_system_ram_res(0, U64_MAX, map, map_add_ram);

	if (!ret)
		ret = map_add_backup(map, stub);
	if (ret)
		return ret;
	map_exclude(map, &crashk_res);
	map_exclude(map, &crashk_low_res);
	map->nr = clean_sort_range(map->ram, map->room);
	return 0;
}

/* Where the direct mapping ends; memory above has no virtual address. */
static u64 mapped_end(void)
{
	return IS_ENABLED(CONFIG_64BIT) ? U64_MAX : PFN_PHYS(max_low_pfn);
}

static int put_ram(struct elfcorehdr *hdr, const struct kdump_stub *stub,
		   const struct range *ram)
{
	u64 border = clamp(mapped_end(), ram->start, ram->end);
	struct range mapped = { ram->start, border };
	struct range unmapped = { border, ram->end };
	int ret;

	ret = elfcorehdr_put_ram(hdr, &mapped, stub,
				 (unsigned long)phys_to_virt(ram->start));
	if (!ret)
		ret = elfcorehdr_put_ram(hdr, &unmapped, stub,
					 ELFCOREHDR_NO_VADDR);
	return ret;
}

static int put_memory(struct elfcorehdr *hdr, const struct kdump_stub *stub,
		      const struct range *coming)
{
	int i, ret, room = hdr->entries + MEMORY_SPLITS;
	struct memory_map *map;

	map = kvzalloc(struct_size(map, ram, room), GFP_KERNEL);
	if (!map)
		return -ENOMEM;
	map->room = room;
	map->coming = coming;
	ret = map_fill(map, stub);
	for (i = 0; i < map->nr && !ret; i++)
		ret = put_ram(hdr, stub, &map->ram[i]);
	kvfree(map);
	return ret;
}

static int put_kernel_map(struct elfcorehdr *hdr)
{
	struct kdump_elf_phdr phdr = { .type = PT_LOAD };

	if (!kdump_arch_kernel_map(&phdr))
		return 0;
	phdr.offset = phdr.paddr;
	return elfcorehdr_put(hdr, phdr);
}

static int put_note(struct elfcorehdr *hdr, u64 paddr, u64 size)
{
	return elfcorehdr_put(hdr, (struct kdump_elf_phdr) {
		.type = PT_NOTE,
		.offset = paddr,
		.paddr = paddr,
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
	return put_note(hdr, hdr->paddr + elfcorehdr_notes(hdr),
			VMCOREINFO_NOTE_SIZE);
}

static int put_all(struct elfcorehdr *hdr, const struct kdump_stub *stub,
		   const struct range *coming)
{
	int ret = put_notes(hdr);

	if (!ret)
		ret = put_kernel_map(hdr);
	if (!ret)
		ret = put_memory(hdr, stub, coming);
	if (!ret)
		elfcorehdr_commit(hdr);
	return ret;
}

int kdump_elfcorehdr_build(void *buf, size_t size, u64 paddr,
			   const struct kdump_stub *stub)
{
	struct elfcorehdr hdr = {
		.base = buf,
		.paddr = paddr,
		.entries = elfcorehdr_entries(stub->class, size),
	};

	if (!crash_notes)
		return -ENOMEM;
	if (size < kdump_elfcorehdr_size())
		return -EFBIG;
	elfcorehdr_init(&hdr, stub);
	memcpy(buf + elfcorehdr_notes(&hdr), vmcoreinfo_note,
	       VMCOREINFO_NOTE_SIZE);
	return put_all(&hdr, stub, NULL);
}

int kdump_elfcorehdr_rebuild(void *buf, size_t size, u64 paddr,
			     const struct kdump_stub *stub,
			     const struct range *coming)
{
	struct elfcorehdr hdr = {
		.base = buf,
		.paddr = paddr,
		.class = stub->class,
		.entries = elfcorehdr_entries(stub->class, size),
	};

	elfcorehdr_open(&hdr);
	return put_all(&hdr, stub, coming);
}
