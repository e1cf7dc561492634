// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: tests of the grammar of crashkernel=.
 */
#include <kunit/test.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "crashkernel.h"

#define M		((u64)SZ_1M)
#define G		((u64)SZ_1G)
#define T		(1024 * G)

/* ------------------------------------------------------------------ values -- */

struct value_case {
	const char *text;
	u64 ram;
	u64 size;
	u64 offset;
	bool fixed;
};

static const struct value_case good_values[] = {
	/* size */
	{ "64M", G, 64 * M },
	{ "65536K", G, 64 * M },
	{ "67108864", G, 64 * M },
	{ "1G", G, G },
	{ "1T", G, T },
	{ "1P", G, 1024 * T },
	{ "1e", G, 1024 * 1024 * T },
	{ "64m", G, 64 * M },
	{ "64k", G, 64 * SZ_1K },
	{ "1g", G, G },
	{ "0x4000000", G, 64 * M },
	{ "0X40M", G, 64 * M },
	{ "0100M", G, 64 * M },
	{ "18446744073709551615", G, U64_MAX },
	{ "0xffffffffffffffff", G, U64_MAX },
	{ "15E", G, 15ULL << 60 },
	{ "1", G, 1 },
	/* size@offset */
	{ "64M@16M", G, 64 * M, 16 * M, true },
	{ "64M@0", G, 64 * M, 0, true },
	{ "64M@0x1000000", G, 64 * M, 16 * M, true },
	{ "64M@4G", G, 64 * M, 4 * G, true },
	{ "64M@17", G, 64 * M, 17, true },
	{ "1@18446744073709551614", G, 1, U64_MAX - 1, true },
	/* ranges: start is inside, end is not */
	{ "512M-2G:64M", 512 * M, 64 * M },
	{ "512M-2G:64M", 2 * G - 1, 64 * M },
	{ "0-:64M", G, 64 * M },
	{ "0-:64M", U64_MAX - 1, 64 * M },
	{ "1T-:1G", 2 * T, G },
	{ "512M-2G:64M,2G-:128M", G, 64 * M },
	{ "512M-2G:64M,2G-:128M", 2 * G, 128 * M },
	{ "512M-2G:64M,2G-4G:128M,4G-:256M", 3 * G, 128 * M },
	{ "512M-2G:64M,2G-4G:128M,4G-:256M", 4 * G, 256 * M },
	{ "0-2G:64M,1G-3G:128M", G, 64 * M },
	{ "0-2G:64M,1G-3G:128M", 2 * G, 128 * M },
	{ "0x20000000-0x80000000:0x4000000", G, 64 * M },
	{ "512M-2G:64M@16M", G, 64 * M, 16 * M, true },
	{ "512M-2G:64M,2G-:128M@32M", 2 * G, 128 * M, 32 * M, true },
	/* RAM not known: the largest */
	{ "64M", 0, 64 * M },
	{ "512M-2G:64M,2G-:128M", 0, 128 * M },
	{ "512M-2G:256M,2G-:128M@16M", 0, 256 * M, 16 * M, true },
};

static struct crashkernel_value value_of(const char *text)
{
	return (struct crashkernel_value){ text, strlen(text) };
}

static void good_values_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good_values); i++) {
		const struct value_case *v = &good_values[i];
		struct crashkernel_value value = value_of(v->text);
		struct crashkernel_area area;

		KUNIT_EXPECT_EQ_MSG(test, CRASHKERNEL_OK,
				    crashkernel_parse(CRASHKERNEL_MAIN, &value,
						      v->ram, &area),
				    "%s", v->text);
		KUNIT_EXPECT_EQ_MSG(test, v->size, area.size, "%s", v->text);
		KUNIT_EXPECT_EQ_MSG(test, v->offset, area.offset, "%s", v->text);
		KUNIT_EXPECT_EQ_MSG(test, v->fixed, area.fixed, "%s", v->text);
	}
}

struct bad_value {
	const char *text;
	enum crashkernel_error error;
};

