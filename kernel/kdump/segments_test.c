// SPDX-License-Identifier: GPL-2.0-only
/* Tests of segments.c: what a tool may ask for, and where there is room. */
#include <kunit/test.h>
#include <linux/kexec.h>
#include <linux/sizes.h>

#include "elfcorehdr_layout.h"
#include "segments.h"

#define BASE	(16ULL * SZ_1M)
#define END	(80ULL * SZ_1M)
#define P	((u64)PAGE_SIZE)

static const struct range reservation = { BASE, END };

struct check_case {
	const char *name;
	struct kexec_segment segment[2];
	int want;
};

#define SEG(start, room, bytes) \
	{ .mem = (unsigned long)(start), .memsz = (size_t)(room), \
	  .bufsz = (bytes) }

static const struct check_case check_cases[] = {
	{ "apart", { SEG(BASE, P, P), SEG(BASE + 2 * P, P, 0) }, 0 },
	{ "touching", { SEG(BASE, P, 1), SEG(BASE + P, P, P) }, 0 },
	{ "touching, reverse", { SEG(BASE + P, P, 1), SEG(BASE, P, P) }, 0 },
	{ "whole reservation in two",
	  { SEG(BASE, P, 0), SEG(BASE + P, END - BASE - P, 0) }, 0 },
	{ "equal", { SEG(BASE, P, P), SEG(BASE, P, P) }, -EINVAL },
	{ "first in second", { SEG(BASE + P, P, P), SEG(BASE, 3 * P, P) },
	  -EINVAL },
	{ "second in first", { SEG(BASE, 3 * P, P), SEG(BASE + P, P, P) },
	  -EINVAL },
	{ "first reaches into second",
	  { SEG(BASE, 2 * P, P), SEG(BASE + P, 2 * P, P) }, -EINVAL },
	{ "second reaches into first",
	  { SEG(BASE + P, 2 * P, P), SEG(BASE, 2 * P, P) }, -EINVAL },
	{ "start not aligned", { SEG(BASE + 1, P, 1), SEG(BASE + 4 * P, P, 0) },
	  -EINVAL },
	{ "size not aligned", { SEG(BASE, P + 1, 1), SEG(BASE + 4 * P, P, 0) },
	  -EINVAL },
	{ "empty", { SEG(BASE, 0, 0), SEG(BASE + P, P, 0) }, -EINVAL },
	{ "more bytes than room", { SEG(BASE, P, P + 1), SEG(BASE + P, P, 0) },
	  -EINVAL },
	{ "below", { SEG(BASE - P, P, P), SEG(BASE, P, 0) }, -EADDRNOTAVAIL },
	{ "begins below", { SEG(BASE - P, 2 * P, P), SEG(BASE + P, P, 0) },
	  -EADDRNOTAVAIL },
	{ "behind", { SEG(END, P, P), SEG(BASE, P, 0) }, -EADDRNOTAVAIL },
	{ "ends behind", { SEG(END - P, 2 * P, P), SEG(BASE, P, 0) },
	  -EADDRNOTAVAIL },
	{ "end wraps", { SEG(BASE + P, -P, P), SEG(BASE, P, 0) },
	  -EADDRNOTAVAIL },
	{ "start near the top of memory", { SEG(-P, P, P), SEG(BASE, P, 0) },
	  -EADDRNOTAVAIL },
};

static void segments_check_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_cases); i++) {
		const struct check_case *c = &check_cases[i];

		KUNIT_EXPECT_EQ_MSG(test, c->want,
				    segments_check(c->segment, 2, &reservation),
				    "%s", c->name);
	}
}

struct hole_case {
	const char *name;
	struct range taken[3];
	u64 size;
	u64 want;
};

