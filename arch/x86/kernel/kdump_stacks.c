// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: what a CPU runs, and where its stacks are.
 *
 * Runs after the crash, on that CPU, in NMI context: no locks, no allocation.
 */
#include <linux/kdump.h>
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

static void add_exception_stacks(int cpu, struct kdump_cpu_note *note)
{
	unsigned long stacks =
		(unsigned long)per_cpu(cea_exception_stacks, cpu);

	/* The guard pages between them are not mapped and leave no trace. */
	if (stacks)
		kdump_note_add_stack(note, stacks,
				     sizeof(struct cea_exception_stacks));
}

static void add_irq_stack(int cpu, struct kdump_cpu_note *note)
{
	unsigned long top = (unsigned long)per_cpu(hardirq_stack_ptr, cpu);

	/* The pointer stands a word below the end of the stack. */
	if (top)
		kdump_note_add_stack(note, PAGE_ALIGN(top) - IRQ_STACK_SIZE,
				     IRQ_STACK_SIZE);
}

void kdump_arch_save_stacks(int cpu, struct kdump_cpu_note *note)
{
	add_irq_stack(cpu, note);
	add_exception_stacks(cpu, note);
}

#else

/* The stacks of 32-bit kernels lie in the direct mapping. */
void kdump_arch_save_stacks(int cpu, struct kdump_cpu_note *note)
{
}

#endif
