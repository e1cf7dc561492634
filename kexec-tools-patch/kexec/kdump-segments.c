// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: segments of a crash image, with and without a digest.
 *
 * Everything is placed before.
 */
#define _GNU_SOURCE
#include "kexec.h"
#include "kdump.h"

/* Header, backup region, purgatory's stack, zeroes of the kernel. */
#define UNCHECKED_MAX	(3 + KDUMP_LOADS_MAX)

static const void *unchecked[UNCHECKED_MAX];
static unsigned int nr_unchecked;

void kdump_add_unchecked(struct kexec_info *info, const void *buf,
			 size_t bufsz, uint64_t addr, uint64_t memsz)
{
	if (!memsz)
		return;
	if (nr_unchecked == UNCHECKED_MAX)
		die("kexec: too many segments without a digest\n");
	add_segment(info, buf, bufsz, addr, memsz);
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
 * One part of the kernel.  Whole pages of zeroes stay out of the digest: a
 * kernel clears its .bss itself.
 */
static void add_load(struct kdump *kdump, const struct kdump_load *load,
		     uint64_t addr)
{
	uint64_t used = kdump_align(load->filesz, KDUMP_PAGE);

	if (used > load->memsz)
		used = load->memsz;
	add_segment(kdump->info, load->data, load->filesz, addr, used);
	kdump_add_unchecked(kdump->info, NULL, 0, addr + used,
			    load->memsz - used);
}

int kdump_add_kernel(struct kdump *kdump)
{
	const struct kdump_image *image = &kdump->image;
	uint64_t base = image->fixed ? 0 : kdump->part[KDUMP_KERNEL].addr;
	unsigned int i;

	for (i = 0; i < image->loads; i++) {
		const struct kdump_load *load = &image->load[i];

		if ((load->addr + base) % KDUMP_PAGE)
			return kdump_refuse("cannot use this kernel: its part at 0x%llx does not begin at a page",
					    (unsigned long long)load->addr);
		add_load(kdump, load, load->addr + base);
	}
	return 0;
}

/* Returns where it is, 0 if there is none. */
uint64_t kdump_add_initrd(struct kdump *kdump)
{
	uint64_t addr = kdump->part[KDUMP_INITRD].addr;

	if (!kdump->initrd)
		return 0;
	add_segment(kdump->info, kdump->initrd, kdump->initrd_len, addr,
		    kdump->initrd_len);
	return addr;
}
