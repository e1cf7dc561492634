// SPDX-License-Identifier: GPL-2.0-only
/* Tests of kdump_map.c: the memory map of the capture kernel. */
#include <kunit/test.h>
#include <linux/kdump_format.h>
#include <linux/sizes.h>
#include <linux/sort.h>

#include "kdump_map.h"

#define RAM	E820_TYPE_RAM
#define RES	E820_TYPE_RESERVED
#define OLD	KDUMP_E820_OLD
#define LOW	0xa0000ULL
#define M	((u64)SZ_1M)
#define ENTRIES	16

/* First byte, byte behind the last one, and type; an end of 0 ends a list. */
struct map_piece {
	u64 start;
	u64 end;
	u32 type;
};

struct map_case {
	const char *name;
	struct map_piece firmware[ENTRIES];
	struct range reserved[2];
	struct range holes[2];
	struct map_piece want[ENTRIES];
};

static const struct map_case map_cases[] = {
	{ "a PC",
	  { { 0, 0x9fc00, RAM }, { 0x9fc00, 0xa0000, RES },
	    { 0xf0000, M, RES }, { M, 512 * M, RAM } },
	  { { 16 * M, 80 * M } }, { { 78 * M, 79 * M }, { 79 * M, 80 * M } },
	  { { 0, 0x9f000, RAM }, { 0x9f000, 0x9fc00, OLD },
	    { 0x9fc00, 0xa0000, RES }, { 0xf0000, M, RES }, { M, 16 * M, OLD },
	    { 16 * M, 78 * M, RAM }, { 78 * M, 79 * M, OLD },
	    { 79 * M, 80 * M, OLD }, { 80 * M, 512 * M, OLD } } },
	{ "a reservation in two parts",
	  { { M, 3072 * M, RAM }, { 4096 * M, 8192 * M, RAM } },
	  { { 6144 * M, 6400 * M }, { 512 * M, 768 * M } },
	  { { 6398 * M, 6399 * M } },
	  { { M, 512 * M, OLD }, { 512 * M, 768 * M, RAM },
	    { 768 * M, 3072 * M, OLD }, { 4096 * M, 6144 * M, OLD },
	    { 6144 * M, 6398 * M, RAM }, { 6398 * M, 6399 * M, OLD },
	    { 6399 * M, 6400 * M, RAM }, { 6400 * M, 8192 * M, OLD } } },
	{ "the firmware reserved a part of the reservation",
	  { { M, 512 * M, RAM }, { 20 * M, 21 * M, RES } },
	  { { 16 * M, 80 * M } }, { },
	  { { M, 16 * M, OLD }, { 16 * M, 20 * M, RAM }, { 20 * M, 21 * M, RES },
	    { 21 * M, 80 * M, RAM }, { 80 * M, 512 * M, OLD } } },
	{ "all of the reservation",
	  { { M, 512 * M, RAM }, { 15 * M, 81 * M, RES } },
	  { { 16 * M, 80 * M } }, { },
	  { { M, 15 * M, OLD }, { 15 * M, 81 * M, RES },
	    { 81 * M, 512 * M, OLD } } },
	{ "low RAM that is no whole page",
	  { { 0x1, 0xfff, RAM }, { 0x1800, 0x2800, RAM },
	    { 0x3fff, 0x5001, RAM } },
	  { }, { },
	  { { 0x1, 0xfff, OLD }, { 0x1800, 0x2800, OLD },
	    { 0x3fff, 0x4000, OLD }, { 0x4000, 0x5000, RAM },
	    { 0x5000, 0x5001, OLD } } },
	{ "RAM on both sides of what is backed up",
	  { { 0, 2 * M, RAM } }, { }, { },
	  { { 0, LOW, RAM }, { LOW, 2 * M, OLD } } },
	{ "duplicates",
	  { { M, 2 * M, RAM }, { M, 2 * M, RAM }, { 3 * M, 4 * M, RES },
	    { 3 * M, 4 * M, RES } }, { }, { },
	  { { M, 2 * M, OLD }, { 3 * M, 4 * M, RES } } },
	{ "nothing", { }, { }, { }, { } },
};

static unsigned int count_pieces(const struct map_piece *piece)
{
	unsigned int nr = 0;

	while (nr < ENTRIES && piece[nr].end)
		nr++;
	return nr;
}

