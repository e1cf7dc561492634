// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: /proc/vmcore, the memory of the crashed kernel as an ELF core file.
 *
 * Runs in the capture kernel, after the core header was checked.  The file is
 * laid out at boot, and again when a driver adds the dump of its device.  It
 * never changes while it is open.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/capability.h>
#include <linux/crash_dump.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdump_core.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include "vmcore_devices.h"
#include "vmcore_layout.h"

/* Keeps the file as it is while it is open, and its open files counted. */
static DEFINE_MUTEX(vmcore_mutex);
static unsigned int vmcore_opened;

static struct proc_dir_entry *vmcore_entry;

static struct vmcore_layout vmcore_layout;

/* Headers and notes: what lies before @data_offset, without those of devices. */
static void *vmcore_head;

static struct vmcore_notes vmcore_notes;
static LIST_HEAD(vmcore_devices);

/*
 * Lockdown protects the running kernel, and nothing can be changed through this
 * file: a locked-down capture kernel saves the dump, too.
 */
static int vmcore_open(struct inode *inode, struct file *file)
{
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	mutex_lock(&vmcore_mutex);
	vmcore_opened++;
	mutex_unlock(&vmcore_mutex);
	return 0;
}

/* A mapping keeps the file open, too. */
static int vmcore_release(struct inode *inode, struct file *file)
{
	mutex_lock(&vmcore_mutex);
	vmcore_opened--;
	mutex_unlock(&vmcore_mutex);
	return 0;
}

static loff_t vmcore_lseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, vmcore_layout.size);
}

/*
 * The byte at an offset below @data_offset, and how many follow it.  The notes
 * of devices stand between the headers and the other notes.
 */
static void *vmcore_head_at(u64 offset, u64 *left)
{
	const struct vmcore_device *device;
	u64 at = vmcore_layout.notes_offset;

	*left = at - offset;
	if (offset < at)
		return vmcore_head + offset;
	offset -= at;
	list_for_each_entry(device, &vmcore_devices, node) {
		*left = device->size - offset;
		if (offset < device->size)
			return device->note + offset;
		offset -= device->size;
		at += device->size;
	}
	*left = vmcore_layout.data_offset - at - offset;
	return vmcore_head + vmcore_layout.notes_offset + offset;
}

/*
 * Copy from the headers and notes or from one extent, or write zeroes up to the
 * next extent.
 */
static ssize_t vmcore_read_part(struct iov_iter *to, u64 offset)
{
	const struct vmcore_extent *e;
	size_t count = iov_iter_count(to);
	u64 skip;
	void *head;

	if (offset < vmcore_layout.data_offset) {
		head = vmcore_head_at(offset, &skip);
		return copy_to_iter(head, min_t(u64, count, skip), to);
	}
	e = vmcore_layout_find(&vmcore_layout, offset);
	skip = offset - e->offset;
	if (skip >= e->size) {
		e += offset > e->offset;
		return iov_iter_zero(min_t(u64, count, e->offset - offset), to);
	}
	count = min_t(u64, count, e->size - skip);
	return oldmem_read(to, e->place + skip, count, e->place,
			   e->place + e->size);
}

static ssize_t vmcore_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	ssize_t done = 0, some;

	while (iov_iter_count(to) && iocb->ki_pos < vmcore_layout.size) {
		some = vmcore_read_part(to, iocb->ki_pos);
		if (some <= 0)
			return done ?: some ?: -EFAULT;
		iocb->ki_pos += some;
		done += some;
		if (fatal_signal_pending(current))
			break;
	}
	return done;
}

static vm_fault_t vmcore_fault(struct vm_fault *vmf)
{
	u64 offset = (u64)vmf->pgoff << PAGE_SHIFT;
	const struct vmcore_extent *e;
	unsigned long pfn;
	u64 left;

	if (offset >= vmcore_layout.size)
		return VM_FAULT_SIGBUS;
	if (offset >= vmcore_layout.data_offset) {
		e = vmcore_layout_find(&vmcore_layout, offset);
		if (offset - e->offset < e->size)
			return oldmem_fault(vmf, e->place + offset - e->offset,
					    e->place, e->place + e->size);
		pfn = my_zero_pfn(vmf->address);
	} else {
		pfn = vmalloc_to_pfn(vmcore_head_at(offset, &left));
	}
	return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
}

static const struct vm_operations_struct vmcore_vm_ops = {
	.fault = vmcore_fault,
};

/*
 * Choose an address that is aligned like the old memory behind @page, so that
 * huge pages can map it.
 */
