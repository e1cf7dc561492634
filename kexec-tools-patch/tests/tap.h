/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TAP from a C program: ok() for every check, tap_end() as the exit status.
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_count, tap_failed;

__attribute__((format(printf, 2, 3)))
static inline bool ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	tap_failed += !good;
	return good;
}

__attribute__((format(printf, 1, 2)))
static inline void note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static inline int tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed || !tap_count;
}

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#endif /* TAP_H */
