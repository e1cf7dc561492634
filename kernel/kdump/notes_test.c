// SPDX-License-Identifier: GPL-2.0-only
/* Tests of notes.c: ELF notes and runs of stack pages. */
#include <kunit/test.h>
#include <linux/crash_core.h>
#include <linux/kdump.h>
#include <linux/mm.h>
#include <linux/threads.h>

#include "notes.h"

#define P	((u64)PAGE_SIZE)

static void append_test(struct kunit *test)
{
	u32 buf[16];
	u32 *end;
	size_t size;

	for (size = 0; size <= 8; size++) {
		const struct elf_note *note = (const struct elf_note *)buf;
		const char *bytes = (const char *)(note + 1);

		memset(buf, 0xee, sizeof(buf));
		end = append_elf_note(buf, "CORE", 7, "abcdefgh", size);
		final_note(end);
		KUNIT_EXPECT_EQ(test, 5u, note->n_namesz);
		KUNIT_EXPECT_EQ(test, (u32)size, note->n_descsz);
		KUNIT_EXPECT_EQ(test, 7u, note->n_type);
		KUNIT_EXPECT_STREQ(test, "CORE", bytes);
		KUNIT_EXPECT_EQ(test, 0, memcmp(bytes + 8, "abcdefgh", size));
		KUNIT_EXPECT_EQ(test, ELF_NOTE_BYTES(5, size),
				(size_t)((char *)end - (char *)buf));
		KUNIT_EXPECT_EQ(test, 0u, end[0] | end[1] | end[2]);
		KUNIT_EXPECT_EQ(test, 0xeeeeeeeeu, end[3]);
	}
}

static void runs_test(struct kunit *test)
{
	struct kdump_cpu_note *note;

	note = kunit_kzalloc(test, sizeof(*note), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, note);
	kdump_note_add_page(note, 10 * P, 50 * P);
	kdump_note_add_page(note, 11 * P, 51 * P);	/* continues both */
	KUNIT_EXPECT_EQ(test, 1u, note->nr_runs);
	KUNIT_EXPECT_EQ(test, 2 * P, note->run[0].size);
	kdump_note_add_page(note, 12 * P, 60 * P);	/* continues only vaddr */
	kdump_note_add_page(note, 20 * P, 61 * P);	/* continues only paddr */
	kdump_note_add_page(note, 19 * P, 60 * P);	/* backwards */
	KUNIT_EXPECT_EQ(test, 4u, note->nr_runs);
	KUNIT_EXPECT_EQ(test, 20 * P, note->run[2].vaddr);
	KUNIT_EXPECT_EQ(test, 61 * P, note->run[2].paddr);
	KUNIT_EXPECT_EQ(test, P, note->run[2].size);
}

static void runs_full_test(struct kunit *test)
{
	struct kdump_cpu_note *note;
	u64 i;

	note = kunit_kzalloc(test, sizeof(*note) + 64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, note);
	for (i = 0; i < KDUMP_STACK_RUNS_MAX + 2; i++)
		kdump_note_add_page(note, 2 * i * P, i * P);
	KUNIT_EXPECT_EQ(test, (u32)KDUMP_STACK_RUNS_MAX, note->nr_runs);
	KUNIT_EXPECT_EQ(test, 0ULL, *(u64 *)(note + 1));
}

/* Idle CPUs have different numbers, and no task has any of them. */
static void pid_test(struct kunit *test)
{
	int cpu;

	KUNIT_EXPECT_EQ(test, 1, kdump_note_pid(0, 1));
	KUNIT_EXPECT_EQ(test, PID_MAX_LIMIT - 1,
			kdump_note_pid(7, PID_MAX_LIMIT - 1));
	for (cpu = 0; cpu < 8192; cpu++) {
		KUNIT_EXPECT_GE(test, kdump_note_pid(cpu, 0), PID_MAX_LIMIT);
		KUNIT_EXPECT_EQ(test, kdump_note_pid(0, 0) + cpu,
				kdump_note_pid(cpu, 0));
	}
}

static struct kunit_case notes_cases[] = {
	KUNIT_CASE(append_test),
	KUNIT_CASE(runs_test),
	KUNIT_CASE(runs_full_test),
	KUNIT_CASE(pid_test),
	{ }
};

static struct kunit_suite notes_suite = {
	.name = "kdump_notes",
	.test_cases = notes_cases,
};

kunit_test_suite(notes_suite);
