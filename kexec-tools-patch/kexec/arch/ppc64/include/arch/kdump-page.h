/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: alignment of the segments of a crash image on ppc64. */
#ifndef KDUMP_PAGE_H
#define KDUMP_PAGE_H

/* The running kernel may have pages of 4 KB or of 64 KB; this suits both. */
#define KDUMP_PAGE	65536

#endif /* KDUMP_PAGE_H */
