/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what purgatory does for a crash image once its digest is right. */
#ifndef KDUMP_BACKUP_H
#define KDUMP_BACKUP_H

/* Physical address of the copy, and its bytes; 0 if this is no crash image. */
extern unsigned long kdump_backup_to;
extern unsigned long kdump_backup_size;

/* Copy low memory away. */
void kdump_backup(void);

#endif /* KDUMP_BACKUP_H */