static const struct bad_value bad_values[] = {
	{ "", CRASHKERNEL_EMPTY },
	/* sizes */
	{ "@16M", CRASHKERNEL_NO_SIZE },
	{ ",", CRASHKERNEL_NO_SIZE },
	{ "0", CRASHKERNEL_ZERO_SIZE },
	{ "0M", CRASHKERNEL_ZERO_SIZE },
	{ "0x0", CRASHKERNEL_ZERO_SIZE },
	{ "0@16M", CRASHKERNEL_ZERO_SIZE },
	{ "M", CRASHKERNEL_BAD_NUMBER },
	{ "x", CRASHKERNEL_BAD_NUMBER },
	{ "0x", CRASHKERNEL_BAD_NUMBER },
	{ "0xg", CRASHKERNEL_BAD_NUMBER },
	{ "auto", CRASHKERNEL_BAD_NUMBER },
	{ "+64M", CRASHKERNEL_BAD_NUMBER },
	{ "64X", CRASHKERNEL_BAD_UNIT },
	{ "64MB", CRASHKERNEL_BAD_UNIT },
	{ "64 M", CRASHKERNEL_BAD_UNIT },
	{ "6.4G", CRASHKERNEL_BAD_UNIT },
	{ "64M16M", CRASHKERNEL_BAD_UNIT },
	{ "08M", CRASHKERNEL_BAD_NUMBER },
	{ "64M\x80", CRASHKERNEL_BAD_UNIT },
	{ "18446744073709551616", CRASHKERNEL_TOO_BIG },
	{ "0x10000000000000000", CRASHKERNEL_TOO_BIG },
	{ "02000000000000000000000", CRASHKERNEL_TOO_BIG },
	{ "99999999999999999999999999", CRASHKERNEL_TOO_BIG },
	{ "16E", CRASHKERNEL_TOO_BIG },
	{ "18446744073709551615K", CRASHKERNEL_TOO_BIG },
	/* offsets */
	{ "64M@", CRASHKERNEL_NO_OFFSET },
	{ "64M@x", CRASHKERNEL_BAD_NUMBER },
	{ "64M@M", CRASHKERNEL_BAD_NUMBER },
	{ "64M@16X", CRASHKERNEL_BAD_UNIT },
	{ "64M@16E", CRASHKERNEL_TOO_BIG },
	{ "64M@15E:", CRASHKERNEL_NO_DASH },
	{ "2@18446744073709551614", CRASHKERNEL_BEYOND },
	{ "15E@1E", CRASHKERNEL_BEYOND },
	{ "64M@16M@32M", CRASHKERNEL_TRAILING },
	{ "64M@@16M", CRASHKERNEL_NO_OFFSET },
	/* ranges */
	{ "-2G:64M", CRASHKERNEL_NO_START },
	{ ":64M", CRASHKERNEL_NO_START },
	{ "-64M", CRASHKERNEL_NO_START },
	{ "512M-2G:64M,", CRASHKERNEL_NO_START },
	{ "512M-2G:64M,,2G-:128M", CRASHKERNEL_NO_START },
	{ "512M:64M", CRASHKERNEL_NO_DASH },
	{ "512M-2G:64M,2G:128M", CRASHKERNEL_NO_DASH },
	{ "64M,512M-2G:64M", CRASHKERNEL_NO_DASH },
	{ "512M-2G:64M,high,2G-:64M", CRASHKERNEL_BAD_NUMBER },
	{ "512M-", CRASHKERNEL_NO_COLON },
	{ "512M-2G", CRASHKERNEL_NO_COLON },
	{ "512M-2G@16M", CRASHKERNEL_NO_COLON },
	{ "512M-@16M", CRASHKERNEL_NO_COLON },
	{ "512M-2G-:64M", CRASHKERNEL_NO_COLON },
	{ "2G-512M:64M", CRASHKERNEL_EMPTY_RANGE },
	{ "2G-2G:64M", CRASHKERNEL_EMPTY_RANGE },
	{ "0-0:64M", CRASHKERNEL_EMPTY_RANGE },
	{ "512M-2G:", CRASHKERNEL_NO_SIZE },
	{ "512M-2G:@16M", CRASHKERNEL_NO_SIZE },
	{ "512M-2G:0", CRASHKERNEL_ZERO_SIZE },
	{ "512M-2G:64M:", CRASHKERNEL_TRAILING },
	{ "512M-2G:64M@16M,2G-:128M@16M", CRASHKERNEL_EARLY_OFFSET },
	{ "512M-2G:64M@16M,", CRASHKERNEL_EARLY_OFFSET },
	{ "512M-2G:64M@16M:", CRASHKERNEL_TRAILING },
	{ "x-2G:64M", CRASHKERNEL_BAD_NUMBER },
	{ "512M-x:64M", CRASHKERNEL_BAD_NUMBER },
	{ "512M-2G:x", CRASHKERNEL_BAD_NUMBER },
	/* a later range is checked even if an earlier one decides */
	{ "512M-2G:64M,2G-x:128M", CRASHKERNEL_BAD_NUMBER },
	{ "2G-4G:64M", CRASHKERNEL_NO_MATCH },
	{ "0-1G:64M,2G-:128M", CRASHKERNEL_NO_MATCH },
	{ "2G-4G:64M@", CRASHKERNEL_NO_OFFSET },
	/* suffixes */
	{ "64M,", CRASHKERNEL_BAD_SUFFIX },
	{ "64M,HIGH", CRASHKERNEL_BAD_SUFFIX },
	{ "64M,higher", CRASHKERNEL_BAD_SUFFIX },
	{ "64M,high,", CRASHKERNEL_BAD_SUFFIX },
	{ "64M,high@16M", CRASHKERNEL_BAD_SUFFIX },
	{ "64M@16M,", CRASHKERNEL_SUFFIX_OFFSET },
};

