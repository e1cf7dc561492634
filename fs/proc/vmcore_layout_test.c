// SPDX-License-Identifier: GPL-2.0-only
/* Tests of CAPTURE: the layout of the file, and stacks in it. */
#include <linux/mm.h>

#include "../../kernel/kdump/core_test.h"
#include "vmcore_layout.h"

static const u8 classes[] = { ELFCLASS32, ELFCLASS64 };

/*
 * PT_LOADs of the file made from core_test_valid; offsets count from the data.
 */
static const struct kdump_elf_phdr loads[] = {
	{ .offset = 0, .paddr = 0, .vaddr = 0xc0000000, .filesz = 0xa0000,
	  .flags = PF_R | PF_W | PF_X },
	{ .offset = 0xa0000, .paddr = 0x100000, .vaddr = 0xc0100000,
	  .filesz = 0x1f01000, .flags = PF_R },
	{ .offset = 0xfa0000, .paddr = 0x1000000, .vaddr = 0xf1000000,
	  .filesz = 0x800000, .flags = PF_X },
	{ .offset = 0x1fa1000, .paddr = 0x20000000, .vaddr = 0xe0000000,
	  .filesz = 0x11000, .flags = PF_R },
};

#define DATA_SIZE (0xa0000 + 0x1f01000 + 0x11000)

/* A stack, and where the file shows it; -1: not at all. */
struct run_case {
	struct kdump_stack_run run;
	u64 offset;
};

static const struct run_case runs[] = {
	{ { 0xd0000000, 0x200000, 4 * PAGE }, 0x1a0000 },
	{ { 0xd0010000, 0x100000, PAGE }, 0xa0000 },		/* first page */
	{ { 0xd0010000, 0x2000000, PAGE }, 0x1fa0000 },		/* last page */
	{ { 0xd0010000, 0x9f000, PAGE }, 0x9f000 },		/* backup */
	{ { 0xd0010000, 0x20000000, 17 * PAGE }, 0x1fa1000 },	/* all of it */
	{ { 0xd0010000, 0x2000000, 2 * PAGE }, -1 },		/* too long */
	{ { 0xd0010000, 0xff000, 2 * PAGE }, -1 },		/* too early */
	{ { 0xd0010000, 0xa0000, PAGE }, -1 },			/* no memory */
	{ { 0xd0010000, 0x30000000, PAGE }, -1 },		/* behind all */
	{ { 0xd0010000, 0x20000000, 0 }, -1 },			/* empty */
	{ { 0xd0010800, 0x20000000, PAGE }, -1 },		/* odd */
	{ { 0xd0010000, 0x20000800, PAGE }, -1 },
	{ { 0xd0010000, 0x20000000, PAGE + 4 }, -1 },
	{ { -PAGE, 0x20000000, 2 * PAGE }, -1 },		/* wraps */
	{ { 0xd0010000, -PAGE, 2 * PAGE }, -1 },
	{ { 0xd0010000, 0x20000000, -PAGE }, -1 },
};

static void read_all(struct kunit *test, struct old *old,
		     struct vmcore_notes *notes)
{
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_ASSERT_EQ(test, 0, vmcore_notes_create(&old->source, &old->core,
						     notes));
}

