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

#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kdump_format.h>
#include <linux/mm_types.h>
#include <linux/pgtable.h>	/* for users of kexec.h that get it from here */
#include <linux/types.h>

struct attribute_group;
struct iov_iter;
struct kdump_core;
struct kdump_core_source;
struct kdump_elf_phdr;
struct kexec_segment;
struct kimage;
struct page;
struct pt_regs;
struct range;
struct task_struct;
struct vm_fault;

/* ------------------------------------------------------------- RESERVE -- */

/**
 * DOC: Reservation
 *
 * RESERVE gives LOAD a range of physical memory that the system kernel never
 * touches: &crashk_res, and below 4 GB &crashk_low_res if the first lies above.
 * Empty (start == end == 0) when there is none; otherwise both ends are
 * page-aligned, the end inclusive, all of it RAM.  Written at boot and, under
 * the kexec lock, when the reservation shrinks; read under the kexec lock.
 * Both stand in /proc/iomem as "Crash kernel".
 *
 * Whatever crashkernel= asks for is either reserved exactly so, or nothing is
 * reserved; one line in the log says which and why.
 */
extern struct resource crashk_res;
extern struct resource crashk_low_res;

/**
 * struct kdump_reserve_limits - where an architecture can use a reservation
 * @floor: lowest address allowed, with or without offset; page-aligned
 * @low_end: first address that a reservation without ",high" must not use
 * @high_end: first address that no capture kernel can use; @low_end: there is
 *	      nothing above, ",high" and ",low" are the same as nothing
 * @offset_align: what an offset must be a multiple of; a power of two, at
 *		  least a page
 * @place_align: the same for places the kernel chooses
 * @low_default: bytes to reserve below @low_end beside a reservation above it,
 *		 if ",low" does not say how many
 * @bottom_up: the lowest place is the best one, not the highest
 */
struct kdump_reserve_limits {
	phys_addr_t floor;
	phys_addr_t low_end;
	phys_addr_t high_end;
	phys_addr_t offset_align;
	phys_addr_t place_align;
	phys_addr_t low_default;
	bool bottom_up;
};

/**
 * struct kdump_reserve_owner - something known to be at a place since boot
 * @name: to go into a message, such as "the initrd"
 * @start: physical address of the first byte
 * @size: bytes; 0: not there
 */
struct kdump_reserve_owner {
	const char *name;
	phys_addr_t start;
	phys_addr_t size;
};

/**
 * kdump_reserve_arch_limits() - provided by the architecture
 * @limits: to be filled in
 *
 * Context: Boot, after the command line was parsed.
 * Return: NULL, or why this machine cannot have a reservation at all.
 */
const char *kdump_reserve_arch_limits(struct kdump_reserve_limits *limits);

/**
 * kdump_reserve_arch_owner() - provided by the architecture
 * @index: 0, 1, 2...
 * @owner: written for every @index that exists
 *
 * Context: Boot.
 * Return: whether there is an owner with this number.  The kernel image is
 * known without.
 */
bool kdump_reserve_arch_owner(unsigned int index,
			      struct kdump_reserve_owner *owner);

/**
 * kdump_reserve_arch_claimed() - provided by the architecture
 * @start: first byte of the place that is about to be reserved
 * @end: first byte behind it
 *
 * Called for reservations with an offset only, which come early: the
 * architecture may have to keep others from giving part of it away.
 *
 * Context: Boot, memblock in use.
 */
void kdump_reserve_arch_claimed(phys_addr_t start, phys_addr_t end);

#ifdef CONFIG_KDUMP
/**
 * kdump_reserve_early() - read crashkernel= and reserve a place that was given
 *
 * Context: Boot, once memblock knows all RAM and what the boot loader and the
 * firmware left in it, and before anything is allocated from where a
 * reservation may be.
 */
void kdump_reserve_early(void);

