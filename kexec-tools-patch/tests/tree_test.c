// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the device tree of a capture kernel of ppc64.
 *
 * Each test builds a tree of the running kernel, makes it that of the capture
 * kernel, and compares what is in it as text.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"
#include "tap.h"

#define MB		(1ULL << 20)
#define ROOM		65536
#define BLOCK		(256 * MB)
#define BLOCKS		"/ibm,dynamic-reconfiguration-memory"

enum blocks { NO_BLOCKS, OLD_BLOCKS, NEW_BLOCKS };

/* A machine of 1 GB, in two memory nodes of equal size; RTAS at 500 MB. */
static const struct machine {
	uint32_t cells;
	uint64_t memory[4];
	enum blocks blocks;
	uint32_t rtas;
	uint64_t tce;
} usual = { 2, { 0, 512 * MB, 512 * MB, 512 * MB }, NO_BLOCKS, 500 * MB, 0 };

static void prop32(void *fdt, const char *name, uint32_t value)
{
	value = htobe32(value);
	fdt_property(fdt, name, &value, sizeof(value));
}

static void prop64(void *fdt, const char *name, uint64_t value)
{
	value = htobe64(value);
	fdt_property(fdt, name, &value, sizeof(value));
}

static void add_memory(void *fdt, uint64_t base, uint64_t size)
{
	uint64_t reg[2] = { htobe64(base), htobe64(size) };
	char name[32];

	snprintf(name, sizeof(name), "memory@%llx", (unsigned long long)base);
	fdt_begin_node(fdt, name);
	fdt_property(fdt, "reg", reg, sizeof(reg));
	fdt_end_node(fdt);
}

static char *put_be(char *at, uint64_t value, unsigned int size)
{
	while (size--)
		*at++ = value >> 8 * size;
	return at;
}

/* Blocks from 1 GB: one of the firmware, two assigned to us, one not. */
static void add_blocks(void *fdt, enum blocks kind)
{
	static const struct {
		unsigned int count;
		uint32_t flags;
	} list[] = { { 1, 0x88 }, { 2, 0x08 }, { 1, 0x00 } };
	char buf[128], *at = put_be(buf, kind == OLD_BLOCKS ? 4 : 3, 4);
	uint64_t start = 1024 * MB;
	unsigned int i, k, entries;

	for (i = 0; i < ARRAY_SIZE(list); i++) {
		entries = kind == OLD_BLOCKS ? list[i].count : 1;
		for (k = 0; k < entries; k++) {
			if (kind == NEW_BLOCKS)
				at = put_be(at, list[i].count, 4);
			at = put_be(at, start + k * BLOCK, 8);
			at = put_be(at, 0, 8);
			if (kind == OLD_BLOCKS)
				at = put_be(at, 0, 4);
			at = put_be(at, list[i].flags, 4);
		}
		start += list[i].count * BLOCK;
	}
	fdt_begin_node(fdt, BLOCKS + 1);
	prop64(fdt, "ibm,lmb-size", BLOCK);
	fdt_property(fdt, kind == OLD_BLOCKS ? "ibm,dynamic-memory" :
		     "ibm,dynamic-memory-v2", buf, at - buf);
	fdt_end_node(fdt);
}

