// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: sizes as people read them, and as crashkernel= takes them.
 */
#include <string.h>

#include "kdump.h"
#include "tap.h"

#define KB	1024ULL
#define MB	(1024 * KB)

static const struct {
	uint64_t bytes;
	const char *size, *size_argument, *addr_argument;
} rows[] = {
	{ 0, "0 KB", "0M", "0M" },
	{ 1, "1 KB", "16M", "0x1" },
	{ 640 * KB, "640 KB", "16M", "0xa0000" },
	{ MB - 1, "1024 KB", "16M", "0xfffff" },
	{ MB, "1 MB", "16M", "1M" },
	{ MB + 1, "1.1 MB", "16M", "0x100001" },
	{ 16 * MB, "16 MB", "16M", "16M" },
	{ 26 * MB + 400 * KB, "26.4 MB", "32M", "0x1a64000" },
	{ 64 * MB, "64 MB", "64M", "64M" },
	{ 8192 * MB, "8192 MB", "8192M", "8192M" },
};

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *size = kdump_size(rows[i].bytes);
		const char *arg = kdump_size_argument(rows[i].bytes);
		const char *addr = kdump_addr_argument(rows[i].bytes);

		ok(!strcmp(size, rows[i].size), "%s", size);
		ok(!strcmp(arg, rows[i].size_argument), "%s as %s", size, arg);
		ok(!strcmp(addr, rows[i].addr_argument), "%s at %s", size,
		   addr);
	}
	return tap_end();
}
