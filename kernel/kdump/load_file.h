/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: a crash image that the kernel makes from files, for kexec_file.c. */
#ifndef _KDUMP_LOAD_FILE_H
#define _KDUMP_LOAD_FILE_H

#include <linux/errno.h>
#include <linux/types.h>

struct kexec_segment;
struct kimage;

#ifdef CONFIG_KDUMP_FILE
/**
 * kdump_load_file() - load, replace or unload the crash image
 * @kernel_fd: the capture kernel
 * @initrd_fd: its initrd
 * @cmdline: its command line, without elfcorehdr=
 * @cmdline_len: bytes of @cmdline, with its NUL; 0: none
 * @flags: as passed to kexec_file_load(2); contains KEXEC_FILE_ON_CRASH
 *
 * As for kdump_load(), an error always leaves the armed image armed.
 *
 * Context: Process context, sleeps.  Takes the kexec lock.
 * Return: 0 or one of
 *
 * * -EPERM: the sysctl kexec_load_limit_panic does not permit it; or the kernel
 *   is locked down, and the signature of the image is missing or wrong
 * * -EBUSY: another load, or a crash, is under way
 * * -EADDRNOTAVAIL: there is no reservation, or it is too small
 * * -ENOEXEC: the file is no kernel that can be loaded this way
 * * -E2BIG: the memory map of the machine does not fit the boot parameters
 * * -EFBIG: memory was plugged in just now
 * * -EINVAL: the command line is too long
 * * -EOPNOTSUPP: not on this architecture
 * * -ENOMEM, and errors of reading files and of checking signatures
 */
int kdump_load_file(int kernel_fd, int initrd_fd, const char __user *cmdline,
		    unsigned long cmdline_len, unsigned long flags);

/**
 * kdump_file_begin() - add what only a crash image has
 * @kimage: an image whose files were read and whose signature was checked; if
 *	    it is no crash image, nothing happens
 *
 * Adds the segments of the core header and of the backup region, and puts
 * elfcorehdr= into the command line.
 *
 * Context: Process context, sleeps.  The kexec lock is held.
 * Return: 0; -EADDRNOTAVAIL: the reservation is too small; -EINVAL: too many
 * segments; -ENOMEM.
 */
int kdump_file_begin(struct kimage *kimage);

/**
 * kdump_file_outside_digest() - must purgatory's digest leave a segment out?
 * @kimage: an image for a crash or not
 * @segment: one of its segments
 *
 * The core header changes while the image is armed.  The backup region is
 * empty.
 *
 * Context: Process context.  The kexec lock is held.
 * Return: true if it must.
 */
bool kdump_file_outside_digest(const struct kimage *kimage,
			       const struct kexec_segment *segment);

#else /* !CONFIG_KDUMP_FILE */

static inline int kdump_load_file(int kernel_fd, int initrd_fd,
				  const char __user *cmdline,
				  unsigned long cmdline_len,
				  unsigned long flags)
{
	return -EOPNOTSUPP;
}

static inline int kdump_file_begin(struct kimage *kimage)
{
	return 0;
}

static inline bool
kdump_file_outside_digest(const struct kimage *kimage,
			  const struct kexec_segment *segment)
{
	return false;
}

#endif /* CONFIG_KDUMP_FILE */

#endif /* _KDUMP_LOAD_FILE_H */
