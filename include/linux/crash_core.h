/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CRASH: the notes that a dead kernel leaves for the readers of its dump.
 *
 * Other parts of the kernel use these names, so they are upstream's.
 */
#ifndef _LINUX_CRASH_CORE_H
#define _LINUX_CRASH_CORE_H

#include <linux/elfcore.h>
#include <linux/kdump_format.h>
#include <linux/types.h>

/* Bytes of an ELF note with a name and contents of these sizes. */
#define ELF_NOTE_BYTES(name_size, desc_size) \
	(sizeof(struct elf_note) + ALIGN(name_size, 4) + ALIGN(desc_size, 4))

/* Notes of one CPU: NT_PRSTATUS, NT_KDUMP_CPU and the end mark. */
#define CRASH_CORE_NOTE_BYTES \
	(ELF_NOTE_BYTES(sizeof("CORE"), sizeof(struct elf_prstatus)) + \
	 ELF_NOTE_BYTES(sizeof(KDUMP_NOTE_NAME), \
			sizeof(struct kdump_cpu_note)) + \
	 sizeof(struct elf_note))

typedef u32 note_buf_t[CRASH_CORE_NOTE_BYTES / 4];

/* One buffer per CPU; sysfs shows its physical address. */
extern note_buf_t __percpu *crash_notes;

/*
 * VMCOREINFO: lines "KEY=value" that tell a tool where to begin without the
 * debug information of the kernel.
 */
#define VMCOREINFO_NOTE_NAME	"VMCOREINFO"
#define VMCOREINFO_NOTE_NAME_BYTES ALIGN(sizeof(VMCOREINFO_NOTE_NAME), 4)
#define VMCOREINFO_BYTES	4096
#define VMCOREINFO_NOTE_SIZE \
	(ELF_NOTE_BYTES(sizeof(VMCOREINFO_NOTE_NAME), VMCOREINFO_BYTES) + \
	 sizeof(struct elf_note))

/* The note with its header, and its physical address; it never moves. */
extern u32 *vmcoreinfo_note;
phys_addr_t paddr_vmcoreinfo_note(void);

/* The lines alone; they do not change after boot. */
#ifdef CONFIG_CRASH_CORE
extern unsigned char *vmcoreinfo_data;
extern size_t vmcoreinfo_size;
#else
#define vmcoreinfo_data	NULL
#define vmcoreinfo_size	0
#endif

/**
 * struct vmcoreinfo_log - what of the log printk.c alone can name
 * @prb: the pointer to the ring buffer in use
 * @printk_rb_static: the ring buffer of early boot
 * @clear_seq: the number of the record at which the log was cleared
 * @latched_seq_size: bytes of @clear_seq
 * @latched_seq_val: offset of the two numbers in it
 */
struct vmcoreinfo_log {
	const void *prb;
	const void *printk_rb_static;
	const void *clear_seq;
	size_t latched_seq_size;
	size_t latched_seq_val;
};

extern const struct vmcoreinfo_log vmcoreinfo_log;

/**
 * vmcoreinfo_append_str() - add to VMCOREINFO
 * @fmt: format of one or more whole lines
 *
 * Lines that do not fit any more are left out; the log says so.
 *
 * Context: Boot.
 */
__printf(1, 2) void vmcoreinfo_append_str(const char *fmt, ...);

/* Add the lines of the architecture. */
void arch_crash_save_vmcoreinfo(void);

/**
 * append_elf_note() - write an ELF note
 * @buf: destination, 4-byte aligned
 * @name: name of the owner
 * @type: type of the note
 * @data: contents
 * @size: bytes of contents
 *
 * Context: Any; crash path.
 * Return: the byte behind the note.
 */
u32 *append_elf_note(u32 *buf, const char *name, unsigned int type,
		     const void *data, size_t size);

/**
 * final_note() - write the end mark behind the last note of a buffer
 * @buf: destination
 */
void final_note(u32 *buf);

#endif /* _LINUX_CRASH_CORE_H */
