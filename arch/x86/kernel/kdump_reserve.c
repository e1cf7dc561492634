// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: where a capture kernel can live on x86, and who else is there.
 *
 * Runs in the system kernel during setup_arch(), on the boot CPU, while
 * memblock hands out memory.  The boot stub (boot/compressed/crashkernel.c)
 * has kept the kernel itself out of a place that was given.
 */
#include <linux/cc_platform.h>
#include <linux/efi.h>
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kdump.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <linux/swiotlb.h>

#include <asm/setup.h>

#include <xen/xen.h>

/* The firmware may scribble there, and purgatory copies part of it away. */
#define RESERVE_FLOOR		SZ_1M

#ifdef CONFIG_X86_64
/* Devices reach 32 bits; boot loaders and purgatory, too. */
# define RESERVE_LOW_END	SZ_4G
/*
 * What 4-level paging maps directly: the capture kernel may have it even if
 * this kernel runs with 5 levels.
 */
# define RESERVE_HIGH_END	SZ_64T
#else
/* A 32-bit kernel maps itself no higher, and writes to mapped memory only. */
# define RESERVE_LOW_END \
	min_t(phys_addr_t, SZ_512M, PFN_PHYS(max_low_pfn))
# define RESERVE_HIGH_END	RESERVE_LOW_END
#endif

/* The largest alignment that CONFIG_PHYSICAL_ALIGN of a capture kernel has. */
#define RESERVE_PLACE_ALIGN	SZ_16M

/*
 * What DMA needs below 4 GB: the bounce buffers and 8 MB for everything else,
 * and no less than serves machines with many devices.
 */
static phys_addr_t __init low_default(void)
{
	if (!IS_ENABLED(CONFIG_X86_64))
		return 0;
	return max_t(phys_addr_t, PAGE_ALIGN(swiotlb_size_or_default()) + SZ_8M,
		     SZ_256M);
}

const char * __init
kdump_reserve_arch_limits(struct kdump_reserve_limits *limits)
{
	if (xen_pv_domain())
		return "a Xen PV guest cannot start another kernel after a crash";
	if (cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		return "another kernel cannot read encrypted memory (SME, SEV, TDX)";

	*limits = (struct kdump_reserve_limits) {
		.floor = RESERVE_FLOOR,
		.low_end = RESERVE_LOW_END,
		.high_end = RESERVE_HIGH_END,
		.offset_align = SZ_1M,
		.place_align = RESERVE_PLACE_ALIGN,
		.low_default = low_default(),
	};
	return NULL;
}

static u64 __init boot_param64(u32 high, u32 low)
{
	return (u64)high << 32 | low;
}

bool __init kdump_reserve_arch_owner(unsigned int index,
				     struct kdump_reserve_owner *owner)
{
	const struct setup_header *hdr = &boot_params.hdr;

	switch (index) {
	case 0:
		owner->name = "the initrd, placed there by the boot loader,";
		owner->start = boot_param64(boot_params.ext_ramdisk_image,
					    hdr->ramdisk_image);
		owner->size = boot_param64(boot_params.ext_ramdisk_size,
					   hdr->ramdisk_size);
		/* initrdmem= on the command line overrides the boot loader */
		if (phys_initrd_size) {
			owner->start = phys_initrd_start;
			owner->size = phys_initrd_size;
		}
		return true;
	case 1:
		owner->name = "the firmware's memory map";
		owner->start = boot_param64(boot_params.efi_info.efi_memmap_hi,
					    boot_params.efi_info.efi_memmap);
		owner->size = boot_params.efi_info.efi_memmap_size;
		return true;
	default:
		return false;
	}
}

/*
 * Memory of the firmware's boot services is kept until the firmware has been
 * told its virtual addresses, and then freed by descriptor.  A descriptor that
 * the reservation has part of must be kept whole, and must not be freed; seen
 * as reserved, it is left alone.  Nothing is written to the reservation until
 * user space runs, so the firmware may use it until then.
 */
void __init kdump_reserve_arch_claimed(phys_addr_t start, phys_addr_t end)
{
	efi_memory_desc_t *md;

	if (!efi_enabled(EFI_MEMMAP))
		return;
	for_each_efi_memory_desc(md) {
		u64 size = md->num_pages << EFI_PAGE_SHIFT;

		if (md->type != EFI_BOOT_SERVICES_CODE &&
		    md->type != EFI_BOOT_SERVICES_DATA)
			continue;
		if (md->phys_addr < end && start < md->phys_addr + size)
			memblock_reserve(md->phys_addr, size);
	}
}
