// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find kernel, initrd and command line in a unified kernel image (UKI).
 *
 * Pure.  A UKI is a PE file for EFI firmware, with these three as sections.  All
 * its fields are little-endian.  The contents of the file are not trusted.
 */
#include <string.h>

#include "kdump.h"

#define PE_OFFSET	0x3c
#define PE_SECTIONS	6	/* from here on relative to the PE header */
#define PE_OPTIONAL	20	/* size of the optional header */
#define PE_SIZE		24

#define SECTION_SIZE	40
#define SECTION_NAME	8	/* bytes, filled up with NULs */
#define VIRTUAL_SIZE	8
#define RAW_SIZE	16
#define RAW_OFFSET	20

static uint32_t read_le(const char *at, unsigned int size)
{
	uint32_t value = 0;

	while (size--)
		value = value << 8 | (unsigned char)at[size];
	return value;
}

/* Find the section table.  Returns the number of sections, 0 if there is none. */
static unsigned int find_sections(const char *buf, size_t len,
				  const char **table)
{
	size_t pe, at, sections;

	if (len < PE_OFFSET + 4 || memcmp(buf, "MZ", 2))
		return 0;
	pe = read_le(buf + PE_OFFSET, 4);
	if (pe > len || len - pe < PE_SIZE || memcmp(buf + pe, "PE\0", 4))
		return 0;
	sections = read_le(buf + pe + PE_SECTIONS, 2);
	at = PE_SIZE + read_le(buf + pe + PE_OPTIONAL, 2);
	if (at > len - pe || (len - pe - at) / SECTION_SIZE < sections)
		return 0;
	*table = buf + pe + at;
	return sections;
}

static const char *find_section(const char *buf, size_t len, const char *name)
{
	char padded[SECTION_NAME] = "";
	const char *table;
	unsigned int sections = find_sections(buf, len, &table);

	memcpy(padded, name, strlen(name));
	for (; sections; sections--, table += SECTION_SIZE)
		if (!memcmp(table, padded, sizeof(padded)))
			return table;
	return NULL;
}

bool kdump_uki_is(const char *buf, size_t len)
{
	return find_section(buf, len, ".linux");
}

/* In the file a section is padded; its virtual size is that of the contents. */
static int read_section(const char *buf, size_t len, const char *name,
			struct kdump_piece *piece, struct kdump_why *why)
{
	const char *section = find_section(buf, len, name);
	size_t offset, size, contents;

	if (!section)
		return 0;
	offset = read_le(section + RAW_OFFSET, 4);
	size = read_le(section + RAW_SIZE, 4);
	contents = read_le(section + VIRTUAL_SIZE, 4);
	if (contents && contents < size)
		size = contents;
	if (offset > len || len - offset < size)
		return kdump_explain(why, "truncated: its section %s is not whole",
				     name);
	if (size)
		*piece = (struct kdump_piece){ buf + offset, size };
	return 0;
}

int kdump_uki_parse(const char *buf, size_t len, struct kdump_uki *uki,
		    struct kdump_why *why)
{
	struct kdump_uki parsed = { 0 };
	int err;

	err = read_section(buf, len, ".linux", &parsed.kernel, why);
	if (!err)
		err = read_section(buf, len, ".initrd", &parsed.initrd, why);
	if (!err)
		err = read_section(buf, len, ".cmdline", &parsed.cmdline, why);
	if (!err && !parsed.kernel.len)
		err = kdump_explain(why, "a UKI without a kernel: its section .linux is empty");
	if (!err)
		*uki = parsed;
	return err;
}
