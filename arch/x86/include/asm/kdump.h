/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: page tables of the jump.  CRASH: what must be inline.  CAPTURE: CPUs
 * that must not be started, and page tables of a process.
 */
#ifndef _ASM_X86_KDUMP_H
#define _ASM_X86_KDUMP_H

#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include <asm/asm.h>
#include <asm/ptrace.h>
#include <asm/segment.h>

struct boot_params;
struct kimage;

/**
 * kdump_arch_jump_page() - take a page for the tables that map the jump's code
 * @image: the image that is being prepared, for a crash or not
 *
 * x86_64 only.  For a crash image the page comes from the reservation and need
 * not be freed.
 *
 * Context: Process context.  The kexec lock is held.
 * Return: a page of zeroes, or NULL.
 */
#ifdef CONFIG_KDUMP
void *kdump_arch_jump_page(struct kimage *image);
#else
static inline void *kdump_arch_jump_page(struct kimage *image)
{
	return (void *)get_zeroed_page(GFP_KERNEL);
}
#endif

/**
 * kdump_arch_jump_tables() - take the jump's page tables from the reservation
 * @image: the crash image that is being prepared; kimage->arch is filled in
 *
 * i386 only.  x86_64 asks for control pages, and for the rest by
 * kdump_arch_jump_page().
 *
 * Context: Process context.  The kexec lock is held.
 * Return: 0 or -ENOMEM.
 */
int kdump_arch_jump_tables(struct kimage *image);

/**
 * kdump_crash_nmi() - crash because an NMI has come that all CPUs receive
 * @regs: registers at the moment of the NMI
 * @first: start the crash image; exactly one CPU passes true
 *
 * A CPU in an NMI handler receives no other NMI.  So the other CPUs wait here
 * to be stopped, for three seconds at most.
 *
 * SGI UV only.
 *
 * Context: NMI.
 * Return: only if the crash image was not started; then @first.
 */
#ifdef CONFIG_KDUMP
bool kdump_crash_nmi(struct pt_regs *regs, bool first);
#else
static inline bool kdump_crash_nmi(struct pt_regs *regs, bool first)
{
	return first;
}
#endif

/**
 * kdump_arch_file_map() - write the memory map of the capture kernel
 * @image: the crash image that kexec_file_load(2) makes
 * @params: boot parameters of the capture kernel
 *
 * Context: Process context, sleeps.  The kexec lock is held.
 * Return: 0; -E2BIG: the map has too many entries; -ENOMEM.
 */
int kdump_arch_file_map(const struct kimage *image, struct boot_params *params);

/* How many parts kdump_arch_quiesce() has */
#define KDUMP_ARCH_QUIESCE_PARTS	8

/* Store through a pointer: objtool takes a store to the stack for a push. */
#define KDUMP_SAVE_REG(regs, name, member) ({				\
	asm volatile(__ASM_SIZE(mov) " %%" name ", %c1(%0)"		\
		     : : "r" (regs), "i" (offsetof(struct pt_regs, member)) \
		     : "memory"); })

/**
 * kdump_arch_regs_here() - save the registers as they are in the caller
 * @regs: where to
 *
 * A debugger unwinds from these registers.  It needs the instruction pointer,
 * the stack pointer and the registers that a function preserves.
 *
 * Context: Crash path.
 */
static __always_inline void kdump_arch_regs_here(struct pt_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	KDUMP_SAVE_REG(regs, _ASM_BX, bx);
	KDUMP_SAVE_REG(regs, _ASM_BP, bp);
	KDUMP_SAVE_REG(regs, _ASM_SP, sp);
#ifdef CONFIG_X86_64
	KDUMP_SAVE_REG(regs, "r12", r12);
	KDUMP_SAVE_REG(regs, "r13", r13);
	KDUMP_SAVE_REG(regs, "r14", r14);
	KDUMP_SAVE_REG(regs, "r15", r15);
#endif
	regs->cs = __KERNEL_CS;
	regs->ss = __KERNEL_DS;
	regs->flags = native_save_fl();
	regs->ip = _THIS_IP_;
}

/**
 * kdump_capture_spares() - must a capture kernel leave this CPU alone?
 * @apicid: APIC ID of a CPU that ACPI names; the first call tells the first CPU
 *	    of the firmware's table
 * @own: APIC ID of the CPU on which this kernel has started
 *
 * Context: Boot, on the CPU @own; later calls in process context, on any CPU.
 * Return: whether starting the CPU would reset the machine.
 */
#ifdef CONFIG_CRASH_DUMP
bool kdump_capture_spares(u32 apicid, u32 own);
#else
static inline bool kdump_capture_spares(u32 apicid, u32 own)
{
	return false;
}
#endif

/**
 * kdump_arch_table_map() - get at a new page table of a process, to fill it
 * @table: the page table, which no process uses yet
 *
 * Context: Fault handler.
 * Return: its first entry, to be given to kdump_arch_table_unmap(); NULL: on
 * this architecture entries are set one by one.
 */
static inline pte_t *kdump_arch_table_map(pgtable_t table)
{
	return kmap_local_page(table);
}

static inline void kdump_arch_table_unmap(pte_t *entries)
{
	kunmap_local(entries);
}

#endif /* _ASM_X86_KDUMP_H */
