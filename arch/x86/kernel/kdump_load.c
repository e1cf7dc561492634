// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: protection of the reservation, and what the jump needs in it.
 *
 * Runs in the system kernel, in process context; kdump_arch_wait() in any, on
 * the crash path.
 */
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/pgalloc.h>
#include <linux/set_memory.h>
#include <linux/string.h>

#include <asm/kdump.h>
#include <asm/page.h>
#include <asm/tsc.h>

static void protect_range(u64 start, u64 end, bool protect)
{
	unsigned long vaddr = (unsigned long)phys_to_virt(start);
	int pages = (end - start) >> PAGE_SHIFT;

	if (start >= end)
		return;
	if (protect)
		set_memory_ro(vaddr, pages);
	else
		set_memory_rw(vaddr, pages);
}

void kdump_arch_protect(struct kimage *image, bool protect)
{
	/*
	 * machine_kexec() writes the code of the jump to the last control page.
	 * On x86_64 a page table is in front of it.
	 */
	u64 end = page_to_phys(image->control_code_page) +
		  KEXEC_CONTROL_PAGE_SIZE;

	protect_range(crashk_res.start, end - PAGE_SIZE, protect);
	protect_range(end, crashk_res.end + 1, protect);
	if (crashk_low_res.end)
		protect_range(crashk_low_res.start, crashk_low_res.end + 1,
			      protect);
}

/*
 * mdelay() trusts the delay loop that was measured when this CPU came up.  In a
 * guest whose host was busy at that time, it may be wrong by any factor.
 */
void kdump_arch_wait(void)
{
	if (tsc_khz)
		__delay(tsc_khz);
	else
		mdelay(1);
}

static void *jump_table(struct kimage *image, unsigned int order)
{
	struct page *pages = kdump_load_control_pages(image, order);

	return pages ? memset(page_address(pages), 0, PAGE_SIZE << order) :
		       NULL;
}

#ifdef CONFIG_X86_64

void *kdump_arch_jump_page(struct kimage *image)
{
	return image->kdump ? jump_table(image, 0) :
			      (void *)get_zeroed_page(GFP_KERNEL);
}

#else

#ifdef CONFIG_X86_PAE
static bool jump_middle_tables(struct kimage *image)
{
	image->arch.pmd0 = jump_table(image, 0);
	image->arch.pmd1 = jump_table(image, 0);
	return image->arch.pmd0 && image->arch.pmd1;
}
#else
static bool jump_middle_tables(struct kimage *image)
{
	return true;
}
#endif

int kdump_arch_jump_tables(struct kimage *image)
{
	struct kimage_arch *arch = &image->arch;

	arch->pgd = jump_table(image, PGD_ALLOCATION_ORDER);
	arch->pte0 = jump_table(image, 0);
	arch->pte1 = jump_table(image, 0);
	if (!arch->pgd || !arch->pte0 || !arch->pte1 ||
	    !jump_middle_tables(image))
		return -ENOMEM;
	return 0;
}

#endif
