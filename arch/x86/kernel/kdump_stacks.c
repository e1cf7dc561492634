// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: what a CPU runs, and where its stacks are.
 *
 * Runs after the crash, on that CPU, in NMI context: no locks, no allocation.
 */
#include <linux/kdump_arch.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/processor.h>

#include <asm/cpu_entry_area.h>
#include <asm/current.h>
#include <asm/page_types.h>

struct task_struct *kdump_arch_current(int cpu)
{
	return per_cpu(current_task, cpu);
}

bool kdump_arch_virt_to_phys(unsigned long vaddr, phys_addr_t *paddr)
{
	unsigned int level;
	pte_t *pte = lookup_address(vaddr, &level);
	unsigned long mask;

	if (!pte || !(pte_flags(*pte) & _PAGE_PRESENT))
		return false;
	mask = page_level_size(level) - 1;
	*paddr = (PFN_PHYS(pte_pfn(*pte)) & ~(phys_addr_t)mask) |
		 (vaddr & mask);
	return true;
}

#ifdef CONFIG_X86_64

static struct range irq_stack(int cpu)
{
	/* The pointer stands a word below the end of the stack. */
	unsigned long end =
		PAGE_ALIGN((unsigned long)per_cpu(hardirq_stack_ptr, cpu));

	return (struct range) { end - IRQ_STACK_SIZE, end };
}

/* The guard pages between these stacks are not mapped and leave no trace. */
static struct range exception_stacks(int cpu)
{
	unsigned long start =
		(unsigned long)per_cpu(cea_exception_stacks, cpu);

	return (struct range) {
		start, start + sizeof(struct cea_exception_stacks)
	};
}

unsigned int kdump_arch_stacks(int cpu,
			       struct range stacks[KDUMP_ARCH_STACKS_MAX])
{
	unsigned int nr = 0;

	/* A CPU that has never been up has neither. */
	if (per_cpu(hardirq_stack_ptr, cpu))
		stacks[nr++] = irq_stack(cpu);
	if (per_cpu(cea_exception_stacks, cpu))
		stacks[nr++] = exception_stacks(cpu);
	return nr;
}

#else

/* The stacks of 32-bit kernels lie in the direct mapping. */
unsigned int kdump_arch_stacks(int cpu,
			       struct range stacks[KDUMP_ARCH_STACKS_MAX])
{
	return 0;
}

#endif