static void *build_tree(const struct machine *m)
{
	void *flat = malloc(ROOM), *tree = malloc(ROOM);

	fdt_create(flat, ROOM);
	fdt_add_reservemap_entry(flat, 0, 0x1234);
	fdt_add_reservemap_entry(flat, 1 * MB, 0x1000);
	fdt_finish_reservemap(flat);
	fdt_begin_node(flat, "");
	prop32(flat, "#address-cells", m->cells);
	prop32(flat, "#size-cells", m->cells);
	fdt_begin_node(flat, "chosen");
	prop64(flat, "linux,memory-limit", 512 * MB);
	prop64(flat, "linux,elfcorehdr", 1);
	fdt_property(flat, "stdout-path", "/vdevice", 9);
	fdt_begin_node(flat, "memory@deep");
	prop64(flat, "reg", 1);
	fdt_end_node(flat);
	fdt_end_node(flat);
	add_memory(flat, m->memory[0], m->memory[1]);
	if (m->blocks)
		add_blocks(flat, m->blocks);
	add_memory(flat, m->memory[2], m->memory[3]);
	fdt_begin_node(flat, "rtas");
	if (m->rtas) {
		prop32(flat, "linux,rtas-base", m->rtas);
		prop32(flat, "rtas-size", 20);
	}
	fdt_end_node(flat);
	fdt_begin_node(flat, "pci@800000020000000");
	if (m->tce) {
		prop64(flat, "linux,tce-base", m->tce);
		prop32(flat, "linux,tce-size", 0x20000);
	}
	fdt_end_node(flat);
	fdt_end_node(flat);
	fdt_finish(flat);
	fdt_open_into(flat, tree, ROOM);
	free(flat);
	return tree;
}

/* The 64-bit numbers of a property as text; "none" if there is no property. */
static const char *read_cells(const void *tree, const char *path,
			      const char *name)
{
	static char text[512];
	int node = fdt_path_offset(tree, path), len, i, used = 0;
	const char *value = fdt_getprop(tree, node, name, &len);

	if (!value)
		return "none";
	text[0] = '\0';
	for (i = 0; i + 8 <= len; i += 8) {
		uint64_t number;

		memcpy(&number, value + i, 8);
		used += snprintf(text + used, sizeof(text) - used, "%s%llx",
				 i ? " " : "",
				 (unsigned long long)be64toh(number));
	}
	return text;
}

static const char *read_reserved(const void *tree)
{
	static char text[512];
	int i, used = 0;

	for (i = 0; i < fdt_num_mem_rsv(tree); i++) {
		uint64_t base, size;

		fdt_get_mem_rsv(tree, i, &base, &size);
		used += snprintf(text + used, sizeof(text) - used, "%s%llx+%llx",
				 i ? " " : "", (unsigned long long)base,
				 (unsigned long long)size);
	}
	return text;
}

static struct kdump_tree make_request(void)
{
	return (struct kdump_tree){
		.reservation = { 32 * MB, 160 * MB, 0 }, .low = 0x10000,
		.cmdline = "elfcorehdr=0x9000000 console=hvc0",
		.initrd_paddr = 128 * MB, .initrd_size = 0x12345,
		.keep = {
			{ 150 * MB, 151 * MB, 0 }, { 0, 0, 0 },
			{ 152 * MB, 153 * MB, 0 },
		},
	};
}

static void expect(const char *got, const char *want, const char *name)
{
	if (!ok(!strcmp(got, want), "%s: %s", name, got))
		note("wanted: %s", want);
}

static void test_usual(void)
{
	void *tree = build_tree(&usual);
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };

	ok(!kdump_tree_make(tree, &what, &why), "the tree is made %s",
	   why.text);
	expect(read_cells(tree, "/memory@0", "linux,usable-memory"),
	       "0 a000000 1f400000 10000", "usable");
	expect(read_cells(tree, "/memory@20000000", "linux,usable-memory"), "0 0",
	       "nothing usable");
	expect(read_cells(tree, "/chosen/memory@deep", "linux,usable-memory"),
	       "none", "no memory but that of the root");
	expect(read_cells(tree, BLOCKS, "linux,drconf-usable-memory"), "none",
	       "no blocks");
	expect(read_reserved(tree), "9600000+100000 9800000+100000 10000+1ff0000 "
	       "8000000+12345 1f400000+10000", "reserved");
	expect(read_cells(tree, "/chosen", "linux,initrd-start"), "8000000",
	       "initrd");
	expect(read_cells(tree, "/chosen", "linux,initrd-end"), "8012345",
	       "its end");
	expect(read_cells(tree, "/chosen", "linux,memory-limit"), "none",
	       "limit of the running kernel");
	expect(read_cells(tree, "/chosen", "linux,elfcorehdr"), "none",
	       "core header of a kernel before");
	expect(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "bootargs",
			   NULL), what.cmdline, "command line");
	expect(fdt_getprop(tree, fdt_path_offset(tree, "/chosen"),
			   "stdout-path", NULL), "/vdevice", "console");
	free(tree);
}

