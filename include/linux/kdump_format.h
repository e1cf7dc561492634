/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * kdump: the bytes that cross from kernel to kernel, or to kexec-tools.
 *
 * LOAD   kexec-tools hands the kernel a stub of the core header.
 * CRASH  the dead kernel leaves notes that the capture kernel reads.
 *
 * The kernel, kexec-tools and the tests include this same file, so it uses only
 * fixed-size types.  All numbers are in the byte order of the machine that
 * wrote them.
 */
#ifndef _LINUX_KDUMP_FORMAT_H
#define _LINUX_KDUMP_FORMAT_H

#include <linux/types.h>

/**
 * DOC: Memory map
 *
 * On x86 the e820 map in the boot_params of the capture kernel tells it which
 * memory it may use.  Entries of this type tell it which other memory the
 * machine has: old memory.  ACPI reserves this range of types for the vendor of
 * the firmware, and kexec takes its role here.
 */
#define KDUMP_E820_OLD		0xf04b4401

/**
 * DOC: Stub core header
 *
 * A tool that passes %KEXEC_KDUMP_STUB to kexec_load(2) leaves the core header
 * to the kernel.  It may do so if there is /sys/kernel/kdump/elfcorehdr_size;
 * other kernels do not know the flag.  It loads one segment of at least as many
 * bytes as this file says, aligned to
 * %KDUMP_ELFCOREHDR_ALIGN, that begins with a stub: an ELF header of type
 * ET_CORE whose class (ELF32 or ELF64) is the class wanted for the dump,
 * followed by at most one PT_LOAD.  That PT_LOAD describes the backup region:
 * p_paddr and p_memsz say which memory is copied away before the capture
 * kernel starts (0 and %KDUMP_BACKUP_SIZE), p_offset says to which physical
 * address, which is in a segment too.  p_paddr and p_offset have the same offset
 * in their pages.
 */
#define KDUMP_ELFCOREHDR_ALIGN	4096

/* The last of the flags below the field for the architecture. */
#define KEXEC_KDUMP_STUB	0x00008000

#ifdef __powerpc64__
/* The memory that a capture kernel overwrites with its interrupt vectors. */
#define KDUMP_BACKUP_SIZE	0x10000
/*
 * kexec's jump overwrites this first part before purgatory runs.  So the kernel
 * that crashed copies this part, and purgatory copies the rest.
 */
#define KDUMP_BACKUP_EARLY	0x100
#else
/* The memory below the VGA hole, which an x86 capture kernel needs itself. */
#define KDUMP_BACKUP_SIZE	0xa0000
#endif

/*
 * ELF needs an extension for more program headers than 0xfffe, which no core
 * header uses.  One less, so that a file with as many PT_LOADs and one PT_NOTE
 * does not need it either.
 */
#define KDUMP_PHNUM_MAX		0xfffd

/**
 * DOC: Notes of a CPU
 *
 * The crash_notes buffer of a CPU holds ELF notes one behind the other, each
 * padded to 4 bytes, and ends with a note header of zeroes.  The first note is
 * NT_PRSTATUS of "CORE", the second %NT_KDUMP_CPU of %KDUMP_NOTE_NAME.  A CPU
 * that was up but did not answer has both, too: its registers are zero, and it
 * has the mark %KDUMP_CPU_SILENT.  The n-th NT_PRSTATUS belongs to the n-th CPU
 * that was up.
 *
 * pr_pid is the PID of the task that the CPU ran.  All idle tasks have PID 0,
 * but gdb tells threads apart by their number only.  So an idle CPU has
 * %KDUMP_IDLE_PID plus its own number, which is the PID of no task.
 */
#define KDUMP_NOTE_NAME		"KDUMP"
#define NT_KDUMP_CPU		0x4b440001

/* No PID is as large. */
#define KDUMP_IDLE_PID		0x400000

/* This CPU crashed and started the crash image; at most one has this flag. */
#define KDUMP_CPU_CRASHED	0x1
/* This CPU did not answer in time; its registers are not known. */
#define KDUMP_CPU_SILENT	0x2

/* More runs of stack pages than any architecture needs for one CPU. */
#define KDUMP_STACK_RUNS_MAX	32

/**
 * struct kdump_stack_run - pages of a stack that lies in vmalloc space
 * @vaddr: virtual address of the first byte, page-aligned
 * @paddr: physical address of the first byte, page-aligned
 * @size: bytes, a multiple of the page size; contiguous in both spaces
 *
 * Such a stack is not in the direct mapping, so no PT_LOAD of the core header
 * covers its virtual address.  The capture kernel makes one from each run.
 */
struct kdump_stack_run {
	__u64 vaddr;
	__u64 paddr;
	__u64 size;
};

/**
 * struct kdump_cpu_note - contents of the NT_KDUMP_CPU note
 * @cpu: logical number of the CPU
 * @flags: KDUMP_CPU_* bits
 * @nr_runs: how many entries of @run are valid, at most KDUMP_STACK_RUNS_MAX;
 *	     the note is as long as these entries need
 * @time: when the CPU crashed, in seconds since 1970, which fit until 2106;
 *	  0: it did not crash
 * @run: where the stacks of this CPU were, in no particular order
 */
struct kdump_cpu_note {
	__u32 cpu;
	__u32 flags;
	__u32 nr_runs;
	__u32 time;
	struct kdump_stack_run run[KDUMP_STACK_RUNS_MAX];
};

_Static_assert(sizeof(struct kdump_stack_run) == 24, "crosses kernels");
_Static_assert(sizeof(struct kdump_cpu_note) == 16 + 24 * KDUMP_STACK_RUNS_MAX,
	       "crosses kernels");

#endif /* _LINUX_KDUMP_FORMAT_H */
