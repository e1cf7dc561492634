// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: drivers say which old memory must not be touched.
 *
 * Runs in the capture kernel.  The core header shows all memory that the
 * crashed kernel had.  Behind some of it there may be nothing any more: a
 * hypervisor took the page back and would have to find a new one, or a device
 * answers.  The driver that knows registers a callback, at boot or while it is
 * probed.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/crash_dump.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/pfn.h>
#include <linux/rwsem.h>
#include <linux/sizes.h>

#include "oldmem.h"

/* How much memory is asked about at a time: a callback knows single pages. */
#define OLDMEM_ASKED	SZ_4M

DECLARE_RWSEM(oldmem_ask_lock);

/* Under oldmem_ask_lock. */
static LIST_HEAD(vmcore_cbs);

bool oldmem_shown;

/* One callback that says no is enough. */
static bool oldmem_is_ram(u64 paddr)
{
	struct vmcore_cb *cb;

	list_for_each_entry(cb, &vmcore_cbs, next)
		if (cb->pfn_is_ram && !cb->pfn_is_ram(cb, PHYS_PFN(paddr)))
			return false;
	return true;
}

void oldmem_ask(struct oldmem_part *part)
{
	u64 block = ALIGN_DOWN(part->paddr, (u64)OLDMEM_ASKED);
	u64 from = ALIGN_DOWN(part->paddr, (u64)PAGE_SIZE);
	u64 to = from + PAGE_SIZE;
	bool ram;

	if (list_empty(&vmcore_cbs))
		return;
	part->start = max(part->start, block);
	part->end = min(part->end, block + OLDMEM_ASKED);
	ram = oldmem_is_ram(from);
	while (from > part->start && oldmem_is_ram(from - PAGE_SIZE) == ram)
		from -= PAGE_SIZE;
	while (to < part->end && oldmem_is_ram(to) == ram)
		to += PAGE_SIZE;
	part->start = from;
	part->end = to;
	part->kind = ram ? OLDMEM_OLD : OLDMEM_ABSENT;
}

void register_vmcore_cb(struct vmcore_cb *cb)
{
	down_write(&oldmem_ask_lock);
	list_add_tail(&cb->next, &vmcore_cbs);
	oldmem_forget();
	up_write(&oldmem_ask_lock);
	if (READ_ONCE(oldmem_shown))
		pr_warn("a driver comes late to say which memory must not be read; save the dump again\n");
}
EXPORT_SYMBOL_GPL(register_vmcore_cb);

void unregister_vmcore_cb(struct vmcore_cb *cb)
{
	down_write(&oldmem_ask_lock);
	list_del(&cb->next);
	oldmem_forget();
	up_write(&oldmem_ask_lock);
	if (READ_ONCE(oldmem_shown))
		pr_warn("a driver that says which memory must not be read is gone; do not save the dump again\n");
}
EXPORT_SYMBOL_GPL(unregister_vmcore_cb);
