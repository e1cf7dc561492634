// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: the notes of a CPU.
 *
 * Runs in the system kernel.  Buffers are allocated at boot.  After the crash
 * the CPU whose registers they hold writes them, in NMI context: no locks, no
 * allocation.
 */
#include <linux/cache.h>
#include <linux/crash_core.h>
#include <linux/init.h>
#include <linux/kdump_arch.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/range.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>
#include <linux/threads.h>
#include <linux/timekeeping.h>

#include "notes.h"

note_buf_t __percpu *crash_notes;

/*
 * What a CPU builds its notes from.  It is too big for a stack in trouble, and
 * after a crash nothing can be allocated, so each CPU has one from the start.
 */
struct kdump_note_scratch {
	struct elf_prstatus prstatus;
	struct kdump_cpu_note cpu;
	bool taken;
};

static DEFINE_PER_CPU(struct kdump_note_scratch, kdump_note_scratch);

void kdump_note_add_page(struct kdump_cpu_note *note, u64 vaddr, u64 paddr)
{
	struct kdump_stack_run *run = &note->run[note->nr_runs];

	if (note->nr_runs) {
		struct kdump_stack_run *last = run - 1;

		if (last->vaddr + last->size == vaddr &&
		    last->paddr + last->size == paddr) {
			last->size += PAGE_SIZE;
			return;
		}
	}
	if (note->nr_runs == KDUMP_STACK_RUNS_MAX)
		return;
	run->vaddr = vaddr;
	run->paddr = paddr;
	run->size = PAGE_SIZE;
	note->nr_runs++;
}

/*
 * Pages of the direct mapping are in the dump anyway and are left out.  So is
 * what no longer fits into the note.
 */
static void note_add_stack(struct kdump_cpu_note *note, struct range stack)
{
	unsigned long addr;
	phys_addr_t paddr;

	for (addr = stack.start; addr < stack.end; addr += PAGE_SIZE) {
		if (!virt_addr_valid(addr) &&
		    kdump_arch_virt_to_phys(addr, &paddr))
			kdump_note_add_page(note, addr, paddr);
	}
}

static void note_add_stacks(struct kdump_cpu_note *note, int cpu,
			    const struct task_struct *task)
{
	struct range stacks[1 + KDUMP_ARCH_STACKS_MAX];
	unsigned int i, nr;

	stacks[0].start = (unsigned long)task_stack_page(task);
	stacks[0].end = stacks[0].start + THREAD_SIZE;
	nr = 1 + kdump_arch_stacks(cpu, stacks + 1);
	for (i = 0; i < nr; i++)
		note_add_stack(note, stacks[i]);
}

pid_t kdump_note_pid(int cpu, pid_t pid)
{
	return pid ?: KDUMP_IDLE_PID + cpu;
}

static size_t cpu_note_bytes(const struct kdump_cpu_note *note)
{
	return offsetof(struct kdump_cpu_note, run) +
	       note->nr_runs * sizeof(note->run[0]);
}

static void notes_write(int cpu, struct kdump_note_scratch *scratch)
{
	u32 *buf = (u32 *)per_cpu_ptr(crash_notes, cpu);

	buf = append_elf_note(buf, "CORE", NT_PRSTATUS, &scratch->prstatus,
			      sizeof(scratch->prstatus));
	buf = append_elf_note(buf, KDUMP_NOTE_NAME, NT_KDUMP_CPU, &scratch->cpu,
			      cpu_note_bytes(&scratch->cpu));
	final_note(buf);
}

static void notes_save(struct pt_regs *regs, int cpu, u32 flags)
{
	struct kdump_note_scratch *scratch;
	struct task_struct *task;

	if (!crash_notes || cpu < 0 || cpu >= nr_cpu_ids)
		return;
	scratch = per_cpu_ptr(&kdump_note_scratch, cpu);
	/* A CPU that answers late may meet the CPU that gave up on it. */
	if (xchg(&scratch->taken, true))
		return;
	if (regs)
		elf_core_copy_regs(&scratch->prstatus.pr_reg, regs);
	scratch->cpu.cpu = cpu;
	scratch->cpu.flags = flags;
	scratch->prstatus.common.pr_pid = kdump_note_pid(cpu, 0);
	/* If reading the task or its stack faults, this much is in the dump. */
	notes_write(cpu, scratch);
	task = kdump_arch_current(cpu);
	scratch->prstatus.common.pr_pid = kdump_note_pid(cpu, task->pid);
	notes_write(cpu, scratch);
	note_add_stacks(&scratch->cpu, cpu, task);
	notes_write(cpu, scratch);
}

void crash_save_cpu(struct pt_regs *regs, int cpu)
{
	notes_save(regs, cpu, 0);
}

void kdump_note_crashed(struct pt_regs *regs, int cpu)
{
	/* Other ways to ask for the time may wait for a lock, or for a device. */
	per_cpu(kdump_note_scratch, cpu).cpu.time = __ktime_get_real_seconds();
	notes_save(regs, cpu, KDUMP_CPU_CRASHED);
}

void kdump_note_silent(int cpu)
{
	notes_save(NULL, cpu, KDUMP_CPU_SILENT);
}

bool kdump_note_saved(int cpu)
{
	const struct elf_note *note;

	if (!crash_notes)
		return false;
	note = (const struct elf_note *)per_cpu_ptr(crash_notes, cpu);
	return READ_ONCE(note->n_type) == NT_PRSTATUS;
}

static int __init kdump_notes_init(void)
{
	/*
	 * Tools take a buffer for physically contiguous.  Align it to its size,
	 * rounded up to a power of two, so that it never crosses a page.
	 */
	size_t align = roundup_pow_of_two(sizeof(note_buf_t));

	BUILD_BUG_ON(sizeof(note_buf_t) > PAGE_SIZE);
	BUILD_BUG_ON(KDUMP_IDLE_PID < PID_MAX_LIMIT);
	crash_notes = __alloc_percpu(sizeof(note_buf_t), align);
	if (!crash_notes) {
		pr_warn("kdump: no memory for the notes of the CPUs; a dump will lack their registers\n");
		return -ENOMEM;
	}
	return 0;
}
subsys_initcall(kdump_notes_init);
