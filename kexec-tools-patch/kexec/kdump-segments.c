// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: add segments of a crash image, inside the digest and outside of it.
 *
 * All places have been found before.
 */
#define _GNU_SOURCE
#include "kexec.h"
#include "kdump.h"

/* Core header, backup region, purgatory's stack, zeroes of the kernel. */
#define UNCHECKED_MAX	(3 + KDUMP_LOADS_MAX)

static const void *unchecked[UNCHECKED_MAX];
static unsigned int nr_unchecked;

void kdump_add_unchecked(struct kexec_info *info, const void *buf,
			 size_t bufsz, uint64_t paddr, uint64_t memsz)
{
	if (!memsz)
		return;
	if (nr_unchecked == UNCHECKED_MAX)
		die("kexec: too many segments without a digest\n");
	add_segment(info, buf, bufsz, paddr, memsz);
	unchecked[nr_unchecked++] = info->segment[info->nr_segments - 1].mem;
}

bool kdump_outside_digest(const void *mem)
{
	unsigned int i;

	for (i = 0; i < nr_unchecked; i++)
		if (unchecked[i] == mem)
			return true;
	return false;
}

/*
 * Add one part of the kernel.  Whole pages of zeroes stay outside the digest: a
 * kernel clears its .bss itself.
 */
static void add_load(struct kdump *kdump, const struct kdump_kernel_load *load,
		     uint64_t paddr)
{
	uint64_t used = kdump_align(load->filesz, KDUMP_PAGE);

	if (used > load->memsz)
		used = load->memsz;
	add_segment(kdump->info, load->data, load->filesz, paddr, used);
	kdump_add_unchecked(kdump->info, NULL, 0, paddr + used,
			    load->memsz - used);
}

int kdump_add_kernel(struct kdump *kdump)
{
	const struct kdump_kernel *kernel = &kdump->kernel;
	uint64_t base = kernel->fixed ? 0 : kdump->part[KDUMP_KERNEL].paddr;
	unsigned int i;

	for (i = 0; i < kernel->loads; i++) {
		const struct kdump_kernel_load *load = &kernel->load[i];

		if ((load->paddr + base) % KDUMP_PAGE)
			return kdump_refuse("cannot use this kernel: its part at 0x%llx is not page-aligned",
					    (unsigned long long)load->paddr);
		add_load(kdump, load, load->paddr + base);
	}
	return 0;
}

uint64_t kdump_add_initrd(struct kdump *kdump)
{
	uint64_t paddr = kdump->part[KDUMP_INITRD].paddr;

	if (!kdump->initrd)
		return 0;
	add_segment(kdump->info, kdump->initrd, kdump->initrd_len, paddr,
		    kdump->initrd_len);
	return paddr;
}