static void bad_values_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_values); i++) {
		const struct bad_value *v = &bad_values[i];
		struct crashkernel_value value = value_of(v->text);
		struct crashkernel_area area = { .size = 4711 };

		KUNIT_EXPECT_EQ_MSG(test, v->error,
				    crashkernel_parse(CRASHKERNEL_MAIN, &value,
						      G, &area),
				    "%s", v->text);
		KUNIT_EXPECT_EQ_MSG(test, 4711ULL, area.size, "%s", v->text);
	}
}

/* The parser must not read behind the end of the value. */
static void truncation_test(struct kunit *test)
{
	static const char text[] = "512M-2G:64M,2G-:128M@32M";
	struct crashkernel_value value = { text };
	struct crashkernel_area area;
	enum crashkernel_error error;

	for (; value.len < strlen(text); value.len++) {
		char *copy = kunit_kzalloc(test, value.len + 1, GFP_KERNEL);
		struct crashkernel_value alone = { copy, value.len };

		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, text, value.len);
		error = crashkernel_parse(CRASHKERNEL_MAIN, &value, G, &area);
		KUNIT_EXPECT_EQ_MSG(test, error,
				    crashkernel_parse(CRASHKERNEL_MAIN, &alone,
						      G, &area),
				    "%s", copy);
	}
}

struct suffix_case {
	const char *text;
	enum crashkernel_kind kind;
	enum crashkernel_error error;
	u64 size;
};

static const struct suffix_case suffix_cases[] = {
	{ "64M,high", CRASHKERNEL_HIGH, CRASHKERNEL_OK, 64 * M },
	{ "64M,low", CRASHKERNEL_LOW, CRASHKERNEL_OK, 64 * M },
	{ "0,low", CRASHKERNEL_LOW, CRASHKERNEL_OK, 0 },
	{ "0,high", CRASHKERNEL_HIGH, CRASHKERNEL_ZERO_SIZE },
	{ ",high", CRASHKERNEL_HIGH, CRASHKERNEL_NO_SIZE },
	{ "x,high", CRASHKERNEL_HIGH, CRASHKERNEL_BAD_NUMBER },
	{ "64X,low", CRASHKERNEL_LOW, CRASHKERNEL_BAD_UNIT },
	{ "16E,low", CRASHKERNEL_LOW, CRASHKERNEL_TOO_BIG },
	{ "64M@16M,high", CRASHKERNEL_HIGH, CRASHKERNEL_SUFFIX_OFFSET },
	{ "64M@,low", CRASHKERNEL_LOW, CRASHKERNEL_SUFFIX_OFFSET },
	{ "512M-2G:64M,high", CRASHKERNEL_HIGH, CRASHKERNEL_SUFFIX_RANGES },
	{ "-64M,low", CRASHKERNEL_LOW, CRASHKERNEL_SUFFIX_RANGES },
	{ "64M,high,low", CRASHKERNEL_LOW, CRASHKERNEL_TRAILING },
	{ "64M,,high", CRASHKERNEL_HIGH, CRASHKERNEL_TRAILING },
};

static void suffix_test(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(suffix_cases); i++) {
		const struct suffix_case *v = &suffix_cases[i];
		struct crashkernel_value value = value_of(v->text);
		struct crashkernel_area area = { };

		KUNIT_EXPECT_EQ_MSG(test, v->error,
				    crashkernel_parse(v->kind, &value, G, &area),
				    "%s", v->text);
		KUNIT_EXPECT_EQ_MSG(test, v->size, area.size, "%s", v->text);
		KUNIT_EXPECT_FALSE(test, area.fixed);
	}
}

/* No two refusals have the same words. */
static void explain_test(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < CRASHKERNEL_ERRORS; i++)
		for (j = i + 1; j < CRASHKERNEL_ERRORS; j++)
			KUNIT_EXPECT_STRNEQ(test, crashkernel_explain(i),
					    crashkernel_explain(j));
}

/* ------------------------------------------------------------ command lines -- */

struct line_case {
	const char *line;
	const char *found[CRASHKERNEL_KINDS];	/* NULL: absent */
};

