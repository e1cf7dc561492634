/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RESERVE: keep the kernel out of the place that crashkernel= names.
 *
 * Runs in the boot stub, before the kernel is decompressed.
 */
#ifndef BOOT_COMPRESSED_CRASHKERNEL_H
#define BOOT_COMPRESSED_CRASHKERNEL_H

#include <linux/types.h>

#ifdef CONFIG_KDUMP
/*
 * Find the place that crashkernel= names.  Returns false and writes nothing if
 * it names none, or if this kernel cannot run elsewhere.
 */
bool crashkernel_wanted(u64 *start, u64 *size);

/*
 * If @size bytes at @output overlap that place, choose another place if there
 * is one.  On i386 the virtual address follows.
 */
void crashkernel_step_aside(unsigned long size, unsigned long *output,
			    unsigned long *virt_addr);

/* The same for @addr, which the EFI stub has allocated for @size bytes. */
void crashkernel_efi_step_aside(unsigned long size, unsigned long *addr);
#else
static inline bool crashkernel_wanted(u64 *start, u64 *size)
{
	return false;
}

static inline void crashkernel_step_aside(unsigned long size,
					  unsigned long *output,
					  unsigned long *virt_addr)
{ }

static inline void crashkernel_efi_step_aside(unsigned long size,
					      unsigned long *addr)
{ }
#endif

#endif /* BOOT_COMPRESSED_CRASHKERNEL_H */
