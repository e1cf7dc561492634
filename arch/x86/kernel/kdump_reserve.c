// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE on x86: where a capture kernel can run, and what else is there.
 *
 * Runs in the system kernel during setup_arch(), on the boot CPU, while
 * memblock hands out memory.  If crashkernel= names a place, the boot stub
 * (boot/compressed/crashkernel.c) has kept the kernel itself out of it.
 */
#include <linux/cc_platform.h>
#include <linux/cpufeature.h>
#include <linux/efi.h>
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kdump_arch.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <linux/swiotlb.h>

#include <asm/mshyperv.h>
#include <asm/setup.h>

#include <xen/xen.h>

/* Firmware may write below it, and purgatory backs part of it up. */
#define RESERVE_FLOOR		SZ_1M

#ifdef CONFIG_X86_64
/* Devices, boot loaders and purgatory use 32-bit addresses. */
# define RESERVE_LOW_END	SZ_4G
/*
 * The end of the direct mapping with 4-level paging: the capture kernel may use
 * 4 levels even if this kernel uses 5.
 */
# define RESERVE_HIGH_END	SZ_64T
#else
/* A 32-bit capture kernel must lie below; LOAD writes to mapped memory only. */
# define RESERVE_LOW_END \
	min_t(phys_addr_t, SZ_512M, PFN_PHYS(max_low_pfn))
# define RESERVE_HIGH_END	RESERVE_LOW_END
#endif

/* The largest CONFIG_PHYSICAL_ALIGN that a capture kernel may have. */
#define RESERVE_PLACE_ALIGN	SZ_16M

/*
 * DMA needs this much below 4 GB: the bounce buffers, and 8 MB for everything
 * else.  256 MB at least, for machines with many devices.
 */
static phys_addr_t __init low_default(void)
{
	if (!IS_ENABLED(CONFIG_X86_64))
		return 0;
	return max_t(phys_addr_t, PAGE_ALIGN(swiotlb_size_or_default()) + SZ_8M,
		     SZ_256M);
}

/*
 * Memory that this guest shares with its host faults when another kernel reads it
 * as private memory, and no list of it outlives the crash.
 */
static bool __init shared_memory_faults(void)
{
	return cc_platform_has(CC_ATTR_GUEST_SEV_SNP) ||
	       cpu_feature_enabled(X86_FEATURE_TDX_GUEST) ||
	       (IS_ENABLED(CONFIG_HYPERV) && hv_isolation_type_snp());
}

const char * __init
kdump_arch_reserve_limits(struct kdump_arch_limits *limits)
{
	if (xen_pv_domain())
		return "a Xen PV guest cannot start another kernel after a crash";
	if (shared_memory_faults())
		return "another kernel would fault on memory shared with the host (SEV-SNP, TDX)";

	*limits = (struct kdump_arch_limits) {
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

bool __init kdump_arch_reserve_owner(unsigned int index,
				     struct kdump_arch_owner *owner)
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
 * The kernel keeps the memory of the firmware's boot services until the
 * firmware has been told its virtual addresses.  Then it frees the memory,
 * descriptor by descriptor, except what it finds reserved.  Reserve each
 * descriptor that overlaps the reservation, so that it is not freed.  The
 * firmware may use this memory until user space runs, because nothing is
 * written to the reservation before.
 */
void __init kdump_arch_reserve_claimed(phys_addr_t start, phys_addr_t end)
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
