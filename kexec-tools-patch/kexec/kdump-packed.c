// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the formats that a kernel file or an initrd is packed with.
 *
 * Pure.  A format is recognized by the first bytes of the file.
 */
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/* An archive of cpio (newc): files, each with a header of hexadecimal fields. */
#define CPIO_HEADER	110
#define CPIO_FILE_SIZE	54
#define CPIO_NAME_SIZE	94
#define CPIO_LAST	"TRAILER!!!"

/* NULs between two archives; the pages of a hole behind them are not read. */
#define PADDING_MAX	65536

/* deflate makes nothing smaller than by this factor. */
#define GZIP_FACTOR_MAX	1032

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

static bool is_cpio(const char *buf, size_t len)
{
	return len >= CPIO_HEADER && (!memcmp(buf, "070701", 6) ||
				      !memcmp(buf, "070702", 6));
}

static uint64_t read_cpio(const char *field)
{
	char text[9] = "";

	memcpy(text, field, 8);
	return strtoull(text, NULL, 16);
}

/* Skip one archive.  Returns the bytes of its files, in whole pages. */
static uint64_t skip_cpio(const char *buf, size_t len, size_t *skipped)
{
	uint64_t total = 0, name, file, used;
	size_t at = 0;
	bool last;

	while (is_cpio(buf + at, len - at)) {
		file = read_cpio(buf + at + CPIO_FILE_SIZE);
		name = read_cpio(buf + at + CPIO_NAME_SIZE);
		used = kdump_align(CPIO_HEADER + name, 4) +
		       kdump_align(file, 4);
		last = name == sizeof(CPIO_LAST) &&
		       len - at >= CPIO_HEADER + sizeof(CPIO_LAST) &&
		       !memcmp(buf + at + CPIO_HEADER, CPIO_LAST,
			       sizeof(CPIO_LAST));
		total += kdump_align(file, KDUMP_PAGE);
		at = used < len - at ? at + used : len;
		if (last)
			break;
	}
	*skipped = at;
	return total;
}

/* gzip has the size at the end of the file, the other formats may not have it. */
static uint64_t estimate_size(const struct kdump_packing *packing,
			      const char *buf, size_t len)
{
	const unsigned char *end = (const unsigned char *)buf + len;
	uint64_t size;

	if (len < 18 || strcmp(packing->format, "gzip"))
		return (uint64_t)len * packing->factor;
	size = end[-4] | end[-3] << 8 | end[-2] << 16 |
	       (uint64_t)end[-1] << 24;
	if (size < len / 2 || size / GZIP_FACTOR_MAX > len)
		return (uint64_t)len * packing->factor;
	return size;
}

/*
 * An initrd may have several archives one after the other, with NULs between,
 * such as the microcode of the CPU and then a packed archive.  What is behind a
 * packed archive is taken for a part of it.
 */
uint64_t kdump_unpacked_size(const char *buf, size_t len)
{
	const struct kdump_packing *packing;
	uint64_t total = 0;
	size_t at = 0, padding = 0, skipped;

	while (at < len && padding < PADDING_MAX) {
		packing = kdump_packing(buf + at, len - at);
		if (packing)
			return total + estimate_size(packing, buf + at,
						     len - at);
		if (!buf[at]) {
			at++;
			padding++;
		} else if (is_cpio(buf + at, len - at)) {
			total += skip_cpio(buf + at, len - at, &skipped);
			at += skipped;
		} else {
			break;
		}
	}
	return total;
}
