// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: /proc/vmcore, the memory of the crashed kernel as an ELF core file.
 *
 * Runs in the capture kernel, after the core header was checked.  The layout of
 * the file is made once, at boot, and never changes.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/capability.h>
#include <linux/crash_dump.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kdump_core.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/proc_fs.h>
#include <linux/sched/signal.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>

#include "vmcore_layout.h"

static struct vmcore_layout vmcore_layout __ro_after_init;

/* Headers and notes: the first @data_offset bytes of the file. */
static void *vmcore_head __ro_after_init;

/*
 * Lockdown protects the running kernel, and nothing can be changed through this
 * file: a locked-down capture kernel saves the dump, too.
 */
static int vmcore_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYS_RAWIO) ? 0 : -EPERM;
}

static loff_t vmcore_lseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, vmcore_layout.size);
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

	if (offset < vmcore_layout.data_offset) {
		count = min_t(u64, count, vmcore_layout.data_offset - offset);
		return copy_to_iter(vmcore_head + offset, count, to);
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

	if (offset >= vmcore_layout.size)
		return VM_FAULT_SIGBUS;
	if (offset >= vmcore_layout.data_offset) {
		e = vmcore_layout_find(&vmcore_layout, offset);
		if (offset - e->offset < e->size)
			return oldmem_fault(vmf, e->place + offset - e->offset,
					    e->place, e->place + e->size);
		pfn = my_zero_pfn(vmf->address);
	} else {
		pfn = vmalloc_to_pfn(vmcore_head + offset);
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

static int __init vmcore_build(const struct kdump_core *core)
{
	struct vmcore_notes notes;
	int ret;

	ret = vmcore_notes_create(kdump_capture_source(), core, &notes);
	if (ret)
		return ret;
	ret = vmcore_layout_create(core, &notes, PAGE_SIZE, &vmcore_layout);
	if (!ret) {
		vmcore_head = vzalloc(vmcore_layout.data_offset);
		ret = vmcore_head ? 0 : -ENOMEM;
	}
	if (!ret) {
		vmcore_layout_encode(&vmcore_layout, vmcore_head);
		memcpy(vmcore_head + vmcore_layout.notes_offset, notes.data,
		       notes.size);
		vmcore_log_losses(&notes);
	}
	vmcore_notes_destroy(&notes);
	return ret;
}

static int __init vmcore_init(void)
{
	const struct kdump_core *core = kdump_capture_core();
	struct proc_dir_entry *entry;
	int ret;

	if (!core)
		return 0;
	ret = vmcore_build(core);
	if (ret) {
		pr_err("no /proc/vmcore: %s (error %d)\n", ret == -EFBIG ?
		       "the dump is too large for ELF32, ask kexec for ELF64" :
		       "cannot read the notes", ret);
		return ret;
	}
	entry = proc_create("vmcore", 0400, NULL, &vmcore_proc_ops);
	if (!entry)
		return -ENOMEM;
	proc_set_size(entry, vmcore_layout.size);
	return 0;
}
fs_initcall(vmcore_init);
