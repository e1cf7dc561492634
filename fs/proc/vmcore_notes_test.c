// SPDX-License-Identifier: GPL-2.0-only
/* Tests of CAPTURE: merging notes, and which CPU leads them. */
#include "../../kernel/kdump/core_test.h"
#include "vmcore_layout.h"

static const u8 classes[] = { ELFCLASS32, ELFCLASS64 };

/* The notes at NOTES_AT, and what to expect of them. */
struct notes_case {
	const char *name;
	u32 head[3];		/* of the second note */
	size_t size;		/* of the PT_NOTE; 0: enough */
	size_t want;		/* bytes of notes */
	unsigned int damaged;
};

#define FIRST_NOTE (12 + 8 + 20)	/* "CORE", 20 bytes */
static const struct notes_case notes_cases[] = {
	{ "one note", { 0, 0, 0 }, 0, FIRST_NOTE, 0 },
	{ "two notes", { 5, 4, 1 }, 0, FIRST_NOTE + 24, 0 },
	{ "padding", { 6, 5, 1 }, 0, FIRST_NOTE + 28, 0 },
	{ "no contents", { 5, 0, 1 }, 0, FIRST_NOTE + 20, 0 },
	{ "no end mark", { 5, 4, 1 }, FIRST_NOTE + 24, FIRST_NOTE + 24, 0 },
	{ "half an end mark", { 5, 4, 1 }, FIRST_NOTE + 30, FIRST_NOTE + 24, 0 },
	{ "no name", { 0, 4, 1 }, 0, FIRST_NOTE, 1 },
	{ "only a type", { 0, 0, 1 }, 0, FIRST_NOTE, 1 },
	{ "name too long", { 1000, 4, 1 }, 0, FIRST_NOTE, 1 },
	{ "name wraps", { 0xffffffff, 4, 1 }, 0, FIRST_NOTE, 1 },
	{ "contents too long", { 5, 1000, 1 }, 0, FIRST_NOTE, 1 },
	{ "contents wrap", { 5, 0xfffffffd, 1 }, 0, FIRST_NOTE, 1 },
	{ "both wrap", { 0xfffffff0, 0xfffffff0, 1 }, 0, FIRST_NOTE, 1 },
	{ "one byte short", { 5, 4, 1 }, FIRST_NOTE + 23, FIRST_NOTE, 1 },
	{ "first note cut", { 5, 4, 1 }, FIRST_NOTE - 1, 0, 1 },
	{ "header cut", { 5, 4, 1 }, 11, 0, 0 },
};

static void notes_one(struct kunit *test, u8 class, const struct notes_case *n)
{
	struct old *old = core_test_valid_old(test, class);
	struct kdump_elf_phdr area = core_test_valid[0];
	struct vmcore_notes notes;
	size_t at, more;

	if (n->size)
		area.filesz = n->size;
	core_test_phdr(old, class, 0, &area);
	at = core_test_note(old, NOTES_AT, "CORE", 1, NULL, 20);
	memcpy(old->bytes + at, n->head, sizeof(n->head));
	more = core_test_note(old, MORE_NOTES_AT, "VMCOREINFO", 0, "A=1\n", 4) -
	       MORE_NOTES_AT;
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_ASSERT_EQ(test, 0, vmcore_notes_create(&old->source, &old->core,
						     &notes));
	KUNIT_EXPECT_EQ_MSG(test, n->damaged, notes.damaged, "%s", n->name);
	KUNIT_EXPECT_EQ_MSG(test, n->want + more, notes.size, "%s", n->name);
	KUNIT_EXPECT_EQ(test, 0, memcmp(notes.data, old->bytes + NOTES_AT,
					n->want));
	KUNIT_EXPECT_EQ(test, 0, memcmp(notes.data + n->want,
					old->bytes + MORE_NOTES_AT, more));
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
}

static void notes_test(struct kunit *test)
{
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		for (i = 0; i < ARRAY_SIZE(notes_cases); i++)
			notes_one(test, classes[c], &notes_cases[i]);
}

