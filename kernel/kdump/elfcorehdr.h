/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: the core header of this kernel, for the rest of kernel/kdump. */
#ifndef _KDUMP_ELFCOREHDR_H
#define _KDUMP_ELFCOREHDR_H

#include <linux/types.h>

struct kdump_stub;
struct range;

/**
 * kdump_elfcorehdr_size() - bytes that the core header may need
 *
 * Has room for every possible CPU, for memory as it is, and for what memory
 * hotplug may add to it, so that the header can be rebuilt in place.
 *
 * Context: Process context.
 * Return: bytes, a multiple of the page size.
 */
size_t kdump_elfcorehdr_size(void);

/**
 * kdump_elfcorehdr_build() - write the core header of this kernel
 * @buf: where to write it
 * @size: bytes there
 * @paddr: physical address from which the capture kernel will read it
 * @stub: what the tool asked for
 *
 * Context: Process context, sleeps.
 * Return: 0; -EFBIG: @size is below kdump_elfcorehdr_size(), or ELF32 and
 * memory above 4 GB; -ENOMEM.
 */
int kdump_elfcorehdr_build(void *buf, size_t size, u64 paddr,
			   const struct kdump_stub *stub);

/**
 * kdump_elfcorehdr_rebuild() - bring a core header up to date, in place
 * @buf: the core header, as kdump_elfcorehdr_build() wrote it
 * @size: bytes there
 * @paddr: physical address from which the capture kernel will read it
 * @stub: what the tool asked for when it was built
 * @coming: memory that will be online in a moment and is to be described
 *	    already, first byte and byte behind the last one; NULL: none
 *
 * A crash at any moment finds a complete header.  If this function fails, the
 * old one stays.
 *
 * Context: Process context, sleeps.
 * Return: 0; -EFBIG: more ranges of memory than @size has room for, or ELF32
 * and memory above 4 GB; -ENOMEM.
 */
int kdump_elfcorehdr_rebuild(void *buf, size_t size, u64 paddr,
			     const struct kdump_stub *stub,
			     const struct range *coming);

#endif /* _KDUMP_ELFCOREHDR_H */
