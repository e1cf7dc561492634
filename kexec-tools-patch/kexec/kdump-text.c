// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: numbers and reasons as people read them.
 *
 * Pure but for the static buffers of the results.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "kdump.h"

/* So many results of one function can be used in one message. */
#define RESULTS	4
#define MB	(1ULL << 20)

int kdump_because(struct kdump_why *why, const char *format, ...)
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

/* Rounded up to 16 MB, which every architecture takes. */
const char *kdump_size_argument(uint64_t bytes)
{
	return kdump_addr_argument(kdump_align(bytes, 16 * MB));
}

const char *kdump_addr_argument(uint64_t addr)
{
	static char text[RESULTS][24];
	static unsigned int turn;
	char *s = text[turn++ % RESULTS];

	if (addr % MB)
		snprintf(s, sizeof(text[0]), "0x%llx",
			 (unsigned long long)addr);
	else
		snprintf(s, sizeof(text[0]), "%lluM",
			 (unsigned long long)addr / MB);
	return s;
}
