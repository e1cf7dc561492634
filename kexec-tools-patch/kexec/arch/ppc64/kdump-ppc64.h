/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: what the ppc64 parts of kexec -p share.
 *
 * All but kdump-ppc64.c is pure, in the sense of kdump.h, and may use libfdt.
 * A tree is a flattened device tree, whose numbers are big endian.  A function
 * that changes a tree expects that fdt_open_into() has given it enough room.
 */
#ifndef KDUMP_PPC64_H
#define KDUMP_PPC64_H

#include "../../kdump.h"

/* ------------------------------------------ the kernel (kdump-vmlinux) -- */

/*
 * Bytes that the jump of kexec copies from the entry point of the image to
 * address 0, where the other CPUs then wait.  The first bytes of a kernel are
 * code that is made for this.
 */
#define KDUMP_START_CODE	256

int kdump_vmlinux_parse(const char *buf, size_t len,
			struct kdump_kernel *kernel, struct kdump_why *why);

/*
 * Write KDUMP_START_CODE bytes to @code: those of the kernel, but with @first
 * as the first instruction, where the CPU that crashed enters.
 */
void kdump_vmlinux_start_code(const struct kdump_kernel *kernel, uint32_t first,
			      void *code);

/* -------------------------------- reading a device tree (kdump-fdt) -- */

/* A big-endian number, which need not be aligned. */
uint32_t kdump_fdt_get32(const void *cell);
uint64_t kdump_fdt_get64(const void *cells);

/*
 * Nodes directly below the root: the one behind @node, or the first one if
 * @node is 0.  Negative at the end.
 */
int kdump_fdt_next(const void *tree, int node);

/* Whether the name of @node is @wanted, with or without "@ADDRESS". */
bool kdump_fdt_is_called(const void *tree, int node, const char *wanted);

/* The property @name of 4 or 8 bytes as a number; 0 if there is none. */
uint64_t kdump_fdt_number(const void *tree, int node, const char *name);

/* ----------------------- memory of the capture kernel (kdump-usable) -- */

/*
 * Bytes that kdump_usable_set() may add to @tree for so many ranges, without
 * the names of the properties.
 */
uint64_t kdump_usable_room(const void *tree, unsigned int ranges);

/* Say in @tree that the capture kernel may use @usable, and no other memory. */
int kdump_usable_set(void *tree, const struct kdump_ranges *usable,
		     struct kdump_why *why);

/* --------------------------- tree of the capture kernel (kdump-tree) -- */

/**
 * struct kdump_tree - what the device tree tells the capture kernel
 * @reservation: memory for the capture kernel
 * @low: memory below this address is free, because purgatory backs it up; old
 *	 memory lies between it and the reservation
 * @cmdline: command line
 * @initrd_paddr: physical address of the initrd, if @initrd_size is not 0
 * @initrd_size: bytes
 * @keep: memory in the reservation that the capture kernel must not use: the
 *	  tree itself, the core header, the backup region; an empty range counts
 *	  for nothing
 */
struct kdump_tree {
	struct kdump_range reservation;
	uint64_t low;
	const char *cmdline;
	uint64_t initrd_paddr;
	uint64_t initrd_size;
	struct kdump_range keep[3];
};

/* Bytes that kdump_tree_make() may add to @tree, without the command line. */
int kdump_tree_room(const void *tree, uint64_t *room);

/*
 * Make the tree of the running kernel that of the capture kernel.  -ENOSPC if
 * @tree has not enough room.
 */
int kdump_tree_make(void *tree, const struct kdump_tree *what,
		    struct kdump_why *why);

#endif /* KDUMP_PPC64_H */
