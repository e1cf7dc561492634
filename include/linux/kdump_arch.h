/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kdump: the contract with an architecture, by stage.
 *
 * The functions and constants named kdump_arch_* are what an architecture
 * provides.  The last section is what it may call.  <asm/kdump.h> has
 * the rest, which must be inline or known at compile time: the constant
 * %KDUMP_ARCH_QUIESCE_PARTS, kdump_arch_regs_here(), kdump_arch_table_map() and
 * kdump_arch_table_unmap().
 */
#ifndef _LINUX_KDUMP_ARCH_H
#define _LINUX_KDUMP_ARCH_H

#include <linux/range.h>
#include <linux/types.h>

struct kdump_elf_phdr;
struct kimage;
struct pt_regs;
struct task_struct;

/* ------------------------------------------------------------- RESERVE -- */

/**
 * struct kdump_arch_limits - where an architecture can use a reservation
 * @floor: lowest address allowed, with or without offset; page-aligned
 * @low_end: a reservation without ",high" ends here or below, unless it fits
 *	     only above
 * @high_end: first address that no capture kernel can use; if it equals
 *	      @low_end, ",high" and ",low" have no effect
 * @offset_align: what an offset must be a multiple of; a power of two, at
 *		  least a page
 * @place_align: the same for places that the kernel chooses
 * @low_default: bytes to reserve below @low_end beside a reservation above it,
 *		 if ",low" does not say how many
 * @bottom_up: the lowest place is the best one, not the highest
 */
struct kdump_arch_limits {
	phys_addr_t floor;
	phys_addr_t low_end;
	phys_addr_t high_end;
	phys_addr_t offset_align;
	phys_addr_t place_align;
	phys_addr_t low_default;
	bool bottom_up;
};

/**
 * struct kdump_arch_owner - something that has had its place since boot
 * @name: its name in a message, such as "the initrd"
 * @start: physical address of the first byte
 * @size: bytes; 0: this machine has none
 */
struct kdump_arch_owner {
	const char *name;
	phys_addr_t start;
	phys_addr_t size;
};

/**
 * kdump_arch_reserve_limits() - where can this machine use a reservation?
 * @limits: filled in if it can
 *
 * Context: Boot, after the command line was parsed.
 * Return: NULL, or the reason why this machine cannot have a reservation.
 */
const char *kdump_arch_reserve_limits(struct kdump_arch_limits *limits);

/**
 * kdump_arch_reserve_owner() - what may be in the way of a reservation?
 * @index: 0, 1, 2...
 * @owner: written for every @index that exists
 *
 * The kernel image is not among the owners: the caller knows it.
 *
 * Context: Boot.
 * Return: whether there is an owner with this number.
 */
bool kdump_arch_reserve_owner(unsigned int index,
			      struct kdump_arch_owner *owner);

/**
 * kdump_arch_reserve_claimed() - a place with a given offset was reserved
 * @start: first byte of the place
 * @end: first byte behind it
 *
 * These reservations come early.  The architecture may have to keep the
 * firmware's code from freeing memory that overlaps them.
 *
 * Context: Boot, memblock in use.
 */
void kdump_arch_reserve_claimed(phys_addr_t start, phys_addr_t end);

/* ---------------------------------------------------------------- LOAD -- */

/**
 * kdump_arch_protect() - write-protect the reservation, or undo that
 * @image: crash image; a page to which the jump itself writes stays writable
 * @protect: whether to protect
 *
 * Context: Process context, may sleep.  The kexec lock is held.
 */
void kdump_arch_protect(struct kimage *image, bool protect);

/**
 * kdump_arch_kernel_map() - where is the kernel image mapped?
 * @phdr: filled in with virtual address, physical address and memory size
 *
 * Context: Process context.
 * Return: whether the kernel image is mapped outside the direct mapping at all.
 */
bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr);

/* --------------------------------------------------------------- CRASH -- */

/**
 * kdump_arch_wait() - let a millisecond pass
 *
 * The crash path bounds its waits by this.  It is not mdelay() where mdelay()
 * may be far too short.
 *
 * Context: Any; crash path.
 */
void kdump_arch_wait(void);

/**
 * kdump_arch_stop_cpus() - stop all other CPUs and save their registers
 *
 * Waits for a bounded time.  May be called twice: by panic() before its
 * notifiers, and by the crash path.
 *
 * Context: Crash path: interrupts off, no locks, no allocation.
 */
void kdump_arch_stop_cpus(void);

/**
 * kdump_arch_quiesce() - silence interrupts and what else would disturb
 * @part: 0 to %KDUMP_ARCH_QUIESCE_PARTS - 1, in this order, each once
 *
 * If a part faults, the crash path goes on with the next one.  So whatever can
 * fail on its own is a part of its own.
 *
 * Context: Crash path, only this CPU still runs.
 */
