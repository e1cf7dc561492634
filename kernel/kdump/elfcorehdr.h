/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: the core header of this kernel, for the rest of kernel/kdump. */
#ifndef _KDUMP_ELFCOREHDR_H
#define _KDUMP_ELFCOREHDR_H

#include <linux/types.h>

struct kdump_stub;

/**
 * kdump_elfcorehdr_build() - write the core header of this kernel
 * @buf: where to write it
 * @size: bytes there
 * @where: physical address from which the capture kernel will read it
 * @stub: what the tool asked for
 *
 * Context: Process context, sleeps.
 * Return: 0; -EFBIG: @size is too small, or ELF32 and memory above 4 GB;
 * -ENOMEM.
 */
int kdump_elfcorehdr_build(void *buf, size_t size, u64 where,
			   const struct kdump_stub *stub);

#endif /* _KDUMP_ELFCOREHDR_H */
