/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: alignment of the segments of a crash image on x86. */
#ifndef KDUMP_PAGE_H
#define KDUMP_PAGE_H

#define KDUMP_PAGE	4096

#endif /* KDUMP_PAGE_H */
