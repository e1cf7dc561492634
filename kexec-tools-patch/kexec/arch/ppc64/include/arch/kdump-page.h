/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what segments of a crash image are aligned to on ppc64. */
#ifndef KDUMP_PAGE_H
#define KDUMP_PAGE_H

/* The larger page size of two; the running kernel may have either. */
#define KDUMP_PAGE	65536

#endif /* KDUMP_PAGE_H */
