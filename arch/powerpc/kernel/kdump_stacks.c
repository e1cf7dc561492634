// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on ppc64: what a CPU runs, and where its stacks are.
 *
 * Runs after the crash, on that CPU, in NMI context: no locks, no allocation.
 */
#include <linux/kdump_arch.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include <asm/paca.h>
#include <asm/page.h>

struct task_struct *kdump_arch_current(int cpu)
{
	return paca_ptrs[cpu]->__current;
}

/* All stacks lie in the direct mapping. */
unsigned int kdump_arch_stacks(int cpu,
			       struct range stacks[KDUMP_ARCH_STACKS_MAX])
{
	return 0;
}

bool kdump_arch_virt_to_phys(unsigned long vaddr, phys_addr_t *paddr)
{
	if (!virt_addr_valid(vaddr))
		return false;
	*paddr = __pa(vaddr);
	return true;
}
