/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kdump: the contract between the stages of a dump.
 *
 *	RESERVE  ->  LOAD  ->  CRASH  ->  CAPTURE  ->  ANALYSE
 *
 * Each stage hands the next one thing: a reservation, an armed crash image, a
 * jump, old memory, a file.  Every section below says what its stage offers;
 * the bytes that cross from one kernel to the other are in kdump_format.h.
 */
#ifndef _LINUX_KDUMP_H
#define _LINUX_KDUMP_H

#include <linux/ioport.h>
#include <linux/kdump_format.h>
#include <linux/types.h>

struct kexec_segment;
struct kimage;
struct page;
struct pt_regs;
struct task_struct;

/* ------------------------------------------------------------- RESERVE -- */

/*
 * The reservation.  Empty (start == end == 0) when there is none; otherwise
 * both ends are page-aligned, the end inclusive.  Written at boot and, under
 * the kexec lock, when the reservation shrinks.
 */
extern struct resource crashk_res;
extern struct resource crashk_low_res;

/* ---------------------------------------------------------------- LOAD -- */

/**
 * enum kdump_state - what lies in the reservation
 * @KDUMP_EMPTY: nothing that could be started
 * @KDUMP_BUSY: somebody who holds the kexec lock is writing to it
 * @KDUMP_ARMED: a whole crash image
 * @KDUMP_FIRED: a crash has taken the image; nothing may touch it any more
 *
 * A crash can only go from ARMED to FIRED, by one compare-and-exchange, so it
 * needs no lock, and of several CPUs that crash at once just one succeeds.
 */
enum kdump_state {
	KDUMP_EMPTY,
	KDUMP_BUSY,
	KDUMP_ARMED,
	KDUMP_FIRED,
};

/**
 * struct kdump_stub - what a tool asks of the core header, decoded
 * @class: ELFCLASS32 or ELFCLASS64: the class of the dump
 * @machine: ELF machine number to put into the core header
 * @backup_start: first physical byte that purgatory copies away
 * @backup_size: bytes that purgatory copies away; 0: none
 * @backup_to: physical address of the copy
 */
struct kdump_stub {
	u8 class;
	u16 machine;
	u64 backup_start;
	u64 backup_size;
	u64 backup_to;
};

/**
 * struct kdump_phdr - a program header of either ELF class
 * @type: PT_NULL, PT_NOTE or PT_LOAD
 * @offset: in a core header the physical address of the bytes in old memory
 * @vaddr: virtual address in the crashed kernel
 * @paddr: physical address the bytes had when the kernel ran
 * @size: bytes
 */
struct kdump_phdr {
	u32 type;
	u64 offset;
	u64 vaddr;
	u64 paddr;
	u64 size;
};

/**
 * kdump_load() - load, replace or unload the crash image
 * @entry: physical address at which to enter it, inside the reservation
 * @nr_segments: number of @segments; 0 unloads
 * @segments: where in user memory the image is and where it shall lie
 * @flags: as passed to kexec_load(2); contains KEXEC_ON_CRASH
 *
 * Everything that can fail is done before the image that was armed until now
 * is given up, so that an error always leaves that one armed.
 *
 * Context: Process context, sleeps.  Takes the kexec lock.
 * Return: 0; -EBUSY: another load is under way, or a crash; -EADDRNOTAVAIL: no
 * reservation, or a segment or @entry is not inside; -EINVAL: segments are
 * misaligned, overlap, or hold no stub core header though the flag promises
 * one; -EFBIG: the core header does not fit its segment, or memory above 4 GB
 * and ELF32; -EFAULT: a segment cannot be read; -ENOMEM.
 */
int kdump_load(unsigned long entry, unsigned long nr_segments,
	       const struct kexec_segment *segments, unsigned long flags);

/**
 * kdump_load_control_pages() - pages of the reservation for the jump
 * @image: the crash image that is being prepared
 * @order: 2^order pages, naturally aligned
 *
 * The page tables and the code of the jump lie in the reservation, where a
 * running wild write of the dying kernel cannot reach them.
 *
 * Context: Called by machine_kexec_prepare(), the kexec lock is held.
 * Return: the first page, or NULL when there is no room left.
 */
struct page *kdump_load_control_pages(struct kimage *image, unsigned int order);

/**
 * kdump_load_begin() - get the right to write to the reservation
 *
 * Context: Holds the kexec lock.
 * Return: the state until now, %KDUMP_EMPTY or %KDUMP_ARMED, to be given to
 * kdump_load_end() if nothing changed; -EBUSY: a crash was quicker.
 */
int kdump_load_begin(void);

/**
 * kdump_load_end() - the reservation is whole again
 * @state: %KDUMP_EMPTY or %KDUMP_ARMED
 *
 * Context: After kdump_load_begin(), the kexec lock still held.
 */
void kdump_load_end(enum kdump_state state);

/**
 * kdump_load_fire() - take the armed image, for good
 *
 * Context: Any, NMI too; crash path.  No locks.
 * Return: the image to jump into, for one caller ever; NULL: none is armed.
 */
struct kimage *kdump_load_fire(void);

