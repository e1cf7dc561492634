// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: ways to crash that only x86 has. */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/objtool.h>
#include <linux/pgtable.h>
#include <linux/printk.h>
#include <linux/vmalloc.h>

#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/nmi.h>
#include <asm/tsc.h>

#include "kdump_crash.h"

/*
 * The page behind a vmalloc area is not mapped. If the stack pointer is there, the
 * page fault has no stack.
 */
static noinline void kdump_crash_double_fault(void)
{
	void *area = vmalloc(PAGE_SIZE);

	asm volatile("mov %0, %%" _ASM_SP "\n\tpush %0"
		     : : "r" (area + PAGE_SIZE + 512) : "memory");
}
STACK_FRAME_NON_STANDARD(kdump_crash_double_fault);

/*
 * The capture kernel takes these vectors for the PIC's, and does not acknowledge
 * them to the APIC. The APIC then holds back the second one because of the first.
 */
static void panic_irqs_pending(void)
{
	local_irq_disable();
	apic->send_IPI_self(ISA_IRQ_VECTOR(0));
	apic->send_IPI_self(ISA_IRQ_VECTOR(1));
	kdump_crash_panic();
}

/* For how many TSC cycles the other CPUs do not even take an NMI; 0: for ever */
static u64 deaf;

static int kdump_crash_nmi(unsigned int type, struct pt_regs *regs)
{
	u64 start = rdtsc_ordered();

	kdump_crash_arrive();
	while (!deaf || rdtsc_ordered() - start < deaf)
		cpu_relax();
	return NMI_HANDLED;
}

static void deafen_others(u64 cycles)
{
	deaf = cycles;
	if (register_nmi_handler(NMI_LOCAL, kdump_crash_nmi, NMI_FLAG_FIRST,
				 "kdump_crash"))
		return;
	apic->send_IPI_allbutself(NMI_VECTOR);
	kdump_crash_wait_for_others();
}

static void others_in_nmi(void)
{
	deafen_others(0);
}

static void others_late(void)
{
	deafen_others(600ULL * tsc_khz);
}

const struct way arch_crash_ways[] = {
	{ "double-fault", kdump_crash_double_fault },
	{ "irqs-pending", panic_irqs_pending },
	{ }
};

const struct way arch_other_ways[] = {
	{ "nmi", others_in_nmi },
	{ "late", others_late },
	{ }
};

static int count_writable(struct resource *res, void *arg)
{
	resource_size_t at;
	unsigned int level;
	int *count = arg;
	pte_t *pte;

	for (at = res->start; at < res->end; at += PAGE_SIZE) {
		pte = lookup_address((unsigned long)phys_to_virt(at), &level);
		if (pte && pte_write(*pte))
			++*count;
	}
	return 0;
}

int check_writable(int pages)
{
	int count = 0;

	walk_iomem_res_desc(IORES_DESC_CRASH_KERNEL, IORESOURCE_MEM, 0, -1,
			    &count, count_writable);
	pr_info("kdump test: %d pages of the reservation are writable\n", count);
	return count == pages ? 0 : -ERANGE;
}
