// SPDX-License-Identifier: GPL-2.0-only
/* Tests of limit.h: which changes of the limit are accepted. */
#include <kunit/test.h>

#include "limit.h"

struct limit_case {
	int now;
	int wanted;
	bool accepted;
};

static const struct limit_case limit_cases[] = {
	{ KDUMP_LIMIT_NONE, INT_MAX, true },
	{ KDUMP_LIMIT_NONE, 1, true },
	{ KDUMP_LIMIT_NONE, 0, true },
	{ KDUMP_LIMIT_NONE, KDUMP_LIMIT_NONE, false },
	{ KDUMP_LIMIT_NONE, INT_MIN, false },
	{ 2, 3, false },
	{ 2, 2, false },
	{ 2, 1, true },
	{ 2, 0, true },
	{ 2, KDUMP_LIMIT_NONE, false },
	{ 0, 1, false },
	{ 0, 0, false },
	{ 0, KDUMP_LIMIT_NONE, false },
};

static void limit_lowers_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(limit_cases); i++) {
		const struct limit_case *c = &limit_cases[i];

		KUNIT_EXPECT_EQ_MSG(test, kdump_limit_lowers(c->now, c->wanted),
				    c->accepted, "%d to %d", c->now, c->wanted);
	}
}

static struct kunit_case limit_tests[] = {
	KUNIT_CASE(limit_lowers_test),
	{ }
};

static struct kunit_suite limit_suite = {
	.name = "kdump_limit",
	.test_cases = limit_tests,
};

kunit_test_suite(limit_suite);
