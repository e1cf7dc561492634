/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The crash image in the reservation, and its state.
 *
 * load.c fills it, crash.c fires it, shrink.c asks whether there is one.
 */
#ifndef _KDUMP_ARMED_H
#define _KDUMP_ARMED_H

#include <linux/kexec.h>
#include <linux/range.h>

#include "elfcorehdr_layout.h"

/**
 * struct kdump_image - a crash image
 * @kimage: what the architecture's kexec code works on
 * @control: pages of the reservation that hold page tables and jump code
 * @stub: what the tool wants the core header to be like
 * @header: the segment with the core header, if this kernel has built it; or -1
 * @vmcoreinfo: copy of VMCOREINFO in @control, if @header is -1; or NULL
 * @contents: while the image is being loaded: copy of each segment
 *
 * Once an image is armed, nothing in it changes.
 */
struct kdump_image {
	struct kimage *kimage;
	struct range control;
	struct kdump_stub stub;
	int header;
	const void *vmcoreinfo;
	void *contents[KEXEC_SEGMENT_MAX];
};

/**
 * kdump_armed_image() - the image in the reservation, armed or fired
 *
 * Context: Process context, holds the kexec lock, or what keeps others from
 * replacing the image.
 * Return: the image, or NULL: the reservation is empty.
 */
struct kdump_image *kdump_armed_image(void);

/**
 * kdump_armed_begin() - get the right to write to the reservation
 *
 * The image in it, if any, cannot be fired until kdump_armed_end().
 *
 * Context: Holds the kexec lock.
 * Return: 0; -EBUSY: a crash has taken the image.
 */
int kdump_armed_begin(void);

/**
 * kdump_armed_end() - the reservation is consistent again
 * @image: what it holds now, to be armed; NULL: nothing
 *
 * Context: After kdump_armed_begin(), the kexec lock still held.
 */
void kdump_armed_end(struct kdump_image *image);

/**
 * kdump_armed_settle() - wait for an image that is being replaced
 *
 * Another CPU will soon finish.  If this CPU itself was replacing the image,
 * nobody will: the wait ends after a second.
 *
 * Context: Any, NMI too; crash path, before CPUs are stopped.  No locks.
 */
void kdump_armed_settle(void);

/**
 * kdump_armed_fire() - take the armed image, for good
 *
 * Context: Any, NMI too; crash path.  No locks.
 * Return: the image to jump into, for one caller ever; NULL: none is armed.
 */
struct kimage *kdump_armed_fire(void);

/**
 * kdump_armed_mend() - undo stray writes to VMCOREINFO
 * @kimage: the image to jump into
 *
 * Context: Crash path.
 */
void kdump_armed_mend(const struct kimage *kimage);

#endif /* _KDUMP_ARMED_H */
