// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: places in the reservation.
 *
 * Numbers in the tables count pages, so that they are easy to read.
 */
#include <errno.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

#define P(n)	((uint64_t)(n) * KDUMP_PAGE)

/* One item in a reservation of pages 16 to 80, or 16 to 32 and 64 to 80. */
static const struct {
	const char *name;
	enum kdump_where where;
	bool split;
	uint64_t size, align, min, max;
	int err;
	uint64_t paddr;
} rows[] = {
	{ "low", KDUMP_LOW, false, 4, 1, 0, 0, 0, 16 },
	{ "high", KDUMP_HIGH, false, 4, 1, 0, 0, 0, 76 },
	{ "low, aligned", KDUMP_LOW, false, 4, 32, 0, 0, 0, 32 },
	{ "high, aligned", KDUMP_HIGH, false, 4, 32, 0, 0, 0, 64 },
	{ "low, not below", KDUMP_LOW, false, 4, 1, 20, 0, 0, 20 },
	{ "low, not below, aligned", KDUMP_LOW, false, 4, 16, 20, 0, 0, 32 },
	{ "high, not above", KDUMP_HIGH, false, 4, 1, 0, 40, 0, 36 },
	{ "high, not above the start", KDUMP_HIGH, false, 4, 1, 0, 16, -ENOSPC, 0 },
	{ "all of it", KDUMP_LOW, false, 64, 1, 0, 0, 0, 16 },
	{ "all of it from above", KDUMP_HIGH, false, 64, 1, 0, 0, 0, 16 },
	{ "one page more", KDUMP_LOW, false, 65, 1, 0, 0, -ENOSPC, 0 },
	{ "too big once aligned", KDUMP_LOW, false, 49, 32, 0, 0, -ENOSPC, 0 },
	{ "just fits once aligned", KDUMP_LOW, false, 48, 32, 0, 0, 0, 32 },
	{ "at its start", KDUMP_AT, false, 4, 1, 16, 0, 0, 16 },
	{ "at a place inside", KDUMP_AT, false, 4, 1, 33, 0, 0, 33 },
	{ "at its last pages", KDUMP_AT, false, 4, 1, 76, 0, 0, 76 },
	{ "at, over the end", KDUMP_AT, false, 4, 1, 77, 0, -ENOSPC, 0 },
	{ "at, before it", KDUMP_AT, false, 4, 1, 15, 0, -ENOSPC, 0 },
	{ "at, behind it", KDUMP_AT, false, 4, 1, 80, 0, -ENOSPC, 0 },
	{ "low in the second piece", KDUMP_LOW, true, 4, 1, 30, 0, 0, 64 },
	{ "high in the first piece", KDUMP_HIGH, true, 4, 1, 0, 64, 0, 28 },
	{ "over the gap", KDUMP_LOW, true, 17, 1, 0, 0, -ENOSPC, 0 },
	{ "low, aligned to where numbers end", KDUMP_LOW, false, 4, 1ULL << 51,
	  (1ULL << 51) + 1, 0, -ENOSPC, 0 },
	{ "at in the gap", KDUMP_AT, true, 4, 1, 40, 0, -ENOSPC, 0 },
};

static void make_reservation(struct kdump_ranges *list, bool split)
{
	*list = (struct kdump_ranges){ NULL, 0 };
	kdump_ranges_add(list, P(16), P(80), 0);
	if (split)
		kdump_ranges_remove(list, P(32), P(64));
}

static void test_rows(void)
{
	const struct kdump_item *misfit;
	struct kdump_ranges list;
	struct kdump_item item;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		make_reservation(&list, rows[i].split);
		item = (struct kdump_item){
			.where = rows[i].where, .size = P(rows[i].size),
			.align = P(rows[i].align), .min = P(rows[i].min),
			.max = P(rows[i].max),
		};
		misfit = NULL;
		err = kdump_place(&item, 1, &list, &misfit);
		ok(err == rows[i].err && item.paddr == P(rows[i].paddr) &&
		   misfit == (err ? &item : NULL), "%s", rows[i].name);
		kdump_ranges_free(&list);
	}
}

