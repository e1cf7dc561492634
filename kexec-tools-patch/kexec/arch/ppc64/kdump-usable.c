// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: tell the capture kernel in the device tree which memory it may use.
 *
 * Pure.  A tree describes memory in two places: in nodes called "memory", and
 * as blocks of one size, which can be hot-plugged, in a node of their own.
 * Both get a property that names the usable part; the rest is old memory.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"

#define BLOCKS		"/ibm,dynamic-reconfiguration-memory"
#define PROPERTY_SIZE	12	/* bytes of a property without name and value */
#define RANGE_SIZE	16	/* address and size */
#define BLOCK_ENTRY	24	/* bytes of an entry in either format */
#define BLOCK_ASSIGNED	0x08
#define BLOCK_RESERVED	0x80

/* A property under construction: @used big-endian numbers. */
struct cells {
	uint64_t *at;
	unsigned int used;
};

/*
 * An iterator over the blocks of memory.  An entry of the old format describes
 * one block; one of the new format (@many) describes several, of which @left
 * are still to come.
 */
struct blocks {
	const char *entry;
	const char *end;
	bool many;
	uint64_t size;
	uint32_t left;
	uint64_t start;
	uint32_t flags;
};

static void put64(struct cells *cells, uint64_t value)
{
	cells->at[cells->used++] = htobe64(value);
}

/*
 * Add (address, size) of all usable memory in [start, end), and add its bytes
 * to *sum.  Returns the number of pairs.
 */
static unsigned int put_usable(struct cells *cells,
			       const struct kdump_ranges *usable,
			       uint64_t start, uint64_t end, uint64_t *sum)
{
	unsigned int i, count = 0;

	for (i = 0; i < usable->count; i++) {
		const struct kdump_range *r = &usable->range[i];
		uint64_t from = r->start > start ? r->start : start;
		uint64_t to = r->end < end ? r->end : end;

		if (from >= to)
			continue;
		put64(cells, from);
		put64(cells, to - from);
		*sum += to - from;
		count++;
	}
	return count;
}

static int set_cells(void *tree, int node, const char *name,
		     struct cells *cells)
{
	int err = fdt_setprop(tree, node, name, cells->at,
			      cells->used * sizeof(*cells->at));

	free(cells->at);
	return err ? -ENOSPC : 0;
}

/* Without the property all memory of a node is usable: (0, 0) says none is. */
static int set_memory(void *tree, int node, const struct kdump_ranges *usable,
		      uint64_t *sum)
{
	struct cells cells = { NULL, 0 };
	int len, i;
	const char *reg = fdt_getprop(tree, node, "reg", &len);
	unsigned int count = 0;

	if (!reg)
		return 0;
	cells.at = malloc((len / 16 * usable->count + 1) * 16);
	if (!cells.at)
		return -ENOMEM;
	for (i = 0; i + 16 <= len; i += 16) {
		uint64_t start = kdump_fdt_get64(reg + i);
		uint64_t size = kdump_fdt_get64(reg + i + 8);

		count += put_usable(&cells, usable, start, start + size, sum);
	}
	if (!count) {
		put64(&cells, 0);
		put64(&cells, 0);
	}
	return set_cells(tree, node, "linux,usable-memory", &cells);
}

static int set_memories(void *tree, const struct kdump_ranges *usable,
			uint64_t *sum)
{
	int node = 0, err = 0;

	while (!err && (node = kdump_fdt_next(tree, node)) > 0)
		if (kdump_fdt_is_called(tree, node, "memory"))
			err = set_memory(tree, node, usable, sum);
	return err;
}

/* False if there are no blocks. */
static bool find_blocks(const void *tree, int node, struct blocks *blocks)
{
	int len;
	const char *size = fdt_getprop(tree, node, "ibm,lmb-size", &len);
	const char *list;

	if (!size || len != sizeof(uint64_t))
		return false;
	*blocks = (struct blocks){ .size = kdump_fdt_get64(size) };
	list = fdt_getprop(tree, node, "ibm,dynamic-memory", &len);
	if (!list) {
		list = fdt_getprop(tree, node, "ibm,dynamic-memory-v2", &len);
		blocks->many = true;
	}
	if (!list || len < 4)
		return false;
	blocks->entry = list + 4;
	blocks->end = list + len;
	return true;
}

