/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: lists of ranges as text, for the tests.
 */
#ifndef RANGES_H
#define RANGES_H

#include <string.h>

#include "kdump.h"
#include "tap.h"

/*
 * "START-END:LETTER ..." in hexadecimal, in a static buffer.  @letter returns
 * the letter of a type, or 0 for none; it may be NULL.
 */
static inline const char *ranges_text(const struct kdump_ranges *list,
				      char (*letter)(unsigned int type))
{
	static char text[512];
	size_t used = 0;
	unsigned int i;

	text[0] = '\0';
	for (i = 0; i < list->count; i++) {
		char c = letter ? letter(list->range[i].type) : 0;

		used += snprintf(text + used, sizeof(text) - used,
				 "%s%llx-%llx%s%.1s", i ? " " : "",
				 (unsigned long long)list->range[i].start,
				 (unsigned long long)list->range[i].end,
				 c ? ":" : "", &c);
	}
	return text;
}

static inline bool ranges_are(const struct kdump_ranges *list,
			      char (*letter)(unsigned int type),
			      const char *expected)
{
	const char *text = ranges_text(list, letter);

	if (strcmp(text, expected))
		note("found \"%s\", expected \"%s\"", text, expected);
	return !strcmp(text, expected);
}

#endif /* RANGES_H */
