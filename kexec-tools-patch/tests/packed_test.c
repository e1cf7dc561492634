// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: formats that a file is packed with.
 */
#include <stdio.h>
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

static size_t put_cpio(char *buf, size_t at, const char *name, size_t file)
{
	sprintf(buf + at, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s",
		1, 0, 0, 0, 1, 0, (unsigned int)file, 0, 0, 0, 0,
		(unsigned int)strlen(name) + 1, 0, name);
	at += kdump_align(110 + strlen(name) + 1, 4);
	return at + kdump_align(file, 4);
}

static void test_unpacked(void)
{
	static char buf[65536];
	size_t at, len;

	at = put_cpio(buf, 0, "early", 5000);
	at = put_cpio(buf, at, "TRAILER!!!", 0);
	ok(kdump_unpacked_size(buf, at) == 2 * KDUMP_PAGE,
	   "files of an archive, in whole pages");
	at += 512;
	memcpy(buf + at, "\x1f\x8b\x08", 3);
	len = at + 1000;
	memcpy(buf + len - 4, "\x10\x20\x01", 3);
	ok(kdump_unpacked_size(buf, len) == 2 * KDUMP_PAGE + 0x12010,
	   "and behind it a packed one, which has its size");
	buf[len - 1] = 0x7f;
	ok(kdump_unpacked_size(buf, len) == 2 * KDUMP_PAGE + 4 * 1000,
	   "an impossible size is not believed");
	memcpy(buf + at, "\x28\xb5\x2f\xfd", 4);
	ok(kdump_unpacked_size(buf, len) == 2 * KDUMP_PAGE + 5 * 1000,
	   "the size of other formats is estimated");
	memcpy(buf + at, "-rom1fs-", 8);
	ok(kdump_unpacked_size(buf, len) == 2 * KDUMP_PAGE,
	   "an image of a file system is not unpacked");
	at = put_cpio(buf, 0, "huge", 0xffffffff) & 0;
	for (at = 0, len = 0; len < 200; len++)
		at += kdump_unpacked_size(buf, len) > 0x100000000ULL;
	ok(!at, "a damaged archive ends at its end");
	ok(!kdump_unpacked_size("", 0), "nothing");
}

int main(void)
{
	size_t i;

	test_unpacked();

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