/* The encoded headers say the same as the layout. */
static void expect_encoded(struct kunit *test, u8 class,
			   const struct vmcore_layout *layout)
{
	u8 *bytes = kunit_kzalloc(test, layout->notes_offset, GFP_KERNEL);
	const u64 mask = class == ELFCLASS64 ? ~0ULL : 0xffffffff;
	struct kdump_elf_ehdr ehdr;
	struct kdump_elf_phdr phdr;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	vmcore_layout_encode(layout, bytes);
	KUNIT_EXPECT_EQ(test, 0, memcmp(bytes, ELFMAG, SELFMAG));
	KUNIT_EXPECT_EQ(test, class, bytes[EI_CLASS]);
	kdump_elf_decode(kdump_elf_ehdr_fields, class, bytes, &ehdr);
	KUNIT_EXPECT_EQ(test, ET_CORE, (int)ehdr.type);
	KUNIT_EXPECT_EQ(test, EM_X86_64, (int)ehdr.machine);
	KUNIT_EXPECT_EQ(test, layout->nr_phdrs, (unsigned int)ehdr.phnum);
	for (i = 0; i < layout->nr_phdrs; i++) {
		kdump_elf_decode(kdump_elf_phdr_fields, class, bytes +
				 ehdr.phoff + i * ehdr.phentsize, &phdr);
		KUNIT_EXPECT_EQ(test, layout->phdrs[i].type, phdr.type);
		KUNIT_EXPECT_EQ(test, layout->phdrs[i].offset & mask,
				phdr.offset);
		KUNIT_EXPECT_EQ(test, layout->phdrs[i].vaddr & mask,
				phdr.vaddr);
		KUNIT_EXPECT_EQ(test, layout->phdrs[i].filesz & mask,
				phdr.memsz);
	}
}

static void layout_one(struct kunit *test, u8 class)
{
	struct old *old = core_test_valid_old(test, class);
	struct vmcore_layout layout;
	struct vmcore_notes notes;
	u64 offset;
	int i;

	core_test_note(old, NOTES_AT, "CORE", 1, NULL, 20);
	read_all(test, old, &notes);
	KUNIT_ASSERT_EQ(test, 0, vmcore_layout_create(&old->core, &notes, 0,
						      PAGE, &layout));
	KUNIT_EXPECT_EQ(test, PAGE, layout.notes_offset);
	KUNIT_EXPECT_EQ(test, 2 * PAGE, layout.data_offset);
	KUNIT_EXPECT_EQ(test, layout.data_offset + DATA_SIZE, layout.size);
	KUNIT_ASSERT_EQ(test, 1 + (int)ARRAY_SIZE(loads), (int)layout.nr_phdrs);
	KUNIT_EXPECT_EQ(test, (u64)PT_NOTE, layout.phdrs[0].type);
	KUNIT_EXPECT_EQ(test, (u64)notes.size, layout.phdrs[0].filesz);
	for (i = 0; i < ARRAY_SIZE(loads); i++) {
		const struct kdump_elf_phdr *phdr = &layout.phdrs[1 + i];

		KUNIT_EXPECT_EQ(test, (u64)PT_LOAD, phdr->type);
		KUNIT_EXPECT_EQ(test, loads[i].offset + layout.data_offset,
				phdr->offset);
		KUNIT_EXPECT_EQ(test, loads[i].paddr, phdr->paddr);
		KUNIT_EXPECT_EQ(test, loads[i].vaddr, phdr->vaddr);
		KUNIT_EXPECT_EQ(test, loads[i].filesz, phdr->filesz);
		KUNIT_EXPECT_EQ(test, loads[i].flags, phdr->flags);
		KUNIT_EXPECT_EQ(test, 0ULL, phdr->align);
	}
	for (offset = layout.data_offset; offset < layout.size; offset += PAGE) {
		const struct vmcore_extent *e;

		e = vmcore_layout_find(&layout, offset);
		KUNIT_ASSERT_TRUE(test, offset >= e->offset &&
				  offset < e->offset + e->size);
	}
	expect_encoded(test, class, &layout);
	vmcore_layout_destroy(&layout);
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
}

static void layout_test(struct kunit *test)
{
	int c;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		layout_one(test, classes[c]);
}

