/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what purgatory does about a crash image whose digest is wrong. */
#ifndef KDUMP_GIVE_UP_H
#define KDUMP_GIVE_UP_H

void kdump_give_up(void);

#endif /* KDUMP_GIVE_UP_H */
