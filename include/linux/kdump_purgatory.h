/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: what purgatory does for a crash image.
 *
 * Purgatory runs between two kernels, on one CPU, with interrupts off.  The
 * kernel has one for kexec_file_load(2), and kexec-tools has one for
 * kexec_load(2).  Both include this file, and on x86 both are built from the
 * same arch/x86/purgatory/kdump.c.
 */
#ifndef _LINUX_KDUMP_PURGATORY_H
#define _LINUX_KDUMP_PURGATORY_H

/* Without this, the kernel's purgatory would need a table of offsets (GOT). */
#pragma GCC visibility push(hidden)

/*
 * Physical address to which memory from address 0 on is copied, and bytes.  Both
 * are 0 if this is no crash image.  Whoever loads the image sets them.
 */
extern unsigned long kdump_backup_to;
extern unsigned long kdump_backup_size;

/* x86: port of the serial console that messages go to. */
extern unsigned short serial_base;

/* The digest is right: copy low memory away, if this is a crash image. */
void kdump_backup(void);

/*
 * The digest is wrong: say so and reset the machine.  Returns if this is no
 * crash image.
 */
void kdump_give_up(void);

#pragma GCC visibility pop

#endif /* _LINUX_KDUMP_PURGATORY_H */
