/* SPDX-License-Identifier: GPL-2.0-only */
/* CAPTURE: dumps of devices in /proc/vmcore. */
#ifndef _FS_PROC_VMCORE_DEVICES_H
#define _FS_PROC_VMCORE_DEVICES_H

#include <linux/list.h>
#include <linux/types.h>

/**
 * struct vmcore_device - the dump of a device, a note of the file
 * @node: in the list of all of them
 * @note: the note in vmalloc space, with its header; padded with zeroes
 * @size: bytes of @note, a multiple of the page size
 */
struct vmcore_device {
	struct list_head node;
	void *note;
	size_t size;
};

/**
 * vmcore_add_device() - make a note a part of the file
 * @device: the note; belongs to the file on success
 *
 * Context: Process context, sleeps.
 * Return: 0; -ENODEV: there is no /proc/vmcore; -EBUSY: somebody has it open;
 * -EFBIG: the dump is too large for ELF32; -ENOMEM.
 */
int vmcore_add_device(struct vmcore_device *device);

#endif /* _FS_PROC_VMCORE_DEVICES_H */