static void run_one(struct kunit *test, u8 class, const struct run_case *r)
{
	struct old *old = core_test_valid_old(test, class);
	struct kdump_cpu_note cpu = { .nr_runs = 1, .run = { r->run } };
	struct vmcore_layout layout;
	struct vmcore_notes notes;
	bool shown;

	core_test_note(old, NOTES_AT, KDUMP_NOTE_NAME, NT_KDUMP_CPU, &cpu,
		       offsetof(struct kdump_cpu_note, run[1]));
	read_all(test, old, &notes);
	KUNIT_EXPECT_EQ(test, 1u, notes.nr_runs);
	KUNIT_ASSERT_EQ(test, 0, vmcore_layout_create(&old->core, &notes, 0,
						      PAGE, &layout));
	shown = layout.nr_phdrs == 2 + ARRAY_SIZE(loads);
	KUNIT_EXPECT_EQ_MSG(test, r->offset != -1, shown, "run %d",
			    (int)(r - runs));
	KUNIT_EXPECT_EQ(test, (unsigned int)!shown, layout.lost_runs);
	KUNIT_EXPECT_EQ(test, layout.data_offset + DATA_SIZE, layout.size);
	if (shown) {
		const struct kdump_elf_phdr *phdr = &layout.phdrs[1];

		KUNIT_EXPECT_EQ(test, layout.data_offset + r->offset,
				phdr->offset);
		KUNIT_EXPECT_EQ(test, r->run.vaddr, phdr->vaddr);
		KUNIT_EXPECT_EQ(test, r->run.paddr, phdr->paddr);
		KUNIT_EXPECT_EQ(test, r->run.size, phdr->filesz);
	}
	expect_encoded(test, class, &layout);
	vmcore_layout_destroy(&layout);
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
	kunit_kfree(test, old);
}

static void runs_test(struct kunit *test)
{
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		for (i = 0; i < ARRAY_SIZE(runs); i++)
			run_one(test, classes[c], &runs[i]);
}

/* Large extents are aligned like their places; extents that touch stay so. */
static void align_test(struct kunit *test)
{
	const struct kdump_elf_phdr phdrs[] = {
		{ .type = PT_LOAD, .offset = 0x100000, .paddr = 0x100000,
		  .filesz = VMCORE_ALIGN_MIN },
		{ .type = PT_LOAD, .offset = 0x10003000, .paddr = 0x10003000,
		  .filesz = 2 * VMCORE_ALIGN_MIN },
		{ .type = PT_LOAD, .offset = 0x20000000, .paddr = 0x18003000,
		  .filesz = VMCORE_ALIGN_MIN },
		{ .type = PT_LOAD, .offset = 0x30001000, .paddr = 0x30001000,
		  .filesz = VMCORE_ALIGN_MIN - PAGE },
	};
	const bool aligned[] = { true, true, false, false };
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_old(test, classes[c], phdrs, 4);
		struct vmcore_layout layout;
		struct vmcore_notes notes;

		read_all(test, old, &notes);
		KUNIT_ASSERT_EQ(test, 0,
				vmcore_layout_create(&old->core, &notes, 0,
						     PAGE, &layout));
		KUNIT_ASSERT_EQ(test, 4u, layout.nr_extents);
		for (i = 0; i < 4; i++) {
			const struct vmcore_extent *e = &layout.extents[i];
			u64 end = i ? e[-1].offset + e[-1].size :
				      layout.data_offset;

			if (aligned[i] && classes[c] == ELFCLASS64)
				end += (e->place - end) & (VMCORE_ALIGN - 1);
			KUNIT_EXPECT_EQ(test, end, e->offset);
			KUNIT_EXPECT_EQ(test, end, layout.phdrs[1 + i].offset);
		}
		vmcore_layout_destroy(&layout);
		vmcore_notes_destroy(&notes);
		kdump_core_free(&old->core);
	}
}

/* ELF32 has no room for the address of a stack above 4 GB. */
static void runs_class_test(struct kunit *test)
{
	const struct run_case high = {
		{ 0xffffc90000000000ULL, 0x200000, PAGE }, 0x1a0000
	};
	struct run_case none = high;

	run_one(test, ELFCLASS64, &high);
	none.offset = -1;
	run_one(test, ELFCLASS32, &none);
}

