// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: copy low memory away before the capture kernel uses it.
 *
 * Purgatory runs this once the digest is right, on one CPU, with interrupts off
 * and memory mapped one to one; on i386 and x86_64.
 */
#include <kdump-backup.h>

void kdump_backup(void)
{
	unsigned long from = 0, to = kdump_backup_to;
	unsigned long bytes = kdump_backup_size;

	asm volatile("rep movsb"
		     : "+S" (from), "+D" (to), "+c" (bytes)
		     :
		     : "memory");
}
