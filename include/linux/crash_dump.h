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
#include <linux/pgtable.h>
#include <linux/proc_fs.h>
#include <linux/types.h>
#include <uapi/linux/vmcore.h>

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

#else /* !CONFIG_CRASH_DUMP */

static inline bool is_kdump_kernel(void) { return false; }
static inline int is_vmcore_usable(void) { return 0; }
static inline void vmcore_unusable(void) { }

#endif /* CONFIG_CRASH_DUMP */

/**
 * struct vmcoredd_data - what a driver would like to add to the dump
 * @dump_name: name of the part
 * @size: bytes
 * @vmcoredd_callback: writes them to @buf
 */
struct vmcoredd_data {
	char dump_name[VMCOREDD_MAX_NAME_BYTES];
	unsigned int size;
	int (*vmcoredd_callback)(struct vmcoredd_data *data, void *buf);
};

/* A dump holds the memory of the crashed kernel and nothing of devices. */
static inline int vmcore_add_device_dump(struct vmcoredd_data *data)
{
	return -EOPNOTSUPP;
}

#endif /* _LINUX_CRASH_DUMP_H */
