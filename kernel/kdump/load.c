// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the crash image.
 *
 * Runs in the system kernel, in process context.  The kexec lock keeps loads
 * apart from each other and from kexec -e; kdump_mutex keeps them apart from
 * memory hotplug.
 *
 * A new image is prepared beside the armed one: its contents in vmalloc space,
 * its page tables and the code of the jump in pages of the reservation that
 * neither image occupies.  Then the old image is disarmed, and the new one is
 * copied into place and armed.  Nothing in between can fail.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/cc_platform.h>
#include <linux/crash_core.h>
#include <linux/err.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kexec.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "../kexec_internal.h"
#include "armed.h"
#include "elfcorehdr.h"
#include "elfcorehdr_layout.h"
#include "limit.h"
#include "load.h"
#include "segments.h"

static DEFINE_MUTEX(kdump_mutex);

static unsigned int image_add_taken(struct range *taken, unsigned int nr,
				    const struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	unsigned long i;

	for (i = 0; i < kimage->nr_segments; i++)
		taken[nr++] = segment_range(&kimage->segment[i]);
	taken[nr++] = image->control;
	return nr;
}

struct page *kdump_load_control_pages(struct kimage *kimage, unsigned int order)
{
	struct kdump_image *image = kimage->kdump;
	struct range taken[2 * (KEXEC_SEGMENT_MAX + 1)];
	struct range within = { crashk_res.start, crashk_res.end + 1 };
	u64 size = PAGE_SIZE << order, start;
	unsigned int nr;

	within.end = min_t(u64, within.end, KEXEC_CONTROL_MEMORY_LIMIT);
	nr = image_add_taken(taken, 0, image);
	if (kdump_armed_image())
		nr = image_add_taken(taken, nr, kdump_armed_image());
	start = segments_hole(&within, taken, nr, size);
	if (!start)
		return NULL;
	/* Holes are found from below, so the hull stays small. */
	if (!image->control.end)
		image->control.start = start;
	image->control.start = min(image->control.start, start);
	image->control.end = max(image->control.end, start + size);
	return pfn_to_page(PHYS_PFN(start));
}

static void image_free_contents(struct kdump_image *image)
{
	unsigned long i;

	for (i = 0; i < ARRAY_SIZE(image->contents); i++) {
		vfree(image->contents[i]);
		image->contents[i] = NULL;
	}
}

void kdump_image_free(struct kdump_image *image)
{
	if (!image)
		return;
	image_free_contents(image);
	/* It dereferences what machine_kexec_prepare() has set up. */
	if (image->kimage->control_code_page)
		machine_kexec_cleanup(image->kimage);
	kfree(image->kimage);
	kfree(image);
}

struct kdump_image *kdump_image_alloc(void)
{
	struct kdump_image *image;
	struct kimage *kimage;

	image = kzalloc(sizeof(*image), GFP_KERNEL);
	if (!image)
		return NULL;
	kimage = do_kimage_alloc_init();
	if (!kimage) {
		kfree(image);
		return NULL;
	}
	image->header = -1;
	kimage->kdump = image;
	/* Everything is loaded where it runs, so the list of pages is empty. */
	kimage_terminate(kimage);
	image->kimage = kimage;
	return image;
}

/* copy_from_user() refuses 2 GB and more. */
#define FETCH_STEP	SZ_1G

static int fetch_segment(void *to, const char __user *from, size_t size)
{
	size_t done, step;

	for (done = 0; done < size; done += step) {
		step = min_t(size_t, size - done, FETCH_STEP);
		if (copy_from_user(to + done, from + done, step))
			return -EFAULT;
	}
	return 0;
}

/* Copy the segments out of user memory, which may change or vanish. */
static int image_fetch(struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	unsigned long i;
	int ret = 0;

	for (i = 0; !ret && i < kimage->nr_segments; i++) {
		const struct kexec_segment *segment = &kimage->segment[i];

		if (!segment->bufsz)
			continue;
		image->contents[i] = vmalloc(segment->bufsz);
		if (!image->contents[i])
			return -ENOMEM;
		ret = fetch_segment(image->contents[i], segment->buf,
				    segment->bufsz);
	}
	return ret;
}

