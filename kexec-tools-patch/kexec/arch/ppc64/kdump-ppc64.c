// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -p on ppc64: entry, device tree and purgatory.
 *
 * kdump.c asks for the size of the tree first, so that is when the tree is
 * flattened.  Once all places are known, the contents are filled in.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libfdt.h>

#include "../../kexec.h"
#include "../../kexec-elf.h"
#include "../../kexec-syscall.h"
#include "crashdump-ppc64.h"
#include "kdump-ppc64.h"
#include "kexec-ppc64.h"
#include "../../fs2dt.h"
#include <arch/options.h>

#define DEVICE_TREE	"/proc/device-tree/"
#define CHOSEN		DEVICE_TREE "chosen"

/* Purgatory's stack is at the end of the place of purgatory. */
#define STACK_SIZE	KDUMP_PAGE
/* A function may write to the frame of its caller: this is purgatory's. */
#define STACK_FRAME	112

/* The tree of the running kernel, and to how many bytes it may grow. */
static char *tree;
static uint64_t tree_room;

static const char *get_cmdline(void)
{
	return NULL;
}

static uint16_t get_machine(void)
{
	return EM_PPC64;
}

static int take_option(int opt, struct kdump_options *UNUSED(options))
{
	if (opt == OPT_DEVICETREEBLOB)
		return kdump_refuse("the capture kernel gets the device tree of the running kernel; leave out --dtb");
	return 0;
}

static int parse_kernel(const char *buf, size_t len,
			const struct kdump_options *UNUSED(options),
			struct kdump_kernel *kernel, struct kdump_why *why)
{
	return kdump_vmlinux_parse(buf, len, kernel, why);
}

static int get_params_size(uint64_t *size)
{
	uint64_t room;
	char *flat;
	off_t used;
	int err;

	if (access(CHOSEN, R_OK))
		return kdump_refuse("cannot read " CHOSEN ": %s; is /proc mounted?",
				    strerror(errno));
	dt_no_old_root = 1;
	create_flatten_tree(&flat, &used, "");
	err = kdump_tree_room(flat, &room);
	if (err)
		return err;
	tree_room = kdump_align(used + COMMAND_LINE_SIZE + room, KDUMP_PAGE);
	tree = malloc(tree_room);
	if (!tree)
		return -ENOMEM;
	if (fdt_open_into(flat, tree, tree_room))
		return kdump_refuse("cannot make sense of " DEVICE_TREE);
	free(flat);
	*size = tree_room;
	return 0;
}

static struct kdump_range item_range(const struct kdump_item *item)
{
	uint64_t size = kdump_align(item->size, KDUMP_PAGE);

	return (struct kdump_range){ item->paddr, item->paddr + size, 0 };
}

static int add_tree(struct kdump *kdump)
{
	const struct kdump_item *item = &kdump->part[KDUMP_PARAMS];
	const struct kdump_ranges *all = &kdump->reservation;
	struct kdump_tree what = {
		.reservation = all->range[all->count - 1],
		.low = KDUMP_BACKUP_SIZE,
		.cmdline = kdump->cmdline,
		.initrd_paddr = kdump_add_initrd(kdump),
		.initrd_size = kdump->initrd_len,
		.keep = {
			item_range(item),
			item_range(&kdump->part[KDUMP_HEADER]),
			item_range(&kdump->part[KDUMP_BACKUP]),
		},
	};
	struct kdump_why why;
	int err;

	err = kdump_tree_make(tree, &what, &why);
	if (err == -EINVAL)
		return kdump_refuse("%s", why.text);
	if (err == -ENOSPC)
		return kdump_refuse("the device tree of the capture kernel does not fit into %s; this is a fault of kexec, please report it",
				    kdump_size(tree_room));
	if (err)
		return err;
	add_segment(kdump->info, tree, tree_room, item->paddr, tree_room);
	return 0;
}

static void set_symbol64(struct kdump *kdump, const char *name, uint64_t value)
{
	elf_rel_set_symbol(&kdump->info->rhdr, name, &value, sizeof(value));
}

static void set_symbol32(struct kdump *kdump, const char *name, uint32_t value)
{
	elf_rel_set_symbol(&kdump->info->rhdr, name, &value, sizeof(value));
}

/* 0 if there is no such node or property. */
static uint64_t read_property(const char *node, const char *name)
{
	int at = fdt_path_offset(tree, node);

	return at < 0 ? 0 : kdump_fdt_number(tree, at, name);
}

static void set_firmware(struct kdump *kdump)
{
	set_symbol64(kdump, "opal_base",
		     read_property("/ibm,opal", "opal-base-address"));
	set_symbol64(kdump, "opal_entry",
		     read_property("/ibm,opal", "opal-entry-address"));
	set_symbol64(kdump, "kdump_rtas_base",
		     read_property("/rtas", "linux,rtas-base"));
	set_symbol64(kdump, "kdump_rtas_entry",
		     read_property("/rtas", "linux,rtas-entry"));
	set_symbol32(kdump, "kdump_rtas_reboot",
		     read_property("/rtas", "system-reboot"));
	set_symbol32(kdump, "debug", my_debug);
}

/* The other CPUs run the first bytes of purgatory; see KDUMP_START_CODE. */
static void set_start_code(struct kdump *kdump)
{
	uint32_t code[KDUMP_START_CODE / sizeof(uint32_t)];

	elf_rel_get_symbol(&kdump->info->rhdr, "purgatory_start", code,
			   sizeof(code));
	kdump_vmlinux_start_code(&kdump->kernel, code[0], code);
	elf_rel_set_symbol(&kdump->info->rhdr, "purgatory_start", code,
			   sizeof(code));
}

static void add_purgatory(struct kdump *kdump)
{
	const struct kdump_range room =
		item_range(&kdump->part[KDUMP_PURGATORY]);
	const struct kdump_item *backup = &kdump->part[KDUMP_BACKUP];
	const struct kdump_kernel *kernel = &kdump->kernel;
	uint64_t stack = room.end - STACK_SIZE;
	uint64_t base = kernel->fixed ? 0 : kdump->part[KDUMP_KERNEL].paddr;

	elf_rel_build_load(kdump->info, &kdump->info->rhdr, purgatory,
			   purgatory_size, room.start, stack - 1, 1, 0);
	kdump_add_unchecked(kdump->info, NULL, 0, stack, STACK_SIZE);
	set_start_code(kdump);
	set_firmware(kdump);
	set_symbol64(kdump, "stack", room.end - STACK_FRAME);
	set_symbol64(kdump, "my_toc", my_r2(&kdump->info->rhdr));
	set_symbol64(kdump, "kernel", kernel->entry + base);
	set_symbol64(kdump, "dt_offset", kdump->part[KDUMP_PARAMS].paddr);
	set_symbol64(kdump, "kdump_backup_to", backup->paddr);
	set_symbol64(kdump, "kdump_backup_size", backup->size);
}

static int load_kernel(struct kdump *kdump)
{
	int err;

	err = kdump_add_kernel(kdump);
	if (!err)
		err = add_tree(kdump);
	if (!err)
		add_purgatory(kdump);
	return err;
}

const struct kdump_arch kdump_arch = {
	.backup_size = KDUMP_BACKUP_SIZE,
	.least = 128 << 20,
	.params_size = get_params_size,
	.machine = get_machine,
	.cmdline = get_cmdline,
	.option = take_option,
	.parse = parse_kernel,
	.load = load_kernel,
};