static void test_without(void)
{
	struct machine machine = usual;
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };
	void *tree;

	machine.rtas = 0;
	what.initrd_size = 0;
	tree = build_tree(&machine);
	ok(!kdump_tree_make(tree, &what, &why), "no RTAS, no initrd");
	expect(read_cells(tree, "/memory@0", "linux,usable-memory"),
	       "0 a000000", "usable");
	expect(read_cells(tree, "/chosen", "linux,initrd-start"), "none",
	       "initrd");
	expect(read_reserved(tree), "9600000+100000 9800000+100000 10000+1ff0000",
	       "reserved");
	free(tree);
}

static void test_firmware(void)
{
	struct machine machine = usual;
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };
	void *tree;

	machine.tce = 600 * MB;
	tree = build_tree(&machine);
	ok(!kdump_tree_make(tree, &what, &why), "a bridge with a table");
	expect(read_cells(tree, "/memory@20000000", "linux,usable-memory"),
	       "25800000 20000", "usable");
	free(tree);
	machine.tce = -0x21000;
	tree = build_tree(&machine);
	ok(!kdump_tree_make(tree, &what, &why),
	   "a table in the last page there can be is none %s", why.text);
	free(tree);
	machine.rtas = 159 * MB;
	tree = build_tree(&machine);
	ok(kdump_tree_make(tree, &what, &why) == -EINVAL &&
	   strstr(why.text, "memory of the firmware"), "refused: %s",
	   why.text);
	free(tree);
}

/* The reservation ends in the first block that is assigned to us. */
static void test_blocks(enum blocks kind, const char *name)
{
	struct machine machine = usual;
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };
	void *tree;

	machine.blocks = kind;
	what.reservation.end = 1400 * MB;
	machine.rtas = 0;
	machine.memory[3] = 768 * MB;
	tree = build_tree(&machine);
	ok(!kdump_tree_make(tree, &what, &why), "%s: made %s", name,
	   why.text);
	expect(read_cells(tree, BLOCKS, "linux,drconf-usable-memory"),
	       "1 50000000 7800000 0", name);
	free(tree);
}

static void test_refused(void)
{
	struct machine machine = usual;
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };
	void *tree = build_tree(&machine);

	what.reservation = (struct kdump_range){ 2048 * MB, 2176 * MB, 0 };
	machine.rtas = 0;
	ok(kdump_tree_make(tree, &what, &why) == -EINVAL &&
	   strstr(why.text, "the device tree has"), "refused: %s", why.text);
	free(tree);
	machine.cells = 1;
	tree = build_tree(&machine);
	what = make_request();
	ok(kdump_tree_make(tree, &what, &why) == -EINVAL &&
	   strstr(why.text, "64 bits"), "refused: %s", why.text);
	free(tree);
}

/* With any size that is too small, kdump_tree_make() returns -ENOSPC. */
static void test_room(void)
{
	void *tree = build_tree(&usual), *small = malloc(ROOM);
	struct kdump_tree what = make_request();
	struct kdump_why why = { "" };
	size_t least, size;

	fdt_pack(tree);
	least = fdt_totalsize(tree);
	for (size = least; fdt_open_into(tree, small, size) ||
	     kdump_tree_make(small, &what, &why) == -ENOSPC; size++)
		if (size == least + 4096)
			break;
	ok(size > least && size < least + 4096,
	   "%zu bytes are too few, %zu are enough", least, size);
	free(tree);
	free(small);
}

