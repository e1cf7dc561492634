// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: make the device tree of the capture kernel.
 *
 * Pure.  The tree is that of the running kernel.  Only the memory in it and
 * the properties that a boot loader sets are changed.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <libfdt.h>

#include "kdump-ppc64.h"

/*
 * Memory that the firmware or a PCI bridge uses whichever kernel runs.  The
 * capture kernel maps only memory that the tree calls usable, so this has to
 * be usable memory, too.
 */
static const struct {
	const char *node;	/* name up to the @, directly below the root */
	const char *base;
	const char *size;
} firmware[] = {
	{ "rtas", "linux,rtas-base", "rtas-size" },
	{ "ibm,opal", "opal-base-address", "opal-runtime-size" },
	{ "pci", "linux,tce-base", "linux,tce-size" },
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Properties of /chosen that are meant for the running kernel only. */
static const char *const not_kept[] = {
	"linux,memory-limit", "linux,elfcorehdr", "linux,usable-memory-range",
};

static int set_number(void *tree, int node, const char *name, uint64_t value)
{
	value = htobe64(value);
	return fdt_setprop(tree, node, name, &value, sizeof(value));
}

/* Find all memory of the firmware, in whole pages. */
static int find_firmware(const void *tree, struct kdump_ranges *found)
{
	struct kdump_ranges list = { NULL, 0 };
	uint64_t base, size, end;
	unsigned int i;
	int node = 0, err = 0;

	while (!err && (node = kdump_fdt_next(tree, node)) > 0) {
		for (i = 0; i < COUNT(firmware) && !err; i++) {
			if (!kdump_fdt_is_called(tree, node, firmware[i].node))
				continue;
			base = kdump_fdt_number(tree, node, firmware[i].base);
			size = kdump_fdt_number(tree, node, firmware[i].size);
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
 * All memory that the capture kernel may reach.  Before it has set up its MMU
 * it allocates from the first range only, so that one goes from 0 to the end
 * of the reservation.  set_reserved() keeps the kernel off the old memory in
 * it.
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
	for (i = 0; i < COUNT(not_kept); i++)
		fdt_delprop(tree, node, not_kept[i]);
	if (!what->initrd_size)
		return 0;
	if (set_number(tree, node, "linux,initrd-start",
		       what->initrd_paddr) ||
	    set_number(tree, node, "linux,initrd-end",
		       what->initrd_paddr + what->initrd_size))
		return -ENOSPC;
	return 0;
}

static int reserve_ranges(void *tree, const struct kdump_range *range,
			  unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (range[i].start < range[i].end &&
		    fdt_add_mem_rsv(tree, range[i].start,
				    range[i].end - range[i].start))
			return -ENOSPC;
	return 0;
}

/*
 * Make a new list of reserved memory; that of the running kernel does not hold
 * for the capture kernel.
 */
static int set_reserved(void *tree, const struct kdump_tree *what,
			const struct kdump_ranges *from_firmware)
{
	const struct kdump_range more[] = {
		{ what->low, what->reservation.start, 0 },
		{ what->initrd_paddr,
		  what->initrd_paddr + what->initrd_size, 0 },
	};
	int err = 0;

	while (fdt_num_mem_rsv(tree) > 0 && !err)
		err = fdt_del_mem_rsv(tree, 0);
	if (!err)
		err = reserve_ranges(tree, what->keep, COUNT(what->keep));
	if (!err)
		err = reserve_ranges(tree, more, COUNT(more));
	if (!err)
		err = reserve_ranges(tree, from_firmware->range,
				     from_firmware->count);
	return err ? -ENOSPC : 0;
}

static int check_reservation(const struct kdump_tree *what,
			     const struct kdump_ranges *from_firmware,
			     struct kdump_why *why)
{
	unsigned int i;

	for (i = 0; i < from_firmware->count; i++) {
		const struct kdump_range *r = &from_firmware->range[i];

		if (r->start < what->reservation.end &&
		    what->reservation.start < r->end)
			return kdump_explain(why, "the reservation takes memory of the firmware, 0x%llx to 0x%llx; boot with another crashkernel=",
					     (unsigned long long)r->start,
					     (unsigned long long)r->end - 1);
	}
	return 0;
}

/* All that is added besides memory fits into 4096 bytes. */
int kdump_tree_room(const void *tree, uint64_t *room)
{
	struct kdump_ranges from_firmware;
	unsigned int count;
	int err;

	err = find_firmware(tree, &from_firmware);
	if (err)
		return err;
	count = from_firmware.count;
	kdump_ranges_free(&from_firmware);
	*room = 4096 + count * sizeof(struct fdt_reserve_entry) +
		kdump_usable_room(tree, count + 1);
	return 0;
}

int kdump_tree_make(void *tree, const struct kdump_tree *what,
		    struct kdump_why *why)
{
	struct kdump_ranges from_firmware, usable;
	int err;

	err = find_firmware(tree, &from_firmware);
	if (err)
		return err;
	err = check_reservation(what, &from_firmware, why);
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
