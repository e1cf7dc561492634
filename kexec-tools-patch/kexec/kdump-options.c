// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: options of the capture kernel, and the files they name.
 *
 * main() has already read the options of kexec itself.  Here the same command
 * line is read once more, for the options of the capture kernel.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kexec.h"
#include "kdump.h"
#include <arch/options.h>

static int take_option(int opt, struct kdump_options *options)
{
	switch (opt) {
	case OPT_APPEND:
		options->append = optarg;
		return 0;
	case OPT_RAMDISK:
		options->initrd = optarg;
		return 0;
	case OPT_REUSE_CMDLINE:
		options->reuse_cmdline = true;
		return 0;
	case OPT_REUSE_INITRD:
		return kdump_refuse("-p does not reuse the initrd of the running kernel; name one with --initrd=");
	case OPT_ENTRY:
		return kdump_refuse("-p takes the entry point from the kernel file; leave out --entry");
	case OPT_LOAD_PRESERVE_CONTEXT:
	case OPT_LOAD_JUMP_BACK_HELPER:
	case OPT_LOAD_LIVE_UPDATE:
		return kdump_refuse("a crash image never returns to the kernel that crashed; leave out --load-preserve-context, --load-jump-back-helper and --load-live-update");
	default:
		return kdump_arch.option(opt, options);
	}
}

int kdump_options_parse(const struct kdump_request *request,
			struct kdump_options *options)
{
	static const struct option all[] = {
		KEXEC_ALL_OPTIONS
		{ NULL, 0, NULL, 0 },
	};
	struct kdump_options parsed = { .class = ELFCLASS64 };
	int opt, err = 0;

	optind = 1;
	if (arch_process_options(request->argc, request->argv) < 0)
		return -EINVAL;
	optind = 1;
	while (!err && (opt = getopt_long(request->argc, request->argv,
					  KEXEC_ALL_OPT_STR, all,
					  NULL)) != -1)
		err = take_option(opt, &parsed);
	if (!err)
		*options = parsed;
	return err;
}

/*
 * kexec-tools can unpack gzip if it was built with zlib, and lzma if it was
 * built with liblzma.
 */
static int unpack_file(const char *path, const char **buf, size_t *len)
{
	const struct kdump_packing *packing = kdump_packing(*buf, *len);
	off_t size;
	char *whole = slurp_decompress_file(path, &size);

	if (!whole || kdump_packing(whole, size))
		return kdump_refuse("%s is packed with %s, which this kexec cannot unpack; unpack it with %s and try again",
				    path, packing->format, packing->command);
	munmap((void *)*buf, *len);
	*buf = whole;
	*len = size;
	return 0;
}

/* open() finds this if off_t has 32 bits; otherwise the size tells. */
static int refuse_large_file(const char *path, const char *what)
{
	return kdump_refuse("the %s %s is too large for 32 bits", what, path);
}

static int map_fd(int fd, const char *path, const char *what,
		  const char **buf, size_t *len)
{
	struct stat stat;
	void *map;

	if (fstat(fd, &stat))
		return kdump_refuse("cannot read the %s %s: %s", what, path,
				    strerror(errno));
	if (!S_ISREG(stat.st_mode))
		return kdump_refuse("the %s %s is %s; name a file", what, path,
				    S_ISDIR(stat.st_mode) ? "a folder" :
				    "not a regular file");
	if (!stat.st_size)
		return kdump_refuse("the %s %s is empty", what, path);
	if (stat.st_size > PTRDIFF_MAX)
		return refuse_large_file(path, what);
	map = mmap(NULL, stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return kdump_refuse("cannot read the %s %s: %s", what, path,
				    strerror(errno));
	*buf = map;
	*len = stat.st_size;
	return 0;
}

/*
 * SIGBUS: a page of a mapped file cannot be read, because the disk has a fault
 * or somebody truncates the file.  The kernel has not got the new image yet, so
 * the armed one stays armed.
 */
static void exit_unreadable(int UNUSED(number))
{
	static const char text[] = "kexec: the capture kernel or its initrd cannot be read to the end; is it being written, or is the disk damaged?\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(1);
}

/*
 * Map a whole file, so that pages which are not used are never read.  Unpack a
 * packed kernel; an initrd is passed on as it is.
 */
int kdump_file_map(const char *path, const char *what, const char **buf,
		   size_t *len)
{
	/* Do not wait for the writer of a named pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0 && errno == EOVERFLOW)
		return refuse_large_file(path, what);
	if (fd < 0)
		return kdump_refuse("cannot open the %s %s: %s", what, path,
				    strerror(errno));
	signal(SIGBUS, exit_unreadable);
	err = map_fd(fd, path, what, buf, len);
	close(fd);
	if (!err && strcmp(what, "initrd") && kdump_packing(*buf, *len))
		err = unpack_file(path, buf, len);
	return err;
}
