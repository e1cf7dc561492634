// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: lay out /proc/vmcore.
 *
 * Runs while the capture kernel boots, and in unit tests and fuzzers on the
 * host.  The core header was checked when it was read.  The stacks that the
 * notes describe are checked here.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "vmcore_layout.h"

#define U32_END	0x100000000ULL

/* The most program headers that a file may have. */
#define LAYOUT_PHNUM_MAX	(KDUMP_PHNUM_MAX + 1)

/* Offset in the file of a page of old memory. */
static u64 layout_offset(const struct kdump_core *core,
			 const struct vmcore_layout *layout, u64 paddr)
{
	unsigned int i = kdump_core_find(core, paddr);

	return layout->extents[i].offset + paddr - core->extents[i].paddr;
}

/*
 * A PT_LOAD shows whole pages, because the file consists of whole pages.  Its
 * p_align is 0.  With another value crash takes the file for a netdump: then it
 * expects no gaps in memory and no offline CPUs, and does not look for
 * crashing_cpu.
 */
static void layout_add_load(const struct kdump_core *core, u32 page_size,
			    const struct kdump_core_load *load,
			    struct vmcore_layout *layout)
{
	u64 lead = load->paddr & (page_size - 1);
	u64 size = ALIGN(load->size + lead, (u64)page_size);
	u64 none = layout->class == ELFCLASS64 ? ~0ULL : U32_END - 1;
	struct kdump_elf_phdr *phdr = &layout->phdrs[layout->nr_phdrs++];

	phdr->type = PT_LOAD;
	phdr->flags = load->flags;
	phdr->paddr = load->paddr - lead;
	phdr->vaddr = load->vaddr == none ? none : load->vaddr - lead;
	phdr->offset = layout_offset(core, layout, phdr->paddr);
	phdr->filesz = size;
	phdr->memsz = size;
}

static bool layout_run_fits(const struct kdump_stack_run *run, u8 class,
			    u32 page_size)
{
	u64 end = class == ELFCLASS64 ? ~0ULL : U32_END;

	return run->size &&
	       !((run->vaddr | run->paddr | run->size) & (page_size - 1)) &&
	       run->size <= end && run->vaddr <= end - run->size &&
	       run->paddr <= end - run->size;
}

/*
 * Show the pages of a stack at their virtual address, too.  The file does not
 * grow, because it contains these pages anyway.  Stacks come first, because
 * makedumpfile takes the last PT_LOAD below the kernel image for the direct
 * mapping.
 */
static bool layout_add_run(const struct kdump_core *core, u32 page_size,
			   const struct kdump_stack_run *run,
			   struct vmcore_layout *layout)
{
	const struct kdump_core_extent *e;
	struct kdump_core_load load = {
		.vaddr = run->vaddr,
		.paddr = run->paddr,
		.size = run->size,
		.flags = PF_R | PF_W,
	};
	unsigned int i;

	if (layout->nr_phdrs + core->nr_loads >= LAYOUT_PHNUM_MAX ||
	    !layout_run_fits(run, layout->class, page_size))
		return false;
	i = kdump_core_find(core, run->paddr);
	if (i == core->nr_extents)
		return false;
	e = &core->extents[i];
	if (run->paddr < e->paddr || run->size > e->size ||
	    run->paddr - e->paddr > e->size - run->size)
		return false;
	layout_add_load(core, page_size, &load, layout);
	return true;
}

/*
 * There is no gap between two extents that touch, because one PT_LOAD may show
 * pages of both.
 */
static u64 layout_gap(const struct kdump_core *core, unsigned int i, u64 offset)
{
	const struct kdump_core_extent *e = &core->extents[i];

	if (e->size < VMCORE_ALIGN_MIN || core->class != ELFCLASS64 ||
	    (i && e[-1].paddr + e[-1].size == e->paddr))
		return 0;
	return (e->place - offset) & (VMCORE_ALIGN - 1);
}

static void layout_place_extents(const struct kdump_core *core,
				 struct vmcore_layout *layout)
{
	u64 offset = layout->data_offset;
	unsigned int i;

	for (i = 0; i < core->nr_extents; i++) {
		offset += layout_gap(core, i, offset);
		layout->extents[i].offset = offset;
		layout->extents[i].size = core->extents[i].size;
		layout->extents[i].place = core->extents[i].place;
		offset += core->extents[i].size;
	}
	layout->nr_extents = core->nr_extents;
	layout->size = offset;
}

