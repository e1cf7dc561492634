/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what purgatory does for a crash image behind the digest's check. */
#ifndef KDUMP_BACKUP_H
#define KDUMP_BACKUP_H

void kdump_backup(void);

#endif /* KDUMP_BACKUP_H */
