/* SPDX-License-Identifier: GPL-2.0-only */
/* CRASH: the notes of a CPU, for the rest of kernel/kdump. */
#ifndef _KDUMP_NOTES_H
#define _KDUMP_NOTES_H

#include <linux/types.h>

struct kdump_cpu_note;
struct pt_regs;

/**
 * kdump_note_crashed() - save the registers of the CPU that starts the image
 * @regs: registers at the moment of the crash
 * @cpu: the CPU, which is the one that calls
 *
 * Context: Crash path.
 */
void kdump_note_crashed(struct pt_regs *regs, int cpu);

/**
 * kdump_note_silent() - write the notes of a CPU that did not answer
 * @cpu: a CPU that was up and has not saved its registers
 *
 * Context: Crash path.
 */
void kdump_note_silent(int cpu);

/**
 * kdump_note_add_page() - record one page of a stack
 * @note: note to add to; a page behind the last one extends its run
 * @vaddr: virtual address of the page
 * @paddr: physical address of the page
 */
void kdump_note_add_page(struct kdump_cpu_note *note, u64 vaddr, u64 paddr);

/**
 * kdump_note_pid() - what pr_pid says of a CPU
 * @cpu: the CPU
 * @pid: PID of the task that ran there; 0: an idle task, or not known
 */
pid_t kdump_note_pid(int cpu, pid_t pid);

#endif /* _KDUMP_NOTES_H */
