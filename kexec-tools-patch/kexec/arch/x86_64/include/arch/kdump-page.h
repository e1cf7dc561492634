/* SPDX-License-Identifier: GPL-2.0-only */
#include "../../../i386/include/arch/kdump-page.h"
