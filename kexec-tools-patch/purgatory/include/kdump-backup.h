/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what purgatory does for a crash image behind the digest's check. */
#ifndef KDUMP_BACKUP_H
#define KDUMP_BACKUP_H

/* Nothing is backed up for a kernel that is no crash image. */
extern unsigned long kdump_backup_size;

void kdump_backup(void);

#endif /* KDUMP_BACKUP_H */
