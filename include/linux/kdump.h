/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kdump: the face that the rest of the kernel sees.
 *
 *	RESERVE  ->  LOAD  ->  CRASH  ->  CAPTURE  ->  ANALYSE
 *
 * Each stage hands the next one thing: a reservation, an armed crash image, a
 * jump, old memory, a file.  Here is what hooks in existing files call, by
 * stage.  Other audiences have headers of their own:
 *
 *	kdump_arch.h	what an architecture provides, and what it may call
 *	kdump_core.h	for readers of the memory of the crashed kernel
 *	kdump_format.h	the bytes that cross from kernel to kernel or to kexec
 */
#ifndef _LINUX_KDUMP_H
#define _LINUX_KDUMP_H

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kdump_format.h>
#include <linux/types.h>

struct attribute_group;
struct kexec_segment;
struct kimage;
struct page;
struct pt_regs;
struct task_struct;

/* ------------------------------------------------------------- RESERVE -- */

/**
 * DOC: Reservation
 *
 * RESERVE gives LOAD a range of physical memory that the system kernel never
 * touches: &crashk_res. If that range lies above 4 GB, &crashk_low_res is a
 * second one below 4 GB.  A range that does not exist has start == end == 0.
 * Otherwise both ends are page-aligned, the end is inclusive, and all of the
 * range is RAM.  The ranges are written at boot and, under the kexec lock,
 * when the reservation shrinks; readers hold the kexec lock.  Both stand in
 * /proc/iomem as "Crash kernel".
 *
 * RESERVE either reserves exactly what crashkernel= asks for, or nothing.  One
 * line in the log says which and why.
 */
extern struct resource crashk_res;
extern struct resource crashk_low_res;

#ifdef CONFIG_KDUMP
/**
 * kdump_reserve_early() - read crashkernel= and reserve a place that it names
 *
 * Context: Boot, once memblock knows all RAM and what the boot loader and the
 * firmware left in it, and before anything is allocated from where a
 * reservation may be.
 */
void kdump_reserve_early(void);

/**
 * kdump_reserve_late() - reserve the rest and log what is reserved
 *
 * Context: Boot, once memblock knows which memory can be unplugged.
 */
void kdump_reserve_late(void);
#else
static inline void kdump_reserve_early(void) { }
static inline void kdump_reserve_late(void) { }
#endif

/* ---------------------------------------------------------------- LOAD -- */

/*
 * Flags of kexec_load(2) that exist because of kdump.  With
 * KEXEC_UPDATE_ELFCOREHDR the tool passes a complete core header that the kernel
 * may replace, as upstream's do from 6.5 on; with KEXEC_KDUMP_STUB it must.
 */
#define KEXEC_KDUMP_FLAGS \
	(KEXEC_ON_CRASH | KEXEC_UPDATE_ELFCOREHDR | KEXEC_KDUMP_STUB)

#ifdef CONFIG_KDUMP
/**
 * kdump_load() - load, replace or unload the crash image
 * @entry: physical address at which to enter it, inside the reservation
 * @nr_segments: number of @segments; 0 unloads
 * @segments: where in user memory the image is, and where it is to lie
 * @flags: as passed to kexec_load(2); contains KEXEC_ON_CRASH
 *
 * Everything that can fail is done before the armed image is given up.  So an
 * error always leaves that image armed.
 *
 * Context: Process context, sleeps.  Takes the kexec lock.
 * Return: 0 or one of
 *
 * * -EPERM: the sysctl kexec_load_limit_panic does not permit the call
 * * -EBUSY: another load, or a crash, is under way
 * * -EADDRNOTAVAIL: @entry or a segment is not in the reservation
 * * -EINVAL: segments are misaligned or overlap; a flag promises a core header
 *   and no segment holds one; the backup region lies in no segment, or is not
 *   aligned like its copy; or %KEXEC_PRESERVE_CONTEXT is set
 * * -ETXTBSY: a segment overlaps what the architecture must keep
 * * -EFBIG: the core header does not fit its segment, or the machine has memory
 *   above 4 GB and ELF32 was asked for
 * * -EFAULT: a segment cannot be read
 * * -ENOMEM
 */
int kdump_load(unsigned long entry, unsigned long nr_segments,
	       const struct kexec_segment *segments, unsigned long flags);