/* Registers and description of three CPUs, in one PT_NOTE each. */
struct lead_case {
	const char *name;
	u32 pid[3];
	int crashed;		/* -1: nobody */
	bool wanted;
	bool lead;
};

static const struct lead_case lead_cases[] = {
	{ "the first, nothing to do", { 5, 4, 6 }, 0, true, false },
	{ "the second", { 4, 5, 6 }, 1, true, true },
	{ "the last", { 4, 6, 5 }, 2, true, true },
	{ "not wanted", { 4, 5, 6 }, 1, false, false },
	{ "nobody says so", { 4, 5, 6 }, -1, true, false },
};

static void lead_fill(u8 *regs, u32 size, int cpu, u32 pid)
{
	memset(regs, 0x11 * (cpu + 1), size);
	memcpy(regs + (size < 300 ? 24 : 32), &pid, sizeof(pid));
}

static struct old *lead_old(struct kunit *test, u8 class, u8 *regs,
			    u32 regs_size, const struct lead_case *l)
{
	struct kdump_elf_phdr phdrs[4] = {
		{ .type = PT_LOAD, .filesz = PAGE },
	};
	static struct kdump_cpu_note note;
	struct old *old;
	int cpu;

	for (cpu = 0; cpu < 3; cpu++) {
		phdrs[1 + cpu].type = PT_NOTE;
		phdrs[1 + cpu].offset = 1024 * (1 + cpu);
		phdrs[1 + cpu].filesz = 1024;
	}
	old = core_test_old(test, class, phdrs, 4);
	for (cpu = 0; cpu < 3; cpu++) {
		size_t at = 1024 * (1 + cpu);

		note.cpu = cpu;
		note.flags = cpu == l->crashed ? KDUMP_CPU_CRASHED : 0;
		lead_fill(regs, regs_size, cpu, l->pid[cpu]);
		at = core_test_note(old, at, "CORE", 1, regs, regs_size);
		core_test_note(old, at, KDUMP_NOTE_NAME, NT_KDUMP_CPU, &note,
			       16);
	}
	return old;
}

static void lead_one(struct kunit *test, u8 class, u32 regs_size,
		     const struct lead_case *l)
{
	const size_t lead = 12 + 8 + ALIGN(regs_size, 4);
	u8 *regs = kunit_kzalloc(test, regs_size, GFP_KERNEL);
	struct vmcore_notes notes;
	struct old *old;
	u32 head[3];

	KUNIT_ASSERT_NOT_NULL(test, regs);
	old = lead_old(test, class, regs, regs_size, l);
	old->source.lead = l->wanted;
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_ASSERT_EQ(test, 0, vmcore_notes_create(&old->source, &old->core,
						     &notes));
	KUNIT_EXPECT_EQ_MSG(test, 3 * (lead + 12 + 8 + 16) +
			    (l->lead ? lead : 0), notes.size, "%s", l->name);
	KUNIT_EXPECT_EQ(test, 0u, notes.damaged);
	memcpy(head, notes.data, sizeof(head));
	KUNIT_EXPECT_EQ(test, l->lead ? 6u : 5u, head[0]);
	KUNIT_EXPECT_EQ(test, regs_size, head[1]);
	KUNIT_EXPECT_EQ(test, 1u, head[2]);
	if (l->lead) {
		lead_fill(regs, regs_size, l->crashed,
			  l->pid[l->crashed] + VMCORE_LEAD_PID);
		KUNIT_EXPECT_EQ(test, 0, memcmp(notes.data + 20, regs,
						regs_size));
	}
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
}

static void lead_test(struct kunit *test)
{
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		for (i = 0; i < ARRAY_SIZE(lead_cases); i++) {
			lead_one(test, classes[c], 144, &lead_cases[i]);
			lead_one(test, classes[c], 336, &lead_cases[i]);
		}
}

