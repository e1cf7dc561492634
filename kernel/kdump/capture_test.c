// SPDX-License-Identifier: GPL-2.0-only
/* Tests of capture.c: the grammar of elfcorehdr=. */
#include <kunit/test.h>
#include <linux/sizes.h>

#include "capture.h"

static void elfcorehdr_test(struct kunit *test)
{
	static const struct {
		const char *arg;
		u64 addr, size;
		int want;
	} cases[] = {
		{ "0x1000000", 0x1000000, 0 },
		{ "16M", SZ_16M, 0 },
		{ "867700K", 867700 * 1024, 0 },
		{ "4G", 1ULL << 32, 0 },
		{ "64K@16M", SZ_16M, SZ_64K },
		{ "0x10000@0x1000000", SZ_16M, SZ_64K },
		{ "0", 0, 0 },
		{ NULL, .want = -EINVAL }, { "", .want = -EINVAL },
		{ "@16M", .want = -EINVAL }, { "64K@", .want = -EINVAL },
		{ "0@16M", .want = -EINVAL }, { "16Mx", .want = -EINVAL },
		{ "64K@16M@", .want = -EINVAL }, { "-1", .want = -EINVAL },
		{ "64K@-1", .want = -EINVAL }, { "16M 1", .want = -EINVAL },
		{ "x", .want = -EINVAL }, { " 16M", .want = -EINVAL },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 addr = 7, size = 7;
		int ret = elfcorehdr_parse(cases[i].arg, &addr, &size);
		const char *arg = cases[i].arg ?: "nothing";

		KUNIT_EXPECT_EQ_MSG(test, cases[i].want, ret, "%s", arg);
		KUNIT_EXPECT_EQ_MSG(test, ret ? 7 : cases[i].addr, addr, "%s",
				    arg);
		KUNIT_EXPECT_EQ_MSG(test, ret ? 7 : cases[i].size, size, "%s",
				    arg);
	}
}

static struct kunit_case capture_cases[] = {
	KUNIT_CASE(elfcorehdr_test),
	{}
};

static struct kunit_suite capture_suite = {
	.name = "kdump_capture",
	.test_cases = capture_cases,
};

kunit_test_suite(capture_suite);
