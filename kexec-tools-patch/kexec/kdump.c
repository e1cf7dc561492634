// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -p, unload and status.
 *
 * This file reads as the table of contents of a load: what the user wants, what
 * the kernel file is, where everything goes, and the one system call that swaps
 * the armed image for the new one.  If anything fails before it, the old image
 * stays armed.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kexec.h"
#include "kexec-syscall.h"
#include "kdump.h"

static int check_type(const struct kdump *kdump, const char *path,
		      const char *type)
{
	int i;

	if (!type || !strcmp(type, kdump->kernel.kind))
		return 0;
	for (i = 0; i < file_types; i++)
		if (!strcmp(type, file_type[i].name))
			return kdump_refuse("%s is not of type %s but %s; leave out --type",
					    path, type, kdump->kernel.kind);
	return kdump_refuse("there is no kernel type %s; leave out --type",
			    type);
}

/*
 * Take the kernel out of a UKI, and the initrd and the command line with it,
 * unless the user names others.
 */
static int open_uki(struct kdump *kdump, struct kdump_why *why)
{
	struct kdump_uki uki;
	int err;

	err = kdump_uki_parse(kdump->file, kdump->file_len, &uki, why);
	if (err)
		return err;
	kdump->file = uki.kernel.data;
	kdump->file_len = uki.kernel.len;
	if (!kdump->options.initrd) {
		kdump->initrd = uki.initrd.len ? uki.initrd.data : NULL;
		kdump->initrd_len = uki.initrd.len;
	}
	if (!uki.cmdline.len)
		return 0;
	kdump->own_cmdline = strndup(uki.cmdline.data, uki.cmdline.len);
	return kdump->own_cmdline ? 0 : -ENOMEM;
}

static int parse_kernel(struct kdump *kdump, const char *path)
{
	struct kdump_why why;
	int err = 0;

	if (kdump_uki_is(kdump->file, kdump->file_len))
		err = open_uki(kdump, &why);
	if (!err)
		err = kdump_arch.parse(kdump->file, kdump->file_len,
				       &kdump->options, &kdump->kernel, &why);
	if (err == -EINVAL)
		return kdump_refuse("cannot use %s as capture kernel: %s",
				    path, why.text);
	return err;
}

/* Map the kernel file and the initrd, and find out what the kernel needs. */
static int read_files(struct kdump *kdump, const struct kdump_request *req)
{
	const char *path;
	int err;

	if (req->fileind >= req->argc)
		return kdump_refuse("no capture kernel given; usage: kexec -p KERNEL [--initrd=FILE] [--append=STRING]");
	path = req->argv[req->fileind];
	err = kdump_file_map(path, "capture kernel", &kdump->file,
			     &kdump->file_len);
	if (!err)
		err = parse_kernel(kdump, path);
	if (!err)
		err = check_type(kdump, path, req->type);
	if (!err && kdump->options.initrd)
		err = kdump_file_map(kdump->options.initrd, "initrd",
				     &kdump->initrd, &kdump->initrd_len);
	if (!err && kdump->initrd)
		kdump->unpacked = kdump_unpacked_size(kdump->initrd,
						      kdump->initrd_len);
	return err;
}

/* A part that may be anywhere; the higher, the better. */
static void set_part(struct kdump *kdump, enum kdump_part part,
		     const char *name, uint64_t size)
{
	kdump->part[part] = (struct kdump_item){
		.name = name, .where = KDUMP_HIGH, .size = size,
		.align = KDUMP_PAGE, .min = kdump_arch.backup_size,
		.max = kdump->kernel.max,
	};
}

/*
 * Place the kernel first, because it may run at one place only, and everything
 * else at the top, so that the memory left for use is in one piece.
 */
static void list_parts(struct kdump *kdump, uint64_t header_size,
		       uint64_t params_size)
{
	const struct kdump_kernel *kernel = &kdump->kernel;

	kdump->part[KDUMP_KERNEL] = (struct kdump_item){
		.name = "kernel", .where = kernel->fixed ? KDUMP_AT : KDUMP_LOW,
		.size = kernel->size, .min = kernel->min, .max = kernel->max,
		.align = kernel->fixed ? 1 : kernel->align,
	};
	set_part(kdump, KDUMP_HEADER, "core header", header_size);
	kdump->part[KDUMP_HEADER].align = KDUMP_ELFCOREHDR_ALIGN;
	set_part(kdump, KDUMP_BACKUP, "backup region",
		 kdump_arch.backup_size);
	set_part(kdump, KDUMP_INITRD, "initrd", kdump->initrd_len);
	set_part(kdump, KDUMP_PARAMS, "parameters", params_size);
	set_part(kdump, KDUMP_PURGATORY, "purgatory",
		 purgatory_size + 64 * 1024);
}

static uint64_t advise_size(const struct kdump *kdump)
{
	return kdump_place_advise(kdump_place_need(kdump->part, KDUMP_PARTS),
				  kdump->unpacked, kdump_arch.least);
}