/* If notes cannot be read, all others are still there. */
static void unreadable_test(struct kunit *test)
{
	struct old *old = core_test_valid_old(test, ELFCLASS64);
	struct kdump_elf_phdr area = core_test_valid[0];
	struct vmcore_notes notes;
	size_t more;

	area.offset = OLD_SIZE;
	core_test_phdr(old, ELFCLASS64, 0, &area);
	more = core_test_note(old, MORE_NOTES_AT, "VMCOREINFO", 0, "A=1\n", 4) -
	       MORE_NOTES_AT;
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_ASSERT_EQ(test, 0, vmcore_notes_create(&old->source, &old->core,
						     &notes));
	KUNIT_EXPECT_EQ(test, 1u, notes.damaged);
	KUNIT_ASSERT_EQ(test, more, notes.size);
	KUNIT_EXPECT_EQ(test, 0, memcmp(notes.data, old->bytes + MORE_NOTES_AT,
					more));
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
}

/* VMCOREINFO, before and after the time of the crash is appended. */
struct time_case {
	const char *text;
	u32 time;
	const char *want;
};

static const struct time_case time_cases[] = {
	{ "A=1\n", 1234567890, "A=1\nCRASHTIME=1234567890\n" },
	{ "AB=1\n", 1, "AB=1\nCRASHTIME=1\n" },
	{ "ABC=1\n", U32_MAX, "ABC=1\nCRASHTIME=4294967295\n" },
	{ "A=1\n", 0, "A=1\n" },
	{ "A=1\nCRASHTIME=5\n", 7, "A=1\nCRASHTIME=5\n" },
};

static void time_one(struct kunit *test, u8 class, const struct time_case *c)
{
	static const struct kdump_elf_phdr phdrs[] = {
		{ .type = PT_LOAD, .filesz = PAGE },
		{ .type = PT_NOTE, .offset = 1024, .filesz = 1024 },
	};
	struct old *old = core_test_old(test, class, phdrs, 2);
	struct kdump_cpu_note cpu = {
		.flags = KDUMP_CPU_CRASHED, .time = c->time,
	};
	size_t at, info, size = strlen(c->want);
	struct vmcore_notes notes;
	u32 head[3];

	at = core_test_note(old, 1024, "CORE", 1, NULL, 336);
	info = core_test_note(old, at, KDUMP_NOTE_NAME, NT_KDUMP_CPU, &cpu, 16);
	at = core_test_note(old, info, "VMCOREINFO", 0, c->text,
			    strlen(c->text));
	core_test_note(old, at, "LAST", 1, "x", 1);
	info -= 1024;
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_ASSERT_EQ(test, 0, vmcore_notes_create(&old->source, &old->core,
						     &notes));
	memcpy(head, notes.data + info, sizeof(head));
	KUNIT_EXPECT_EQ_MSG(test, size, (size_t)head[1], "%s", c->want);
	KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(notes.data + info + 24, c->want,
					    size), "%s", c->want);
	/* The next note is still there. */
	at = info + 24 + ALIGN(size, 4);
	KUNIT_EXPECT_EQ(test, at + 12 + 8 + 4, notes.size);
	KUNIT_EXPECT_EQ(test, 0, memcmp(notes.data + at + 12, "LAST", 5));
	vmcore_notes_destroy(&notes);
	kdump_core_free(&old->core);
}

static void time_test(struct kunit *test)
{
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		for (i = 0; i < ARRAY_SIZE(time_cases); i++)
			time_one(test, classes[c], &time_cases[i]);
}

static struct kunit_case vmcore_notes_cases[] = {
	KUNIT_CASE(notes_test),
	KUNIT_CASE(lead_test),
	KUNIT_CASE(unreadable_test),
	KUNIT_CASE(time_test),
	{}
};

static struct kunit_suite vmcore_notes_suite = {
	.name = "vmcore_notes",
	.test_cases = vmcore_notes_cases,
};

kunit_test_suite(vmcore_notes_suite);