/*
 * The next block that is assigned to this machine and not reserved; false if
 * there is none.
 */
static bool next_block(struct blocks *blocks, uint64_t *start)
{
	for (;;) {
		const char *at = blocks->entry;

		if (blocks->left) {
			*start = blocks->start;
			blocks->start += blocks->size;
			blocks->left--;
			return true;
		}
		if (blocks->end - at < BLOCK_ENTRY)
			return false;
		blocks->left = blocks->many ? kdump_fdt_get32(at) : 1;
		blocks->start = kdump_fdt_get64(blocks->many ? at + 4 : at);
		blocks->flags = kdump_fdt_get32(at + 20);
		blocks->entry += BLOCK_ENTRY;
		if (!(blocks->flags & BLOCK_ASSIGNED) ||
		    blocks->flags & BLOCK_RESERVED)
			blocks->left = 0;
	}
}

static unsigned int count_blocks(const void *tree, int node)
{
	struct blocks blocks;
	unsigned int count = 0;
	uint64_t start;

	if (node < 0 || !find_blocks(tree, node, &blocks))
		return 0;
	while (next_block(&blocks, &start))
		count++;
	return count;
}

/* For each block the property has the number of usable ranges, and these. */
static int set_blocks(void *tree, const struct kdump_ranges *usable,
		      uint64_t *sum)
{
	int node = fdt_path_offset(tree, BLOCKS);
	unsigned int count = count_blocks(tree, node);
	struct cells cells = { NULL, 0 };
	struct blocks blocks;
	uint64_t start;

	if (!count)
		return 0;
	cells.at = malloc(count * (1 + 2 * (size_t)usable->count) *
			  sizeof(*cells.at));
	if (!cells.at)
		return -ENOMEM;
	find_blocks(tree, node, &blocks);
	while (next_block(&blocks, &start)) {
		uint64_t *number = &cells.at[cells.used++];

		*number = htobe64(put_usable(&cells, usable, start,
					     start + blocks.size, sum));
	}
	return set_cells(tree, node, "linux,drconf-usable-memory", &cells);
}

static bool has_two_cells(const void *tree, const char *name)
{
	int len;
	const void *value = fdt_getprop(tree, 0, name, &len);

	return value && len == 4 && kdump_fdt_get32(value) == 2;
}

/*
 * Each memory node and each block gets one entry, and one more where a range
 * begins or ends inside it.
 */
uint64_t kdump_usable_room(const void *tree, unsigned int ranges)
{
	uint64_t blocks = count_blocks(tree, fdt_path_offset(tree, BLOCKS));
	uint64_t room = blocks * (8 + RANGE_SIZE) + 2 * ranges * RANGE_SIZE;
	int node = 0, len;

	while ((node = kdump_fdt_next(tree, node)) > 0)
		if (kdump_fdt_is_called(tree, node, "memory") &&
		    fdt_getprop(tree, node, "reg", &len))
			room += PROPERTY_SIZE + len + RANGE_SIZE;
	return room;
}

int kdump_usable_set(void *tree, const struct kdump_ranges *usable,
		     struct kdump_why *why)
{
	uint64_t sum = 0, all = 0;
	unsigned int i;
	int err;

	if (!has_two_cells(tree, "#address-cells") ||
	    !has_two_cells(tree, "#size-cells"))
		return kdump_explain(why, "the device tree has addresses or sizes that are not of 64 bits");
	err = set_memories(tree, usable, &sum);
	if (!err)
		err = set_blocks(tree, usable, &sum);
	if (err)
		return err;
	for (i = 0; i < usable->count; i++)
		all += usable->range[i].end - usable->range[i].start;
	if (sum != all)
		return kdump_explain(why, "the device tree has memory for %s of the %s that the capture kernel may use",
				     kdump_size(sum), kdump_size(all));
	return 0;
}