/**
 * kdump_reserve_late() - reserve the rest and say what is reserved
 *
 * Context: Boot, once memblock knows which memory can be unplugged.
 */
void kdump_reserve_late(void);

/**
 * kdump_reserve_size() - bytes of &crashk_res
 *
 * Context: Any.  May be out of date when it returns, but for holders of the
 * kexec lock.
 * Return: bytes, a multiple of the page size; 0: nothing is reserved.
 */
u64 kdump_reserve_size(void);

/**
 * kdump_reserve_shrink() - give memory of the reservation back to the system
 * @size: bytes that stay reserved in &crashk_res, rounded up to pages; 0 gives
 *	  up &crashk_low_res, too
 *
 * Context: Process context.  Takes the kexec lock.
 * Return: 0; -EINVAL: a reservation cannot grow; -EBUSY: a crash image is
 * loaded, being loaded, or running.
 */
int kdump_reserve_shrink(u64 size);
#else
static inline void kdump_reserve_early(void) { }
static inline void kdump_reserve_late(void) { }
#endif

/**
 * kdump_cpu_attr_group - crash_notes and crash_notes_size of every CPU
 *
 * In /sys/devices/system/cpu/cpuN/: physical address and bytes of its notes.
 */
extern const struct attribute_group kdump_cpu_attr_group;

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
 * Rebuilding the core header of an ARMED image needs no BUSY: whenever the
 * image is taken, the header is whole.
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
 * one, its backup region is in no segment, or %KEXEC_PRESERVE_CONTEXT is set;
 * -ETXTBSY: a segment overlaps what the architecture must keep; -EFBIG: the
 * core header does not fit its segment, or memory above 4 GB and ELF32; -EFAULT:
 * a segment cannot be read; -ENOMEM.
 */
#ifdef CONFIG_KDUMP
int kdump_load(unsigned long entry, unsigned long nr_segments,
	       const struct kexec_segment *segments, unsigned long flags);
#else
static inline int kdump_load(unsigned long entry, unsigned long nr_segments,
			     const struct kexec_segment *segments,
			     unsigned long flags)
{
	return -EADDRNOTAVAIL;
}
#endif

/* What kexec_load(2) understands because of kdump. */
#define KEXEC_KDUMP_FLAGS	(KEXEC_ON_CRASH | KEXEC_UPDATE_ELFCOREHDR)

/**
 * kdump_load_control_pages() - pages of the reservation for the jump
 * @image: the crash image that is being prepared
 * @order: 2^order pages, naturally aligned
 *
 * The page tables and the code of the jump lie in the reservation, where a
 * stray write of the dying kernel cannot reach them.
 *
 * Context: Called by machine_kexec_prepare(), the kexec lock is held.
 * Return: the first page, or NULL when there is no room left.
 */
#ifdef CONFIG_KDUMP
struct page *kdump_load_control_pages(struct kimage *image, unsigned int order);
#else
static inline struct page *kdump_load_control_pages(struct kimage *image,
						    unsigned int order)
{
	return NULL;
}
#endif

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
 * kdump_load_settle() - wait for an image that is being replaced
 *
 * On another CPU it will soon be whole.  Waits for a second at most.
 *
 * Context: Any, NMI too; crash path, before CPUs are stopped.  No locks.
 */
void kdump_load_settle(void);

/**
 * kdump_load_fire() - take the armed image, for good
 *
 * Context: Any, NMI too; crash path.  No locks.
 * Return: the image to jump into, for one caller ever; NULL: none is armed.
 */
struct kimage *kdump_load_fire(void);

/**
 * kdump_load_backup() - where the backup region will be
 * @image: a crash image
 *
 * For an architecture that must write to the memory that is backed up before
 * purgatory runs.
 *
 * Context: Any; crash path.
 * Return: physical address of the copy; 0: the tool has asked for none.
 */
phys_addr_t kdump_load_backup(const struct kimage *image);