static const struct line_case line_cases[] = {
	{ "", { NULL, NULL, NULL } },
	{ "   ", { NULL, NULL, NULL } },
	{ "quiet ro", { NULL, NULL, NULL } },
	{ "crashkernel=64M", { "64M", NULL, NULL } },
	{ "  crashkernel=64M  ", { "64M", NULL, NULL } },
	{ "ro\tcrashkernel=64M\nquiet", { "64M", NULL, NULL } },
	{ "crashkernel=64M,high", { NULL, "64M,high", NULL } },
	{ "crashkernel=64M,low", { NULL, NULL, "64M,low" } },
	{ "crashkernel=1G,high crashkernel=64M,low crashkernel=32M",
	  { "32M", "1G,high", "64M,low" } },
	/* the last of each kind */
	{ "crashkernel=64M crashkernel=32M", { "32M", NULL, NULL } },
	{ "crashkernel=64M@16M crashkernel=x", { "x", NULL, NULL } },
	{ "crashkernel=1G,high crashkernel=2G,high", { NULL, "2G,high", NULL } },
	{ "crashkernel=64M crashkernel=1G,high", { "64M", "1G,high", NULL } },
	{ "crashkernel=64M,middle", { "64M,middle", NULL, NULL } },
	{ "crashkernel=high", { "high", NULL, NULL } },
	{ "crashkernel=,high", { NULL, ",high", NULL } },
	/* no value */
	{ "crashkernel", { "", NULL, NULL } },
	{ "crashkernel=", { "", NULL, NULL } },
	{ "crashkernel=64M crashkernel= ro", { "", NULL, NULL } },
	/* other options */
	{ "xcrashkernel=64M", { NULL, NULL, NULL } },
	{ "crashkernelx=64M", { NULL, NULL, NULL } },
	{ "crashkerne=64M", { NULL, NULL, NULL } },
	{ "x=crashkernel=64M", { NULL, NULL, NULL } },
	{ "x.crashkernel=64M", { NULL, NULL, NULL } },
	/* words behind -- are for init */
	{ "-- crashkernel=64M", { NULL, NULL, NULL } },
	{ "crashkernel=32M -- crashkernel=64M", { "32M", NULL, NULL } },
	{ "--- crashkernel=64M", { "64M", NULL, NULL } },
	/* quotes */
	{ "crashkernel=\"64M\"", { "64M", NULL, NULL } },
	{ "\"crashkernel=64M\"", { "64M", NULL, NULL } },
	{ "crashkernel=\"64M", { "64M", NULL, NULL } },
	{ "crashkernel=\"64M ro\"", { "64M ro", NULL, NULL } },
	{ "init=\"x crashkernel=64M\"", { NULL, NULL, NULL } },
	{ "crashkernel=\"", { "", NULL, NULL } },
	{ "\"", { NULL, NULL, NULL } },
};

static void line_test(struct kunit *test)
{
	enum crashkernel_kind kind;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(line_cases); i++) {
		const struct line_case *l = &line_cases[i];
		struct crashkernel_options options = { };

		crashkernel_find(l->line, &options);
		for (kind = 0; kind < CRASHKERNEL_KINDS; kind++) {
			const struct crashkernel_value *v = &options.last[kind];
			const char *want = l->found[kind];

			KUNIT_EXPECT_EQ_MSG(test, !want, !v->text, "%s", l->line);
			if (!want || !v->text)
				continue;
			KUNIT_EXPECT_EQ_MSG(test, strlen(want), (size_t)v->len,
					    "%s", l->line);
			KUNIT_EXPECT_EQ_MSG(test, 0,
					    strncmp(want, v->text, v->len),
					    "%s", l->line);
		}
	}
}

/* The boot loader's command line, read later, overrides the built-in one. */
static void two_lines_test(struct kunit *test)
{
	struct crashkernel_options options = { };

	crashkernel_find("crashkernel=64M crashkernel=1G,high", &options);
	crashkernel_find("crashkernel=32M", &options);
	KUNIT_EXPECT_EQ(test, 0, strncmp("32M", options.last[0].text, 3));
	KUNIT_EXPECT_EQ(test, 7U, options.last[CRASHKERNEL_HIGH].len);
}

static struct kunit_case crashkernel_cases[] = {
	KUNIT_CASE(good_values_test),
	KUNIT_CASE(bad_values_test),
	KUNIT_CASE(truncation_test),
	KUNIT_CASE(suffix_test),
	KUNIT_CASE(explain_test),
	KUNIT_CASE(line_test),
	KUNIT_CASE(two_lines_test),
	{}
};

static struct kunit_suite crashkernel_suite = {
	.name = "crashkernel",
	.test_cases = crashkernel_cases,
};

kunit_test_suite(crashkernel_suite);