/* A note of a CPU that counts more runs than it holds is damaged. */
static void runs_damaged_test(struct kunit *test)
{
	static const struct {
		u32 nr_runs, size, want;
	} cases[] = {
		{ 0, 16, 0 }, { 2, 64, 2 }, { 1, 64, 1 },
		{ 3, 64, -1 }, { 2, 63, -1 }, { 0, 15, -1 }, { 0, 0, -1 },
		{ KDUMP_STACK_RUNS_MAX + 1, 16 + 24 * 33, -1 },
		{ 0xffffffff, 64, -1 }, { 0x0aaaaaab, 64, -1 },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct old *old = core_test_valid_old(test, ELFCLASS64);
		bool damaged = cases[i].want == -1;
		struct vmcore_notes notes;
		u32 head[] = { i, 0, cases[i].nr_runs, 0 };
		size_t at;

		at = core_test_note(old, NOTES_AT, KDUMP_NOTE_NAME,
				    NT_KDUMP_CPU, NULL, cases[i].size);
		memcpy(old->bytes + NOTES_AT + 12 + 8, head,
		       min_t(size_t, sizeof(head), cases[i].size));
		if (!cases[i].size)
			memset(old->bytes + at, 0, 16);
		read_all(test, old, &notes);
		KUNIT_EXPECT_EQ_MSG(test, damaged, notes.damaged, "case %d", i);
		KUNIT_EXPECT_EQ_MSG(test, damaged ? 0 : cases[i].want,
				    notes.nr_runs, "case %d", i);
		KUNIT_EXPECT_EQ(test, at - NOTES_AT, notes.size);
		vmcore_notes_destroy(&notes);
		kdump_core_free(&old->core);
	}
}

/* Notes of devices stand before all others and move the rest of the file. */
static void devices_test(struct kunit *test)
{
	int c;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_valid_old(test, classes[c]);
		struct vmcore_layout layout;
		struct vmcore_notes notes;

		core_test_note(old, NOTES_AT, "CORE", 1, NULL, 20);
		read_all(test, old, &notes);
		KUNIT_ASSERT_EQ(test, 0,
				vmcore_layout_create(&old->core, &notes,
						     3 * PAGE, PAGE, &layout));
		KUNIT_EXPECT_EQ(test, 3 * PAGE, layout.device_size);
		KUNIT_EXPECT_EQ(test, PAGE, layout.notes_offset);
		KUNIT_EXPECT_EQ(test, 5 * PAGE, layout.data_offset);
		KUNIT_EXPECT_EQ(test, 3 * PAGE + notes.size,
				layout.phdrs[0].filesz);
		KUNIT_EXPECT_EQ(test, layout.data_offset,
				layout.extents[0].offset);
		KUNIT_EXPECT_EQ(test, layout.data_offset + DATA_SIZE,
				layout.size);
		vmcore_layout_destroy(&layout);
		vmcore_notes_destroy(&notes);
		kdump_core_free(&old->core);
	}
}

static void too_large_test(struct kunit *test)
{
	const struct kdump_elf_phdr all = {
		.type = PT_LOAD, .filesz = 0xffffe000, .flags = PF_R,
	};
	int c;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_old(test, classes[c], &all, 1);
		struct vmcore_layout layout = {};
		struct vmcore_notes notes;

		read_all(test, old, &notes);
		KUNIT_EXPECT_EQ(test, 0,
				vmcore_layout_create(&old->core, &notes, 0,
						     PAGE, &layout));
		vmcore_layout_destroy(&layout);
		old->core.extents[0].size += 2 * PAGE;
		KUNIT_EXPECT_EQ(test, classes[c] == ELFCLASS64 ? 0 : -EFBIG,
				vmcore_layout_create(&old->core, &notes, 0,
						     PAGE, &layout));
		vmcore_layout_destroy(&layout);
		kdump_core_free(&old->core);
	}
}

static struct kunit_case vmcore_layout_cases[] = {
	KUNIT_CASE(layout_test),
	KUNIT_CASE(align_test),
	KUNIT_CASE(runs_test),
	KUNIT_CASE(runs_class_test),
	KUNIT_CASE(runs_damaged_test),
	KUNIT_CASE(devices_test),
	KUNIT_CASE(too_large_test),
	{}
};

static struct kunit_suite vmcore_layout_suite = {
	.name = "vmcore_layout",
	.test_cases = vmcore_layout_cases,
};

kunit_test_suite(vmcore_layout_suite);
