// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the core header follows memory that comes and goes.
 *
 * Runs in the system kernel, in process context, when a block of memory
 * changes its state.  The header describes a page before anything uses it, and
 * no longer once its block may be pulled out.  CPU hotplug changes nothing: the
 * header names the notes of every possible CPU from the start.
 */
#include <linux/init.h>
#include <linux/memory.h>
#include <linux/notifier.h>
#include <linux/pfn.h>
#include <linux/range.h>

#include "load.h"

static int memory_changed(struct notifier_block *block, unsigned long action,
			  void *arg)
{
	const struct memory_notify *memory = arg;
	struct range coming = {
		.start = PFN_PHYS(memory->start_pfn),
		.end = PFN_PHYS(memory->start_pfn + memory->nr_pages),
	};

	switch (action) {
	case MEM_GOING_ONLINE:
		kdump_load_refresh(&coming);
		break;
	case MEM_ONLINE:
	case MEM_CANCEL_ONLINE:
	case MEM_OFFLINE:
		kdump_load_refresh(NULL);
		break;
	}
	return NOTIFY_OK;
}

static int __init kdump_hotplug_init(void)
{
	hotplug_memory_notifier(memory_changed, 0);
	return 0;
}
subsys_initcall(kdump_hotplug_init);
