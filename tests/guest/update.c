// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library that makes kexec -p pass upstream's flag for a core header that the
 * kernel may replace, as "kexec --hotplug" of later versions does.
 *
 * Used with LD_PRELOAD; kexec calls kexec_load(2) by syscall().
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <linux/kexec.h>

#define UPDATE_ELFCOREHDR	0x4
#define KDUMP_STUB		0x8000	/* kdump_format.h */

long syscall(long number, ...)
{
	long (*next)(long, ...) = dlsym(RTLD_NEXT, "syscall");
	long a[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_kexec_load && a[3] & KEXEC_ON_CRASH)
		a[3] = (a[3] & ~KDUMP_STUB) | UPDATE_ELFCOREHDR;
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
