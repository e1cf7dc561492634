/* SPDX-License-Identifier: GPL-2.0-only */
/* kdump on powerpc: what its hooks in existing files call. */
#ifndef _ASM_POWERPC_KDUMP_H
#define _ASM_POWERPC_KDUMP_H

#include <linux/string.h>
#include <linux/types.h>

#include <asm/page.h>
#include <asm/ptrace.h>
#include <asm/reg.h>

struct iommu_table;
struct kimage;

/* --------------------------------------------------------------- CRASH -- */

#ifdef CONFIG_KDUMP

/**
 * kdump_soft_reset() - a system reset has come: crash, or let another CPU
 * @regs: registers at the moment of the reset
 *
 * A soft reset of the machine comes to all CPUs at once.
 *
 * Context: NMI.
 * Return: only if no image is armed, or panic() shall run its notifiers first.
 */
void kdump_soft_reset(struct pt_regs *regs);

/**
 * kdump_crash_join() - stop this CPU if one that crashes wants it
 * @regs: registers at the moment it was interrupted
 *
 * Comes here again if it faults on its way, and goes on with what is next.
 *
 * Context: NMI, a fault, or interrupts disabled.
 * Return: only if nobody wants this CPU to stop.
 */
void kdump_crash_join(struct pt_regs *regs);

/**
 * kdump_save_low() - save what the jump is about to overwrite
 * @image: the image that is started
 *
 * Code for secondary CPUs goes to address 0, before purgatory has backed
 * anything up.  Does nothing for a tool that does not back up.
 *
 * Context: Crash path, only this CPU still runs.
 */
void kdump_save_low(const struct kimage *image);

#else
static inline void kdump_soft_reset(struct pt_regs *regs) { }
static inline void kdump_crash_join(struct pt_regs *regs) { }
static inline void kdump_save_low(const struct kimage *image) { }
#endif

/* What kdump_arch_quiesce() silences one by one */
#define KDUMP_QUIESCE_PARTS	2

/**
 * kdump_arch_regs_here() - the registers as they are in the caller
 * @regs: where to
 *
 * Context: Crash path.
 */
static __always_inline void kdump_arch_regs_here(struct pt_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	ppc_save_regs(regs);
}

/* ------------------------------------------------------------- CAPTURE -- */

#ifdef CONFIG_CRASH_DUMP

/**
 * kdump_low_vectors() - send interrupts on to a kernel that is linked high
 *
 * The processor takes interrupts at the bottom of memory.  A relocatable kernel
 * copies its vectors there; one that is linked to 32 MB puts branches there.
 *
 * Context: Boot, before the first interrupt.
 */
void kdump_low_vectors(void);

/**
 * kdump_capture_leave_old() - take old memory out of a capture kernel's own
 *
 * The device tree calls all memory up to the end of the reservation usable, lest
 * the kernel take less for what real mode reaches, and reserves what lies below
 * the reservation.  Memory of the kernel is read page by page; without it, that
 * part of old memory is mapped as all other.
 *
 * Context: Boot, once memblock knows all memory and all that is reserved.
 */
void kdump_capture_leave_old(void);

/**
 * kdump_capture_cover() - map memory of a capture kernel by whole large pages
 * @start: where the block starts, rounded down
 * @end: where it ends, rounded up
 * @page: bytes of a large page
 *
 * What the crashed kernel has set aside need not consist of large pages.  What
 * is mapped in addition is memory of that kernel.
 *
 * Context: Boot, for blocks from below to above.
 */
void kdump_capture_cover(phys_addr_t *start, phys_addr_t *end, u64 page);

/**
 * kdump_capture_keep_dma() - leave alone what devices still write to
 * @tbl: table of a bus, no entry of which has been given out yet
 *
 * Entries that the crashed kernel has used are taken for used.
 *
 * Context: Boot or hot-plug of a bus.
 */
void kdump_capture_keep_dma(struct iommu_table *tbl);

#else
static inline void kdump_low_vectors(void) { }
static inline void kdump_capture_leave_old(void) { }

static inline void kdump_capture_cover(phys_addr_t *start, phys_addr_t *end,
				       u64 page)
{
}

static inline void kdump_capture_keep_dma(struct iommu_table *tbl) { }
#endif

#endif /* _ASM_POWERPC_KDUMP_H */
