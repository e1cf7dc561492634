/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what purgatory does if the digest of a crash image is wrong. */
#ifndef KDUMP_GIVE_UP_H
#define KDUMP_GIVE_UP_H

/* Say so and reset the machine.  Returns if this is no crash image. */
void kdump_give_up(void);

#endif /* KDUMP_GIVE_UP_H */