static int compare_entries(const void *a, const void *b)
{
	const struct boot_e820_entry *one = a, *two = b;

	return one->addr < two->addr ? -1 : one->addr > two->addr;
}

static const struct e820_entry *make_firmware(const struct map_case *c)
{
	static struct e820_entry firmware[ENTRIES];
	int i;

	for (i = 0; i < ENTRIES; i++)
		firmware[i] = (struct e820_entry) {
			.addr = c->firmware[i].start,
			.size = c->firmware[i].end - c->firmware[i].start,
			.type = c->firmware[i].type,
		};
	return firmware;
}

static int build(const struct map_case *c, struct boot_e820_entry *to,
		 unsigned int room)
{
	static struct boot_e820_entry entries[4 * ENTRIES + 8];
	struct kdump_map_memory memory = {
		.firmware = make_firmware(c),
		.nr_firmware = count_pieces(c->firmware),
		.low = LOW,
		.nr_reserved = !!c->reserved[0].end + !!c->reserved[1].end,
		.nr_holes = !!c->holes[0].end + !!c->holes[1].end,
	};
	struct kdump_map map = {
		.entry = entries,
		.room = kdump_map_room(memory.nr_firmware),
	};
	int nr;

	memcpy(memory.reserved, c->reserved, sizeof(memory.reserved));
	memcpy(memory.holes, c->holes, sizeof(memory.holes));
	kdump_map_build(&memory, &map);
	nr = kdump_map_store(&map, to, room);
	if (nr > 0)
		sort(to, nr, sizeof(*to), compare_entries, NULL);
	return nr;
}

static bool is_piece(const struct boot_e820_entry *entry,
		     const struct map_piece *piece)
{
	return entry->addr == piece->start && entry->type == piece->type &&
	       entry->addr + entry->size == piece->end;
}

static void map_build_test(struct kunit *test)
{
	struct boot_e820_entry got[ENTRIES];
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(map_cases); i++) {
		const struct map_case *c = &map_cases[i];
		int nr = build(c, got, ENTRIES);

		KUNIT_EXPECT_EQ_MSG(test, nr, count_pieces(c->want), "%s",
				    c->name);
		for (n = 0; n < nr; n++)
			KUNIT_EXPECT_TRUE_MSG(test,
					      is_piece(&got[n], &c->want[n]),
					      "%s, entry %d", c->name, n);
	}
}

/* With less room, old memory goes first, and all of it. */
static void map_store_test(struct kunit *test)
{
	const struct map_case *c = &map_cases[0];
	int all = count_pieces(c->want), kept = 0, room, i;
	struct boot_e820_entry got[ENTRIES];

	for (i = 0; i < all; i++)
		kept += c->want[i].type != OLD;
	for (room = 0; room <= ENTRIES; room++) {
		int want = room >= all ? all : room >= kept ? kept : -E2BIG;

		KUNIT_EXPECT_EQ_MSG(test, build(c, got, room), want, "%d",
				    room);
		for (i = 0; i < want && want < all; i++)
			KUNIT_EXPECT_NE(test, got[i].type, OLD);
	}
}

/* Every position of the reservation against one piece of RAM. */
static void map_position_test(struct kunit *test)
{
	static struct map_case c = { .firmware = { { 3 * M, 6 * M, RAM } } };
	u64 start, end, at;

	for (start = 1; start < 8; start++) {
		for (end = start + 1; end <= 8; end++) {
			struct boot_e820_entry got[ENTRIES];
			u64 ram = 0, old = 0;
			int i, nr;

			c.reserved[0] = (struct range) { start * M, end * M };
			nr = build(&c, got, ENTRIES);
			for (i = 0; i < nr; i++) {
				u64 *sum = got[i].type == RAM ? &ram : &old;

				*sum += got[i].size >> 20;
			}
			for (at = 3; at < 6; at++)
				old += at >= start && at < end;
			KUNIT_EXPECT_EQ(test, ram, end - start);
			KUNIT_EXPECT_EQ(test, old, 3);
		}
	}
}

static struct kunit_case map_tests[] = {
	KUNIT_CASE(map_build_test),
	KUNIT_CASE(map_store_test),
	KUNIT_CASE(map_position_test),
	{ }
};

static struct kunit_suite map_suite = {
	.name = "kdump_map",
	.test_cases = map_tests,
};

kunit_test_suite(map_suite);
