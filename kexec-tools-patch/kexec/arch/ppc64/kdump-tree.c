// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: make the device tree of the capture kernel out of the running one's.
 *
 * Pure.  The tree stays as it is but for the memory and for what a boot loader
 * tells a kernel.
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"

/*
 * Memory that the firmware or a bridge uses while kernels come and go.  A
 * kernel must be able to reach it, so it has to be its memory, too.
 */
static const struct {
	const char *node;	/* of the root; before its @ */
	const char *base;
	const char *size;
} firmware[] = {
	{ "rtas", "linux,rtas-base", "rtas-size" },
	{ "ibm,opal", "opal-base-address", "opal-runtime-size" },
	{ "pci", "linux,tce-base", "linux,tce-size" },
};

#define FIRMWARE_KINDS	(sizeof(firmware) / sizeof(firmware[0]))

/* What only the running kernel was told. */
static const char *const not_kept[] = {
	"linux,memory-limit", "linux,elfcorehdr", "linux,usable-memory-range",
};

/* The node of the root behind @node, which is one or 0; negative at the end. */
int kdump_tree_next(const void *tree, int node)
{
	int depth = node ? 1 : 0;

	do {
		node = fdt_next_node(tree, node, &depth);
	} while (node >= 0 && depth > 1);
	return node;
}

/* A number of one or two cells; 0 if there is none. */
uint64_t kdump_tree_number(const void *tree, int node, const char *name)
{
	int len;
	const void *value = fdt_getprop(tree, node, name, &len);
	uint32_t narrow;
	uint64_t wide;

	if (value && len == sizeof(narrow)) {
		memcpy(&narrow, value, sizeof(narrow));
		return be32toh(narrow);
	}
	if (!value || len != sizeof(wide))
		return 0;
	memcpy(&wide, value, sizeof(wide));
	return be64toh(wide);
}

static int set_number(void *tree, int node, const char *name, uint64_t value)
{
	value = htobe64(value);
	return fdt_setprop(tree, node, name, &value, sizeof(value));
}

static bool is_called(const void *tree, int node, const char *wanted)
{
	const char *name = fdt_get_name(tree, node, NULL);
	size_t len = strlen(wanted);

	return name && !strncmp(name, wanted, len) &&
	       (!name[len] || name[len] == '@');
}

/* Finds all memory of the firmware, in whole pages. */
int kdump_tree_firmware(const void *tree, struct kdump_ranges *found)
{
	struct kdump_ranges list = { NULL, 0 };
	uint64_t base, size, end;
	unsigned int i;
	int node = 0, err = 0;

	while (!err && (node = kdump_tree_next(tree, node)) > 0) {
		for (i = 0; i < FIRMWARE_KINDS && !err; i++) {
			if (!is_called(tree, node, firmware[i].node))
				continue;
			base = kdump_tree_number(tree, node, firmware[i].base);
			size = kdump_tree_number(tree, node, firmware[i].size);
			end = kdump_align(base + size, KDUMP_PAGE);
			if (!size || base + size < base || end < base)
				continue;
			err = kdump_ranges_add(&list, base & -KDUMP_PAGE, end,
					       0);
		}
	}
	if (err)
		kdump_ranges_free(&list);
	else
		*found = list;
	return err;
}

/*
 * All that the capture kernel may reach.  What it allocates before it has set up
 * its MMU is in the first range, so that one is everything up to the end of the
 * reservation; old memory in it is kept.
 */
static int list_usable(const struct kdump_tree *what,
		       const struct kdump_ranges *from_firmware,
		       struct kdump_ranges *usable)
{
	struct kdump_ranges list = { NULL, 0 };
	unsigned int i;
	int err = 0;

	for (i = 0; i < from_firmware->count && !err; i++)
		err = kdump_ranges_add(&list, from_firmware->range[i].start,
				       from_firmware->range[i].end, 0);
	if (!err)
		err = kdump_ranges_add(&list, 0, what->reservation.end, 0);
	if (err)
		kdump_ranges_free(&list);
	else
		*usable = list;
	return err;
}

