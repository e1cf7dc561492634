// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CAPTURE, as drivers take part in it.
 *
 * Runs in the capture kernel. With dumps= the module adds dumps of devices to
 * /proc/vmcore, and with pages= it forbids to read some old memory, until it is
 * removed.
 */
#include <linux/crash_dump.h>
#include <linux/module.h>

static unsigned int dumps;
module_param(dumps, uint, 0);
MODULE_PARM_DESC(dumps, "how many dumps of devices to add");

static unsigned long forbid;
module_param(forbid, ulong, 0);
MODULE_PARM_DESC(forbid, "number of the first page that must not be read");

static unsigned long pages;
module_param(pages, ulong, 0);
MODULE_PARM_DESC(pages, "how many pages must not be read");

/* judges/analyse.py knows these bytes. */
static int fill(struct vmcoredd_data *data, void *buf)
{
	unsigned char *bytes = buf;
	unsigned int i;

	for (i = 0; i < data->size; i++)
		bytes[i] = i * 7 + data->size;
	return 0;
}

static int add_dump(unsigned int number)
{
	struct vmcoredd_data data = {
		.size = 5000 * (1 + number * number),
		.vmcoredd_callback = fill,
	};

	snprintf(data.dump_name, sizeof(data.dump_name), "kdump_test_%u",
		 number);
	return vmcore_add_device_dump(&data);
}

static bool may_read(struct vmcore_cb *cb, unsigned long pfn)
{
	return pfn < forbid || pfn - forbid >= pages;
}

static struct vmcore_cb callback = { .pfn_is_ram = may_read };

static int __init kdump_capture_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < dumps; i++) {
		ret = add_dump(i);
		if (ret)
			return ret;
	}
	if (pages)
		register_vmcore_cb(&callback);
	return 0;
}
module_init(kdump_capture_init);

static void __exit kdump_capture_exit(void)
{
	if (pages)
		unregister_vmcore_cb(&callback);
}
module_exit(kdump_capture_exit);

MODULE_DESCRIPTION("Take part in capturing a dump");
MODULE_LICENSE("GPL");
