// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: the grammar of crashkernel=, built for the boot stub.
 *
 * The stub and the kernel must read the same words in the same way.
 */
#include "misc.h"

#include "../../../../kernel/kdump/crashkernel.c"