/*
 * With SME this kernel encrypts its memory, but the capture kernel starts without
 * encryption.  So the reservation is written and read as it is.
 */
static int reservation_decrypt(void)
{
	return arch_kexec_post_alloc_pages(phys_to_virt(crashk_res.start),
					   PHYS_PFN(resource_size(&crashk_res)),
					   0);
}

/*
 * With SME purgatory sees low memory encrypted, and what is encrypted has a
 * meaning only at its own address.  So the copy is of no use to the dump.
 */
static bool backup_is_readable(void)
{
	return !cc_platform_has(CC_ATTR_HOST_MEM_ENCRYPT);
}

/* Which segment is the tool's core header?  There must be exactly one. */
static int image_find_header(const struct kdump_image *image,
			     struct kdump_stub *stub)
{
	const struct kimage *kimage = image->kimage;
	int found = -EINVAL;
	unsigned long i;

	for (i = 0; i < kimage->nr_segments; i++) {
		int ret = elfcorehdr_stub(image->contents[i],
					  kimage->segment[i].bufsz, stub);

		if (ret == -ENOENT)
			continue;
		if (ret || found >= 0)
			return -EINVAL;
		found = i;
	}
	return found;
}

/* Build the core header as the contents of a segment. */
static int image_build_elfcorehdr(struct kdump_image *image, int i)
{
	struct kexec_segment *segment = &image->kimage->segment[i];
	void *header = vzalloc(segment->memsz);
	int ret;

	if (!header)
		return -ENOMEM;
	if (!backup_is_readable())
		image->stub.backup_size = 0;
	ret = kdump_elfcorehdr_build(header, segment->memsz, segment->mem,
				     &image->stub);
	if (ret) {
		vfree(header);
		return ret;
	}
	vfree(image->contents[i]);
	image->contents[i] = header;
	segment->bufsz = segment->memsz;
	image->header = i;
	return 0;
}

/*
 * Replace the tool's core header by that of this kernel.  Keep a complete one
 * that has no room for ours: it is right until memory changes.
 */
static int image_replace_elfcorehdr(struct kdump_image *image, bool complete)
{
	struct kimage *kimage = image->kimage;
	const struct kexec_segment *segment;
	int i = image_find_header(image, &image->stub);

	if (i < 0 || !segments_hold_backup(kimage->segment, kimage->nr_segments,
					   &image->stub))
		return -EINVAL;
	segment = &kimage->segment[i];
	if (complete && segment->memsz < kdump_elfcorehdr_size()) {
		pr_warn("the tool left %lu bytes for the core header, %zu are needed; load again when memory has changed\n",
			(unsigned long)segment->memsz, kdump_elfcorehdr_size());
		return 0;
	}
	return image_build_elfcorehdr(image, i);
}

/*
 * The core header of other tools points to VMCOREINFO where any stray write of
 * the dying kernel can reach it.  Keep a copy in the reservation; without room
 * for it the dump is as good as with those tools.
 */
static void image_keep_vmcoreinfo(struct kdump_image *image)
{
	struct page *pages;

	pages = kdump_load_control_pages(image->kimage,
					 get_order(VMCOREINFO_NOTE_SIZE));
	if (pages)
		image->vmcoreinfo = memcpy(page_address(pages), vmcoreinfo_note,
					   VMCOREINFO_NOTE_SIZE);
}

/* What kexec_file_load(2) has made is in kernel memory already. */
static void image_place(struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	unsigned long i;

	for (i = 0; i < kimage->nr_segments; i++) {
		const struct kexec_segment *segment = &kimage->segment[i];
		void *to = phys_to_virt(segment->mem);

		if (segment->bufsz)
			memcpy(to, image->contents[i] ?: segment->kbuf,
			       segment->bufsz);
		memset(to + segment->bufsz, 0,
		       segment->memsz - segment->bufsz);
	}
}

static int image_replace(struct kdump_image *image)
{
	struct kdump_image *old = kdump_armed_image();
	int ret = kdump_armed_begin();

	if (ret)
		return ret;
	if (image)
		image_place(image);
	kdump_armed_end(image);
	kdump_image_free(old);
	return 0;
}

