// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: ppc64 adds no way to crash. */
#include <linux/errno.h>

#include "kdump_crash.h"

const struct way arch_crash_ways[] = { { } };
const struct way arch_other_ways[] = { { } };

/* The reservation is never protected. */
int check_writable(int pages)
{
	return -EOPNOTSUPP;
}
