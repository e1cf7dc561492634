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
 * kdump_soft_reset() - after a soft reset: crash, or wait for the CPU that does
 * @regs: registers at the moment of the reset
 *
 * A soft reset of the machine reaches all CPUs at once.
 *
 * Context: NMI.
 * Return: only if no image is armed, or panic() must run its notifiers first.
 */
void kdump_soft_reset(struct pt_regs *regs);

/**
 * kdump_crash_join() - stop this CPU if another CPU has crashed
 * @regs: registers at the moment this CPU was interrupted
 *
 * If a step of it faults, the fault handler calls it again, and it goes on with
 * the next step.
 *
 * Context: NMI, a fault, or interrupts disabled.
 * Return: only if no other CPU has crashed.
 */
void kdump_crash_join(struct pt_regs *regs);

/**
 * kdump_save_low() - save the memory that the jump is about to overwrite
 * @image: the image that is started
 *
 * The jump copies code for secondary CPUs to address 0 before purgatory backs
 * memory up.  Does nothing if the tool asked for no backup.
 *
 * Context: Crash path, only this CPU still runs.
 */
void kdump_save_low(const struct kimage *image);

#else
static inline void kdump_soft_reset(struct pt_regs *regs) { }
static inline void kdump_crash_join(struct pt_regs *regs) { }
static inline void kdump_save_low(const struct kimage *image) { }
#endif

/* How many parts kdump_arch_quiesce() has */
#define KDUMP_ARCH_QUIESCE_PARTS	3

/**
 * kdump_arch_regs_here() - save the registers as they are in the caller
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

/* A page table is part of a page here; its entries are set one by one. */
static inline pte_t *kdump_arch_table_map(pgtable_t table)
{
	return NULL;
}

static inline void kdump_arch_table_unmap(pte_t *entries)
{
}

#ifdef CONFIG_CRASH_DUMP

/**
 * kdump_low_vectors() - forward interrupts to a kernel that is linked high
 *
 * The processor takes interrupts at the bottom of memory.  A relocatable kernel
 * copies its vectors there.  A kernel that is linked to 32 MB puts branches to
 * its vectors there.
 *
 * Context: Boot, before the first interrupt.
 */
void kdump_low_vectors(void);

/**
 * kdump_capture_leave_old() - take old memory out of this kernel's own memory
 *
 * The device tree calls all memory up to the end of the reservation usable, so
 * that the kernel is right about how far real mode reaches.  It also reserves
 * the part below the reservation, which is old memory.  As memory of this
 * kernel that part would have to be read page by page; once it is taken out, it
 * is mapped like all other old memory.
 *
 * Context: Boot, once memblock knows all memory and all that is reserved.
 */
void kdump_capture_leave_old(void);

/**
 * kdump_capture_cover() - map memory of a capture kernel by whole large pages
 * @start: start of the block, is rounded down
 * @end: end of the block, is rounded up
 * @page: bytes of a large page
 *
 * A reservation need not begin or end at a large page.  The memory that is
 * mapped in addition is old memory.
 *
 * Context: Boot, for blocks from below to above.
 */
void kdump_capture_cover(phys_addr_t *start, phys_addr_t *end, u64 page);

/**
 * kdump_capture_keep_dma() - leave memory alone that devices still write to
 * @tbl: table of a bus, none of whose entries has been given out yet
 *
 * Entries that the crashed kernel used count as used.
 *
 * Context: Boot, or hotplug of a bus.
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
