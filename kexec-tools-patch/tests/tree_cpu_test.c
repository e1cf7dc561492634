// SPDX-License-Identifier: GPL-2.0-only
/* LOAD: purgatory makes the device tree name the CPU that crashed. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <libfdt.h>

#include <kdump-tree-cpu.h>
#include "tap.h"

#define ROOM	4096

static void prop32(void *fdt, const char *name, uint32_t value)
{
	value = htobe32(value);
	fdt_property(fdt, name, &value, sizeof(value));
}

/* A core whose threads are @first and those behind it; 0: it names none. */
static void add_core(void *fdt, uint32_t first, unsigned int threads,
		     const char *type)
{
	uint32_t numbers[8];
	unsigned int i;
	char name[32];

	for (i = 0; i < threads; i++)
		numbers[i] = htobe32(first + i);
	snprintf(name, sizeof(name), "PowerPC,POWER9@%x", first);
	fdt_begin_node(fdt, name);
	fdt_property(fdt, "device_type", type, strlen(type) + 1);
	prop32(fdt, "reg", first);
	if (threads)
		fdt_property(fdt, "ibm,ppc-interrupt-server#s", numbers,
			     threads * sizeof(*numbers));
	fdt_property(fdt, "ibm,odd", "abcde", 5);
	/* Caches and the like lie below a core. */
	fdt_begin_node(fdt, "l2-cache");
	fdt_property(fdt, "device_type", "cpu", 4);
	prop32(fdt, "reg", 0x77);
	fdt_end_node(fdt);
	fdt_end_node(fdt);
}

/* Something like a CPU, but not in /cpus; then a cache; then the cores. */
static void *build_tree(unsigned int cores, unsigned int threads)
{
	unsigned int i, step = threads ? threads : 8;
	void *fdt = malloc(ROOM);

	fdt_create(fdt, ROOM);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	prop32(fdt, "reg", 0x99);
	fdt_begin_node(fdt, "cpus-more");
	add_core(fdt, 0x40, 1, "cpu");
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "cpus");
	prop32(fdt, "reg", 0x55);
	add_core(fdt, 0x60, 1, "cache");
	for (i = 0; i < cores; i++)
		add_core(fdt, i * step, threads, "cpu");
	fdt_end_node(fdt);
	fdt_begin_node(fdt, "vdevice");
	add_core(fdt, 0x48, 1, "cpu");
	fdt_end_node(fdt);
	fdt_end_node(fdt);
	fdt_finish(fdt);
	return fdt;
}

/* The numbers of a core as text: reg, then the threads. */
static const char *read_core(const void *fdt, const char *path)
{
	static const char *const names[] = {
		"reg", "ibm,ppc-interrupt-server#s",
	};
	int node = fdt_path_offset(fdt, path), len, i, used = 0;
	static char text[128];
	unsigned int k;

	text[0] = '\0';
	for (k = 0; k < ARRAY_SIZE(names); k++) {
		const uint32_t *value = fdt_getprop(fdt, node, names[k], &len);

		for (i = 0; value && i < len / 4; i++)
			used += snprintf(text + used, sizeof(text) - used,
					 "%s%x", used ? " " : "",
					 be32toh(value[i]));
	}
	return text;
}

static void expect(const void *fdt, const char *path, const char *want)
{
	const char *got = read_core(fdt, path);

	if (!ok(!strcmp(got, want), "%s: %s", path, got))
		note("wanted: %s", want);
}

static void test_known(unsigned int threads, uint32_t cpu)
{
	void *fdt = build_tree(3, threads), *before = malloc(ROOM);

	memcpy(before, fdt, ROOM);
	ok(kdump_tree_name_cpu(fdt, cpu) && !memcmp(before, fdt, ROOM),
	   "%u threads, CPU %u: the tree names it already", threads, cpu);
	free(before);
	free(fdt);
}

static void test_new(unsigned int threads, uint32_t cpu, const char *want)
{
	void *fdt = build_tree(2, threads), *again = malloc(ROOM);

	ok(kdump_tree_name_cpu(fdt, cpu), "%u threads, CPU %u is new", threads,
	   cpu);
	expect(fdt, "/cpus/PowerPC,POWER9@0", want);
	memcpy(again, fdt, ROOM);
	ok(kdump_tree_name_cpu(again, cpu) && !memcmp(again, fdt, ROOM),
	   "a second time nothing changes");
	expect(fdt, "/cpus/PowerPC,POWER9@60", "60 60");
	expect(fdt, "/cpus-more/PowerPC,POWER9@40", "40 40");
	expect(fdt, "/vdevice/PowerPC,POWER9@48", "48 48");
	expect(fdt, "/cpus/PowerPC,POWER9@0/l2-cache", "77");
	free(again);
	free(fdt);
}

int main(void)
{
	void *fdt;

	test_known(0, 8);
	test_known(1, 2);
	test_known(8, 0);
	test_known(8, 23);
	test_new(0, 16, "10");
	test_new(1, 2, "2 2");
	test_new(1, 0x12345678, "12345678 12345678");
	test_new(8, 16, "10 10 11 12 13 14 15 16 17");
	test_new(8, 23, "10 10 11 12 13 14 15 16 17");
	fdt = build_tree(0, 1);
	ok(!kdump_tree_name_cpu(fdt, 0x40), "no core at all");
	free(fdt);
	return tap_end();
}
