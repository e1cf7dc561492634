// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: write sizes, addresses and reasons for people.
 *
 * Pure, apart from the static buffers of the results.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "kdump.h"

/* One message may use this many results of one function. */
#define RESULTS	4
#define MB	(1ULL << 20)

int kdump_explain(struct kdump_why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -EINVAL;
}

const char *kdump_size(uint64_t bytes)
{
	static char text[RESULTS][24];
	static unsigned int turn;
	char *s = text[turn++ % RESULTS];

	if (bytes < MB)
		snprintf(s, sizeof(text[0]), "%llu KB",
			 (unsigned long long)(bytes + 1023) >> 10);
	else if (bytes % MB)
		snprintf(s, sizeof(text[0]), "%.1f MB",
			 (double)bytes / MB + 0.05);
	else
		snprintf(s, sizeof(text[0]), "%llu MB",
			 (unsigned long long)bytes / MB);
	return s;
}

/* Rounded up to 16 MB: every architecture accepts such a size. */
const char *kdump_size_argument(uint64_t bytes)
{
	return kdump_addr_argument(kdump_align(bytes, 16 * MB));
}

const char *kdump_addr_argument(uint64_t paddr)
{
	static char text[RESULTS][24];
	static unsigned int turn;
	char *s = text[turn++ % RESULTS];

	if (paddr % MB)
		snprintf(s, sizeof(text[0]), "0x%llx",
			 (unsigned long long)paddr);
	else
		snprintf(s, sizeof(text[0]), "%lluM",
			 (unsigned long long)paddr / MB);
	return s;
}
