/* SPDX-License-Identifier: GPL-2.0-only */
/* Old memory, and checks of a core header and its /proc/vmcore. */
#ifndef TESTS_FUZZ_VMCORE_CHECK_H
#define TESTS_FUZZ_VMCORE_CHECK_H

#include "../../fs/proc/vmcore_layout.h"

#define PAGE		4096ULL
#define BASE		0x10000ULL

/* Old memory from BASE on; reading elsewhere fails. */
struct old {
	const uint8_t *bytes;
	size_t size;
};

int old_read(void *context, void *to, u64 from, size_t len);

/* The context of @source must be a struct old. */
void check_vmcore(const struct kdump_core_source *source,
		  const struct kdump_core *core);

#endif /* TESTS_FUZZ_VMCORE_CHECK_H */
