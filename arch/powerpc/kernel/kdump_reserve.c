// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE on ppc64: where a capture kernel can run, and what else is there.
 *
 * Runs in the system kernel while the device tree is scanned, on the boot CPU,
 * in real mode, when memblock knows all that is reserved and before anything is
 * allocated.
 */
#include <linux/init.h>
#include <linux/initrd.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/libfdt.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/of.h>
#include <linux/of_fdt.h>
#include <linux/sizes.h>

#include <asm/byteorder.h>
#include <asm/mmu.h>
#include <asm/page.h>

/*
 * The kernel lies at the bottom of memory.  A capture kernel that is not
 * relocatable is linked to 32 MB, so the lowest place from there on is best.
 */
#define RESERVE_FLOOR		SZ_32M

/* The largest page that a kernel needs to be aligned to. */
#define RESERVE_OFFSET_ALIGN	SZ_64K
#define RESERVE_PLACE_ALIGN	SZ_16M

const char * __init
kdump_arch_reserve_limits(struct kdump_arch_limits *limits)
{
	/*
	 * The capture kernel starts in real mode, which reaches no further than
	 * ppc64_rma_size.  Without a hash MMU that is still 0 here, and real
	 * mode has no such limit.
	 */
	phys_addr_t end = min_not_zero((phys_addr_t)ppc64_rma_size,
				       memblock_end_of_DRAM());

	*limits = (struct kdump_arch_limits) {
		.floor = RESERVE_FLOOR,
		.low_end = end,
		.high_end = end,
		.offset_align = RESERVE_OFFSET_ALIGN,
		.place_align = RESERVE_PLACE_ALIGN,
		.bottom_up = true,
	};
	return NULL;
}

static void __init initrd_owner(struct kdump_arch_owner *owner)
{
	owner->size = 0;
	if (IS_ENABLED(CONFIG_BLK_DEV_INITRD) && initrd_end > initrd_start) {
		owner->start = __pa(initrd_start);
		owner->size = initrd_end - initrd_start;
	}
}

/* The kernel's copy of these numbers still has the wrong byte order. */
static u32 __init rtas_number(const char *name)
{
	const void *tree = initial_boot_params;
	const __be32 *value = fdt_getprop(tree, fdt_path_offset(tree, "/rtas"),
					  name, NULL);

	return value ? be32_to_cpup(value) : 0;
}

static void __init rtas_owner(struct kdump_arch_owner *owner)
{
	owner->start = rtas_number("linux,rtas-base");
	owner->size = rtas_number("rtas-size");
}

bool __init kdump_arch_reserve_owner(unsigned int index,
				     struct kdump_arch_owner *owner)
{
	switch (index) {
	case 0:
		owner->name = "the initrd, placed there by the boot loader,";
		initrd_owner(owner);
		return true;
	case 1:
		owner->name = "the device tree";
		owner->start = __pa(initial_boot_params);
		owner->size = fdt_totalsize(initial_boot_params);
		return true;
	case 2:
		owner->name = "RTAS, a part of the firmware,";
		rtas_owner(owner);
		return true;
	default:
		return false;
	}
}

void __init kdump_arch_reserve_claimed(phys_addr_t start, phys_addr_t end)
{
}

/* ------------------------------------ for user space, in the device tree -- */

static __be64 crashk_base;
static __be64 crashk_size;

static struct property crashk_props[] = {
	{
		.name = "linux,crashkernel-base",
		.length = sizeof(crashk_base),
		.value = &crashk_base,
	}, {
		.name = "linux,crashkernel-size",
		.length = sizeof(crashk_size),
		.value = &crashk_size,
	},
};

static int __init export_reservation(void)
{
	struct device_node *chosen = of_find_node_by_path("/chosen");
	unsigned int i;

	if (!chosen)
		return -ENOENT;
	if (crashk_res.end) {
		crashk_base = cpu_to_be64(crashk_res.start);
		crashk_size = cpu_to_be64(resource_size(&crashk_res));
	}
	for (i = 0; i < ARRAY_SIZE(crashk_props); i++) {
		/* A kernel that started this one may have left them there. */
		of_remove_property(chosen, of_find_property(chosen,
							    crashk_props[i].name,
							    NULL));
		if (crashk_size)
			of_add_property(chosen, &crashk_props[i]);
	}
	of_node_put(chosen);
	return 0;
}
late_initcall(export_reservation);
