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

static bool efi_allocate(unsigned long size, u64 min, u64 max,
			 unsigned long *addr)
{
	efi_status_t status;

	if (min >= max)
		return false;
	/* If there is no room, this succeeds without writing @addr. */
	*addr = 0;
	status = efi_random_alloc(size, CONFIG_PHYSICAL_ALIGN, addr, 0,
				  EFI_LOADER_CODE, min, max);
	return status == EFI_SUCCESS && *addr;
}

/*
 * With and without KASLR, the EFI stub may have chosen the place that
 * crashkernel= names.  Then take the lowest place above it, or one below it.
 * If there is neither, stay: a kernel without a reservation is better than
 * none.
 */
void crashkernel_efi_step_aside(unsigned long size, unsigned long *addr)
{
	unsigned long other;
	u64 start, wanted;

	if (!crashkernel_wanted(&start, &wanted) ||
	    *addr + size <= start || start + wanted <= *addr)
		return;
	if (!efi_allocate(size, start + wanted, EFI_X86_KERNEL_ALLOC_LIMIT,
			  &other) &&
	    !efi_allocate(size, LOAD_PHYSICAL_ADDR, start - 1, &other)) {
		efi_warn("No room for the kernel outside of what crashkernel= reserves\n");
		return;
	}
	efi_free(size, *addr);
	*addr = other;
}