void kdump_arch_quiesce(unsigned int part);

/**
 * kdump_arch_current() - the task that a CPU runs
 * @cpu: the CPU
 *
 * The scheduler's own functions take a lock that @cpu may hold for good.
 *
 * Context: Crash path, NMI.
 * Return: the task; of a CPU that has not stopped, one that it ran a moment
 * ago.
 */
struct task_struct *kdump_arch_current(int cpu);

/* More stacks than kdump_arch_stacks() finds on any architecture. */
#define KDUMP_ARCH_STACKS_MAX	2

/**
 * kdump_arch_stacks() - the stacks of a CPU beside the stack of its task
 * @cpu: the CPU
 * @stacks: filled in: first byte and byte behind the last one, virtual and
 *	    page-aligned; guard pages may lie inside
 *
 * Stacks in the direct mapping may be left out: the dump has them anyway.
 *
 * Context: Crash path, NMI.
 * Return: how many entries of @stacks were filled in.
 */
unsigned int kdump_arch_stacks(int cpu,
			       struct range stacks[KDUMP_ARCH_STACKS_MAX]);

/**
 * kdump_arch_virt_to_phys() - translate an address of a stack, without locks
 * @vaddr: kernel virtual address
 * @paddr: physical address, written on success
 *
 * Context: Crash path, NMI.
 * Return: whether @vaddr is mapped.
 */
bool kdump_arch_virt_to_phys(unsigned long vaddr, phys_addr_t *paddr);

/* ------------------------------------------------------------- CAPTURE -- */

/*
 * ELF machine numbers of kernels whose dumps this kernel can take; EM_NONE
 * ends.
 */
extern const u16 kdump_arch_machines[];

/*
 * Begin the notes of a dump with a copy of the crashed CPU's registers?  gdb
 * shows the first registers, so it helps gdb.  Where a tool counts registers to
 * find those of a CPU, the copy would mislead it.
 */
extern const bool kdump_arch_lead;

/**
 * kdump_arch_oldmem_limit() - where must physical memory end?
 *
 * Context: Any.
 * Return: the first physical address that cannot exist on this machine.
 */
u64 kdump_arch_oldmem_limit(void);

/**
 * kdump_arch_oldmem_known() - where does this machine have memory, used or not?
 * @memory: filled in: first byte and byte behind the last one of pieces that do
 *	    not touch each other
 * @room: entries of @memory
 *
 * Context: Boot, process context.
 * Return: how many pieces there are; 0: it is not known.
 */
unsigned int kdump_arch_oldmem_known(struct range *memory, unsigned int room);

/**
 * kdump_arch_oldmem_map() - map old memory into this kernel, cached
 * @paddr: physical address, page-aligned; not memory of this kernel
 * @size: bytes, a multiple of the page size
 * @image: this is part of the crash image, such as the core header, which is not
 *	   encrypted where the rest of memory may be
 *
 * Context: Process context, may sleep.
 * Return: the mapping, to be given to kdump_arch_oldmem_unmap(), or NULL.
 */
void *kdump_arch_oldmem_map(u64 paddr, size_t size, bool image);

/**
 * kdump_arch_oldmem_unmap() - undo kdump_arch_oldmem_map()
 * @memory: the mapping
 *
 * Context: Process context, may sleep.
 */
void kdump_arch_oldmem_unmap(void *memory);

/* --------------------------------------- what an architecture may call -- */

/**
 * kdump_armed_backup() - where will the backup region be copied to?
 * @image: a crash image
 *
 * For an architecture that must write to the memory that is backed up before
 * purgatory runs.
 *
 * Context: Any; crash path.
 * Return: physical address of the copy; 0: the tool has asked for none.
 */
phys_addr_t kdump_armed_backup(const struct kimage *image);

/* How many holes kdump_file_holes() finds. */
#define KDUMP_FILE_HOLES	2

/**
 * kdump_file_holes() - which memory of the reservation must stay unused?
 * @image: a crash image that kexec_file_load(2) makes
 * @holes: filled in: first byte and byte behind the last one
 *
 * The capture kernel reads the core header and the backup region, but its memory
 * map must not give it this memory for use.
 *
 * Context: Process context, while the image is being loaded.
 */
void kdump_file_holes(const struct kimage *image,
		      struct range holes[KDUMP_FILE_HOLES]);

/**
 * kdump_note_saved() - has this CPU saved its registers?
 * @cpu: the CPU
 *
 * Context: Crash path.
 * Return: whether its note is complete, or is being written.
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

#endif /* _LINUX_KDUMP_ARCH_H */
