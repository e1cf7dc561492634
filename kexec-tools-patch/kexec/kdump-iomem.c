// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find named memory in the text of /proc/iomem.
 *
 * Pure.  A line is "START-END : NAME", in hexadecimal without a prefix.  END is
 * the last byte.  A line is indented below the range that it is part of.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/* Parse a hexadecimal number up to @stop, and move *text behind @stop. */
static int parse_hex(const char **text, char stop, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)**text))
		return -EINVAL;
	errno = 0;
	*value = strtoull(*text, &end, 16);
	if (errno || *end != stop)
		return -EINVAL;
	*text = end + 1;
	return 0;
}

static int parse_line(const char *line, uint64_t *start, uint64_t *last,
		      const char **name)
{
	line += strspn(line, " \t");
	if (parse_hex(&line, '-', start) || parse_hex(&line, ' ', last))
		return -EINVAL;
	if (line[0] != ':' || line[1] != ' ')
		return -EINVAL;
	*name = line + 2;
	return 0;
}

/*
 * The kernel writes zeroes in place of addresses for users without
 * CAP_SYS_ADMIN.  Lines that cannot be parsed, or have another name, are
 * skipped.
 */
int kdump_iomem_parse(const char *text, const char *name,
		      struct kdump_ranges *found)
{
	struct kdump_ranges list = { NULL, 0 };
	size_t len = strlen(name);
	int err = 0;

	while (*text && !err) {
		size_t line = strcspn(text, "\n");
		uint64_t start, last;
		const char *label;

		if (!parse_line(text, &start, &last, &label) &&
		    label + len == text + line && !memcmp(label, name, len)) {
			if (!start && !last)
				err = -EACCES;
			else if (last == UINT64_MAX)
				err = -EINVAL;
			else
				err = kdump_ranges_add(&list, start, last + 1,
						       0);
		}
		text += line;
		text += *text == '\n';
	}
	if (err)
		kdump_ranges_free(&list);
	else
		*found = list;
	return err;
}
