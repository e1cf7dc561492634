// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: keep the kernel out of the place that crashkernel= names, under EFI.
 *
 * Runs in the EFI stub while the boot services are there: the firmware's
 * allocator knows what is free.
 */
#include <linux/efi.h>

#include <asm/boot.h>
#include <asm/efi.h>

#include "../../../../drivers/firmware/efi/libstub/efistub.h"
#include "crashkernel.h"

static bool allocate(unsigned long size, u64 min, u64 max, unsigned long *addr)
{
	efi_status_t status;

	if (min >= max)
		return false;
	/* With no room at all the status is a success, and nothing is written. */
	*addr = 0;
	status = efi_random_alloc(size, CONFIG_PHYSICAL_ALIGN, addr, 0,
				  EFI_LOADER_CODE, min, max);
	return status == EFI_SUCCESS && *addr;
}

/*
 * Chance, or the lack of it, may have led to the place that was asked for.
 * Then the lowest place above it is taken, or below.  A kernel without a
 * reservation is better than none: if there is no other place, it stays.
 */
void crashkernel_efi_step_aside(unsigned long size, unsigned long *addr)
{
	unsigned long other;
	u64 start, wanted;

	if (!crashkernel_wanted(&start, &wanted) ||
	    *addr + size <= start || start + wanted <= *addr)
		return;
	if (!allocate(size, start + wanted, EFI_X86_KERNEL_ALLOC_LIMIT, &other) &&
	    !allocate(size, LOAD_PHYSICAL_ADDR, start - 1, &other)) {
		efi_warn("No room for the kernel outside of what crashkernel= reserves\n");
		return;
	}
	efi_free(size, *addr);
	*addr = other;
}
