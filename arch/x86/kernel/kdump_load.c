// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: protection of the reservation.
 *
 * Runs in the system kernel, in process context.
 */
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/set_memory.h>

#include <asm/page.h>

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
	/* machine_kexec() writes the code of the jump to this page. */
	u64 control = page_to_phys(image->control_code_page);

	protect_range(crashk_res.start, control, protect);
	protect_range(control + KEXEC_CONTROL_PAGE_SIZE, crashk_res.end + 1,
		      protect);
}
