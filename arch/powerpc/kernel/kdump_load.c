// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on ppc64: protection of the reservation.
 *
 * Runs in the system kernel, in process context; kdump_arch_wait() in any, on
 * the crash path.
 */
#include <linux/delay.h>
#include <linux/kdump_arch.h>

/* The direct mapping consists of pages far larger than the reservation. */
void kdump_arch_protect(struct kimage *image, bool protect)
{
}

void kdump_arch_wait(void)
{
	mdelay(1);
}
