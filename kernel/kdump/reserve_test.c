// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: tests of the arithmetic behind the policy.
 */
#include <kunit/test.h>
#include <linux/sizes.h>

#include "range.h"
#include "reserve.h"

/* ------------------------------------------------------------------- ranges -- */

struct pair_case {
	const char *position;	/* of b, seen from a = [16, 32) */
	struct range b;
	struct range both;
};

static const struct pair_case pair_cases[] = {
	{ "before, apart", { 4, 8 }, { } },
	{ "before, touching", { 4, 16 }, { } },
	{ "over the start", { 4, 20 }, { 16, 20 } },
	{ "over the start by one", { 4, 17 }, { 16, 17 } },
	{ "from before to the end", { 4, 32 }, { 16, 32 } },
	{ "around", { 4, 40 }, { 16, 32 } },
	{ "from the start, shorter", { 16, 20 }, { 16, 20 } },
	{ "the same", { 16, 32 }, { 16, 32 } },
	{ "from the start, longer", { 16, 40 }, { 16, 32 } },
	{ "inside", { 20, 24 }, { 20, 24 } },
	{ "inside, up to the end", { 20, 32 }, { 20, 32 } },
	{ "over the end", { 20, 40 }, { 20, 32 } },
	{ "over the end by one", { 31, 40 }, { 31, 32 } },
	{ "behind, touching", { 32, 40 }, { } },
	{ "behind, apart", { 40, 44 }, { } },
	{ "empty, inside", { 20, 20 }, { } },
	{ "empty, at zero", { 0, 0 }, { } },
	{ "backwards", { 28, 20 }, { } },
	{ "to the last address", { 0, U64_MAX }, { 16, 32 } },
};

static void pair_test(struct kunit *test)
{
	static const struct range a = { 16, 32 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pair_cases); i++) {
		const struct pair_case *c = &pair_cases[i];
		struct range ab = kdump_range_intersect(a, c->b);
		struct range ba = kdump_range_intersect(c->b, a);
		bool overlap = c->both.end != 0;

		KUNIT_EXPECT_EQ_MSG(test, c->both.start, ab.start, "%s", c->position);
		KUNIT_EXPECT_EQ_MSG(test, c->both.end, ab.end, "%s", c->position);
		KUNIT_EXPECT_EQ_MSG(test, c->both.start, ba.start, "%s", c->position);
		KUNIT_EXPECT_EQ_MSG(test, c->both.end, ba.end, "%s", c->position);
		KUNIT_EXPECT_EQ_MSG(test, overlap, kdump_range_overlaps(a, c->b),
				    "%s", c->position);
		KUNIT_EXPECT_EQ_MSG(test, overlap, kdump_range_overlaps(c->b, a),
				    "%s", c->position);
	}
}

struct cover_case {
	struct range pieces[3];
	u64 hole;	/* first address from 16 on that no piece has */
};

static const struct cover_case cover_cases[] = {
	{ { }, 16 },
	{ { { 0, 16 } }, 16 },
	{ { { 0, 17 } }, 17 },
	{ { { 0, 64 } }, 64 },
	{ { { 16, 32 } }, 32 },
	{ { { 17, 32 } }, 16 },
	{ { { 0, 20 }, { 20, 40 } }, 40 },
	{ { { 0, 20 }, { 21, 40 } }, 20 },
	{ { { 0, 20 }, { 10, 18 }, { 20, 24 } }, 24 },
	{ { { 0, 8 }, { 8, 16 }, { 16, 24 } }, 24 },
	{ { { 0, 8 }, { 12, 16 }, { 20, 24 } }, 16 },
};

static void cover_test(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cover_cases); i++) {
		u64 hole = 16;

		for (j = 0; j < ARRAY_SIZE(cover_cases[i].pieces); j++)
			hole = kdump_range_cover(hole, cover_cases[i].pieces[j]);
		KUNIT_EXPECT_EQ_MSG(test, cover_cases[i].hole, hole, "case %u", i);
	}
}

static void room_test(struct kunit *test)
{
	static const struct {
		struct range range;
		u64 room;
	} cases[] = {
		{ { 0, 0 }, 0 },
		{ { 0, SZ_1M }, SZ_1M },
		{ { SZ_1M, SZ_2M }, 0 },
		{ { SZ_1M, SZ_16M }, 0 },
		{ { SZ_1M, SZ_32M }, SZ_16M },
		{ { SZ_16M, SZ_32M + 1 }, SZ_16M },
		{ { SZ_16M + 1, SZ_32M }, 0 },
		{ { SZ_32M, SZ_16M }, 0 },
		{ { U64_MAX - SZ_1M, U64_MAX }, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].room,
				    kdump_range_room(cases[i].range, SZ_16M),
				    "case %u", i);
}

/* ------------------------------------------------------------------- limits -- */

static const struct kdump_arch_limits limits = {
	.floor = SZ_1M,
	.low_end = SZ_256M,
	.high_end = SZ_1G,
	.offset_align = SZ_1M,
	.place_align = SZ_16M,
};

