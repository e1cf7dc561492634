// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: copy low memory away before the capture kernel uses it.
 *
 * Purgatory runs this after the digest was found right, on one CPU, with
 * interrupts off and without translation of addresses.
 */
#include <string.h>
#include <linux/kdump_format.h>
#include <kdump-backup.h>

/*
 * Set by kexec -p, which can write to .data but not to .bss.  Zero, and so
 * nothing to do, for a kernel loaded with kexec -l.
 */
unsigned long kdump_backup_to __attribute__((section(".data")));
unsigned long kdump_backup_size __attribute__((section(".data")));

void kdump_backup(void)
{
	unsigned long from = KDUMP_BACKUP_EARLY;

	if (!kdump_backup_size)
		return;
	/* No object of C is there. */
	asm("" : "+r" (from));
	memcpy((void *)(kdump_backup_to + KDUMP_BACKUP_EARLY), (void *)from,
	       kdump_backup_size - KDUMP_BACKUP_EARLY);
}
