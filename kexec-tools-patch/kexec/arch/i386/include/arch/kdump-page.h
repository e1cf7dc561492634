/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: what segments of a crash image are aligned to on x86. */
#ifndef KDUMP_PAGE_H
#define KDUMP_PAGE_H

#define KDUMP_PAGE	4096

#endif /* KDUMP_PAGE_H */
