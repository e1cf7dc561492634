// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -p on ppc64: entry, device tree and purgatory.
 *
 * Everything is placed before; here it is filled in.  The tree is flattened
 * first, because only then it is known how much room it needs.
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

/* At the end of the room of purgatory. */
#define STACK_SIZE	KDUMP_PAGE
/* What a function may write above its own frame. */
#define STACK_FRAME	112

/* The tree of the running kernel, and how large it may become. */
static char *tree;
static uint64_t tree_room;

static uint16_t machine(void)
{
	return EM_PPC64;
}

static int option(int opt, struct kdump_options *options)
{
	switch (opt) {
	case OPT_REUSE_CMDLINE:
		options->reuse_cmdline = true;
		break;
	case OPT_DEVICETREEBLOB:
		return kdump_refuse("the capture kernel gets the device tree of the running one; leave out --dtb");
	default:
		break;
	}
	return 0;
}

static int parse(const char *buf, size_t len,
		 const struct kdump_options *UNUSED(options),
		 struct kdump_image *image, struct kdump_why *why)
{
	return kdump_vmlinux_parse(buf, len, image, why);
}

static int params_size(uint64_t *size)
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

static struct kdump_range range_of(const struct kdump_item *item)
{
	return (struct kdump_range){
		item->addr, item->addr + kdump_align(item->size, KDUMP_PAGE), 0
	};
}

static int add_tree(struct kdump *kdump)
{
	const struct kdump_item *item = &kdump->part[KDUMP_PARAMS];
	const struct kdump_ranges *all = &kdump->reservation;
	struct kdump_tree what = {
		.reservation = all->range[all->count - 1],
		.low = KDUMP_BACKUP_SIZE,
		.cmdline = kdump->cmdline,
		.initrd = kdump_add_initrd(kdump),
		.initrd_size = kdump->initrd_len,
		.keep = {
			range_of(item),
			range_of(&kdump->part[KDUMP_HEADER]),
			range_of(&kdump->part[KDUMP_BACKUP]),
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
	add_segment(kdump->info, tree, tree_room, item->addr, tree_room);
	return 0;
}

static void set64(struct kdump *kdump, const char *name, uint64_t value)
{
	elf_rel_set_symbol(&kdump->info->rhdr, name, &value, sizeof(value));
}

static void set32(struct kdump *kdump, const char *name, uint32_t value)
{
	elf_rel_set_symbol(&kdump->info->rhdr, name, &value, sizeof(value));
}

/* The number in a property of four or eight bytes; 0 if there is none. */
static uint64_t property(const char *node, const char *name)
{
	int at = fdt_path_offset(tree, node);

	return at < 0 ? 0 : kdump_tree_number(tree, at, name);
}

static void set_firmware(struct kdump *kdump)
{
	set64(kdump, "opal_base", property("/ibm,opal", "opal-base-address"));
	set64(kdump, "opal_entry", property("/ibm,opal", "opal-entry-address"));
	set64(kdump, "kdump_rtas_base", property("/rtas", "linux,rtas-base"));
	set64(kdump, "kdump_rtas_entry", property("/rtas", "linux,rtas-entry"));
	set32(kdump, "kdump_rtas_reboot", property("/rtas", "system-reboot"));
	set32(kdump, "debug", my_debug);
}

/* Where purgatory begins is what other CPUs run, see KDUMP_START_CODE. */
static void set_start_code(struct kdump *kdump)
{
	uint32_t code[KDUMP_START_CODE / sizeof(uint32_t)];

	elf_rel_get_symbol(&kdump->info->rhdr, "purgatory_start", code,
			   sizeof(code));
	kdump_vmlinux_start_code(&kdump->image, code[0], code);
	elf_rel_set_symbol(&kdump->info->rhdr, "purgatory_start", code,
			   sizeof(code));
}

static void add_purgatory(struct kdump *kdump)
{
	const struct kdump_range room = range_of(&kdump->part[KDUMP_PURGATORY]);
	const struct kdump_item *backup = &kdump->part[KDUMP_BACKUP];
	const struct kdump_image *image = &kdump->image;
	uint64_t stack = room.end - STACK_SIZE;
	uint64_t base = image->fixed ? 0 : kdump->part[KDUMP_KERNEL].addr;

	elf_rel_build_load(kdump->info, &kdump->info->rhdr, purgatory,
			   purgatory_size, room.start, stack - 1, 1, 0);
	kdump_add_unchecked(kdump->info, NULL, 0, stack, STACK_SIZE);
	set_start_code(kdump);
	set_firmware(kdump);
	set64(kdump, "stack", room.end - STACK_FRAME);
	set64(kdump, "my_toc", my_r2(&kdump->info->rhdr));
	set64(kdump, "kernel", image->entry + base);
	set64(kdump, "dt_offset", kdump->part[KDUMP_PARAMS].addr);
	set64(kdump, "kdump_backup_to", backup->addr);
	set64(kdump, "kdump_backup_size", backup->size);
}

static int load(struct kdump *kdump)
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
	.crashkernel = "128M@32M",
	.params_size = params_size,
	.machine = machine,
	.option = option,
	.parse = parse,
	.load = load,
};
