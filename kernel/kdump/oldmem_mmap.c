// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: map the memory of the crashed kernel into a process.
 *
 * Runs in the fault handler of a read-only mapping, which holds the mmap lock
 * for reading.  Callers stay inside memory that the core header describes, as
 * in oldmem.c.
 *
 * Old memory is RAM, and nothing maps it with other cache attributes.  So the
 * default, write-back, is right.  PAT is not asked, because it would look up
 * each page.
 */
#include <linux/highmem.h>
#include <linux/huge_mm.h>
#include <linux/kdump_core.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/pgtable.h>

#include <asm/kdump.h>

#include "oldmem.h"

/*
 * Pages that one page table can hold, to be mapped by one fault; in the place of
 * those that are absent the page of zeroes.
 */
struct oldmem_run {
	unsigned long addr;
	unsigned long end;
	unsigned long pfn;
	pgprot_t prot;
	bool absent;
};

static pte_t oldmem_pte(const struct oldmem_run *run, unsigned long addr)
{
	unsigned long pfn = run->pfn + ((addr - run->addr) >> PAGE_SHIFT);

	if (run->absent)
		pfn = my_zero_pfn(addr);
	return pte_mkspecial(pfn_pte(pfn, run->prot));
}

#if defined(CONFIG_TRANSPARENT_HUGEPAGE) && defined(CONFIG_ARCH_HAS_PTE_DEVMAP)
/*
 * Marked as memory of a device: there is no struct page that
 * get_user_pages_fast() could take.
 */
static void oldmem_set_pmd(struct vm_fault *vmf, const struct oldmem_run *run)
{
	pmd_t pmd = pmd_mkhuge(pmd_mkdevmap(pfn_pmd(run->pfn, run->prot)));
	spinlock_t *ptl = pmd_lock(vmf->vma->vm_mm, vmf->pmd);

	if (pmd_none(*vmf->pmd))
		set_pmd_at(vmf->vma->vm_mm, run->addr, vmf->pmd, pmd);
	spin_unlock(ptl);
}

/* Map a run that fills a huge page. */
static bool oldmem_map_huge(struct vm_fault *vmf, const struct oldmem_run *run)
{
	if (run->absent ||
	    run->end - run->addr != PMD_SIZE || arch_needs_pgtable_deposit() ||
	    run->pfn & (PHYS_PFN(PMD_SIZE) - 1) || !has_transparent_hugepage())
		return false;
	oldmem_set_pmd(vmf, run);
	return true;
}
#else
static bool oldmem_map_huge(struct vm_fault *vmf, const struct oldmem_run *run)
{
	return false;
}
#endif

/* The hardware may read the table from here on, so it has been filled. */
static void oldmem_set_table(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	spinlock_t *ptl = pmd_lock(mm, vmf->pmd);

	if (pmd_none(*vmf->pmd)) {
		mm_inc_nr_ptes(mm);
		smp_wmb();	/* the entries come before the table */
		pmd_populate(mm, vmf->pmd, vmf->prealloc_pte);
		vmf->prealloc_pte = NULL;
	}
	spin_unlock(ptl);
}

/* Fill a page table before anybody sees it. */
static bool oldmem_map_table(struct vm_fault *vmf, const struct oldmem_run *run)
{
	unsigned long addr;
	pte_t *table;

	if (!vmf->prealloc_pte)
		return false;
	table = kdump_arch_table_map(vmf->prealloc_pte);
	if (!table)
		return false;
	for (addr = run->addr; addr < run->end; addr += PAGE_SIZE)
		set_pte_at(vmf->vma->vm_mm, addr, table + pte_index(addr),
			   oldmem_pte(run, addr));
	kdump_arch_table_unmap(table);
	oldmem_set_table(vmf);
	return true;
}

/* Other threads use the same page tables: keep an entry that exists. */
static int oldmem_set_pte(pte_t *pte, unsigned long addr, void *data)
{
	if (pte_none(*pte))
		set_pte_at(current->mm, addr, pte, oldmem_pte(data, addr));
	return 0;
}

/* The pages around @vmf's that are in @part and fit into one page table. */
static struct oldmem_run oldmem_run(struct vm_fault *vmf,
				    const struct oldmem_part *part)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address;
	unsigned long first = max(vma->vm_start, addr & PMD_MASK);
	unsigned long last = min(vma->vm_end - 1, addr | ~PMD_MASK);
	struct oldmem_run run;

	run.addr = addr - min_t(u64, addr - first, part->paddr - part->start);
	run.end = addr + min_t(u64, last - addr + 1, part->end - part->paddr);
	run.pfn = PHYS_PFN(part->paddr - (addr - run.addr));
	run.prot = vma->vm_page_prot;
	run.absent = part->kind == OLDMEM_ABSENT;
	return run;
}

vm_fault_t oldmem_fault(struct vm_fault *vmf, u64 paddr, u64 start, u64 end)
{
	struct oldmem_part part;
	struct oldmem_run run;

	/* Look only at the memory that one page table can map. */
	start = max(start, paddr - min_t(u64, paddr, PMD_SIZE));
	end = min(end, paddr + PMD_SIZE);
	WRITE_ONCE(oldmem_shown, true);
	down_read(&oldmem_ask_lock);
	part = oldmem_classify(paddr, start, end);
	up_read(&oldmem_ask_lock);
	if (part.kind == OLDMEM_OURS) {
		struct page *page = oldmem_own_page(paddr);

		return vmf_insert_pfn(vmf->vma, vmf->address, page ?
				      page_to_pfn(page) :
				      my_zero_pfn(vmf->address));
	}
	run = oldmem_run(vmf, &part);
	if (pmd_none(*vmf->pmd) &&
	    (oldmem_map_huge(vmf, &run) || oldmem_map_table(vmf, &run)))
		return VM_FAULT_NOPAGE;
	/* Another thread has mapped a huge page in the meantime. */
	if (pmd_leaf(*vmf->pmd))
		return VM_FAULT_NOPAGE;
	if (apply_to_page_range(vmf->vma->vm_mm, run.addr, run.end - run.addr,
				oldmem_set_pte, &run))
		return VM_FAULT_OOM;
	return VM_FAULT_NOPAGE;
}
