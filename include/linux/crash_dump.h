/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CAPTURE: what drivers may ask about a crash before this kernel.
 *
 * Drivers use these names, so they are upstream's.
 */
#ifndef _LINUX_CRASH_DUMP_H
#define _LINUX_CRASH_DUMP_H

#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kexec.h>
#include <linux/list.h>
#include <linux/pgtable.h>
#include <linux/proc_fs.h>
#include <linux/types.h>
#include <uapi/linux/vmcore.h>

/**
 * struct vmcoredd_data - what a driver adds to the dump
 * @dump_name: name of the part, not empty
 * @size: bytes, not 0
 * @vmcoredd_callback: writes them to @buf, which has @size bytes of zeroes;
 *		       0 or -errno
 */
struct vmcoredd_data {
	char dump_name[VMCOREDD_MAX_NAME_BYTES];
	unsigned int size;
	int (*vmcoredd_callback)(struct vmcoredd_data *data, void *buf);
};

/* Minor of /dev/oldmem among the memory devices, and what it can do. */
#define OLDMEM_MINOR	12
extern const struct file_operations oldmem_fops;

#ifdef CONFIG_CRASH_DUMP

/*
 * Where the core header is, and how many bytes it may have (0: not known).
 * Valid only if is_vmcore_usable().
 */
extern unsigned long long elfcorehdr_addr;
extern unsigned long long elfcorehdr_size;

/**
 * is_kdump_kernel() - was this kernel started by one that crashed?
 *
 * If so, drivers save memory and expect devices in any state.
 *
 * Context: Any, once the command line is parsed.
 * Return: whether it was.
 */
bool is_kdump_kernel(void);

/**
 * is_vmcore_usable() - can the memory of the crashed kernel be read?
 *
 * Context: as is_kdump_kernel().
 * Return: 1 or 0.
 */
int is_vmcore_usable(void);

/**
 * vmcore_unusable() - keep everybody away from the memory of the crashed kernel
 *
 * There will be no /proc/vmcore and no /dev/oldmem.  is_kdump_kernel() does not
 * change.
 *
 * Context: Before file systems start.
 */
void vmcore_unusable(void);

/**
 * struct vmcore_cb - what a driver knows about old memory
 * @pfn_is_ram: may this page of the crashed kernel be read?  If any driver says
 *		no, nobody touches the page, and it reads as zeroes.  True if the
 *		driver does not know.  May sleep.
 * @next: for register_vmcore_cb()
 */
struct vmcore_cb {
	bool (*pfn_is_ram)(struct vmcore_cb *cb, unsigned long pfn);
	struct list_head next;
};

/**
 * register_vmcore_cb() - let a driver decide which old memory may be read
 * @cb: its callback, which is asked from now on
 *
 * What was read or mapped before stays so; the log says if that may be wrong.
 *
 * Context: Boot or process context, may sleep.
 */
void register_vmcore_cb(struct vmcore_cb *cb);

/**
 * unregister_vmcore_cb() - undo register_vmcore_cb()
 * @cb: the callback, which is not running any more on return
 *
 * Context: Process context, may sleep.
 */
void unregister_vmcore_cb(struct vmcore_cb *cb);

#else /* !CONFIG_CRASH_DUMP */

static inline bool is_kdump_kernel(void) { return false; }
static inline int is_vmcore_usable(void) { return 0; }
static inline void vmcore_unusable(void) { }

#endif /* CONFIG_CRASH_DUMP */

#ifdef CONFIG_PROC_VMCORE_DEVICE_DUMP
/**
 * vmcore_add_device_dump() - add the dump of a device to /proc/vmcore
 * @data: the dump; its callback is called once, before this function returns
 *
 * Context: Process context, sleeps, in a capture kernel.
 * Return: 0; -EINVAL: @data is incomplete, or novmcoredd is on the command line;
 * -ENODEV: there is no /proc/vmcore; -EBUSY: somebody has it open; -EFBIG: the
 * dump is too large for ELF32; -ENOMEM; what the callback returned.
 */
int vmcore_add_device_dump(struct vmcoredd_data *data);
#else
static inline int vmcore_add_device_dump(struct vmcoredd_data *data)
{
	return -EOPNOTSUPP;
}
#endif

#endif /* _LINUX_CRASH_DUMP_H */
