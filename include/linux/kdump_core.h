/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CAPTURE: the core header of a crashed kernel, checked.
 *
 * The pure part of CAPTURE: no globals, no mappings; memory of the crashed
 * kernel is read through a function that the caller gives.  Compiles in the
 * kernel and on the host.  Whatever is read may be hostile.
 */
#ifndef _LINUX_KDUMP_CORE_H
#define _LINUX_KDUMP_CORE_H

#include <linux/kdump_format.h>
#include <linux/range.h>
#include <linux/types.h>

/**
 * struct kdump_core_source - where a core header is and how to read it
 * @addr: physical address of the ELF header
 * @size: bytes from @addr that may hold the headers; 0: not known
 * @limit: first physical address that this machine cannot have, below 2^62
 * @memory: where this machine has memory: first byte and byte behind the last
 *	    one of pieces that do not touch each other
 * @nr_memory: entries of @memory; 0: not known, it may be anywhere below @limit
 * @page_size: bytes of a page of the kernel that reads
 * @machines: ELF machine numbers that are fine, ends with EM_NONE
 * @lead: a copy of the crashed CPU's registers leads the notes of the dump
 * @read: reads @len bytes at physical address @from into @to; 0 or -errno
 * @context: first argument of @read
 */
struct kdump_core_source {
	u64 addr;
	u64 size;
	u64 limit;
	const struct range *memory;
	unsigned int nr_memory;
	u32 page_size;
	const u16 *machines;
	bool lead;
	int (*read)(void *context, void *to, u64 from, size_t len);
	void *context;
};

/**
 * struct kdump_core_load - a PT_LOAD of the core header: a view of memory
 * @vaddr: virtual address in the crashed kernel; all ones: none
 * @paddr: physical address in the crashed kernel
 * @place: physical address at which the bytes are now
 * @size: bytes; neither end need be page-aligned
 * @flags: PF_* bits
 */
struct kdump_core_load {
	u64 vaddr;
	u64 paddr;
	u64 place;
	u64 size;
	u32 flags;
};

/**
 * struct kdump_core_extent - a run of whole pages of old memory
 * @paddr: physical address in the crashed kernel, page-aligned
 * @place: physical address at which the bytes are now, page-aligned
 * @size: bytes, a multiple of the page size
 *
 * Together the extents are every byte that the PT_LOADs describe, each once.
 */
struct kdump_core_extent {
	u64 paddr;
	u64 place;
	u64 size;
};

/**
 * struct kdump_core_notes - a PT_NOTE of the core header
 * @place: physical address of the notes
 * @size: bytes; the notes end here or at a note header of zeroes
 */
struct kdump_core_notes {
	u64 place;
	u64 size;
};

/**
 * struct kdump_core - a core header that holds together
 * @class: ELFCLASS32 or ELFCLASS64
 * @osabi: as in the core header
 * @machine: EM_* of the crashed kernel
 * @flags: ELF flags of that machine
 * @nr_loads: entries of @loads, at least 1 and at most %KDUMP_PHNUM_MAX
 * @nr_extents: entries of @extents, at least 1, at most @nr_loads
 * @nr_notes: entries of @notes
 * @nr_lost: PT_LOADs and PT_NOTEs left out, or cut: this machine has no memory
 *	     there
 * @loads: PT_LOADs in the order of the core header, in parts where there are
 *	   holes in them
 * @extents: sorted by @paddr; neither overlap nor could be joined
 * @notes: PT_NOTEs in the order of the core header
 */
struct kdump_core {
	u8 class;
	u8 osabi;
	u16 machine;
	u32 flags;
	unsigned int nr_loads;
	unsigned int nr_extents;
	unsigned int nr_notes;
	unsigned int nr_lost;
	struct kdump_core_load *loads;
	struct kdump_core_extent *extents;
	struct kdump_core_notes *notes;
};

/**
 * struct kdump_core_problem - what is wrong with a core header
 * @what: for people; NULL: nothing
 * @phdr: number of the program header it is about; -1: none
 */
struct kdump_core_problem {
	const char *what;
	int phdr;
};

/**
 * kdump_core_read() - read and check a core header
 * @source: where it is
 * @core: written on success; give it to kdump_core_free()
 * @problem: what is wrong, written when the core header is at fault
 *
 * Allocates in proportion to the number of program headers, less than 8 MiB
 * for the most that can be.
 *
 * Context: Process context, may sleep.
 * Return: 0; -EINVAL: see @problem; -ENOMEM; what @source->read returned.
 */
int kdump_core_read(const struct kdump_core_source *source,
		    struct kdump_core *core,
		    struct kdump_core_problem *problem);

/**
 * kdump_core_free() - undo kdump_core_read()
 * @core: may be zeroed
 */
void kdump_core_free(struct kdump_core *core);

/**
 * kdump_core_find() - find old memory by its old address
 * @core: core header
 * @paddr: physical address in the crashed kernel
 *
 * Return: index of the extent that contains @paddr or, if none does, of the
 * next one above it; @core->nr_extents: there is none above.
 */
unsigned int kdump_core_find(const struct kdump_core *core, u64 paddr);

#endif /* _LINUX_KDUMP_CORE_H */
