// SPDX-License-Identifier: GPL-2.0-only
/* Tests of vmcore_cb.c: what callbacks of drivers leave of old memory. */
#include <kunit/test.h>
#include <linux/crash_dump.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/sizes.h>

#include "oldmem.h"

/* The tests run on machines that have no memory here. */
#define BASE	0xd0000000ULL
#define PAGES(n) (BASE + (n) * (u64)PAGE_SIZE)

/* Pages from BASE on that a driver forbids. */
struct forbids {
	struct vmcore_cb cb;
	unsigned long first;
	unsigned long end;
	unsigned int asked;
};

static bool forbids_ask(struct vmcore_cb *cb, unsigned long pfn)
{
	struct forbids *f = container_of(cb, struct forbids, cb);

	f->asked++;
	pfn -= PHYS_PFN(BASE);
	return pfn < f->first || pfn >= f->end;
}

static struct forbids drivers[] = {
	{ .cb.pfn_is_ram = forbids_ask, .first = 4, .end = 6 },
	{ .cb.pfn_is_ram = forbids_ask, .first = 6, .end = 8 },
};

struct ask_case {
	const char *name;
	unsigned int drivers;
	u64 paddr, start, end;
	enum oldmem_kind kind;
	u64 want_start, want_end;
};

static const struct ask_case ask_cases[] = {
	{ "nobody asks", 0, PAGES(4), PAGES(0), PAGES(1 << 20),
	  OLDMEM_OLD, PAGES(0), PAGES(1 << 20) },
	{ "below", 1, PAGES(1), PAGES(0), PAGES(32),
	  OLDMEM_OLD, PAGES(0), PAGES(4) },
	{ "right below", 1, PAGES(4) - 1, PAGES(0), PAGES(32),
	  OLDMEM_OLD, PAGES(0), PAGES(4) },
	{ "first byte", 1, PAGES(4), PAGES(0), PAGES(32),
	  OLDMEM_ABSENT, PAGES(4), PAGES(6) },
	{ "last byte", 1, PAGES(6) - 1, PAGES(0), PAGES(32),
	  OLDMEM_ABSENT, PAGES(4), PAGES(6) },
	{ "right behind", 1, PAGES(6), PAGES(0), PAGES(32),
	  OLDMEM_OLD, PAGES(6), PAGES(32) },
	{ "cut at the front", 1, PAGES(5), PAGES(5), PAGES(32),
	  OLDMEM_ABSENT, PAGES(5), PAGES(6) },
	{ "cut at the end", 1, PAGES(4), PAGES(0), PAGES(5),
	  OLDMEM_ABSENT, PAGES(4), PAGES(5) },
	{ "two drivers", 2, PAGES(6), PAGES(0), PAGES(32),
	  OLDMEM_ABSENT, PAGES(4), PAGES(8) },
	{ "behind both", 2, PAGES(8), PAGES(0), PAGES(32),
	  OLDMEM_OLD, PAGES(8), PAGES(32) },
	{ "not all at once", 1, BASE + SZ_4M + 5, PAGES(0), BASE + SZ_16M,
	  OLDMEM_OLD, BASE + SZ_4M, BASE + 2 * SZ_4M },
};

static void ask_one(struct kunit *test, const struct ask_case *c)
{
	struct oldmem_part part;
	unsigned int i;

	for (i = 0; i < c->drivers; i++)
		register_vmcore_cb(&drivers[i].cb);
	down_read(&oldmem_ask_lock);
	part = oldmem_classify(c->paddr, c->start, c->end);
	up_read(&oldmem_ask_lock);
	for (i = 0; i < c->drivers; i++)
		unregister_vmcore_cb(&drivers[i].cb);
	KUNIT_EXPECT_EQ_MSG(test, c->kind, part.kind, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, c->want_start, part.start, "%s", c->name);
	KUNIT_EXPECT_EQ_MSG(test, c->want_end, part.end, "%s", c->name);
}

static void ask_test(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(ask_cases); i++)
		ask_one(test, &ask_cases[i]);
}

/* A callback that is gone is not asked. */
static void gone_test(struct kunit *test)
{
	struct forbids *f = &drivers[0];

	register_vmcore_cb(&f->cb);
	unregister_vmcore_cb(&f->cb);
	f->asked = 0;
	down_read(&oldmem_ask_lock);
	oldmem_classify(PAGES(4), PAGES(0), PAGES(8));
	up_read(&oldmem_ask_lock);
	KUNIT_EXPECT_EQ(test, 0u, f->asked);
}

static struct kunit_case vmcore_cb_cases[] = {
	KUNIT_CASE(ask_test),
	KUNIT_CASE(gone_test),
	{}
};

static struct kunit_suite vmcore_cb_suite = {
	.name = "kdump_vmcore_cb",
	.test_cases = vmcore_cb_cases,
};

kunit_test_suite(vmcore_cb_suite);
