// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: map the memory of the crashed kernel into a process.
 *
 * Runs in the fault handler of a read-only mapping, which holds the mmap lock
 * for reading.  May assume the same about addresses as oldmem.c.
 */
#include <linux/kdump.h>
#include <linux/mm.h>

#include "oldmem.h"

/* A run of pages that is put into the page tables. */
struct oldmem_run {
	unsigned long addr;
	unsigned long pfn;
	pgprot_t prot;
};

/* Page tables are shared with other threads: what is there already stays. */
static int oldmem_set_pte(pte_t *pte, unsigned long addr, void *data)
{
	const struct oldmem_run *run = data;
	unsigned long pfn = run->pfn + ((addr - run->addr) >> PAGE_SHIFT);

	if (pte_none(*pte))
		set_pte_at(current->mm, addr, pte,
			   pte_mkspecial(pfn_pte(pfn, run->prot)));
	return 0;
}

/* One page that this kernel runs in. */
static int oldmem_map_own(struct vm_area_struct *vma, unsigned long addr,
			  u64 place)
{
	struct page *page = oldmem_own_page(place);
	struct oldmem_run run = {
		.addr = addr,
		.pfn = page ? page_to_pfn(page) : my_zero_pfn(addr),
		.prot = vma->vm_page_prot,
	};

	return apply_to_page_range(vma->vm_mm, addr, PAGE_SIZE, oldmem_set_pte,
				   &run);
}

int oldmem_map(struct vm_area_struct *vma, unsigned long addr, u64 place,
	       unsigned long size)
{
	unsigned long end = addr + size;
	int ret = 0;

	while (addr < end && !ret) {
		struct oldmem_part part = oldmem_classify(place, place,
							  place + (end - addr));
		struct oldmem_run run = {
			.addr = addr,
			.pfn = PHYS_PFN(place),
			.prot = vma->vm_page_prot,
		};
		unsigned long some = part.end - place;

		if (part.ours) {
			some = PAGE_SIZE;
			ret = oldmem_map_own(vma, addr, place);
		} else {
			ret = apply_to_page_range(vma->vm_mm, addr, some,
						  oldmem_set_pte, &run);
		}
		addr += some;
		place += some;
	}
	return ret;
}