/**
 * kdump_elfcorehdr_size() - bytes that the core header may need
 *
 * Covers every CPU that may ever come and memory that may be added, so that
 * the header can be rebuilt in place.
 */
size_t kdump_elfcorehdr_size(void);

/* The architecture's part of LOAD. */

/**
 * kdump_arch_protect() - write-protect the reservation, or undo that
 * @image: crash image whose control pages must stay writable for the jump
 * @protect: whether to protect
 *
 * Context: Process context, may sleep.  The kexec lock is held.
 */
void kdump_arch_protect(struct kimage *image, bool protect);

/**
 * kdump_arch_kernel_map() - where the kernel image is mapped
 * @phdr: filled in with virtual address, physical address and size
 *
 * Return: whether the image is mapped outside the direct mapping at all.
 */
bool kdump_arch_kernel_map(struct kdump_phdr *phdr);

/* --------------------------------------------------------------- CRASH -- */

/**
 * kdump_arch_stop_cpus() - stop all other CPUs and save their registers
 *
 * Waits for a bounded time.  May be called twice: panic() may do so before
 * its notifiers, and the crash path does.
 *
 * Context: Crash path: interrupts off, no locks, no allocation.
 */
void kdump_arch_stop_cpus(void);

/**
 * kdump_arch_quiesce() - silence interrupts and what else would disturb
 *
 * Context: Crash path, only this CPU still runs.
 */
void kdump_arch_quiesce(void);

/**
 * kdump_arch_save_stacks() - record the stacks of a CPU that are in vmalloc space
 * @cpu: the CPU
 * @note: note of that CPU; kdump_note_add_stack() adds to it
 *
 * Context: Crash path, NMI.
 */
void kdump_arch_save_stacks(int cpu, struct kdump_cpu_note *note);

/**
 * kdump_arch_virt_to_phys() - translate an address of a stack, without locks
 * @vaddr: kernel virtual address
 * @paddr: physical address, written on success
 *
 * Context: Crash path, NMI.
 * Return: whether @vaddr is mapped.
 */
bool kdump_arch_virt_to_phys(unsigned long vaddr, phys_addr_t *paddr);

/**
 * kdump_note_add_stack() - record where the pages of a stack are
 * @note: note to add to
 * @start: virtual address of the stack, page-aligned
 * @size: bytes, a multiple of the page size
 *
 * Pages of the direct mapping are in the dump anyway and are left out, and so
 * is what no longer fits.
 *
 * Context: Crash path, NMI.
 */
void kdump_note_add_stack(struct kdump_cpu_note *note, unsigned long start,
			  size_t size);

/**
 * kdump_note_silent() - leave the notes of a CPU that did not answer
 * @cpu: a CPU that was up and has not saved its registers
 *
 * Context: Crash path.
 */
void kdump_note_silent(int cpu);

/**
 * kdump_note_saved() - has this CPU saved its registers?
 * @cpu: the CPU
 *
 * Context: Crash path.
 */
bool kdump_note_saved(int cpu);

/**
 * crash_save_cpu() - save the registers of a CPU into its notes
 * @regs: registers at the moment of the crash
 * @cpu: the CPU, which is the one that calls
 *
 * Context: Crash path, NMI.
 */
void crash_save_cpu(struct pt_regs *regs, int cpu);

#ifdef CONFIG_KDUMP

/* panic() shall stop CPUs and run its notifiers before the crash image. */
extern bool crash_kexec_post_notifiers;

/**
 * __crash_kexec() - start the crash image, if one is armed
 * @regs: registers at the moment of the crash; NULL: those of here
 *
 * Context: Crash path: any context, any state of the machine.
 * Return: only when no image is armed or another CPU has taken it.
 */
void __crash_kexec(struct pt_regs *regs);

/**
 * crash_kexec() - __crash_kexec() for callers outside panic()
 * @regs: registers at the moment of the crash
 *
 * Does nothing while another CPU panics: that one will start the image.
 *
 * Context: as __crash_kexec().
 */
void crash_kexec(struct pt_regs *regs);

/**
 * kexec_should_crash() - will this oops end in panic()?
 * @p: the task that caused the oops
 *
 * die() asks, to start the crash image with the registers of the oops instead
 * of those of panic().
 */
int kexec_should_crash(struct task_struct *p);

/**
 * kexec_crash_loaded() - is a crash image armed?
 *
 * Context: Any.
 */
int kexec_crash_loaded(void);

/**
 * crash_smp_send_stop() - stop the other CPUs before the panic notifiers
 *
 * Context: Crash path.
 */
void crash_smp_send_stop(void);

#else /* !CONFIG_KDUMP */

#define crash_kexec_post_notifiers	false
static inline void __crash_kexec(struct pt_regs *regs) { }
static inline void crash_kexec(struct pt_regs *regs) { }
static inline int kexec_should_crash(struct task_struct *p) { return 0; }
static inline int kexec_crash_loaded(void) { return 0; }
static inline void crash_smp_send_stop(void) { }

#endif /* CONFIG_KDUMP */

/* ------------------------------------------------------------- CAPTURE -- */

#endif /* _LINUX_KDUMP_H */
