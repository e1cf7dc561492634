// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: copy low memory away before the capture kernel uses it.
 *
 * Purgatory runs this once the digest is right, on one CPU, with interrupts off
 * and in real mode.  The kernel that crashed has copied the first
 * KDUMP_BACKUP_EARLY bytes itself, because its jump overwrites them.
 */
#include <string.h>
#include <linux/kdump_format.h>
#include <linux/kdump_purgatory.h>

void kdump_backup(void)
{
	unsigned long from = KDUMP_BACKUP_EARLY;

	if (!kdump_backup_size)
		return;
	/* Keep the compiler from assuming that no object can be so low. */
	asm("" : "+r" (from));
	memcpy((void *)(kdump_backup_to + KDUMP_BACKUP_EARLY), (void *)from,
	       kdump_backup_size - KDUMP_BACKUP_EARLY);
}