/**
 * kdump_elfcorehdr_size() - bytes that the core header may need
 *
 * Covers every CPU that may ever come, memory as it is and what hot-plug may add
 * to it, so that the header can be rebuilt in place.
 *
 * Context: Process context.
 * Return: bytes, a multiple of the page size.
 */
size_t kdump_elfcorehdr_size(void);

/**
 * kdump_load_refresh() - let the core header of the armed image follow memory
 * @coming: memory that is about to be online, first byte and byte behind the
 *	    last one; NULL: none
 *
 * Does nothing if no image is armed, or one whose tool built the header.
 *
 * Context: Process context, sleeps.  May be called under the locks of memory
 * hot-plug.
 */
void kdump_load_refresh(const struct range *coming);

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
 * kdump_arch_wait() - let a millisecond pass
 *
 * The crash path bounds its waits by this.  It is not mdelay() where that may
 * be far too short.
 *
 * Context: Any; crash path.
 */
void kdump_arch_wait(void);

/**
 * kdump_arch_kernel_map() - where the kernel image is mapped
 * @phdr: filled in with virtual address, physical address and memory size
 *
 * Context: Process context.
 * Return: whether the image is mapped outside the direct mapping at all.
 */
bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr);

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
 * @part: 0 to %KDUMP_QUIESCE_PARTS - 1, in this order, each once
 *
 * A part is what can fail by itself: after a fault in it comes the next one.
 *
 * Context: Crash path, only this CPU still runs.
 */
void kdump_arch_quiesce(unsigned int part);

/**
 * kdump_arch_current() - the task that a CPU runs
 * @cpu: the CPU
 *
 * The scheduler's own ways to ask take a lock that @cpu may hold for good.
 *
 * Context: Crash path, NMI.
 * Return: the task, or what a CPU that has not stopped ran a moment ago.
 */
struct task_struct *kdump_arch_current(int cpu);

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
 * Return: whether its note is there, whole or about to be.
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
 * Return: only when no image is armed, another CPU has taken it, or every step
 * of the path has failed.
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
 *
 * Context: Any, after an oops.
 * Return: 1 or 0.
 */
int kexec_should_crash(struct task_struct *p);

/**
 * kdump_crash_before_notifiers() - shall panic() start the crash image at once?
 *
 * Not with crash_kexec_post_notifiers, unless it is a notifier that panics.
 *
 * Context: Crash path, once in every panic().
 * Return: whether it shall.
 */
bool kdump_crash_before_notifiers(void);

/**
 * kdump_crash_resume() - a fault: was it in the crash path?
 *
 * Called before anything is done about the fault, because that takes locks
 * that a stopped CPU may hold.  If nothing is left, the fault ends in panic().
 *
 * Context: Any.
 * Return: only if this CPU was not in the crash path, or nothing of it is left.
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
 * kdump_crash_poison() - memory that must not be read any more
 * @paddr: physical address at which the memory has failed
 *
 * Tools that filter leave the page out of the dump.
 *
 * Context: Crash path, before the image is started.
 */
void kdump_crash_poison(phys_addr_t paddr);

#else /* !CONFIG_KDUMP */

#define crash_kexec_post_notifiers	false

static inline int kexec_crash_loaded(void) { return 0; }
static inline int kexec_should_crash(struct task_struct *p) { return 0; }
static inline void crash_smp_send_stop(void) { }
static inline bool kdump_crash_before_notifiers(void) { return false; }
static inline void kdump_crash_resume(void) { }
static inline void kdump_crash_poison(phys_addr_t paddr) { }
static inline void crash_kexec(struct pt_regs *regs) { }
static inline void __crash_kexec(struct pt_regs *regs) { }

#endif /* CONFIG_KDUMP */

/* ------------------------------------------------------------- CAPTURE -- */

/**
 * kdump_capture_core() - the checked core header of the crashed kernel
 *
 * Read once, by a subsys_initcall; never changes afterwards.
 *
 * Context: Any, after subsys_initcalls.
 * Return: the core header, or NULL: no crash came before this kernel, or the
 * core header is damaged, or vmcore_unusable() was called.
 */
