/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: page tables of the jump.  CRASH: what must be inline. */
#ifndef _ASM_X86_KDUMP_H
#define _ASM_X86_KDUMP_H

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include <asm/asm.h>
#include <asm/ptrace.h>
#include <asm/segment.h>

struct kimage;

/**
 * kdump_arch_jump_page() - a page for the tables that map the code of the jump
 * @image: the image that is being prepared, for a crash or not
 *
 * x86_64 only.  The page of a crash image is of the reservation and need not be
 * freed.
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
 * kdump_arch_jump_tables() - take the page tables of the jump from the reservation
 * @image: the crash image that is being prepared; kimage->arch is filled in
 *
 * i386 only.  x86_64 asks for control pages, and for the rest by
 * kdump_arch_jump_page().
 *
 * Context: Process context.  The kexec lock is held.
 * Return: 0 or -ENOMEM.
 */
int kdump_arch_jump_tables(struct kimage *image);

/* What kdump_arch_quiesce() silences one by one */
#define KDUMP_QUIESCE_PARTS	6

/* Through a pointer, lest objtool takes it for a push of the prologue. */
#define KDUMP_SAVE_REG(regs, name, member) ({				\
	asm volatile(__ASM_SIZE(mov) " %%" name ", %c1(%0)"		\
		     : : "r" (regs), "i" (offsetof(struct pt_regs, member)) \
		     : "memory"); })

/**
 * kdump_arch_regs_here() - the registers as they are in the caller
 * @regs: where to
 *
 * A debugger unwinds from here: what it needs are the instruction pointer, the
 * stack pointer and the registers that a function preserves.
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

#endif /* _ASM_X86_KDUMP_H */
