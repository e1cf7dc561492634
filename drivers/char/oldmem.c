// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: /dev/oldmem, the memory of the crashed kernel by physical address.
 *
 * Runs in the capture kernel, opened through drivers/char/mem.c.  An offset is
 * a physical address of the crashed kernel.  The file shows the memory that the
 * core header describes, wherever the bytes are now: those that the capture
 * kernel needed the room of were copied to the backup region.  Gaps read as
 * zeroes, and the memory there is not touched.  The file ends where described
 * memory ends.
 */
#include <linux/capability.h>
#include <linux/crash_dump.h>
#include <linux/fs.h>
#include <linux/kdump_core.h>
#include <linux/sched/signal.h>
#include <linux/security.h>
#include <linux/sizes.h>
#include <linux/uio.h>

static u64 oldmem_end(const struct kdump_core *core)
{
	const struct kdump_core_extent *last =
		&core->extents[core->nr_extents - 1];

	return last->paddr + last->size;
}

static int oldmem_open(struct inode *inode, struct file *file)
{
	const struct kdump_core *core = kdump_capture_core();

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (!core)
		return -ENXIO;
	file->private_data = (void *)core;
	return security_locked_down(LOCKDOWN_DEV_MEM);
}

static loff_t oldmem_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence,
				 oldmem_end(file->private_data));
}

/* Copy from one extent, or write zeroes up to the next. */
static ssize_t oldmem_read_part(const struct kdump_core *core,
				struct iov_iter *to, u64 paddr)
{
	const struct kdump_core_extent *e =
		&core->extents[kdump_core_find(core, paddr)];
	size_t count = iov_iter_count(to);

	if (paddr < e->paddr) {
		count = min_t(u64, count, e->paddr - paddr);
		return iov_iter_zero(min_t(size_t, count, SZ_1M), to);
	}
	count = min_t(u64, count, e->paddr + e->size - paddr);
	return oldmem_read(to, e->place + (paddr - e->paddr), count, e->place,
			   e->place + e->size);
}

static ssize_t oldmem_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct kdump_core *core = iocb->ki_filp->private_data;
	ssize_t done = 0, some;

	while (iov_iter_count(to) && iocb->ki_pos < oldmem_end(core)) {
		some = oldmem_read_part(core, to, iocb->ki_pos);
		if (some <= 0)
			return done ?: some ?: -EFAULT;
		iocb->ki_pos += some;
		done += some;
		if (fatal_signal_pending(current))
			return done;
		cond_resched();
	}
	return done;
}

const struct file_operations oldmem_fops = {
	.open = oldmem_open,
	.llseek = oldmem_llseek,
	.read_iter = oldmem_read_iter,
	.splice_read = generic_file_splice_read,
};