/* Page tables and code of the jump; the one page for swapping is not used. */
static int image_prepare_jump(struct kimage *kimage)
{
	kimage->control_code_page =
		kdump_load_control_pages(kimage,
					 get_order(KEXEC_CONTROL_PAGE_SIZE));
	kimage->swap_page = kdump_load_control_pages(kimage, 0);
	if (!kimage->control_code_page || !kimage->swap_page)
		return -ENOMEM;
	return machine_kexec_prepare(kimage);
}

/* The reservation is writable while this runs. */
static int image_arm(struct kdump_image *image, unsigned long flags)
{
	int ret = reservation_decrypt();

	if (!ret && image->kimage->file_mode)
		ret = image_build_elfcorehdr(image, image->header);
	else if (!ret && flags & (KEXEC_KDUMP_STUB | KEXEC_UPDATE_ELFCOREHDR))
		ret = image_replace_elfcorehdr(image,
					       !(flags & KEXEC_KDUMP_STUB));
	if (!ret)
		ret = image_prepare_jump(image->kimage);
	if (!ret && image->header < 0)
		image_keep_vmcoreinfo(image);
	if (!ret)
		ret = image_replace(image);
	return ret;
}

int kdump_image_check(const struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	struct range reservation = { crashk_res.start, crashk_res.end + 1 };

	if (!crashk_res.end || kimage->start < reservation.start ||
	    kimage->start >= reservation.end)
		return -EADDRNOTAVAIL;
	return segments_check(kimage->segment, kimage->nr_segments,
			      &reservation);
}

static void protect_armed(bool protect)
{
	const struct kdump_image *image = kdump_armed_image();

	if (image)
		kdump_arch_protect(image->kimage, protect);
}

int kdump_image_arm(struct kdump_image *image, unsigned long flags)
{
	int ret;

	mutex_lock(&kdump_mutex);
	protect_armed(false);
	ret = image_arm(image, flags);
	protect_armed(true);
	mutex_unlock(&kdump_mutex);
	if (!ret)
		image_free_contents(image);
	return ret;
}

/*
 * Reading user memory may take long, so it is done before the mutex is taken:
 * memory hotplug waits for the mutex.
 */
static int load_locked(unsigned long entry, unsigned long nr,
		       const struct kexec_segment *segments,
		       unsigned long flags)
{
	struct kdump_image *image = kdump_image_alloc();
	int ret;

	if (!image)
		return -ENOMEM;
	image->kimage->start = entry;
	image->kimage->nr_segments = nr;
	memcpy(image->kimage->segment, segments, nr * sizeof(*segments));
	ret = kdump_image_check(image);
	if (!ret)
		ret = image_fetch(image);
	if (!ret)
		ret = kdump_image_arm(image, flags);
	if (ret)
		kdump_image_free(image);
	return ret;
}

int kdump_image_unload(void)
{
	int ret;

	mutex_lock(&kdump_mutex);
	protect_armed(false);
	ret = image_replace(NULL);
	protect_armed(true);
	mutex_unlock(&kdump_mutex);
	return ret;
}

int kdump_load(unsigned long entry, unsigned long nr_segments,
	       const struct kexec_segment *segments, unsigned long flags)
{
	int ret;

	if (!kdump_load_permitted())
		return -EPERM;
	if (flags & KEXEC_PRESERVE_CONTEXT)
		return -EINVAL;
	if (!kexec_trylock())
		return -EBUSY;
	if (nr_segments)
		ret = load_locked(entry, nr_segments, segments, flags);
	else
		ret = kdump_image_unload();
	kexec_unlock();
	return ret;
}

void kdump_load_refresh(const struct range *coming)
{
	const struct kdump_image *image;
	int ret = 0;

	mutex_lock(&kdump_mutex);
	image = kdump_armed_image();
	if (kexec_crash_loaded() && image->header >= 0) {
		const struct kexec_segment *segment =
			&image->kimage->segment[image->header];

		protect_armed(false);
		ret = kdump_elfcorehdr_rebuild(phys_to_virt(segment->mem),
					       segment->memsz, segment->mem,
					       &image->stub, coming);
		protect_armed(true);
	}
	mutex_unlock(&kdump_mutex);
	if (ret)
		pr_warn("memory has changed and a dump would not show it (error %d); load the crash image again\n",
			ret);
}
