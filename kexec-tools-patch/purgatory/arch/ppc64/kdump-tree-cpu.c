// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the device tree must name the CPU that starts the capture kernel.
 *
 * Pure, but for kdump_cpu.  Purgatory runs this once the digest is right.
 *
 * kexec -p made the tree when it loaded the image.  If the CPU that crashed was
 * plugged in later, the tree does not have it, and the capture kernel cannot
 * start: it looks for the CPU on which it runs.  All cores of a machine are
 * alike, so another core lends its node.
 *
 * The format is that of the Devicetree Specification, version 17.  All numbers
 * are big endian.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <kdump-tree-cpu.h>

/* Offsets of the header's fields, and the tokens of the structure */
#define HEADER_STRUCTURE	8
#define HEADER_STRINGS		12
#define HEADER_STRUCTURE_SIZE	36
#define BEGIN_NODE		1
#define END_NODE		2
#define PROPERTY		3

/* Set by purgatory's first instructions, so not in .bss. */
uint64_t kdump_cpu __attribute__((section(".data")));

/* Where a core has its numbers in the tree, and how many threads it has. */
struct core {
	unsigned char *reg;
	unsigned char *threads;
	uint32_t nr;
	bool is_cpu;
};

static uint32_t get32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static void put32(unsigned char *at, uint32_t value)
{
	at[0] = value >> 24;
	at[1] = value >> 16;
	at[2] = value >> 8;
	at[3] = value;
}

/* Purgatory has no strcmp(). */
static bool is_equal(const unsigned char *at, const char *text)
{
	while (*at && *at == (unsigned char)*text) {
		at++;
		text++;
	}
	return *at == (unsigned char)*text;
}

/* The token behind the one at @token; each starts at a multiple of four. */
static unsigned char *next_token(unsigned char *token)
{
	size_t size = 4;

	if (get32(token) == BEGIN_NODE)
		size += strnlen((char *)token + 4, INT32_MAX) + 1;
	else if (get32(token) == PROPERTY)
		size += 8 + get32(token + 4);
	return token + ((size + 3) & ~(size_t)3);
}

static void read_property(struct core *core, unsigned char *token,
			  const unsigned char *strings)
{
	const unsigned char *name = strings + get32(token + 8);
	unsigned char *value = token + 12;
	uint32_t size = get32(token + 4);

	if (is_equal(name, "device_type")) {
		core->is_cpu = is_equal(value, "cpu");
	} else if (is_equal(name, "reg") && size == 4) {
		core->reg = value;
	} else if (is_equal(name, "ibm,ppc-interrupt-server#s") && size >= 4) {
		core->threads = value;
		core->nr = size / 4;
	}
}

/* A core without threads has the number of its node. */
static bool complete_core(struct core *core)
{
	if (!core->is_cpu || !core->reg)
		return false;
	if (!core->threads) {
		core->threads = core->reg;
		core->nr = 1;
	}
	return true;
}

static bool has_cpu(const struct core *core, uint32_t cpu)
{
	uint32_t i;

	for (i = 0; i < core->nr; i++)
		if (get32(core->threads + 4 * i) == cpu)
			return true;
	return false;
}

/* The first thread of a core has a multiple of the number of threads. */
static void lend_core(const struct core *core, uint32_t cpu)
{
	uint32_t first = cpu - cpu % core->nr, i;

	for (i = 0; i < core->nr; i++)
		put32(core->threads + 4 * i, first + i);
	put32(core->reg, first);
}

bool kdump_tree_name_cpu(void *tree, uint32_t cpu)
{
	unsigned char *base = tree;
	unsigned char *token = base + get32(base + HEADER_STRUCTURE);
	unsigned char *end = token + get32(base + HEADER_STRUCTURE_SIZE);
	const unsigned char *strings = base + get32(base + HEADER_STRINGS);
	struct core core = { NULL }, lender = { NULL };
	unsigned int depth = 0;
	bool in_cpus = false;

	for (; token < end; token = next_token(token)) {
		switch (get32(token)) {
		case BEGIN_NODE:
			/* The root is at depth 1, a core in /cpus at 3. */
			if (++depth == 2)
				in_cpus = is_equal(token + 4, "cpus");
			if (depth == 3)
				core = (struct core){ NULL };
			break;
		case PROPERTY:
			if (depth == 3 && in_cpus)
				read_property(&core, token, strings);
			break;
		case END_NODE:
			if (depth-- != 3 || !in_cpus || !complete_core(&core))
				break;
			if (has_cpu(&core, cpu))
				return true;
			if (!lender.nr)
				lender = core;
			break;
		}
	}
	if (!lender.nr)
		return false;
	lend_core(&lender, cpu);
	return true;
}
