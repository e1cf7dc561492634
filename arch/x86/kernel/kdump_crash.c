// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: stop the other CPUs, find their stacks, silence the machine.
 *
 * Runs after the crash: no locks, no allocation, no sleeping.  The other CPUs
 * come here by NMI, wherever they were.
 */
#include <linux/compiler.h>
#include <linux/kdump.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/processor.h>
#include <linux/sched.h>

#include <asm/apic.h>
#include <asm/cpu_entry_area.h>
#include <asm/hpet.h>
#include <asm/intel_pt.h>
#include <asm/io_apic.h>
#include <asm/page_types.h>
#include <asm/reboot.h>
#include <asm/virtext.h>

/* On a CPU that shall stop; its caller halts it for good. */
static void stop_this_cpu_nmi(int cpu, struct pt_regs *regs)
{
	crash_save_cpu(regs, cpu);
	cpu_emergency_stop_pt();
	disable_local_APIC();
}

void kdump_arch_stop_cpus(void)
{
	static bool stopped;

	if (xchg(&stopped, true))
		return;
	/* Waits a second at most for those that do not answer. */
	nmi_shootdown_cpus(stop_this_cpu_nmi);
}

static void silence_io_apic(void)
{
	if (!IS_ENABLED(CONFIG_X86_IO_APIC))
		return;
	/* A CPU may have been stopped with its lock held. */
	ioapic_zap_locks();
	clear_IO_APIC();
}

void kdump_arch_quiesce(void)
{
	silence_io_apic();
	if (IS_ENABLED(CONFIG_HPET_TIMER))
		hpet_disable();
	lapic_shutdown();
	restore_boot_irq_mode();
	cpu_emergency_stop_pt();
	cpu_emergency_disable_virtualization();
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
