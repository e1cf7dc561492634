// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: tell the capture kernel in the device tree which memory it has.
 *
 * Pure.  Memory is described twice: by nodes called memory, and by blocks of
 * one size that may come and go, in a node of their own.  To both a property
 * is added with what is left of it; the rest is old memory.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"

#define BLOCKS		"/ibm,dynamic-reconfiguration-memory"
#define PROPERTY_SIZE	12	/* bytes, without name and value */
#define RANGE_SIZE	16	/* address and size */
#define BLOCK_ENTRY	24	/* bytes, in both formats */
#define BLOCK_ASSIGNED	0x08
#define BLOCK_RESERVED	0x80

/* Numbers of a property as they are found, and as they are put together. */
struct cells {
	uint64_t *at;
	unsigned int used;
};

/*
 * Blocks of memory one after the other.  An entry of the old format is one
 * block, of the new one it is @left of them.
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

static uint32_t get32(const void *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return be32toh(value);
}

static uint64_t get64(const void *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return be64toh(value);
}

static void put64(struct cells *cells, uint64_t value)
{
	cells->at[cells->used++] = htobe64(value);
}

/* Add (address, size) of all memory in [start, end) that is usable. */
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

static int set(void *tree, int node, const char *name, struct cells *cells)
{
	int err = fdt_setprop(tree, node, name, cells->at,
			      cells->used * sizeof(*cells->at));

	free(cells->at);
	return err ? -ENOSPC : 0;
}

/* A memory node; one that has nothing for the capture kernel has (0, 0). */
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
		uint64_t start = get64(reg + i), size = get64(reg + i + 8);

		count += put_usable(&cells, usable, start, start + size, sum);
	}
	if (!count) {
		put64(&cells, 0);
		put64(&cells, 0);
	}
	return set(tree, node, "linux,usable-memory", &cells);
}

static bool is_memory(const void *tree, int node)
{
	const char *name = fdt_get_name(tree, node, NULL);

	return name && (!strcmp(name, "memory") ||
			!strncmp(name, "memory@", 7));
}

static int set_memories(void *tree, const struct kdump_ranges *usable,
			uint64_t *sum)
{
	int node = 0, err = 0;

	while (!err && (node = kdump_tree_next(tree, node)) > 0)
		if (is_memory(tree, node))
			err = set_memory(tree, node, usable, sum);
	return err;
}

/* False if there are no blocks. */
static bool open_blocks(const void *tree, int node, struct blocks *blocks)
{
	int len;
	const char *size = fdt_getprop(tree, node, "ibm,lmb-size", &len);
	const char *list;

	if (!size || len != sizeof(uint64_t))
		return false;
	*blocks = (struct blocks){ .size = get64(size) };
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

/* The next block that is memory of this machine; false if there is none. */
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
		blocks->left = blocks->many ? get32(at) : 1;
		blocks->start = get64(blocks->many ? at + 4 : at);
		blocks->flags = get32(at + 20);
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

	if (node < 0 || !open_blocks(tree, node, &blocks))
		return 0;
	while (next_block(&blocks, &start))
		count++;
	return count;
}

/* Each block of the machine has a number of ranges, and the ranges. */
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
	open_blocks(tree, node, &blocks);
	while (next_block(&blocks, &start)) {
		uint64_t *number = &cells.at[cells.used++];

		*number = htobe64(put_usable(&cells, usable, start,
						  start + blocks.size, sum));
	}
	return set(tree, node, "linux,drconf-usable-memory", &cells);
}

static bool has_cells(const void *tree, const char *name)
{
	int len;
	const void *value = fdt_getprop(tree, 0, name, &len);

	return value && len == 4 && get32(value) == 2;
}

/*
 * Bytes that kdump_usable_set() may add for so many ranges, but for the names
 * of properties.  Where a range ends within a memory node or a block, that one
 * has one more; otherwise each has one.
 */
uint64_t kdump_usable_room(const void *tree, unsigned int ranges)
{
	uint64_t blocks = count_blocks(tree, fdt_path_offset(tree, BLOCKS));
	uint64_t room = blocks * (8 + RANGE_SIZE) + 2 * ranges * RANGE_SIZE;
	int node = 0, len;

	while ((node = kdump_tree_next(tree, node)) > 0)
		if (is_memory(tree, node) &&
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

	if (!has_cells(tree, "#address-cells") ||
	    !has_cells(tree, "#size-cells"))
		return kdump_because(why, "addresses and sizes in the device tree are not of 64 bits");
	err = set_memories(tree, usable, &sum);
	if (!err)
		err = set_blocks(tree, usable, &sum);
	if (err)
		return err;
	for (i = 0; i < usable->count; i++)
		all += usable->range[i].end - usable->range[i].start;
	if (sum != all)
		return kdump_because(why, "of %s for the capture kernel the device tree has %s",
				     kdump_size(all), kdump_size(sum));
	return 0;
}
