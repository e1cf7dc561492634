// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: give memory of the reservation back.
 *
 * Runs in the system kernel, in process context, whenever root writes to
 * /sys/kernel/kexec_crash_size.
 */
#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>

#include "../kexec_internal.h"
#include "armed.h"
#include "shrink.h"

static u64 resource_bytes(const struct resource *res)
{
	return res->end ? resource_size(res) : 0;
}

/* Make @res @size bytes long and let the page allocator have the rest. */
static int resource_give_back(struct resource *res, u64 size)
{
	phys_addr_t addr = res->start + size;
	phys_addr_t end = res->start + resource_bytes(res);
	int err;

	if (size) {
		err = adjust_resource(res, res->start, size);
	} else {
		err = release_resource(res);
		if (!err) {
			res->start = 0;
			res->end = 0;
		}
	}
	if (err)
		return err;
	arch_kexec_pre_free_pages(phys_to_virt(addr), PHYS_PFN(end - addr));
	for (; addr < end; addr += PAGE_SIZE) {
		free_reserved_page(pfn_to_page(PHYS_PFN(addr)));
		cond_resched();
	}
	return 0;
}

u64 kdump_reserve_size(void)
{
	return resource_bytes(&crashk_res);
}

static int shrink_locked(u64 size)
{
	u64 now = kdump_reserve_size();
	int err;

	if (size > now)
		return -EINVAL;
	size = PAGE_ALIGN(size);
	if (size == now)
		return 0;
	err = resource_give_back(&crashk_res, size);
	if (!err && !size && resource_bytes(&crashk_low_res))
		err = resource_give_back(&crashk_low_res, 0);
	return err;
}

int kdump_reserve_shrink(u64 size)
{
	int err = -EBUSY;

	if (!kexec_trylock())
		return -EBUSY;
	/* While the lock is held, nobody arms an image. */
	if (kexec_crash_loaded()) {
		pr_warn("kdump: the reservation holds a crash image; unload it before shrinking (kexec -p -u)\n");
	} else if (!kdump_armed_begin()) {
		err = shrink_locked(size);
		kdump_armed_end(NULL);
	}
	kexec_unlock();
	return err;
}
