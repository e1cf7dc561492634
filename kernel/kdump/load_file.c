// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: a crash image that the kernel makes from files, kexec_file_load(2).
 *
 * Runs in the system kernel, in process context, under the kexec lock.  The
 * code of regular kexec reads the files, checks the signature, and makes the
 * segments of the kernel, its initrd, its parameters and purgatory; they find
 * their places in the reservation.  The parts of a crash image that it does not
 * know are added here.  From then on the image is handled like one of
 * kexec_load(2).
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kexec.h>
#include <linux/limits.h>
#include <linux/slab.h>

#include "../kexec_internal.h"
#include "armed.h"
#include "elfcorehdr.h"
#include "limit.h"
#include "load.h"
#include "load_file.h"
#include "segments.h"

/* Add a segment of zeroes at the top of the reservation. */
static int add_room(struct kimage *kimage, size_t size)
{
	struct kexec_buf room = {
		.image = kimage,
		.memsz = size,
		.buf_align = KDUMP_ELFCOREHDR_ALIGN,
		.buf_max = ULONG_MAX,
		.top_down = true,
	};

	return kexec_add_buffer(&room);
}

static int add_header(struct kdump_image *image)
{
	int ret = add_room(image->kimage, kdump_elfcorehdr_size());

	if (!ret)
		image->header = image->kimage->nr_segments - 1;
	return ret;
}

static int add_backup(struct kdump_image *image)
{
	struct kimage *kimage = image->kimage;
	int ret = add_room(kimage, KDUMP_BACKUP_SIZE);

	if (ret)
		return ret;
	image->stub = (struct kdump_stub) {
		.class = ELF_CLASS,
		.machine = ELF_ARCH,
		.backup_size = KDUMP_BACKUP_SIZE,
		.backup_to = kimage->segment[kimage->nr_segments - 1].mem,
	};
	return 0;
}

/* The address comes first, because what follows a "--" is for init. */
static int add_elfcorehdr(struct kimage *kimage, unsigned long paddr)
{
	const char *asked = kimage->cmdline_buf ?: "";
	char *line = kasprintf(GFP_KERNEL, "elfcorehdr=%#lx%s%s", paddr,
			       *asked ? " " : "", asked);

	if (!line)
		return -ENOMEM;
	kfree(kimage->cmdline_buf);
	kimage->cmdline_buf = line;
	kimage->cmdline_buf_len = strlen(line) + 1;
	return 0;
}

int kdump_file_begin(struct kimage *kimage)
{
	struct kdump_image *image = kimage->kdump;
	int ret;

	if (!image)
		return 0;
	ret = add_header(image);
	if (!ret)
		ret = add_backup(image);
	if (!ret)
		ret = add_elfcorehdr(kimage,
				     kimage->segment[image->header].mem);
	return ret;
}

static struct range file_backup(const struct kimage *kimage)
{
	const struct kdump_stub *stub = &kimage->kdump->stub;

	return (struct range) {
		.start = stub->backup_to,
		.end = stub->backup_to + stub->backup_size,
	};
}

void kdump_file_holes(const struct kimage *kimage,
		      struct range holes[KDUMP_FILE_HOLES])
{
	const struct kdump_image *image = kimage->kdump;

	holes[0] = segment_range(&kimage->segment[image->header]);
	holes[1] = file_backup(kimage);
}

bool kdump_file_outside_digest(const struct kimage *kimage,
			       const struct kexec_segment *segment)
{
	struct range holes[KDUMP_FILE_HOLES];

	if (!kimage->kdump)
		return false;
	kdump_file_holes(kimage, holes);
	return segment->mem == holes[0].start || segment->mem == holes[1].start;
}

static int set_symbol(struct kimage *kimage, const char *name,
		      unsigned long value)
{
	return kexec_purgatory_get_set_symbol(kimage, name, &value,
					      sizeof(value), false);
}

/* Tell purgatory which memory to back up, and where to. */
static int set_backup(struct kimage *kimage)
{
	const struct kdump_stub *stub = &kimage->kdump->stub;
	int ret = set_symbol(kimage, "kdump_backup_to", stub->backup_to);

	if (!ret)
		ret = set_symbol(kimage, "kdump_backup_size",
				 stub->backup_size);
	return ret;
}

static int load_files(struct kdump_image *image, int kernel_fd, int initrd_fd,
		      const char __user *cmdline, unsigned long cmdline_len,
		      unsigned long flags)
{
	struct kimage *kimage = image->kimage;
	int ret;

	kimage->file_mode = 1;
	ret = kimage_file_prepare_segments(kimage, kernel_fd, initrd_fd,
					   cmdline, cmdline_len, flags);
	if (!ret)
		ret = set_backup(kimage);
	if (!ret)
		ret = kexec_calculate_store_digests(kimage);
	if (!ret)
		ret = kdump_image_check(image);
	if (!ret)
		ret = kdump_image_arm(image, 0);
	kimage_file_post_load_cleanup(kimage);
	return ret;
}

static int load_locked(int kernel_fd, int initrd_fd, const char __user *cmdline,
		       unsigned long cmdline_len, unsigned long flags)
{
	struct kdump_image *image;
	int ret;

	if (!crashk_res.end)
		return -EADDRNOTAVAIL;
	image = kdump_image_alloc();
	if (!image)
		return -ENOMEM;
	ret = load_files(image, kernel_fd, initrd_fd, cmdline, cmdline_len,
			 flags);
	if (ret)
		kdump_image_free(image);
	return ret;
}

int kdump_load_file(int kernel_fd, int initrd_fd, const char __user *cmdline,
		    unsigned long cmdline_len, unsigned long flags)
{
	int ret;

	if (!kdump_load_permitted())
		return -EPERM;
	if (!kexec_trylock())
		return -EBUSY;
	if (flags & KEXEC_FILE_UNLOAD)
		ret = kdump_image_unload();
	else
		ret = load_locked(kernel_fd, initrd_fd, cmdline, cmdline_len,
				  flags);
	kexec_unlock();
	return ret;
}
