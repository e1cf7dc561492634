// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: what the running kernel says about itself, and why it refuses.
 *
 * The functions read files of /proc and /sys, and print a message if they fail.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kexec.h"
#include "kdump.h"

#define IOMEM		"/proc/iomem"
#define ARMED		"/sys/kernel/kexec_crash_loaded"
#define HEADER_SIZE	"/sys/kernel/kdump/elfcorehdr_size"
#define DISABLED	"/proc/sys/kernel/kexec_load_disabled"
#define LOAD_LIMIT	"/proc/sys/kernel/kexec_load_limit_panic"
#define LOCKDOWN	"/sys/kernel/security/lockdown"

/* Bytes; a core header of a real machine is far smaller. */
#define HEADER_SIZE_MAX	(64 << 20)

int kdump_refuse(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "kexec: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	return -EINVAL;
}

/* The contents of a file as a string, whatever size stat() says it has. */
static char *read_text(const char *path)
{
	size_t used = 0, room = 4096;
	char *text = malloc(room + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	while (text && fd >= 0) {
		got = read(fd, text + used, room - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += got;
		if (used == room) {
			room *= 2;
			text = xrealloc(text, room + 1);
		}
	}
	if (fd >= 0)
		close(fd);
	if (!text || fd < 0 || got < 0) {
		free(text);
		return NULL;
	}
	text[used] = '\0';
	return text;
}

/* The number a file holds, or -1. */
static long long read_number(const char *path)
{
	char *text = read_text(path), *end;
	long long value = -1;

	if (text) {
		errno = 0;
		value = strtoll(text, &end, 10);
		if (errno || end == text || (*end && *end != '\n'))
			value = -1;
	}
	free(text);
	return value;
}

int kdump_system_check(void)
{
	if (geteuid())
		return kdump_refuse("only root may load or unload a crash image; run this as root");
	if (xen_present())
		return kdump_refuse("under Xen the hypervisor takes the dump; this kexec -p does not work there");
	return 0;
}

int kdump_system_armed(void)
{
	long long armed = read_number(ARMED);

	if (armed < 0)
		return kdump_refuse("cannot read %s; is /sys mounted, and does this kernel have CONFIG_KEXEC?",
				    ARMED);
	return armed > 0;
}

/* All memory reserved for the capture kernel; the list may be empty. */
int kdump_system_reserved(struct kdump_ranges *reserved)
{
	char *text = read_text(IOMEM);
	struct kdump_ranges found;
	int err;

	if (!text)
		return kdump_refuse("cannot read " IOMEM ": %s; is /proc mounted?",
				    strerror(errno));
	err = kdump_iomem_parse(text, "Crash kernel", &found);
	free(text);
	if (err == -EACCES)
		return kdump_refuse(IOMEM " does not tell where the reservation is; run this as root, with CAP_SYS_ADMIN");
	if (err)
		return kdump_refuse("the \"Crash kernel\" line of " IOMEM " makes no sense");
	*reserved = found;
	return 0;
}

/*
 * The reservation, which must not be empty, and the range in it for the image:
 * with crashkernel=,high and ,low that is the high one.  @advice is the value for
 * crashkernel= to suggest.
 */
int kdump_system_reservation(struct kdump_ranges *reservation,
			     struct kdump_range *target, const char *advice)
{
	struct kdump_ranges found;
	int err;

	err = kdump_system_reserved(&found);
	if (err)
		return err;
	if (!found.count)
		return kdump_refuse("no memory is reserved for a crash kernel; boot with crashkernel=%s",
				    advice);
	*target = found.range[found.count - 1];
	*reservation = found;
	return 0;
}

int kdump_system_header_size(uint64_t *size)
{
	long long value = read_number(HEADER_SIZE);

	if (value <= 0 || value > HEADER_SIZE_MAX)
		return kdump_refuse("the running kernel does not build the core header of a dump (" HEADER_SIZE " %s); boot a kernel with this kdump, load with -s, or use the kexec that belongs to this kernel",
				    value < 0 ? "is missing" :
				    "has no useful size");
	*size = value;
	return 0;
}

int kdump_system_cmdline(char **line)
{
	*line = read_text("/proc/cmdline");
	if (!*line)
		return kdump_refuse("cannot read /proc/cmdline for --reuse-cmdline: %s",
				    strerror(errno));
	return 0;
}

/* Why a process with CAP_SYS_BOOT may not load, or that it lacks this. */
static const char *explain_lockdown(bool by_file)
{
	char *text = read_text(LOCKDOWN);
	const char *why;

	if (!text)
		why = "this needs CAP_SYS_BOOT, and a kernel that is not locked down, or -s and a signed image; mount securityfs on /sys/kernel/security to see whether it is";
	else if (!strstr(text, "[none]") && by_file)
		why = "the kernel is locked down (" LOCKDOWN "), and the image is not signed with a key that it trusts";
	else if (!strstr(text, "[none]"))
		why = "the kernel is locked down (" LOCKDOWN "); load a signed image with -s, or boot with lockdown off";
	else
		why = "this needs CAP_SYS_BOOT, which this process does not have";
	free(text);
	return why;
}

static const char *explain_eperm(bool by_file)
{
	if (!read_number(LOAD_LIMIT))
		return "sysctl kernel.kexec_load_limit_panic permits no more loads until the next boot";
	if (read_number(DISABLED) > 0)
		return "loading was turned off until the next boot by sysctl kernel.kexec_load_disabled=1";
	return explain_lockdown(by_file);
}

/* Errors that mean something else, or nothing, with kexec_load(2) */
static const char *explain_file_errno(int error)
{
	switch (error) {
	case EADDRNOTAVAIL:
		return "there is no room in the reservation; boot with a larger crashkernel=";
	case E2BIG:
		return "the memory map of this machine has too many entries; leave out -s";
	case EBADMSG:
	case EKEYREJECTED:
	case ELIBBAD:
	case ENODATA:
	case ENOKEY:
	case ENOPKG:
		return "the image has no signature, or none that this kernel can verify with its keys";
	default:
		return NULL;
	}
}

static const char *explain_errno(int error, bool by_file)
{
	const char *why = by_file ? explain_file_errno(error) : NULL;

	if (why)
		return why;
	switch (error) {
	case EPERM:
		return explain_eperm(by_file);
	case EBUSY:
		return "another load is under way; try again";
	case EADDRNOTAVAIL:
		return "the image does not lie in the reservation, which may have shrunk; try again";
	case EFBIG:
	case E2BIG:
		return "the core header does not fit; if this machine has memory above 4 GB, leave out --elf32-core-headers";
	case EFAULT:
		return "a file could not be read to the end; is it being written, or is the disk damaged?";
	case EINVAL:
		return "the kernel found a fault in the list of segments; is this the kexec that belongs to this kernel?";
	case ENOMEM:
		return "the running kernel or the reservation has not enough memory left; if it is the reservation, boot with a larger crashkernel=";
	case ENOSYS:
		return "this kernel was built without CONFIG_KEXEC";
	default:
		return "";
	}
}

/* Print why the system call failed, and whether an image is still armed. */
void kdump_system_explain(int error, bool loading, bool by_file)
{
	const char *why = explain_errno(error, by_file);

	kdump_refuse("the kernel refused to %s the crash image (%s)%s%s",
		     loading ? "load" : "unload", strerror(error),
		     *why ? ": " : "", why);
	if (read_number(ARMED) > 0)
		fprintf(stderr, "kexec: the crash image loaded before stays armed\n");
}
