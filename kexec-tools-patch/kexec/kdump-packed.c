// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: recognize the formats that a kernel file or an initrd is packed with.
 *
 * Pure.  A format is recognized by the first bytes of the file.
 */
#include <string.h>

#include "kdump.h"

/*
 * xz's older format, lzma, has no magic.  These are the first bytes of what xz and
 * the kernel's build write: the usual properties, and a dictionary whose size is
 * a multiple of 64 KB.
 */
static const struct {
	const char *magic;
	size_t len;
	struct kdump_packing packing;
} packings[] = {
	{ "\x1f\x8b", 2, { "gzip", "gunzip", 4 } },
	{ "\xfd" "7zXZ\0", 6, { "xz", "unxz", 6 } },
	{ "\x28\xb5\x2f\xfd", 4, { "zstd", "unzstd", 5 } },
	{ "\x5d\0\0", 3, { "lzma", "unlzma", 6 } },
	{ "BZh", 3, { "bzip2", "bunzip2", 5 } },
	{ "\x02\x21\x4c\x18", 4, { "lz4", "unlz4", 3 } },
	{ "\x04\x22\x4d\x18", 4, { "lz4", "unlz4", 3 } },
	{ "\x89LZO\0", 5, { "lzop", "lzop -d", 3 } },
};

const struct kdump_packing *kdump_packing(const char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if (len > packings[i].len &&
		    !memcmp(buf, packings[i].magic, packings[i].len))
			return &packings[i].packing;
	return NULL;
}
