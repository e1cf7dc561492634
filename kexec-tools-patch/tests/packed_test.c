// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: formats that a file is packed with.
 */
#include <string.h>

#include "kdump.h"
#include "tap.h"

static const struct {
	const char *start;
	size_t len;
	const char *format, *command;	/* NULL: not packed */
} rows[] = {
	{ "\x1f\x8b\x08\0\0", 5, "gzip", "gunzip" },
	{ "\xfd" "7zXZ\0\0\x04", 8, "xz", "unxz" },
	{ "\x28\xb5\x2f\xfd\x24", 5, "zstd", "unzstd" },
	{ "\x5d\0\0\x80\0\xff", 6, "lzma", "unlzma" },
	{ "BZh91AY", 7, "bzip2", "bunzip2" },
	{ "\x02\x21\x4c\x18\x99", 5, "lz4", "unlz4" },
	{ "\x04\x22\x4d\x18\x64", 5, "lz4", "unlz4" },
	{ "\x89LZO\0\r\n", 7, "lzop", "lzop -d" },
	{ "\x7f" "ELF\2\1\1", 7, NULL, NULL },
	{ "MZ\xea\a", 4, NULL, NULL },
	{ "\x1f\x8b", 2, NULL, NULL },
	{ "\x1f", 1, NULL, NULL },
	{ "", 0, NULL, NULL },
};

int main(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kdump_packing *found =
			kdump_packing(rows[i].start, rows[i].len);

		if (rows[i].format)
			ok(found && !strcmp(found->format, rows[i].format) &&
			   !strcmp(found->command, rows[i].command),
			   "packed with %s", rows[i].format);
		else
			ok(!found, "not packed: %zu bytes", rows[i].len);
	}
	return tap_end();
}
