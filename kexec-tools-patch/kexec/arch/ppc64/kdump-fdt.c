// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: read nodes and numbers of a flattened device tree.
 *
 * Pure.  kdump-tree.c and kdump-usable.c are built on this.
 */
#include <endian.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"

uint32_t kdump_fdt_get32(const void *cell)
{
	uint32_t value;

	memcpy(&value, cell, sizeof(value));
	return be32toh(value);
}

uint64_t kdump_fdt_get64(const void *cells)
{
	uint64_t value;

	memcpy(&value, cells, sizeof(value));
	return be64toh(value);
}

int kdump_fdt_next(const void *tree, int node)
{
	int depth = node ? 1 : 0;

	do {
		node = fdt_next_node(tree, node, &depth);
	} while (node >= 0 && depth > 1);
	return node;
}

bool kdump_fdt_is_called(const void *tree, int node, const char *wanted)
{
	const char *name = fdt_get_name(tree, node, NULL);
	size_t len = strlen(wanted);

	return name && !strncmp(name, wanted, len) &&
	       (!name[len] || name[len] == '@');
}

uint64_t kdump_fdt_number(const void *tree, int node, const char *name)
{
	int len;
	const void *value = fdt_getprop(tree, node, name, &len);

	if (value && len == sizeof(uint32_t))
		return kdump_fdt_get32(value);
	if (value && len == sizeof(uint64_t))
		return kdump_fdt_get64(value);
	return 0;
}
