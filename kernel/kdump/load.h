/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: the crash image, for the rest of kernel/kdump. */
#ifndef _KDUMP_LOAD_H
#define _KDUMP_LOAD_H

struct range;

/**
 * kdump_load_refresh() - let the core header of the armed image follow memory
 * @coming: memory that is about to be online, first byte and byte behind the
 *	    last one; NULL: none
 *
 * Does nothing if no image is armed, or if the tool built the core header.
 *
 * Context: Process context, sleeps.  May be called under the locks of memory
 * hotplug.
 */
void kdump_load_refresh(const struct range *coming);

#endif /* _KDUMP_LOAD_H */