static int refuse_place(const struct kdump *kdump,
			const struct kdump_item *misfit)
{
	struct kdump_why why;

	kdump_place_explain(&kdump->kernel, &kdump->target, misfit,
			    kdump_place_need(kdump->part, KDUMP_PARTS),
			    advise_size(kdump), &why);
	return kdump_refuse("%s", why.text);
}

/* The image is armed all the same: the size of the initrd is an estimate. */
static void warn_of_initrd(const struct kdump *kdump)
{
	uint64_t left = 0;
	unsigned int i;

	for (i = 0; i < kdump->reservation.count; i++)
		left += kdump->reservation.range[i].end -
			kdump->reservation.range[i].start;
	left -= kdump_place_need(kdump->part, KDUMP_PARTS);
	if (kdump->unpacked > left)
		fprintf(stderr, "kexec: warning: the initrd needs about %s when it is unpacked, but the image leaves only %s of the reservation; boot with crashkernel=%s\n",
			kdump_size(kdump->unpacked), kdump_size(left),
			kdump_place_argument(&kdump->kernel,
					     advise_size(kdump)));
}

/*
 * Cut the target to --mem-min and --mem-max.  A mem_max of ULONG_MAX means that
 * there is no limit, also where a long has 32 bits.
 */
static int limit_target(struct kdump_range *target)
{
	uint64_t min = kdump_align(mem_min, KDUMP_PAGE);
	uint64_t max = (mem_max + 1) & ~(uint64_t)(KDUMP_PAGE - 1);

	if (target->start < min)
		target->start = min;
	if (mem_max != ULONG_MAX && target->end > max)
		target->end = max;
	if (target->start < target->end)
		return 0;
	return kdump_refuse("no part of the reservation lies between --mem-min and --mem-max; leave them out");
}

/*
 * With kexec_file_load(2) the kernel finds the places and makes the core header
 * itself; here it is only found out beforehand whether there is room.
 */
static int get_header_size(bool by_file, uint64_t *size)
{
	if (!by_file)
		return kdump_system_header_size(size);
	*size = KDUMP_PAGE;
	return 0;
}

static int find_places(struct kdump *kdump, bool by_file)
{
	const struct kdump_item *misfit = NULL;
	struct kdump_ranges target = { &kdump->target, 1 };
	uint64_t header_size, params_size;
	int err;

	err = get_header_size(by_file, &header_size);
	if (!err)
		err = kdump_arch.params_size(&params_size);
	if (err)
		return err;
	list_parts(kdump, header_size, params_size);
	err = kdump_system_reservation(&kdump->reservation, &kdump->target,
				       kdump_place_argument(&kdump->kernel,
							    advise_size(kdump)));
	if (!err)
		err = limit_target(&kdump->target);
	if (!err)
		err = kdump_place(kdump->part, KDUMP_PARTS, &target, &misfit);
	if (err == -ENOSPC)
		return refuse_place(kdump, misfit);
	return err;
}

static int write_cmdline(struct kdump *kdump)
{
	char *running = NULL, *reused = NULL, *line = kdump->own_cmdline;
	struct kdump_why why;
	int err = 0;

	if (kdump->options.reuse_cmdline) {
		err = kdump_system_cmdline(&running);
		line = running;
	}
	if (!err && line)
		err = kdump_cmdline_reuse(line, &reused);
	if (!err) {
		err = kdump_cmdline_build(kdump_arch.cmdline(), reused,
					  kdump->options.append,
					  kdump->part[KDUMP_HEADER].paddr,
					  kdump->kernel.cmdline_max,
					  &kdump->cmdline, &why);
		if (err == -EINVAL)
			kdump_refuse("%s", why.text);
	}
	free(running);
	free(reused);
	return err;
}

/* add_segment() takes only memory that @info knows: all of the target. */
static int use_target(struct kdump *kdump)
{
	struct memory_range *range = malloc(sizeof(*range));

	if (!range)
		return -ENOMEM;
	range->start = kdump->target.start;
	range->end = kdump->target.end - 1;
	range->type = RANGE_RAM;
	kdump->info->memory_range = range;
	kdump->info->memory_ranges = 1;
	return 0;
}

/* Add the stub that the kernel replaces by the core header. */
static int add_header(struct kdump *kdump)
{
	const struct kdump_item *item = &kdump->part[KDUMP_HEADER];
	const struct kdump_item *backup = &kdump->part[KDUMP_BACKUP];
	struct kdump_stub stub = {
		.class = kdump->options.class,
		.machine = kdump_arch.machine(),
		.backup_to = backup->paddr, .backup_size = backup->size,
	};
	void *buf;
	int err;

	buf = malloc(KDUMP_PAGE);
	if (!buf)
		return -ENOMEM;
	err = kdump_stub_write(&stub, buf, KDUMP_PAGE);
	if (err == -E2BIG)
		return kdump_refuse("ELF32 core headers need a reservation below 4 GB; leave out --elf32-core-headers");
	if (err)
		return err;
	kdump_add_unchecked(kdump->info, buf, KDUMP_PAGE, item->paddr,
			    item->size);
	kdump_add_unchecked(kdump->info, NULL, 0, backup->paddr, backup->size);
	return 0;
}

