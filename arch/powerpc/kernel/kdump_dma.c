// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: leave memory alone that devices still write to.
 *
 * Runs in the capture kernel, when a bus is found and before its devices have
 * drivers.  Devices do not know of the crash.  They may use the DMA mappings of
 * the crashed kernel until their drivers reset them, so the entries of these
 * mappings are not given to other devices.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>

#include <asm/iommu.h>
#include <asm/kdump.h>
#include <asm/tce.h>

/* Drivers get at least this many entries, even if some are still mapped. */
#define ENTRIES_MIN	2048

static void table_keep_used(struct iommu_table *tbl)
{
	unsigned long i;

	for (i = 0; i < tbl->it_size; i++) {
		unsigned long entry = tbl->it_ops->get(tbl, tbl->it_offset + i);

		if (entry & (TCE_PCI_READ | TCE_PCI_WRITE))
			__set_bit(i, tbl->it_map);
	}
}

/* Entry 0, and the entries of addresses that are not memory, stay unused. */
static bool table_entry_usable(const struct iommu_table *tbl,
			       unsigned long entry)
{
	return entry && (entry < tbl->it_reserved_start ||
			 entry >= tbl->it_reserved_end);
}

void kdump_capture_keep_dma(struct iommu_table *tbl)
{
	unsigned long free, i;

	if (!tbl->it_ops->get)
		return;
	table_keep_used(tbl);
	free = tbl->it_size - bitmap_weight(tbl->it_map, tbl->it_size);
	/* Free entries from the end, where few are allocated. */
	for (i = tbl->it_size; i && free < ENTRIES_MIN; i--) {
		if (table_entry_usable(tbl, tbl->it_offset + i - 1))
			free += __test_and_clear_bit(i - 1, tbl->it_map);
	}
}
