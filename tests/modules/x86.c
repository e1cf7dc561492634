// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: what only x86 has to crash with. */
#include <linux/objtool.h>
#include <linux/vmalloc.h>

#include <asm/apic.h>
#include <asm/nmi.h>

#include "kdump_crash.h"

/* The page behind a vmalloc area is not mapped: no stack for the page fault. */
static noinline void kdump_crash_double_fault(void)
{
	void *area = vmalloc(PAGE_SIZE);

	asm volatile("mov %0, %%" _ASM_SP "\n\tpush %0"
		     : : "r" (area + PAGE_SIZE + 512) : "memory");
}
STACK_FRAME_NON_STANDARD(kdump_crash_double_fault);

/* Not even an NMI gets a CPU out of here. */
static int kdump_crash_nmi(unsigned int type, struct pt_regs *regs)
{
	kdump_crash_spin(NULL);
	return NMI_HANDLED;
}

static void others_in_nmi(void)
{
	if (register_nmi_handler(NMI_LOCAL, kdump_crash_nmi, NMI_FLAG_FIRST,
				 "kdump_crash"))
		return;
	apic->send_IPI_allbutself(NMI_VECTOR);
	kdump_crash_wait_for_others();
}

const struct way arch_crash_ways[] = {
	{ "double-fault", kdump_crash_double_fault },
	{ }
};

const struct way arch_other_ways[] = {
	{ "nmi", others_in_nmi },
	{ }
};
