// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE, LOAD and CRASH: what user space sees in /sys.
 *
 * Runs in the system kernel, in process context.  Nothing is decided here;
 * every file asks the stage it belongs to.
 */
#include <linux/crash_core.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/kdump.h>
#include <linux/kobject.h>
#include <linux/percpu.h>
#include <linux/sysfs.h>

#include "elfcorehdr.h"
#include "shrink.h"

/* ------------------------------------------------------------ /sys/kernel -- */

static ssize_t kexec_crash_size_show(struct kobject *kobj,
				     struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", kdump_reserve_size());
}

static ssize_t kexec_crash_size_store(struct kobject *kobj,
				      struct kobj_attribute *attr,
				      const char *buf, size_t count)
{
	u64 size;
	int err;

	err = kstrtou64(buf, 0, &size);
	if (!err)
		err = kdump_reserve_shrink(size);
	return err ?: count;
}

static ssize_t kexec_crash_loaded_show(struct kobject *kobj,
				       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", !!kexec_crash_loaded());
}

static ssize_t vmcoreinfo_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	phys_addr_t note = paddr_vmcoreinfo_note();

	return sysfs_emit(buf, "%pap %zx\n", &note, (size_t)VMCOREINFO_NOTE_SIZE);
}

static ssize_t crash_elfcorehdr_size_show(struct kobject *kobj,
					  struct kobj_attribute *attr,
					  char *buf)
{
	return sysfs_emit(buf, "%zu\n", kdump_elfcorehdr_size());
}

static struct kobj_attribute kexec_crash_size_attr = __ATTR_RW(kexec_crash_size);
static struct kobj_attribute kexec_crash_loaded_attr = __ATTR_RO(kexec_crash_loaded);
static struct kobj_attribute vmcoreinfo_attr = __ATTR_RO(vmcoreinfo);
static struct kobj_attribute crash_elfcorehdr_size_attr = __ATTR_RO(crash_elfcorehdr_size);
/* The same number, where only kernels with this kdump have it. */
static struct kobj_attribute elfcorehdr_size_attr =
	__ATTR(elfcorehdr_size, 0444, crash_elfcorehdr_size_show, NULL);

static struct attribute *kdump_attrs[] = {
	&kexec_crash_size_attr.attr,
	&kexec_crash_loaded_attr.attr,
	&vmcoreinfo_attr.attr,
	&crash_elfcorehdr_size_attr.attr,
	NULL
};

static const struct attribute_group kdump_attr_group = {
	.attrs = kdump_attrs,
};

static struct attribute *kdump_own_attrs[] = {
	&elfcorehdr_size_attr.attr,
	NULL
};

/* In /sys/kernel/kdump/, a name that upstream does not use. */
static const struct attribute_group kdump_own_attr_group = {
	.name = "kdump",
	.attrs = kdump_own_attrs,
};

static const struct attribute_group *kdump_attr_groups[] = {
	&kdump_attr_group,
	&kdump_own_attr_group,
	NULL
};

/* kernel_kobj is made by a core_initcall. */
static int __init kdump_sysfs_init(void)
{
	return sysfs_create_groups(kernel_kobj, kdump_attr_groups);
}
postcore_initcall(kdump_sysfs_init);

/* --------------------------------------------- /sys/devices/system/cpu/cpuN -- */

static ssize_t crash_notes_show(struct device *dev,
				struct device_attribute *attr, char *buf)
{
	phys_addr_t notes;

	/*
	 * The buffer of a possible CPU never moves, whether the CPU is up or
	 * not.
	 */
	notes = per_cpu_ptr_to_phys(per_cpu_ptr(crash_notes, dev->id));
	return sysfs_emit(buf, "%llx\n", (u64)notes);
}

static ssize_t crash_notes_size_show(struct device *dev,
				     struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%zu\n", sizeof(note_buf_t));
}

/* Physical addresses are for root only. */
static DEVICE_ATTR_ADMIN_RO(crash_notes);
static DEVICE_ATTR_ADMIN_RO(crash_notes_size);

static struct attribute *kdump_cpu_attrs[] = {
	&dev_attr_crash_notes.attr,
	&dev_attr_crash_notes_size.attr,
	NULL
};

const struct attribute_group kdump_cpu_attr_group = {
	.attrs = kdump_cpu_attrs,
};

/* ------------------------------------- /sys/devices/system/{cpu,memory} -- */

static ssize_t crash_hotplug_show(struct device *dev,
				  struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "1\n");
}

static DEVICE_ATTR_RO(crash_hotplug);

static struct attribute *kdump_hotplug_attrs[] = {
	&dev_attr_crash_hotplug.attr,
	NULL
};

const struct attribute_group kdump_hotplug_attr_group = {
	.attrs = kdump_hotplug_attrs,
};
