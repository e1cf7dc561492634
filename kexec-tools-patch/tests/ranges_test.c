// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: arithmetic on ranges, every relative position of two.
 *
 * The list is [20,40) [60,80) unless a row says otherwise; results are
 * written as text, types in parentheses where they are not 0.
 */
#include <errno.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

static const char *show(const struct kdump_ranges *list)
{
	static char text[256];
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < list->count; i++) {
		used += snprintf(text + used, sizeof(text) - used,
				 "%s%llu-%llu", i ? " " : "",
				 (unsigned long long)list->range[i].start,
				 (unsigned long long)list->range[i].end);
		if (list->range[i].type)
			used += snprintf(text + used, sizeof(text) - used,
					 "(%u)", list->range[i].type);
	}
	return text;
}

static void two(struct kdump_ranges *list)
{
	*list = (struct kdump_ranges){ NULL, 0 };
	kdump_ranges_add(list, 60, 80, 0);
	kdump_ranges_add(list, 20, 40, 0);
}

static const struct {
	uint64_t start, end;
	const char *removed;
	const char *added;	/* with type 1 */
} rows[] = {
	{ 0, 10, "20-40 60-80", "0-10(1) 20-40 60-80" },
	{ 0, 20, "20-40 60-80", "0-20(1) 20-40 60-80" },
	{ 0, 30, "30-40 60-80", "0-30(1) 30-40 60-80" },
	{ 0, 40, "60-80", "0-40(1) 60-80" },
	{ 0, 50, "60-80", "0-50(1) 60-80" },
	{ 20, 30, "30-40 60-80", "20-30(1) 30-40 60-80" },
	{ 20, 40, "60-80", "20-40(1) 60-80" },
	{ 25, 30, "20-25 30-40 60-80", "20-25 25-30(1) 30-40 60-80" },
	{ 30, 40, "20-30 60-80", "20-30 30-40(1) 60-80" },
	{ 30, 50, "20-30 60-80", "20-30 30-50(1) 60-80" },
	{ 40, 60, "20-40 60-80", "20-40 40-60(1) 60-80" },
	{ 45, 55, "20-40 60-80", "20-40 45-55(1) 60-80" },
	{ 30, 70, "20-30 70-80", "20-30 30-70(1) 70-80" },
	{ 20, 80, "", "20-80(1)" },
	{ 0, 100, "", "0-100(1)" },
	{ 80, 90, "20-40 60-80", "20-40 60-80 80-90(1)" },
	{ 70, UINT64_MAX, "20-40 60-70", "20-40 60-70 70-18446744073709551615(1)" },
	{ 30, 30, "20-40 60-80", NULL },
	{ 35, 30, "20-40 60-80", NULL },
};

static void test_rows(void)
{
	struct kdump_ranges list;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		two(&list);
		kdump_ranges_remove(&list, rows[i].start, rows[i].end);
		ok(!strcmp(show(&list), rows[i].removed),
		   "remove %llu-%llu: %s", (unsigned long long)rows[i].start,
		   (unsigned long long)rows[i].end, show(&list));
		kdump_ranges_free(&list);

		two(&list);
		err = kdump_ranges_add(&list, rows[i].start, rows[i].end, 1);
		if (rows[i].added)
			ok(!err && !strcmp(show(&list), rows[i].added),
			   "add %llu-%llu: %s",
			   (unsigned long long)rows[i].start,
			   (unsigned long long)rows[i].end, show(&list));
		else
			ok(err == -EINVAL && list.count == 2,
			   "add %llu-%llu is refused",
			   (unsigned long long)rows[i].start,
			   (unsigned long long)rows[i].end);
		kdump_ranges_free(&list);
	}
}

static void test_copy(void)
{
	struct kdump_ranges list, copy;

	two(&list);
	ok(!kdump_ranges_copy(&copy, &list) &&
	   !strcmp(show(&copy), "20-40 60-80"), "a copy has the same ranges");
	kdump_ranges_remove(&copy, 0, 100);
	ok(list.count == 2 && !copy.count, "and a life of its own");
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
