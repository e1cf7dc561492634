/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: what the ppc64 parts of kexec -p share.  All but kdump-ppc64.c is pure,
 * as kdump.h has it, and uses libfdt.
 *
 * Trees are flattened device trees, whose numbers are big endian.  Those that
 * are changed have been opened with room for it.
 */
#ifndef KDUMP_PPC64_H
#define KDUMP_PPC64_H

#include "../../kdump.h"

/* ------------------------------------------ the kernel (kdump-vmlinux) -- */

/*
 * The jump of kexec copies so much of the beginning of an image to address 0,
 * where other CPUs wait in it; of a kernel it is code that is made for that.
 */
#define KDUMP_START_CODE	256

int kdump_vmlinux_parse(const char *buf, size_t len,
			struct kdump_image *image, struct kdump_why *why);
void kdump_vmlinux_start_code(const struct kdump_image *image, uint32_t first,
			      void *code);

/* ------------------------------ memory of the capture kernel (-usable) -- */

uint64_t kdump_usable_room(const void *tree, unsigned int ranges);
int kdump_usable_set(void *tree, const struct kdump_ranges *usable,
		     struct kdump_why *why);

/* --------------------------- the tree of the capture kernel (-tree) -- */

/**
 * struct kdump_tree - what a capture kernel is told, and what it has
 * @reservation: memory for the capture kernel
 * @low: memory below this address is free because it is backed up; between it
 *	 and the reservation there is old memory
 * @cmdline: its command line
 * @initrd: where its initrd is, if @initrd_size is not 0
 * @initrd_size: bytes
 * @keep: memory in the reservation that it must not use: the tree itself, the
 *	  core header, the backup region; an entry of size 0 is no memory
 */
struct kdump_tree {
	struct kdump_range reservation;
	uint64_t low;
	const char *cmdline;
	uint64_t initrd;
	uint64_t initrd_size;
	struct kdump_range keep[3];
};

int kdump_tree_firmware(const void *tree, struct kdump_ranges *found);
int kdump_tree_next(const void *tree, int node);
uint64_t kdump_tree_number(const void *tree, int node, const char *name);
int kdump_tree_room(const void *tree, uint64_t *room);
int kdump_tree_make(void *tree, const struct kdump_tree *what,
		    struct kdump_why *why);

#endif /* KDUMP_PPC64_H */