const struct kdump_core *kdump_capture_core(void);

/**
 * kdump_capture_source() - how kdump_core_read() and its like read old memory
 * @source: filled in
 *
 * Context: Boot, process context; is_vmcore_usable() is true.  After boot
 * @source is of no use.
 */
void kdump_capture_source(struct kdump_core_source *source);

/**
 * elfcorehdr_parse() - the grammar of elfcorehdr=
 * @arg: ``address`` or ``size@address``, numbers as memparse() reads them
 * @addr: physical address of the core header, written on success
 * @size: bytes it may have, written on success; 0: not told
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int elfcorehdr_parse(const char *arg, u64 *addr, u64 *size);

/**
 * oldmem_read() - copy memory of the crashed kernel
 * @to: where to
 * @place: physical address of the first byte, in [@start, @end)
 * @size: bytes, not beyond @end
 * @start: beginning of the extent that contains @place, page-aligned
 * @end: end of that extent, page-aligned; nothing outside is touched
 *
 * Pages that this kernel runs in are not old: they read as zeroes, unless they
 * have been reserved since it started.
 *
 * Context: Process context, sleeps, several callers at a time.
 * Return: bytes copied, less than @size after a fatal signal or where @to
 * cannot be written; -ENOMEM or -EFAULT: none.
 */
ssize_t oldmem_read(struct iov_iter *to, u64 place, size_t size,
		    u64 start, u64 end);

/**
 * oldmem_read_kernel() - copy memory of the crashed kernel to a kernel buffer
 * @to: where to
 * @place: physical address; the pages around are touched, and no others
 * @size: bytes
 *
 * Context: as oldmem_read().
 * Return: 0; -ENOMEM; -EFAULT.
 */
int oldmem_read_kernel(void *to, u64 place, size_t size);

/**
 * oldmem_fault() - map memory of the crashed kernel into a process
 * @vmf: fault in a mapping with VM_PFNMAP set that can never be written to
 * @place: physical address of the page that is wanted
 * @start: beginning of the extent that contains @place, page-aligned
 * @end: end of that extent, page-aligned; nothing outside is mapped
 *
 * Maps as much as one entry of the page middle directory holds: a huge page if
 * addresses are aligned alike and the kernel has transparent huge pages.
 *
 * Context: Fault handler.
 * Return: VM_FAULT_NOPAGE or VM_FAULT_OOM.
 */
vm_fault_t oldmem_fault(struct vm_fault *vmf, u64 place, u64 start, u64 end);

/* The architecture's part of CAPTURE. */

/* ELF machine numbers of kernels whose dumps make sense here; EM_NONE ends. */
extern const u16 kdump_arch_machines[];

/*
 * A copy of the crashed CPU's registers leads the notes of a dump, for what
 * begins with the first, as gdb does.  Not where a reader counts registers.
 */
extern const bool kdump_arch_lead;

/**
 * kdump_arch_oldmem_limit() - where physical memory must end
 *
 * Context: Any.
 * Return: the first physical address that cannot exist on this machine.
 */
u64 kdump_arch_oldmem_limit(void);

/**
 * kdump_arch_oldmem_known() - where this machine has memory, used or not
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
 * @place: physical address, page-aligned; no memory of this kernel
 * @size: bytes, a multiple of the page size
 *
 * Context: Process context, may sleep.
 * Return: the mapping, to be given to kdump_arch_oldmem_unmap(), or NULL.
 */
void *kdump_arch_oldmem_map(u64 place, size_t size);

/**
 * kdump_arch_oldmem_unmap() - undo kdump_arch_oldmem_map()
 * @memory: the mapping
 *
 * Context: Process context, may sleep.
 */
void kdump_arch_oldmem_unmap(void *memory);

#endif /* _LINUX_KDUMP_H */
