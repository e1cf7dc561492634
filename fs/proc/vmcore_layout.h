/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CAPTURE: the layout of /proc/vmcore.
 *
 *	ELF header and program headers, padded to whole pages
 *	the notes of devices, each of whole pages
 *	the notes of all CPUs and VMCOREINFO, padded to whole pages
 *	the extents of old memory in the order of their old addresses
 *
 * Pure: memory of the crashed kernel is read through kdump_core_source.
 * Compiles in the kernel and on the host.
 */
#ifndef _FS_PROC_VMCORE_LAYOUT_H
#define _FS_PROC_VMCORE_LAYOUT_H

#include <linux/kdump_core.h>
#include <linux/kdump_elf.h>

/* Bytes of notes of one PT_NOTE, and of all; more than these are left out. */
#define VMCORE_NOTES_MAX	0x100000
#define VMCORE_ALL_NOTES_MAX	0x1000000

/**
 * struct vmcore_notes - the notes of all PT_NOTEs one behind the other
 * @data: the notes, each complete and padded to 4 bytes
 * @size: bytes in @data
 * @room: bytes allocated for @data
 * @seen: bytes of old memory that were looked at
 * @runs: stacks in vmalloc space, from the notes of the CPUs, not yet checked
 * @nr_runs: entries of @runs
 * @runs_room: entries allocated for @runs
 * @damaged: how many PT_NOTEs had notes that make no sense, did not fit or
 *	     could not be read
 * @nr_prstatus: how many NT_PRSTATUS notes, the registers of a CPU, there are
 * @crashed: offset in @data of the NT_PRSTATUS note of the CPU that crashed
 * @crashed_size: bytes of that note; 0: it is not known
 * @crashed_index: how many NT_PRSTATUS notes stand before it
 * @crash_time: seconds since 1970; 0: it is not known
 * @time_note: offset in @data of the VMCOREINFO note that tells @crash_time
 * @time_bytes: by how much that note has grown for this; 0: it has not
 */
struct vmcore_notes {
	void *data;
	size_t size;
	size_t room;
	size_t seen;
	struct kdump_stack_run *runs;
	unsigned int nr_runs;
	unsigned int runs_room;
	unsigned int damaged;
	unsigned int nr_prstatus;
	size_t crashed;
	size_t crashed_size;
	unsigned int crashed_index;
	u32 crash_time;
	size_t time_note;
	size_t time_bytes;
};

/*
 * The offset of a large extent is aligned like its place in memory, so that a
 * program that maps the file piece by piece gets huge pages.
 */
#define VMCORE_ALIGN		0x200000
#define VMCORE_ALIGN_MIN	0x4000000

/*
 * The copy of the crashed CPU's registers that leads the notes has its own
 * thread number: that of the original plus this, which is more than any real
 * one.
 */
#define VMCORE_LEAD_PID		1000000000

/**
 * struct vmcore_extent - old memory in the file
 * @offset: first byte in the file, page-aligned
 * @size: bytes, a multiple of the page size
 * @place: physical address at which the bytes are now, page-aligned
 */
struct vmcore_extent {
	u64 offset;
	u64 size;
	u64 place;
};

/**
 * struct vmcore_layout - the file
 * @class: ELFCLASS32 or ELFCLASS64
 * @osabi: of the ELF header
 * @ehdr: the ELF header
 * @phdrs: program headers: one PT_NOTE, PT_LOADs of stacks, then of memory
 * @nr_phdrs: entries of @phdrs
 * @extents: old memory; sorted by offset, without overlap; gaps are zeroes
 * @nr_extents: entries of @extents
 * @notes_offset: where the headers end and the notes begin, page-aligned
 * @device_size: bytes of the notes of devices, which come first
 * @notes_size: bytes of all notes
 * @data_offset: where old memory begins, page-aligned
 * @size: bytes of the file
 * @lost_runs: stacks that are not shown, because the dump lacks their pages
 */
struct vmcore_layout {
	u8 class;
	u8 osabi;
	struct kdump_elf_ehdr ehdr;
	struct kdump_elf_phdr *phdrs;
	unsigned int nr_phdrs;
	struct vmcore_extent *extents;
	unsigned int nr_extents;
	u64 notes_offset;
	u64 device_size;
	u64 notes_size;
	u64 data_offset;
	u64 size;
	unsigned int lost_runs;
};

/**
 * vmcore_notes_create() - collect the notes
 * @source: how to read old memory
 * @core: core header
 * @notes: written on success
 *
 * If a note is damaged or cannot be read, it and the notes behind it in its
 * PT_NOTE are left out.  All other notes stay.
 *
 * The notes stay in the order of the PT_NOTEs, which is that of the CPUs: drgn
 * takes the n-th registers named "CORE" for those of CPU n.  gdb shows the
 * first registers, whatever their name, and gets confused by two threads with
 * the same number.  So if the CPU that crashed is not the first and
 * @source->lead is set, a copy of its registers comes first, with the name
 * %KDUMP_NOTE_NAME and a thread number of its own.
 *
 * Tools look for the time of the crash in VMCOREINFO, where the kernel that
 * crashed could not write it any more.  So a line CRASHTIME= is appended here.
 *
 * Return: 0 or -ENOMEM.
 */
int vmcore_notes_create(const struct kdump_core_source *source,
			const struct kdump_core *core,
			struct vmcore_notes *notes);
void vmcore_notes_destroy(struct vmcore_notes *notes);

/**
 * vmcore_layout_create() - lay out the file
 * @core: core header
 * @notes: notes
 * @device_size: bytes of the notes of devices, a multiple of @page_size
 * @page_size: bytes of a page
 * @layout: written on success
 *
 * Return: 0; -EFBIG: the file is too large for its ELF class; -ENOMEM.
 */
int vmcore_layout_create(const struct kdump_core *core,
			 const struct vmcore_notes *notes, u64 device_size,
			 u32 page_size, struct vmcore_layout *layout);
void vmcore_layout_destroy(struct vmcore_layout *layout);

/**
 * vmcore_layout_encode() - write the headers
 * @layout: the file
 * @to: @layout->notes_offset bytes of zeroes
 */
void vmcore_layout_encode(const struct vmcore_layout *layout, void *to);

/**
 * vmcore_layout_find() - find the extent at or before an offset
 * @layout: the file
 * @offset: from @layout->data_offset to below @layout->size
 */
const struct vmcore_extent *
vmcore_layout_find(const struct vmcore_layout *layout, u64 offset);

#endif /* _FS_PROC_VMCORE_LAYOUT_H */
