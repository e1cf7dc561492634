/* SPDX-License-Identifier: GPL-2.0-only */
/* LOAD: the crash image, for the rest of kernel/kdump. */
#ifndef _KDUMP_LOAD_H
#define _KDUMP_LOAD_H

struct kdump_image;
struct range;

/**
 * kdump_image_alloc() - begin to make a crash image
 *
 * Context: Process context, sleeps.
 * Return: an image without segments, or NULL.
 */
struct kdump_image *kdump_image_alloc(void);

/**
 * kdump_image_free() - give up an image
 * @image: an image that is not armed, or NULL
 *
 * Context: Process context, sleeps.
 */
void kdump_image_free(struct kdump_image *image);

/**
 * kdump_image_check() - may this image be loaded?
 * @image: an image with its segments and its entry point
 *
 * Context: Process context.  The kexec lock is held.
 * Return: 0; -EADDRNOTAVAIL: there is no reservation, or it does not contain a
 * segment or the entry point; -EINVAL: see segments_check().
 */
int kdump_image_check(const struct kdump_image *image);

/**
 * kdump_image_arm() - put an image into the place of the armed one
 * @image: an image that kdump_image_check() has accepted, with the contents of
 *	   its segments in kernel memory
 * @flags: as passed to kexec_load(2); 0: the kernel has made the segments
 *
 * Builds the core header.  After an error the old image is still armed, and
 * the caller has to free @image.
 *
 * Context: Process context, sleeps.  The kexec lock is held.
 * Return: 0, or as kdump_load().
 */
int kdump_image_arm(struct kdump_image *image, unsigned long flags);

/**
 * kdump_image_unload() - disarm and free the armed image, if there is one
 *
 * Context: Process context, sleeps.  The kexec lock is held.
 * Return: 0; -EBUSY: a crash has taken the image.
 */
int kdump_image_unload(void);

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
