// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check a core header that was accepted, and the file that was made from it, by
 * other means than those by which they were made.
 */
#include <linux/errno.h>

#include "vmcore_check.h"

int old_read(void *context, void *to, u64 from, size_t len)
{
	const struct old *old = context;

	if (from < BASE || from - BASE > old->size ||
	    len > old->size - (from - BASE))
		return -EFAULT;
	memcpy(to, old->bytes + (from - BASE), len);
	return 0;
}

static bool exists(const struct kdump_core_source *source, u64 place, u64 size)
{
	unsigned int i;

	for (i = 0; i < source->nr_memory; i++) {
		if (place >= source->memory[i].start &&
		    place < source->memory[i].end)
			return size <= source->memory[i].end - place;
	}
	return !source->nr_memory;
}

static void check_loads(const struct kdump_core_source *source,
			const struct kdump_core *core)
{
	unsigned int i;

	must(core->nr_loads);
	for (i = 0; i < core->nr_loads; i++) {
		const struct kdump_core_load *load = &core->loads[i];

		must(load->size);
		must(load->size <= source->limit);
		must(load->paddr <= source->limit - load->size);
		must(load->place <= source->limit - load->size);
		must(exists(source, load->place, load->size));
		must(load->paddr % PAGE == load->place % PAGE);
	}
}

static void check_extents(const struct kdump_core *core)
{
	unsigned int i;

	must(core->nr_extents && core->nr_extents <= core->nr_loads);
	for (i = 0; i < core->nr_extents; i++) {
		const struct kdump_core_extent *e = &core->extents[i];

		must(e->size);
		must(!((e->paddr | e->place | e->size) % PAGE));
		if (i)
			must(e[-1].paddr + e[-1].size <= e->paddr);
	}
}

/* Find the extent with a page of old memory, by looking at every extent. */
static const struct kdump_core_extent *extent_of(const struct kdump_core *core,
						 u64 paddr)
{
	unsigned int i;

	for (i = 0; i < core->nr_extents; i++)
		if (paddr >= core->extents[i].paddr &&
		    paddr - core->extents[i].paddr < core->extents[i].size)
			return &core->extents[i];
	return NULL;
}

/* A @whole page belongs to one PT_LOAD only, so its place is known. */
static void check_page(const struct kdump_core *core, u64 paddr, u64 place,
		       bool whole)
{
	const struct kdump_core_extent *e = extent_of(core, paddr);

	must(e);
	must(kdump_core_find(core, paddr) == e - core->extents);
	if (whole)
		must(paddr - e->paddr == place - e->place);
}

static void check_cover(const struct kdump_core *core)
{
	unsigned int i;

	for (i = 0; i < core->nr_loads; i++) {
		const struct kdump_core_load *load = &core->loads[i];
		u64 first = load->paddr & ~(PAGE - 1);
		u64 last = (load->paddr + load->size - 1) & ~(PAGE - 1);
		u64 shift = load->place - load->paddr;

		check_page(core, first, first + shift,
			   first == load->paddr && load->size >= PAGE);
		check_page(core, last, last + shift,
			   last >= load->paddr &&
			   last + PAGE == load->paddr + load->size);
	}
}

/* Return the size of the notes up to the first one that is damaged. */
static size_t good_notes(const u8 *bytes, size_t size)
{
	size_t used = 0;
	u32 head[3];

	while (size - used >= sizeof(head)) {
		u64 need = sizeof(head);

		memcpy(head, bytes + used, sizeof(head));
		need += ((u64)head[0] + 3) / 4 * 4 + ((u64)head[1] + 3) / 4 * 4;
		if (!head[0] || need > size - used)
			break;
		used += need;
	}
	return used;
}

/* Bytes of good notes in a PT_NOTE; 0 if it cannot be read. */
static size_t notes_there(const struct old *old,
			  const struct kdump_core_notes *notes)
{
	u64 at = notes->paddr - BASE;

	if (notes->paddr < BASE || at > old->size || notes->size > old->size - at)
		return 0;
	return good_notes(old->bytes + at, notes->size);
}

/* Bytes that "CRASHTIME=", a number of 32 bits and a newline add to a note */
#define TIME_LINE_MAX	24

/*
 * All good notes are there, in their order, behind at most one copy of a note.
 * VMCOREINFO may have grown by one line.
 */
static void check_notes(const struct old *old, const struct kdump_core *core,
			const struct vmcore_notes *notes)
{
	const u8 *data = notes->data;
	size_t want = 0, at;
	unsigned int i;

	must(good_notes(data, notes->size) == notes->size);
	for (i = 0; i < core->nr_notes; i++)
		want += notes_there(old, &core->notes[i]);
	if (want > VMCORE_ALL_NOTES_MAX)
		return;
	must(notes->time_bytes <= TIME_LINE_MAX);
	must(notes->size >= want + notes->time_bytes);
	at = notes->size - notes->time_bytes - want;
	for (i = 0; i < core->nr_notes; i++) {
		size_t size = notes_there(old, &core->notes[i]);
		bool grown = notes->time_bytes && notes->time_note >= at &&
			     notes->time_note < at + size;

		if (size && !grown)
			must(!memcmp(data + at, old->bytes +
				     (core->notes[i].paddr - BASE), size));
		at += size + (grown ? notes->time_bytes : 0);
	}
}

/* A PT_LOAD shows the pages of an extent where the file has them. */
static void check_phdr(const struct kdump_core *core,
		       const struct vmcore_layout *layout,
		       const struct kdump_elf_phdr *phdr)
{
	u64 end = phdr->paddr + phdr->filesz;
	unsigned int i;

	must(phdr->type == PT_LOAD && phdr->filesz == phdr->memsz);
	must(phdr->offset >= layout->data_offset);
	must(phdr->filesz <= layout->size &&
	     phdr->offset <= layout->size - phdr->filesz);
	for (i = 0; i < core->nr_extents; i++) {
		const struct kdump_core_extent *e = &core->extents[i];
		const struct vmcore_extent *in = &layout->extents[i];
		u64 start = max(e->paddr, phdr->paddr);

		if (start >= min(e->paddr + e->size, end))
			continue;
		must(in->offset + (start - e->paddr) ==
		     phdr->offset + (start - phdr->paddr));
		must(vmcore_layout_find(layout, in->offset +
					(start - e->paddr)) == in);
		must(in->place == e->place && in->size == e->size);
	}
}

static void check_layout(const struct kdump_core *core,
			 const struct vmcore_layout *layout)
{
	void *head = calloc(1, layout->notes_offset);
	unsigned int i;

	must(layout->ehdr.phnum == layout->nr_phdrs);
	must(layout->nr_phdrs > core->nr_loads);
	must(layout->notes_offset + layout->notes_size <= layout->data_offset);
	must(layout->phdrs[0].type == PT_NOTE);
	for (i = 1; i < layout->nr_phdrs; i++)
		check_phdr(core, layout, &layout->phdrs[i]);
	vmcore_layout_encode(layout, head);
	free(head);
}

void check_vmcore(const struct kdump_core_source *source,
		  const struct kdump_core *core)
{
	struct vmcore_notes notes;
	struct vmcore_layout layout;

	check_loads(source, core);
	check_extents(core);
	check_cover(core);
	if (vmcore_notes_create(source, core, &notes))
		return;
	check_notes(source->context, core, &notes);
	if (!vmcore_layout_create(core, &notes, 0, PAGE, &layout)) {
		check_layout(core, &layout);
		vmcore_layout_destroy(&layout);
	}
	vmcore_notes_destroy(&notes);
}
