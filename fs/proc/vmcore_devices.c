// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: dumps that drivers take of their devices.
 *
 * Runs in the capture kernel while a driver is probed: before it resets its
 * device, it can save what the firmware of the device knows.  The dump becomes
 * a note of /proc/vmcore, in the format of <uapi/linux/vmcore.h>.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/crash_dump.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "vmcore_devices.h"

static bool novmcoredd;
core_param(novmcoredd, novmcoredd, bool, 0);

static_assert(sizeof(struct vmcoredd_header) ==
	      3 * sizeof(u32) + 8 + VMCOREDD_MAX_NAME_BYTES);

/* The name of the dump belongs to the contents of the note. */
#define NOTE_HEAD	offsetof(struct vmcoredd_header, dump_name)

static void device_free(struct vmcore_device *device)
{
	vfree(device->note);
	kfree(device);
}

/* The note has whole pages, so that it can be mapped. */
static struct vmcore_device *device_alloc(const struct vmcoredd_data *data)
{
	u64 size = PAGE_ALIGN((u64)data->size + sizeof(struct vmcoredd_header));
	struct vmcoredd_header *head;
	struct vmcore_device *device;

	if (size > U32_MAX)
		return NULL;
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return NULL;
	device->size = size;
	device->note = vzalloc(size);
	if (!device->note) {
		kfree(device);
		return NULL;
	}
	head = device->note;
	head->n_namesz = sizeof(head->name);
	head->n_descsz = size - NOTE_HEAD;
	head->n_type = NT_VMCOREDD;
	strscpy(head->name, VMCOREDD_NOTE_NAME, sizeof(head->name));
	strscpy(head->dump_name, data->dump_name, sizeof(head->dump_name));
	return device;
}

int vmcore_add_device_dump(struct vmcoredd_data *data)
{
	struct vmcore_device *device;
	int ret;

	if (!data || !data->dump_name[0] || !data->size ||
	    !data->vmcoredd_callback)
		return -EINVAL;
	if (novmcoredd) {
		pr_info_once("novmcoredd: devices add nothing to the dump\n");
		return -EINVAL;
	}
	device = device_alloc(data);
	if (!device)
		return -ENOMEM;
	ret = data->vmcoredd_callback(data, device->note +
				      sizeof(struct vmcoredd_header));
	if (!ret)
		ret = vmcore_add_device(device);
	if (ret) {
		pr_warn("no dump of the device %.*s (error %d)\n",
			VMCOREDD_MAX_NAME_BYTES, data->dump_name, ret);
		device_free(device);
	}
	return ret;
}
EXPORT_SYMBOL(vmcore_add_device_dump);