/* A kernel at its fixed place, items above it, and an item without a size. */
static void test_together(void)
{
	struct kdump_item items[] = {
		{ "kernel", KDUMP_AT, P(20) + 1, 1, P(16), 0, 0 },
		{ "header", KDUMP_HIGH, P(2) - 1, P(1), 0, 0, 0 },
		{ "nothing", KDUMP_HIGH, 0, P(1), 0, 0, 7 },
		{ "initrd", KDUMP_HIGH, P(41), P(1), 0, 0, 0 },
	};
	const struct kdump_item *misfit = NULL;
	struct kdump_ranges list;

	make_reservation(&list, false);
	ok(!kdump_place(items, 4, &list, &misfit), "a full reservation");
	ok(items[1].paddr == P(78) && items[3].paddr == P(37),
	   "everything above the kernel, from the top");
	ok(items[2].paddr == 7, "an item without a size gets no place");
	ok(kdump_place_need(items, 4) == P(64), "the need is in whole pages");
	items[3].size++;
	ok(kdump_place(items, 4, &list, &misfit) == -ENOSPC &&
	   misfit == &items[3], "one byte more does not fit");
	ok(list.count == 1 && list.range[0].end == P(80),
	   "the reservation itself is left alone");
	kdump_ranges_free(&list);
}

#define MB	(1ULL << 20)

/* A kernel of 24 MB, 30 MB in all, and a reservation without a place for it. */
static const struct {
	const char *name;
	bool fixed;
	uint64_t min, max, start, end;
	const char *why, *advice;
} refusals[] = {
	{ "linked to 16 MB, too small", true, 16 * MB, 0, 16 * MB, 24 * MB,
	  "too small", "crashkernel=64M@16M" },
	{ "linked to 16 MB, too small and below", true, 16 * MB, 0, 8 * MB,
	  24 * MB, "too small", "crashkernel=64M@16M" },
	{ "linked to 32 MB, large but below", true, 32 * MB, 0, 0, 40 * MB,
	  "too small", "crashkernel=64M@32M" },
	{ "relocatable, too small", false, 16 * MB, 0, 16 * MB, 24 * MB,
	  "too small", "crashkernel=64M" },
	{ "linked to 16 MB, behind", true, 16 * MB, 0, 64 * MB, 128 * MB,
	  "0x1000000 to 0x27fffff, but 0x4000000 to 0x7ffffff",
	  "crashkernel=64M@16M, or use a relocatable kernel" },
	{ "linked to 16 MB, before", true, 16 * MB, 0, 8 * MB, 16 * MB,
	  "where it was linked",
	  "crashkernel=64M@16M, or use a relocatable kernel" },
	{ "up to 2 GB, above", false, 16 * MB, 2048 * MB, 4096 * MB, 4160 * MB,
	  "below 0x80000000", "crashkernel=64M@16M" },
};

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* The suggested crashkernel= has a place for the image. */
static void test_because(void)
{
	struct kdump_item misfit = { .name = "initrd", .size = 2 * MB };
	struct kdump_why why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct kdump_kernel kernel = {
			.fixed = refusals[i].fixed, .min = refusals[i].min,
			.max = refusals[i].max, .size = 24 * MB,
		};
		struct kdump_range target = {
			refusals[i].start, refusals[i].end, 0
		};

		ok(kdump_place_explain(&kernel, &target, &misfit, 30 * MB,
				       60 * MB, &why) == -EINVAL &&
		   strstr(why.text, refusals[i].why) &&
		   ends_with(why.text, refusals[i].advice), "%s: %s",
		   refusals[i].name, why.text);
	}
}

static void test_advice(void)
{
	struct kdump_kernel fixed = { .fixed = true, .min = 16 * MB };
	struct kdump_kernel free = { .min = 16 * MB };

	ok(kdump_place_advise(20 * MB, 4 * MB, 64 * MB) == 64 * MB,
	   "advise what an architecture needs");
	ok(kdump_place_advise(30 * MB, 100 * MB, 64 * MB) == 246 * MB,
	   "advise room for a large initrd");
	ok(!strcmp(kdump_place_argument(&fixed, 64 * MB), "64M@16M"),
	   "with the place of a kernel that runs only there");
	ok(!strcmp(kdump_place_argument(&free, 246 * MB), "256M"),
	   "without a place for one that runs anywhere");
}

int main(void)
{
	test_advice();
	test_rows();
	test_together();
	test_because();
	return tap_end();
}
