// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on ppc64: protection of the reservation, and where the kernel lies.
 *
 * Runs in the system kernel, in process context; but for kdump_arch_wait().
 */
#include <linux/delay.h>
#include <linux/kdump.h>
#include <linux/kdump_elf.h>

/* The direct mapping consists of pages far larger than the reservation. */
void kdump_arch_protect(struct kimage *image, bool protect)
{
}

void kdump_arch_wait(void)
{
	mdelay(1);
}

/* The kernel lies in the direct mapping. */
bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr)
{
	return false;
}