static int set_chosen(void *tree, const struct kdump_tree *what)
{
	int node = fdt_path_offset(tree, "/chosen");
	unsigned int i;

	if (node < 0)
		node = fdt_add_subnode(tree, 0, "chosen");
	if (node < 0 || fdt_setprop_string(tree, node, "bootargs",
					   what->cmdline))
		return -ENOSPC;
	for (i = 0; i < sizeof(not_kept) / sizeof(not_kept[0]); i++)
		fdt_delprop(tree, node, not_kept[i]);
	if (!what->initrd_size)
		return 0;
	if (set_number(tree, node, "linux,initrd-start", what->initrd) ||
	    set_number(tree, node, "linux,initrd-end",
		       what->initrd + what->initrd_size))
		return -ENOSPC;
	return 0;
}

static int reserve(void *tree, const struct kdump_range *range, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (range[i].start < range[i].end &&
		    fdt_add_mem_rsv(tree, range[i].start,
				    range[i].end - range[i].start))
			return -ENOSPC;
	return 0;
}

/* What is reserved is what is kept, nothing that stood there before. */
static int set_reserved(void *tree, const struct kdump_tree *what,
			const struct kdump_ranges *from_firmware)
{
	const struct kdump_range more[] = {
		{ what->low, what->reservation.start, 0 },
		{ what->initrd, what->initrd + what->initrd_size, 0 },
	};
	int err = 0;

	while (fdt_num_mem_rsv(tree) > 0 && !err)
		err = fdt_del_mem_rsv(tree, 0);
	if (!err)
		err = reserve(tree, what->keep,
			      sizeof(what->keep) / sizeof(what->keep[0]));
	if (!err)
		err = reserve(tree, more, sizeof(more) / sizeof(more[0]));
	if (!err)
		err = reserve(tree, from_firmware->range,
			      from_firmware->count);
	return err ? -ENOSPC : 0;
}

static int check(const struct kdump_tree *what,
		 const struct kdump_ranges *from_firmware,
		 struct kdump_why *why)
{
	unsigned int i;

	for (i = 0; i < from_firmware->count; i++) {
		const struct kdump_range *r = &from_firmware->range[i];

		if (r->start < what->reservation.end &&
		    what->reservation.start < r->end)
			return kdump_because(why, "the reservation takes memory of the firmware, 0x%llx to 0x%llx; boot with another crashkernel=",
					     (unsigned long long)r->start,
					     (unsigned long long)r->end - 1);
	}
	return 0;
}

/*
 * How many bytes kdump_tree_make() may add, but for the command line.  Of all
 * but memory there are only a few, and for these there is one page.
 */
int kdump_tree_room(const void *tree, uint64_t *room)
{
	struct kdump_ranges from_firmware;
	unsigned int count;
	int err;

	err = kdump_tree_firmware(tree, &from_firmware);
	if (err)
		return err;
	count = from_firmware.count;
	kdump_ranges_free(&from_firmware);
	*room = 4096 + count * sizeof(struct fdt_reserve_entry) +
		kdump_usable_room(tree, count + 1);
	return 0;
}

/* -ENOSPC if there is not enough room in the tree. */
int kdump_tree_make(void *tree, const struct kdump_tree *what,
		    struct kdump_why *why)
{
	struct kdump_ranges from_firmware, usable;
	int err;

	err = kdump_tree_firmware(tree, &from_firmware);
	if (err)
		return err;
	err = check(what, &from_firmware, why);
	if (!err)
		err = list_usable(what, &from_firmware, &usable);
	if (err)
		goto out;
	err = kdump_usable_set(tree, &usable, why);
	if (!err)
		err = set_chosen(tree, what);
	if (!err)
		err = set_reserved(tree, what, &from_firmware);
	kdump_ranges_free(&usable);
out:
	kdump_ranges_free(&from_firmware);
	return err;
}
