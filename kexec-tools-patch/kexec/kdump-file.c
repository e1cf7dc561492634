// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -s -p and -a -p: the running kernel makes the crash image itself.
 *
 * kexec_file_load(2) takes the files.  The kernel checks the signature, finds
 * the places, and adds elfcorehdr=, the core header, the backup region and
 * purgatory.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "kexec.h"
#include "kexec-syscall.h"
#include "kdump.h"

/* An option that only kexec_load(2) can heed, or NULL. */
static const char *find_option(const struct kdump *kdump,
			       const struct kdump_request *request)
{
	if (kdump->options.class != ELFCLASS64)
		return "--elf32-core-headers";
	if (kdump->options.entry32)
		return "--entry-32bit";
	if (request->skip_checks)
		return "--no-checks";
	if (mem_min || mem_max != ULONG_MAX)
		return "--mem-min and --mem-max";
	return NULL;
}

static int explain_other_call(int error, const char *path,
			      struct kdump_why *why)
{
	switch (error) {
	case ENOSYS:
		kdump_explain(why, "the running kernel was built without CONFIG_KEXEC_FILE; leave out -s");
		return -EOPNOTSUPP;
	case EOPNOTSUPP:
	case EINVAL:
		kdump_explain(why, "the running kernel does not make crash images itself; leave out -s");
		return -EOPNOTSUPP;
	case ENOEXEC:
		kdump_explain(why, "with -s the running kernel reads the file itself, and it does not understand %s; name a bzImage, or leave out -s",
			      path);
		return -EOPNOTSUPP;
	default:
		return -error;
	}
}

/* The command line without elfcorehdr=, which comes first. */
static const char *skip_elfcorehdr(const char *cmdline)
{
	const char *space = strchr(cmdline, ' ');

	return space ? space + 1 : "";
}

static int open_initrd(const struct kdump *kdump, unsigned long *flags)
{
	if (!kdump->options.initrd) {
		*flags |= KEXEC_FILE_NO_INITRAMFS;
		return -1;
	}
	return open(kdump->options.initrd, O_RDONLY | O_CLOEXEC);
}

int kdump_file_load(const struct kdump *kdump,
		    const struct kdump_request *request, struct kdump_why *why)
{
	const char *path = request->argv[request->fileind];
	const char *option = find_option(kdump, request);
	const char *cmdline = skip_elfcorehdr(kdump->cmdline);
	unsigned long flags = KEXEC_FILE_ON_CRASH;
	int kernel_fd, initrd_fd, err = 0;

	if (option) {
		kdump_explain(why, "-s does not go together with %s; leave out one of them",
			      option);
		return -EOPNOTSUPP;
	}
	kernel_fd = open(path, O_RDONLY | O_CLOEXEC);
	initrd_fd = open_initrd(kdump, &flags);
	if (kexec_file_load(kernel_fd, initrd_fd, strlen(cmdline) + 1, cmdline,
			    flags))
		err = explain_other_call(errno, path, why);
	close(kernel_fd);
	if (initrd_fd >= 0)
		close(initrd_fd);
	return err;
}

int kdump_file_unload(struct kdump_why *why)
{
	if (!kexec_file_load(-1, -1, 0, NULL,
			     KEXEC_FILE_ON_CRASH | KEXEC_FILE_UNLOAD))
		return 0;
	return explain_other_call(errno, "", why);
}