static const struct hole_case hole_cases[] = {
	{ "nothing taken", { }, P, BASE },
	{ "start taken", { { BASE, BASE + P } }, P, BASE + P },
	{ "start taken, aligned", { { BASE, BASE + P } }, 4 * P, BASE + 4 * P },
	{ "hole just fits", { { BASE, BASE + P }, { BASE + 2 * P, END } },
	  P, BASE + P },
	{ "hole too small", { { BASE, BASE + P }, { BASE + 2 * P, END } },
	  2 * P, 0 },
	{ "not sorted",
	  { { BASE + 2 * P, BASE + 3 * P }, { BASE + P, BASE + 2 * P },
	    { BASE, BASE + P } }, P, BASE + 3 * P },
	{ "overlapping",
	  { { BASE, BASE + 3 * P }, { BASE + P, BASE + 2 * P } },
	  P, BASE + 3 * P },
	{ "taken begins below", { { BASE - P, BASE + P } }, P, BASE + P },
	{ "taken ends behind", { { BASE, END + P } }, P, 0 },
	{ "all taken", { { BASE, END } }, P, 0 },
	{ "last page", { { BASE, END - P } }, P, END - P },
	{ "larger than all", { }, 128ULL * SZ_1M, 0 },
};

static void segments_hole_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hole_cases); i++) {
		const struct hole_case *c = &hole_cases[i];

		KUNIT_EXPECT_EQ_MSG(test, c->want,
				    segments_hole(&reservation, c->taken, 3,
						  c->size),
				    "%s", c->name);
	}
}

struct covers_case {
	const char *name;
	u64 start;
	u64 size;
	bool want;
};

/* Every position of a range to the segment [BASE + P, BASE + 4 P). */
static const struct covers_case covers_cases[] = {
	{ "equal", BASE + P, 3 * P, true },
	{ "inside", BASE + 2 * P, P, true },
	{ "at the start", BASE + P, P, true },
	{ "at the end", BASE + 3 * P, P, true },
	{ "begins below", BASE, 2 * P, false },
	{ "ends behind", BASE + 3 * P, 2 * P, false },
	{ "around it", BASE, 5 * P, false },
	{ "below", BASE - P, P, false },
	{ "touching its start", BASE, P, false },
	{ "touching its end", BASE + 4 * P, P, false },
	{ "behind", BASE + 5 * P, P, false },
	{ "end wraps", BASE + 2 * P, -P, false },
	{ "start near the top of memory", -P, P, false },
};

static void segment_covers_test(struct kunit *test)
{
	static const struct kexec_segment segment = SEG(BASE + P, 3 * P, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(covers_cases); i++) {
		const struct covers_case *c = &covers_cases[i];

		KUNIT_EXPECT_EQ_MSG(test, c->want,
				    segment_covers(&segment, c->start, c->size),
				    "%s", c->name);
	}
}

static void segments_hold_backup_test(struct kunit *test)
{
	static const struct kexec_segment segments[] = {
		SEG(BASE, P, 0), SEG(BASE + P, P, 0), SEG(BASE + 4 * P, 2 * P, 0)
	};
	const unsigned long nr = ARRAY_SIZE(segments);
	struct kdump_stub stub = { };

	/* No backup region: nothing needs room. */
	KUNIT_EXPECT_TRUE(test, segments_hold_backup(segments, nr, &stub));
	stub.backup_size = 2 * P;
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr, &stub));
	/* Two segments that touch do not make one. */
	stub.backup_to = BASE;
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr, &stub));
	stub.backup_to = BASE + 4 * P;
	KUNIT_EXPECT_TRUE(test, segments_hold_backup(segments, nr, &stub));
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr - 1, &stub));
	/* The region and its copy are not aligned alike, and then they are. */
	stub.backup_size = P;
	stub.backup_to = BASE + 4 * P + 512;
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr, &stub));
	stub.backup_start = 512;
	KUNIT_EXPECT_TRUE(test, segments_hold_backup(segments, nr, &stub));
	stub.backup_to = BASE + 4 * P;
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr, &stub));
	/* The region itself ends beyond the last address. */
	stub.backup_size = 2 * P;
	stub.backup_start = -P;
	KUNIT_EXPECT_FALSE(test, segments_hold_backup(segments, nr, &stub));
}

static struct kunit_case segments_cases[] = {
	KUNIT_CASE(segments_check_test),
	KUNIT_CASE(segment_covers_test),
	KUNIT_CASE(segments_hold_backup_test),
	KUNIT_CASE(segments_hole_test),
	{ }
};

static struct kunit_suite segments_suite = {
	.name = "kdump_segments",
	.test_cases = segments_cases,
};

kunit_test_suite(segments_suite);
