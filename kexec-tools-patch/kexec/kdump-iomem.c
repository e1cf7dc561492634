// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: find named memory in the text of /proc/iomem.
 *
 * Pure.  A line is "START-END : NAME" in hexadecimal without prefix, END
 * inclusive, indented below the range it is part of.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/* A hexadecimal number that ends at @stop; -EINVAL for anything else. */
static int number(const char **text, char stop, uint64_t *value)
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
	if (number(&line, '-', start) || number(&line, ' ', last))
		return -EINVAL;
	if (line[0] != ':' || line[1] != ' ')
		return -EINVAL;
	*name = line + 2;
	return 0;
}

/*
 * Adds every range called @name.  -EACCES if there is one but the kernel does
 * not say where (it writes zeroes for users without CAP_SYS_ADMIN), -EINVAL
 * if a line about @name makes no sense.  Other lines may look as they like.
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
