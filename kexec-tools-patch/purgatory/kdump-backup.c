// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: what kexec -p tells purgatory about the backup of low memory.
 */
#include <linux/kdump_purgatory.h>

/*
 * In .data, because kexec cannot set symbols in .bss.  kexec -l leaves both at
 * zero, so nothing is backed up for a kernel that is not a crash image.
 */
unsigned long kdump_backup_to __attribute__((section(".data")));
unsigned long kdump_backup_size __attribute__((section(".data")));
