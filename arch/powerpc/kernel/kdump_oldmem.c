// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: reach the memory of the crashed kernel.
 *
 * Runs in the capture kernel.  Old memory is RAM outside of what the device
 * tree calls usable, so it is not in the direct mapping and is mapped as device
 * memory is, but cached.
 */
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/kdump.h>
#include <linux/pgtable.h>

#include <asm/mmu.h>

const u16 kdump_arch_machines[] = { EM_PPC64, EM_NONE };

/*
 * crash reads the registers of CPU n from the n-th NT_PRSTATUS, whatever its
 * name.  gdb is told which thread to begin with.
 */
const bool kdump_arch_lead;

u64 kdump_arch_oldmem_limit(void)
{
	return 1ULL << MAX_PHYSMEM_BITS;
}

/* With radix page tables aligned parts are mapped with huge pages. */
void *kdump_arch_oldmem_map(u64 place, size_t size)
{
	return (__force void *)ioremap_prot(place, size,
					    pgprot_val(PAGE_KERNEL));
}

void kdump_arch_oldmem_unmap(void *memory)
{
	iounmap((__force void __iomem *)memory);
}
