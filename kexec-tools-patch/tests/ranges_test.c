// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: arithmetic on ranges, every relative position of two.
 *
 * The list is [20,40) [60,80); all numbers are hexadecimal.  Results are
 * compared as text, with the type behind a colon where it is not 0.
 */
#include <errno.h>
#include <string.h>

#include "ranges.h"

static char type_letter(unsigned int type)
{
	return type ? '0' + type : 0;
}

static void make_two(struct kdump_ranges *list)
{
	*list = (struct kdump_ranges){ NULL, 0 };
	kdump_ranges_add(list, 0x60, 0x80, 0);
	kdump_ranges_add(list, 0x20, 0x40, 0);
}

static const struct {
	uint64_t start, end;
	const char *removed;
	const char *added;	/* with type 1 */
} rows[] = {
	{ 0, 0x10, "20-40 60-80", "0-10:1 20-40 60-80" },
	{ 0, 0x20, "20-40 60-80", "0-20:1 20-40 60-80" },
	{ 0, 0x30, "30-40 60-80", "0-30:1 30-40 60-80" },
	{ 0, 0x40, "60-80", "0-40:1 60-80" },
	{ 0, 0x50, "60-80", "0-50:1 60-80" },
	{ 0x20, 0x30, "30-40 60-80", "20-30:1 30-40 60-80" },
	{ 0x20, 0x40, "60-80", "20-40:1 60-80" },
	{ 0x25, 0x30, "20-25 30-40 60-80", "20-25 25-30:1 30-40 60-80" },
	{ 0x30, 0x40, "20-30 60-80", "20-30 30-40:1 60-80" },
	{ 0x30, 0x50, "20-30 60-80", "20-30 30-50:1 60-80" },
	{ 0x40, 0x60, "20-40 60-80", "20-40 40-60:1 60-80" },
	{ 0x45, 0x55, "20-40 60-80", "20-40 45-55:1 60-80" },
	{ 0x30, 0x70, "20-30 70-80", "20-30 30-70:1 70-80" },
	{ 0x20, 0x80, "", "20-80:1" },
	{ 0, 0x100, "", "0-100:1" },
	{ 0x80, 0x90, "20-40 60-80", "20-40 60-80 80-90:1" },
	{ 0x70, UINT64_MAX, "20-40 60-70", "20-40 60-70 70-ffffffffffffffff:1" },
	{ 0x30, 0x30, "20-40 60-80", NULL },
	{ 0x35, 0x30, "20-40 60-80", NULL },
};

static void test_rows(void)
{
	struct kdump_ranges list;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		make_two(&list);
		kdump_ranges_remove(&list, rows[i].start, rows[i].end);
		ok(ranges_are(&list, type_letter, rows[i].removed),
		   "remove %llx-%llx: %s", (unsigned long long)rows[i].start,
		   (unsigned long long)rows[i].end, rows[i].removed);
		kdump_ranges_free(&list);

		make_two(&list);
		err = kdump_ranges_add(&list, rows[i].start, rows[i].end, 1);
		if (rows[i].added)
			ok(!err && ranges_are(&list, type_letter,
					      rows[i].added),
			   "add %llx-%llx: %s",
			   (unsigned long long)rows[i].start,
			   (unsigned long long)rows[i].end, rows[i].added);
		else
			ok(err == -EINVAL && list.count == 2,
			   "add %llx-%llx is refused",
			   (unsigned long long)rows[i].start,
			   (unsigned long long)rows[i].end);
		kdump_ranges_free(&list);
	}
}

static void test_copy(void)
{
	struct kdump_ranges list, copy;

	make_two(&list);
	ok(!kdump_ranges_copy(&copy, &list) &&
	   ranges_are(&copy, NULL, "20-40 60-80"),
	   "a copy has the same ranges");
	kdump_ranges_remove(&copy, 0, 0x100);
	ok(list.count == 2 && !copy.count,
	   "a change of the copy leaves the original alone");
	kdump_ranges_free(&list);
	kdump_ranges_free(&copy);
	ok(!list.range && !list.count, "a freed list is an empty one");
	ok(!kdump_ranges_copy(&copy, &list) && !copy.count,
	   "an empty list can be copied");
}

int main(void)
{
	test_rows();
	test_copy();
	return tap_end();
}