static void layout_add_phdrs(const struct kdump_core *core,
			     const struct vmcore_notes *notes, u32 page_size,
			     struct vmcore_layout *layout)
{
	unsigned int i;

	layout->phdrs[layout->nr_phdrs++] = (struct kdump_elf_phdr) {
		.type = PT_NOTE,
		.offset = layout->notes_offset,
		.filesz = layout->notes_size,
		.memsz = layout->notes_size,
		.align = 4,
	};
	for (i = 0; i < notes->nr_runs; i++)
		if (!layout_add_run(core, page_size, &notes->runs[i], layout))
			layout->lost_runs++;
	for (i = 0; i < core->nr_loads; i++)
		layout_add_load(core, page_size, &core->loads[i], layout);
}

/*
 * @room is an upper limit: each run that is not shown leaves zeroes behind the
 * program headers.
 */
static void layout_place(const struct kdump_core *core,
			 const struct vmcore_notes *notes, u64 device_size,
			 u32 page_size, unsigned int room,
			 struct vmcore_layout *layout)
{
	u64 ehsize = kdump_elf_ehdr_size(core->class);
	u64 phentsize = kdump_elf_phdr_size(core->class);

	layout->class = core->class;
	layout->osabi = core->osabi;
	layout->notes_offset = ALIGN(ehsize + room * phentsize, (u64)page_size);
	layout->device_size = device_size;
	layout->notes_size = device_size + notes->size;
	layout->data_offset = layout->notes_offset +
			      ALIGN(layout->notes_size, (u64)page_size);
	layout_place_extents(core, layout);
	layout->ehdr = (struct kdump_elf_ehdr) {
		.type = ET_CORE,
		.machine = core->machine,
		.version = EV_CURRENT,
		.phoff = ehsize,
		.flags = core->flags,
		.ehsize = ehsize,
		.phentsize = phentsize,
	};
}

int vmcore_layout_create(const struct kdump_core *core,
			 const struct vmcore_notes *notes, u64 device_size,
			 u32 page_size, struct vmcore_layout *layout)
{
	unsigned int room = min_t(unsigned int, LAYOUT_PHNUM_MAX,
				  1 + core->nr_loads + notes->nr_runs);
	struct vmcore_layout new = {};

	new.phdrs = kvcalloc(room, sizeof(*new.phdrs), GFP_KERNEL);
	new.extents = kvcalloc(core->nr_extents, sizeof(*new.extents),
			       GFP_KERNEL);
	if (!new.phdrs || !new.extents) {
		vmcore_layout_destroy(&new);
		return -ENOMEM;
	}
	layout_place(core, notes, device_size, page_size, room, &new);
	if (new.size > (new.class == ELFCLASS64 ? (u64)LLONG_MAX : U32_END)) {
		vmcore_layout_destroy(&new);
		return -EFBIG;
	}
	layout_add_phdrs(core, notes, page_size, &new);
	new.ehdr.phnum = new.nr_phdrs;
	*layout = new;
	return 0;
}

void vmcore_layout_destroy(struct vmcore_layout *layout)
{
	kvfree(layout->phdrs);
	kvfree(layout->extents);
	memset(layout, 0, sizeof(*layout));
}

void vmcore_layout_encode(const struct vmcore_layout *layout, void *to)
{
	unsigned int i;

	kdump_elf_put_ident(to, layout->class, layout->osabi);
	kdump_elf_encode(kdump_elf_ehdr_fields, layout->class, to,
			 &layout->ehdr);
	to += layout->ehdr.phoff;
	for (i = 0; i < layout->nr_phdrs; i++) {
		kdump_elf_encode(kdump_elf_phdr_fields, layout->class, to,
				 &layout->phdrs[i]);
		to += layout->ehdr.phentsize;
	}
}

const struct vmcore_extent *
vmcore_layout_find(const struct vmcore_layout *layout, u64 offset)
{
	unsigned int low = 0, high = layout->nr_extents - 1;

	while (low < high) {
		unsigned int middle = low + (high - low + 1) / 2;

		if (layout->extents[middle].offset <= offset)
			low = middle;
		else
			high = middle - 1;
	}
	return &layout->extents[low];
}
