// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on x86: reach the memory of the crashed kernel.
 *
 * Runs in the capture kernel.  Old memory is RAM that the memory map does not
 * give to this kernel.  So it has no page structs, and is mapped like device
 * memory, but cached.
 */
#include <linux/cc_platform.h>
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/kdump_arch.h>
#include <linux/kdump_format.h>
#include <linux/pgtable.h>
#include <linux/processor.h>
#include <linux/range.h>
#include <linux/vmalloc.h>

#include <asm/e820/api.h>

/* A 64-bit kernel can take the dump of a 32-bit one, and the reverse. */
const u16 kdump_arch_machines[] = { EM_X86_64, EM_386, EM_NONE };

const bool kdump_arch_lead = true;

u64 kdump_arch_oldmem_limit(void)
{
	u64 limit = 1ULL << boot_cpu_data.x86_phys_bits;

	return min(limit, (u64)PHYSICAL_PAGE_MASK + PAGE_SIZE);
}

/*
 * Below 4 GB devices lie between pieces of memory, and the map from kexec tells
 * which is which.  All above 4 GB counts as memory: it may have been plugged in
 * after the load.
 */
unsigned int __init kdump_arch_oldmem_known(struct range *memory,
					    unsigned int room)
{
	unsigned int i, nr = 0;

	for (i = 0; i < e820_table->nr_entries; i++) {
		const struct e820_entry *entry = &e820_table->entries[i];

		if ((u32)entry->type == KDUMP_E820_OLD)
			nr = add_range_with_merge(memory, room, nr, entry->addr,
						  entry->addr + entry->size);
	}
	/* The tool passed no such entries, or more than there is room for. */
	if (!nr || nr + 1 >= room)
		return 0;
	return add_range_with_merge(memory, room, nr, 1ULL << 32,
				    kdump_arch_oldmem_limit());
}

#ifdef CONFIG_X86_64

/*
 * Huge pages map the aligned parts.  With SEV all memory is encrypted; with SME
 * all but the crash image, whose kernel starts before it can decrypt anything.
 */
void *kdump_arch_oldmem_map(u64 paddr, size_t size, bool image)
{
	if (cc_platform_has(image ? CC_ATTR_GUEST_MEM_ENCRYPT :
				    CC_ATTR_MEM_ENCRYPT))
		return (__force void *)ioremap_encrypted(paddr, size);
	return (__force void *)ioremap_cache(paddr, size);
}

void kdump_arch_oldmem_unmap(void *memory)
{
	iounmap((__force void __iomem *)memory);
}

#else

/*
 * ioremap() of 32-bit kernels loses the upper half of an address.  PAT is not
 * asked, because nothing else maps old memory.
 */
void *kdump_arch_oldmem_map(u64 paddr, size_t size, bool image)
{
	struct vm_struct *area = get_vm_area(size, VM_IOREMAP);
	unsigned long at;

	if (!area)
		return NULL;
	at = (unsigned long)area->addr;
	if (!ioremap_page_range(at, at + size, paddr, PAGE_KERNEL))
		return area->addr;
	vunmap(area->addr);
	return NULL;
}

void kdump_arch_oldmem_unmap(void *memory)
{
	vunmap(memory);
}

#endif