/**
 * kdump_load_control_pages() - take pages of the reservation for the jump
 * @image: the crash image that is being prepared
 * @order: 2^order pages, naturally aligned
 *
 * The page tables and the code of the jump lie in the reservation, where a
 * stray write of the dying kernel cannot reach them.
 *
 * Context: Called by machine_kexec_prepare(), the kexec lock is held.
 * Return: the first page, or NULL when there is no room left.
 */
struct page *kdump_load_control_pages(struct kimage *image, unsigned int order);
#else
static inline int kdump_load(unsigned long entry, unsigned long nr_segments,
			     const struct kexec_segment *segments,
			     unsigned long flags)
{
	return -EADDRNOTAVAIL;
}

static inline struct page *kdump_load_control_pages(struct kimage *image,
						    unsigned int order)
{
	return NULL;
}
#endif

/* --------------------------------------------------------------- CRASH -- */

/* crash_notes, crash_notes_size: physical address and bytes of a CPU's notes. */
extern const struct attribute_group kdump_cpu_attr_group;

/* crash_hotplug in /sys/devices/system/: 1, nothing needs to be loaded again. */
extern const struct attribute_group kdump_hotplug_attr_group;

#ifdef CONFIG_KDUMP
/* panic() stops the other CPUs and runs its notifiers before the image. */
extern bool crash_kexec_post_notifiers;

/* The same, for a hypervisor that wants to hear of a panic in any case. */
static inline void kdump_crash_after_notifiers(void)
{
	crash_kexec_post_notifiers = true;
}

/**
 * __crash_kexec() - start the crash image, if one is armed
 * @regs: registers at the moment of the crash; NULL: those of the caller
 *
 * Context: Crash path: any context, any state of the machine.
 * Return: only when no image is armed, another CPU has taken it, or every step
 * of the path has failed.
 */
void __crash_kexec(struct pt_regs *regs);

/**
 * crash_kexec() - __crash_kexec() for callers outside panic()
 * @regs: registers at the moment of the crash
 *
 * Does nothing while another CPU panics: that CPU will start the image.
 *
 * Context: as __crash_kexec().
 */
void crash_kexec(struct pt_regs *regs);

/**
 * kexec_should_crash() - will this oops end in panic()?
 * @p: the task that caused the oops
 *
 * die() asks, so that the crash image starts with the registers of the oops
 * instead of those of panic().
 *
 * Context: Any, after an oops.
 * Return: 1 or 0.
 */
int kexec_should_crash(struct task_struct *p);

/**
 * kdump_crash_before_notifiers() - must panic() start the crash image at once?
 *
 * It must, unless crash_kexec_post_notifiers is set.  If a notifier itself
 * panics, it must in any case.
 *
 * Context: Crash path, once in every panic().
 * Return: true if it must.
 */
bool kdump_crash_before_notifiers(void);

/**
 * kdump_crash_resume() - go on with the crash path if it has caused this fault
 *
 * A fault handler calls this first, because whatever else it does takes locks
 * that a stopped CPU may hold.
 *
 * Context: Any.
 * Return: only if this CPU was not in the crash path, or no step of it is left.
 * In the second case the fault ends in panic().
 */
void kdump_crash_resume(void);

/**
 * kexec_crash_loaded() - is a crash image armed?
 *
 * Context: Any.
 * Return: 1 or 0.
 */
int kexec_crash_loaded(void);

/**
 * crash_smp_send_stop() - stop the other CPUs before the panic notifiers
 *
 * Context: Crash path.
 */
void crash_smp_send_stop(void);

/**
 * kdump_crash_poison() - mark memory that has failed, so that no tool reads it
 * @paddr: physical address at which the memory has failed
 *
 * Tools that filter leave the page out of the dump.
 *
 * Context: Crash path, before the image is started.
 */
void kdump_crash_poison(phys_addr_t paddr);

#else /* !CONFIG_KDUMP */

#define crash_kexec_post_notifiers	false
static inline void kdump_crash_after_notifiers(void) { }
static inline int kexec_crash_loaded(void) { return 0; }
static inline int kexec_should_crash(struct task_struct *p) { return 0; }
static inline void crash_smp_send_stop(void) { }
static inline bool kdump_crash_before_notifiers(void) { return false; }
static inline void kdump_crash_resume(void) { }
static inline void kdump_crash_poison(phys_addr_t paddr) { }
static inline void crash_kexec(struct pt_regs *regs) { }
static inline void __crash_kexec(struct pt_regs *regs) { }

#endif /* CONFIG_KDUMP */

#endif /* _LINUX_KDUMP_H */
