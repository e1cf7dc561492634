/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CAPTURE: for readers of the memory of the crashed kernel.
 *
 * First the checked core header.  This part is pure: no globals, no mappings;
 * old memory is read through a function that the caller gives.  It compiles in
 * the kernel and on the host.  Every byte it reads may be hostile.
 *
 * Then, in the kernel only, old memory itself.
 *
 * Two kinds of physical address appear side by side.  "paddr" is where the
 * crashed kernel had the bytes.  "place" is where they are now: the backup
 * region was copied, everything else stayed.
 */
#ifndef _LINUX_KDUMP_CORE_H
#define _LINUX_KDUMP_CORE_H

#include <linux/kdump_format.h>
#include <linux/range.h>
#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/mm_types.h>	/* vm_fault_t */
#endif

struct iov_iter;
struct vm_fault;

/**
 * struct kdump_core_source - where a core header is and how to read it
 * @paddr: physical address of the ELF header
 * @size: bytes from @paddr that may hold the headers; 0: not known
 * @limit: first physical address that this machine cannot have, below 2^62
 * @memory: where this machine has memory: first byte and byte behind the last
 *	    one of pieces that do not touch each other
 * @nr_memory: entries of @memory; 0: not known, it may be anywhere below @limit
 * @page_size: bytes of a page of the kernel that reads
 * @machines: ELF machine numbers that are accepted, ends with EM_NONE
 * @lead: a copy of the crashed CPU's registers leads the notes of the dump
 * @read: reads @len bytes at physical address @from into @to; 0 or -errno
 * @context: first argument of @read
 */
struct kdump_core_source {
	u64 paddr;
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
 * @paddr: physical address of the notes
 * @size: bytes; the notes end here or at a note header of zeroes
 */
struct kdump_core_notes {
	u64 paddr;
	u64 size;
};

/**
 * struct kdump_core - a core header that has passed all checks
 * @class: ELFCLASS32 or ELFCLASS64
 * @osabi: as in the core header
 * @machine: EM_* of the crashed kernel
 * @flags: ELF flags of that machine
 * @nr_loads: entries of @loads, at least 1 and at most %KDUMP_PHNUM_MAX
 * @nr_extents: entries of @extents, at least 1, at most @nr_loads
 * @nr_notes: entries of @notes
 * @nr_lost: PT_LOADs and PT_NOTEs that were left out or cut, because this
 *	     machine has no memory there
 * @loads: PT_LOADs in the order of the core header; one with holes is several
 * @extents: sorted by @paddr; no two overlap or could be joined
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
 * @what: a phrase for a message; NULL: nothing is wrong
 * @phdr: number of the program header that is at fault; -1: none of them
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
 * Allocates memory in proportion to the number of program headers, and never
 * more than 8 MiB.
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

/**
 * kdump_core_has_place() - does the core header name this memory?
 * @core: core header
 * @place: physical address in this kernel
 *
 * Return: whether old memory lies there now.
 */
bool kdump_core_has_place(const struct kdump_core *core, u64 place);

#ifdef __KERNEL__

/**
 * kdump_capture_core() - the checked core header of the crashed kernel
 *
 * Read once, by a subsys_initcall; never changes afterwards.
 *
 * Context: Any, after subsys_initcalls.
 * Return: the core header; NULL: no kernel crashed before this one, the core
 * header is damaged, or vmcore_unusable() was called.
 */
const struct kdump_core *kdump_capture_core(void);

/**
 * kdump_capture_source() - how to read more of what the core header names
 *
 * Context: Boot, process context; kdump_capture_core() is not NULL.
 * Return: the source, which goes away when the kernel has booted.
 */
const struct kdump_core_source *kdump_capture_source(void);

/**
 * oldmem_read() - copy memory of the crashed kernel
 * @to: destination
 * @paddr: physical address at which the first byte is now, in [@start, @end)
 * @size: bytes, not beyond @end
 * @start: beginning of the extent that contains @paddr, page-aligned
 * @end: end of that extent, page-aligned; nothing outside is touched
 *
 * Pages that this kernel uses are not old memory.  They read as zeroes, unless
 * they have been reserved since it started.  Pages that a driver says must not
 * be touched read as zeroes, too.
 *
 * Context: Process context, sleeps, several callers at a time.
 * Return: bytes copied, less than @size after a fatal signal or where @to
 * cannot be written; -ENOMEM or -EFAULT: none.
 */
ssize_t oldmem_read(struct iov_iter *to, u64 paddr, size_t size,
		    u64 start, u64 end);

/**
 * oldmem_read_kernel() - copy memory of the crashed kernel to a kernel buffer
 * @to: destination
 * @paddr: physical address; no other pages than those of the @size bytes are
 *	   touched
 * @size: bytes
 * @image: the crash image is there; see kdump_arch_oldmem_map()
 *
 * Context: as oldmem_read().
 * Return: 0; -ENOMEM; -EFAULT.
 */
int oldmem_read_kernel(void *to, u64 paddr, size_t size, bool image);

/**
 * oldmem_fault() - map memory of the crashed kernel into a process
 * @vmf: fault in a mapping with VM_PFNMAP set that can never be written to
 * @paddr: physical address at which the wanted page is now
 * @start: beginning of the extent that contains @paddr, page-aligned
 * @end: end of that extent, page-aligned; nothing outside is mapped
 *
 * Maps as much as one entry of the page middle directory holds.  That is one
 * huge page if addresses are aligned alike and the kernel has transparent huge
 * pages.
 *
 * Context: Fault handler.
 * Return: VM_FAULT_NOPAGE or VM_FAULT_OOM.
 */
vm_fault_t oldmem_fault(struct vm_fault *vmf, u64 paddr, u64 start, u64 end);

#endif /* __KERNEL__ */

#endif /* _LINUX_KDUMP_CORE_H */