/* For --debug. */
static void print_image(const struct kdump *kdump)
{
	int i;

	dbgprintf("capture kernel: %s\ncommand line: %s\n", kdump->kernel.kind,
		  kdump->cmdline);
	for (i = 0; i < KDUMP_PARTS; i++)
		dbgprintf("%-14s 0x%09llx, %s\n", kdump->part[i].name,
			  (unsigned long long)kdump->part[i].paddr,
			  kdump_size(kdump->part[i].size));
	if (kexec_debug)
		print_segments(stderr, kdump->info);
}

/* Make the segments, and let the kernel swap the image. */
static int hand_over_image(struct kdump *kdump)
{
	struct kexec_info *info = kdump->info;
	int err;

	err = use_target(kdump);
	if (!err)
		err = add_header(kdump);
	if (!err)
		err = kdump_arch.load(kdump);
	if (err)
		return err;
	if (arch_compat_trampoline(info) < 0 || sort_segments(info) < 0)
		return -EINVAL;
	kdump_seal(info);
	print_image(kdump);
	if (kexec_load(info->entry, info->nr_segments, info->segment,
		       info->kexec_flags)) {
		err = -errno;
		kdump_system_explain(errno, true, false);
	}
	return err;
}

static int load_segments(struct kdump *kdump)
{
	int err = find_places(kdump, false);

	if (!err)
		err = write_cmdline(kdump);
	if (!err)
		err = hand_over_image(kdump);
	return err;
}

/* Sets @other, and prints nothing, if kexec_load(2) is to do it. */
static int load_file(struct kdump *kdump, const struct kdump_request *req,
		     bool *other)
{
	struct kdump_why why;
	int err = find_places(kdump, true);

	if (!err)
		err = write_cmdline(kdump);
	if (err)
		return err;
	err = kdump_file_load(kdump, req, &why);
	*other = err == -EOPNOTSUPP && req->fallback;
	if (err == -EOPNOTSUPP && !*other)
		return kdump_refuse("%s", why.text);
	if (err && !*other)
		kdump_system_explain(-err, true, true);
	return err;
}

static int load_image(const struct kdump_request *req)
{
	struct kexec_info info = { .skip_checks = req->skip_checks };
	struct kdump kdump = { .info = &info };
	long arch = physical_arch();
	bool segments = false;
	int err;

	if (arch < 0)
		return -EINVAL;
	info.kexec_flags = KEXEC_ON_CRASH | KEXEC_KDUMP_STUB | arch;
	err = kdump_options_parse(req, &kdump.options);
	if (!err)
		err = read_files(&kdump, req);
	if (!err && req->file_syscall)
		err = load_file(&kdump, req, &segments);
	if (segments || (!err && !req->file_syscall))
		err = load_segments(&kdump);
	if (!err)
		warn_of_initrd(&kdump);
	return err;
}

static int unload_image(const struct kdump_request *req)
{
	long arch = physical_arch();
	struct kdump_why why;
	int err = -EOPNOTSUPP;

	if (arch < 0)
		return -EINVAL;
	if (req->file_syscall)
		err = kdump_file_unload(&why);
	if (err == -EOPNOTSUPP && req->file_syscall && !req->fallback)
		return kdump_refuse("%s", why.text);
	if (err == -EOPNOTSUPP)
		err = kexec_load(NULL, 0, NULL, KEXEC_ON_CRASH | arch) ?
		      -errno : 0;
	if (err)
		kdump_system_explain(-err, false, req->file_syscall);
	return err;
}

/* Returns the exit status: 1 armed, 0 not armed, -1 (so 255) not known. */
static int print_status(void)
{
	int armed = kdump_system_armed();

	if (armed >= 0)
		printf("crash image: %s\n", armed ? "armed" : "none");
	return armed < 0 ? -1 : armed;
}

int kdump_main(const struct kdump_request *request)
{
	int err = 0;

	if (request->status)
		return print_status();
	if (request->exec)
		err = kdump_refuse("-e and -f start a kernel that -l has loaded, a crash image starts by itself at a crash; leave out -e and -f");
	if (!err)
		err = kdump_system_check();
	if (!err)
		err = request->unload ? unload_image(request) :
					load_image(request);
	if (err == -ENOMEM)
		kdump_refuse("out of memory");
	return err ? 1 : 0;
}

/*
 * --print-ckr-size: the bytes reserved for the image.  Without a reservation
 * this prints 0 and succeeds.
 */
int kdump_print_reserved(void)
{
	struct kdump_range none = { 0, 0, 0 }, *target = &none;
	struct kdump_ranges reserved;

	if (kdump_system_reserved(&reserved))
		return 1;
	if (reserved.count)
		target = &reserved.range[reserved.count - 1];
	printf("%llu\n", (unsigned long long)(target->end - target->start));
	kdump_ranges_free(&reserved);
	return 0;
}
