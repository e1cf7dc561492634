// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: copy low memory away before the capture kernel uses it.
 *
 * Purgatory runs this after the digest was found right, on one CPU, with
 * interrupts off and memory mapped one to one; on i386 and x86_64.
 */
#include <kdump-backup.h>

/*
 * Set by kexec -p, which can write to .data but not to .bss.  Zero, and so
 * nothing to do, for a kernel loaded with kexec -l.
 */
unsigned long kdump_backup_to __attribute__((section(".data")));
unsigned long kdump_backup_size __attribute__((section(".data")));

void kdump_backup(void)
{
	unsigned long from = 0, to = kdump_backup_to;
	unsigned long bytes = kdump_backup_size;

	asm volatile("rep movsb"
		     : "+S" (from), "+D" (to), "+c" (bytes)
		     :
		     : "memory");
}
