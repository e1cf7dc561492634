// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: leave alone what devices still write to.
 *
 * Runs in the capture kernel, when a bus is found and before a device of it has
 * a driver.  Devices have not been told of the crash: what the crashed kernel
 * has mapped for them may be in use until their drivers reset them, so these
 * entries are not given to anybody else.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>

#include <asm/iommu.h>
#include <asm/kdump.h>
#include <asm/tce.h>

/* Entries that drivers get at least, though something may be mapped there. */
#define ENTRIES_MIN	2048

static void keep_used(struct iommu_table *tbl)
{
	unsigned long i;

	for (i = 0; i < tbl->it_size; i++) {
		unsigned long entry = tbl->it_ops->get(tbl, tbl->it_offset + i);

		if (entry & (TCE_PCI_READ | TCE_PCI_WRITE))
			__set_bit(i, tbl->it_map);
	}
}

/* Entry 0, and those of addresses that are no memory, are for nobody. */
static bool usable(const struct iommu_table *tbl, unsigned long entry)
{
	return entry && (entry < tbl->it_reserved_start ||
			 entry >= tbl->it_reserved_end);
}

void kdump_capture_keep_dma(struct iommu_table *tbl)
{
	unsigned long free, i;

	if (!tbl->it_ops->get)
		return;
	keep_used(tbl);
	free = tbl->it_size - bitmap_weight(tbl->it_map, tbl->it_size);
	/* From the end, where little is allocated. */
	for (i = tbl->it_size; i && free < ENTRIES_MIN; i--) {
		if (usable(tbl, tbl->it_offset + i - 1))
			free += __test_and_clear_bit(i - 1, tbl->it_map);
	}
}