static unsigned long vmcore_place_mapping(struct file *file, unsigned long hint,
					  unsigned long size,
					  unsigned long page,
					  unsigned long flags)
{
	u64 offset = (u64)page << PAGE_SHIFT;
	const struct vmcore_extent *e;
	unsigned long at;

	if (!hint && !(flags & MAP_FIXED) &&
	    size >= PMD_SIZE && size < TASK_SIZE - PMD_SIZE &&
	    offset >= vmcore_layout.data_offset &&
	    offset < vmcore_layout.size) {
		e = vmcore_layout_find(&vmcore_layout, offset + size / 2);
		at = current->mm->get_unmapped_area(file, 0, size + PMD_SIZE,
						    page, flags);
		if (!IS_ERR_VALUE(at))
			return at + ((e->place + offset - e->offset - at) &
				     ~PMD_MASK);
	}
	return current->mm->get_unmapped_area(file, hint, size, page, flags);
}

static int vmcore_mmap(struct file *file, struct vm_area_struct *vma)
{
	u64 pages = PHYS_PFN(vmcore_layout.size);

	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	if (vma->vm_pgoff >= pages || vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	vma->vm_flags &= ~(VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_ops = &vmcore_vm_ops;
	return 0;
}

static const struct proc_ops vmcore_proc_ops = {
	.proc_open = vmcore_open,
	.proc_release = vmcore_release,
	.proc_read_iter = vmcore_read_iter,
	.proc_lseek = vmcore_lseek,
	.proc_mmap = vmcore_mmap,
	.proc_get_unmapped_area = vmcore_place_mapping,
};

/* Log what the file lacks. */
static void __init vmcore_log_losses(const struct vmcore_notes *notes)
{
	if (notes->damaged)
		pr_warn("/proc/vmcore: notes of %u CPUs make no sense; registers may be missing\n",
			notes->damaged);
	if (!vmcore_layout.lost_runs)
		return;
	if (vmcore_layout.class == ELFCLASS32)
		pr_info("/proc/vmcore: ELF32 has no room for the addresses of %u stacks; gdb will not see them\n",
			vmcore_layout.lost_runs);
	else
		pr_warn("/proc/vmcore: %u stacks lie outside of the dump; gdb will not see them\n",
			vmcore_layout.lost_runs);
}

/* Lay the file out; it stays as it was if that fails. */
static int vmcore_build(const struct kdump_core *core, u64 device_size)
{
	struct vmcore_layout layout;
	void *head;
	int ret;

	ret = vmcore_layout_create(core, &vmcore_notes, device_size, PAGE_SIZE,
				   &layout);
	if (ret)
		return ret;
	head = vzalloc(layout.data_offset - device_size);
	if (!head) {
		vmcore_layout_destroy(&layout);
		return -ENOMEM;
	}
	vmcore_layout_encode(&layout, head);
	memcpy(head + layout.notes_offset, vmcore_notes.data, vmcore_notes.size);
	vmcore_layout_destroy(&vmcore_layout);
	vfree(vmcore_head);
	vmcore_layout = layout;
	vmcore_head = head;
	return 0;
}

int vmcore_add_device(struct vmcore_device *device)
{
	int ret = -ENODEV;

	mutex_lock(&vmcore_mutex);
	if (vmcore_opened)
		ret = -EBUSY;
	else if (vmcore_entry)
		ret = vmcore_build(kdump_capture_core(),
				   vmcore_layout.device_size + device->size);
	if (!ret) {
		list_add_tail(&device->node, &vmcore_devices);
		proc_set_size(vmcore_entry, vmcore_layout.size);
	}
	mutex_unlock(&vmcore_mutex);
	return ret;
}

static int __init vmcore_init(void)
{
	const struct kdump_core *core = kdump_capture_core();
	int ret;

	if (!core)
		return 0;
	ret = vmcore_notes_create(kdump_capture_source(), core, &vmcore_notes);
	if (!ret)
		ret = vmcore_build(core, 0);
	if (ret) {
		pr_err("no /proc/vmcore: %s (error %d)\n", ret == -EFBIG ?
		       "the dump is too large for ELF32, ask kexec for ELF64" :
		       "cannot read the notes", ret);
		vmcore_notes_destroy(&vmcore_notes);
		return ret;
	}
	vmcore_log_losses(&vmcore_notes);
	vmcore_entry = proc_create("vmcore", 0400, NULL, &vmcore_proc_ops);
	if (!vmcore_entry)
		return -ENOMEM;
	proc_set_size(vmcore_entry, vmcore_layout.size);
	return 0;
}
fs_initcall(vmcore_init);