static void limits_test(struct kunit *test)
{
	static const struct {
		struct crashkernel_area area;
		enum kdump_reserve_error error;
	} cases[] = {
		{ { SZ_64M }, KDUMP_RESERVE_OK },
		{ { PAGE_SIZE }, KDUMP_RESERVE_OK },
		{ { 1 }, KDUMP_RESERVE_SIZE_MISALIGNED },
		{ { SZ_64M + 1 }, KDUMP_RESERVE_SIZE_MISALIGNED },
		{ { SZ_64M - 1, SZ_16M, true }, KDUMP_RESERVE_SIZE_MISALIGNED },
		{ { U64_MAX }, KDUMP_RESERVE_SIZE_MISALIGNED },
		{ { SZ_512M }, KDUMP_RESERVE_TOO_LARGE },
		{ { SZ_512M - PAGE_SIZE }, KDUMP_RESERVE_OK },
		{ { 1ULL << 63 }, KDUMP_RESERVE_TOO_LARGE },
		{ { SZ_64M, SZ_16M, true }, KDUMP_RESERVE_OK },
		{ { SZ_64M, SZ_1M, true }, KDUMP_RESERVE_OK },
		{ { SZ_64M, 0, true }, KDUMP_RESERVE_BELOW_FLOOR },
		{ { SZ_64M, SZ_16M + 1, true }, KDUMP_RESERVE_OFFSET_MISALIGNED },
		{ { SZ_64M, PAGE_SIZE, true }, KDUMP_RESERVE_OFFSET_MISALIGNED },
		{ { SZ_64M, SZ_1G - SZ_64M, true }, KDUMP_RESERVE_OK },
		{ { SZ_64M, SZ_1G - SZ_64M + SZ_1M, true },
		  KDUMP_RESERVE_BEYOND_LIMIT },
		{ { SZ_64M, SZ_1G, true }, KDUMP_RESERVE_BEYOND_LIMIT },
		{ { SZ_64M, 1ULL << 63, true }, KDUMP_RESERVE_BEYOND_LIMIT },
		{ { SZ_64M, -(u64)SZ_64M, true }, KDUMP_RESERVE_BEYOND_LIMIT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].error,
				    kdump_reserve_check(&cases[i].area, &limits,
							SZ_512M),
				    "case %u", i);
}

/* -------------------------------------------------------------- size of RAM -- */

static void ram_test(struct kunit *test)
{
	static const struct {
		u64 ram;
		u64 rounded;
	} cases[] = {
		{ 0, 0 },
		{ 1, SZ_128M },
		{ SZ_128M - 1, SZ_128M },
		{ SZ_128M, SZ_128M },
		{ SZ_128M + 1, SZ_256M },
		{ SZ_2G - SZ_1M, SZ_2G },
		{ SZ_2G, SZ_2G },
		{ SZ_2G + PAGE_SIZE, SZ_2G + (u64)SZ_128M },
		{ SZ_4G - SZ_1M, SZ_4G },
		{ SZ_64T, SZ_64T },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, cases[i].rounded,
				    crashkernel_round_ram(cases[i].ram),
				    "case %u", i);
}

/* Ubuntu's line, on machines whose firmware keeps some of the memory. */
static void distribution_test(struct kunit *test)
{
	static const char line[] =
		"2G-4G:320M,4G-32G:512M,32G-64G:1024M,64G-128G:2048M,128G-:4096M";
	static const struct crashkernel_value value = { line, sizeof(line) - 1 };
	static const struct {
		unsigned int gigabytes;		/* that the machine has */
		unsigned int megabytes;		/* to reserve; 0: no range covers */
	} cases[] = {
		{ 1, 0 }, { 2, 320 }, { 3, 320 }, { 4, 512 }, { 6, 512 },
		{ 32, 1024 }, { 40, 1024 }, { 64, 2048 }, { 128, 4096 },
		{ 1024, 4096 },
	};
	static const u64 lost[] = { 0, PAGE_SIZE, 640 * SZ_1K, SZ_64M };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		for (j = 0; j < ARRAY_SIZE(lost); j++) {
			u64 ram = (u64)cases[i].gigabytes * SZ_1G - lost[j];
			struct crashkernel_area area = { };

			crashkernel_parse(CRASHKERNEL_MAIN, &value,
					  crashkernel_round_ram(ram), &area);
			KUNIT_EXPECT_EQ_MSG(test,
					    (u64)cases[i].megabytes * SZ_1M,
					    area.size, "%u GB less %llu",
					    cases[i].gigabytes, lost[j]);
		}
}

/* --------------------------------------------------------- where to search -- */

static void expect_search(struct kunit *test,
			  const struct kdump_arch_limits *l, bool high,
			  struct range first, struct range second)
{
	struct range area = kdump_reserve_search(l, high, 0);

	KUNIT_EXPECT_EQ(test, first.start, area.start);
	KUNIT_EXPECT_EQ(test, first.end, area.end);
	area = kdump_reserve_search(l, high, 1);
	KUNIT_EXPECT_EQ(test, second.start, area.start);
	KUNIT_EXPECT_EQ(test, second.end, area.end);
}

static void search_test(struct kunit *test)
{
	static const struct range below = { SZ_1M, SZ_256M };
	static const struct range above = { SZ_256M, SZ_1G };
	static const struct range none = { SZ_256M, SZ_256M };
	struct kdump_arch_limits narrow = limits;

	expect_search(test, &limits, false, below, above);
	expect_search(test, &limits, true, above, below);
	narrow.high_end = narrow.low_end;
	expect_search(test, &narrow, false, below, none);
	expect_search(test, &narrow, true, none, below);
}

static struct kunit_case reserve_cases[] = {
	KUNIT_CASE(pair_test),
	KUNIT_CASE(cover_test),
	KUNIT_CASE(room_test),
	KUNIT_CASE(limits_test),
	KUNIT_CASE(ram_test),
	KUNIT_CASE(distribution_test),
	KUNIT_CASE(search_test),
	{}
};

static struct kunit_suite reserve_suite = {
	.name = "kdump_reserve",
	.test_cases = reserve_cases,
};

kunit_test_suite(reserve_suite);