/* Open a tree with room for @more bytes; NULL if they are too few for that. */
static void *open_with_room(const void *tree, uint64_t more)
{
	size_t size = fdt_totalsize(tree) + more;
	void *opened = malloc(size);

	if (opened && !fdt_open_into(tree, opened, size))
		return opened;
	free(opened);
	return NULL;
}

/* kdump_tree_room() is enough for all but the command line. */
static void check_room(void *tree, const struct kdump_tree *what,
		       const char *name)
{
	struct kdump_why why = { "" };
	uint64_t room = 0;
	void *opened;
	int err;

	fdt_pack(tree);
	err = kdump_tree_room(tree, &room);
	opened = open_with_room(tree, room + strlen(what->cmdline) + 1);
	ok(!err && opened && !kdump_tree_make(opened, what, &why),
	   "%s: %llu bytes are enough %s", name, (unsigned long long)room,
	   why.text);
	free(opened);
	free(tree);
}

static void set64(void *tree, int node, const char *name, uint64_t value)
{
	value = htobe64(value);
	fdt_setprop(tree, node, name, &value, sizeof(value));
}

/* Blocks of 16 MB behind the memory of @machine. */
static void *build_many_blocks(const struct machine *machine,
			       unsigned int count)
{
	char *list = malloc(4 + 24 * count), *at = put_be(list, count, 4);
	void *tree = build_tree(machine), *large;
	unsigned int i;
	int node;

	for (i = 0; i < count; i++) {
		at = put_be(at, 1024 * MB + i * 16 * MB, 8);
		at = put_be(put_be(at, 0, 8), 0, 4);
		at = put_be(at, 0x08, 4);
	}
	large = open_with_room(tree, ROOM);
	node = fdt_add_subnode(large, 0, BLOCKS + 1);
	set64(large, node, "ibm,lmb-size", 16 * MB);
	fdt_setprop(large, node, "ibm,dynamic-memory", list, at - list);
	free(list);
	free(tree);
	return large;
}

/* Memory nodes of 16 MB, each with the table of a PCI bridge in it. */
static void *build_many_nodes(unsigned int count)
{
	void *tree = build_tree(&usual);
	void *large = open_with_room(tree, 4 * ROOM);
	unsigned int i;
	char name[32];
	int node;

	for (i = 0; i < count; i++) {
		uint64_t reg[2] = { htobe64(1024 * MB + i * 16 * MB),
				    htobe64(16 * MB) };

		snprintf(name, sizeof(name), "memory@%llx",
			 (unsigned long long)be64toh(reg[0]));
		node = fdt_add_subnode(large, 0, name);
		fdt_setprop(large, node, "reg", reg, sizeof(reg));
		snprintf(name, sizeof(name), "pci@%x", i);
		node = fdt_add_subnode(large, 0, name);
		set64(large, node, "linux,tce-base", be64toh(reg[0]) + MB);
		fdt_setprop_cell(large, node, "linux,tce-size", 0x20000);
	}
	free(tree);
	return large;
}

static void test_enough(void)
{
	struct kdump_tree what = make_request();
	struct machine machine = usual;

	check_room(build_tree(&usual), &what, "usual");
	check_room(build_many_nodes(500), &what, "500 nodes of memory, 500 bridges");
	machine.tce = 600 * MB;
	check_room(build_tree(&machine), &what, "a bridge");
	machine.tce = 0;
	machine.rtas = 0;
	what.reservation.end = 9216 * MB;
	check_room(build_many_blocks(&machine, 512), &what,
		   "a reservation in 512 blocks");
}

int main(void)
{
	test_usual();
	test_without();
	test_firmware();
	test_blocks(OLD_BLOCKS, "old blocks");
	test_blocks(NEW_BLOCKS, "new blocks");
	test_refused();
	test_room();
	test_enough();
	return tap_end();
}
