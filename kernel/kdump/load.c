// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the crash image.
 *
 * Runs in the system kernel, in process context; only kdump_load_fire() and
 * kexec_crash_loaded() are called from elsewhere.  The kexec lock keeps loads
 * apart from each other and from kexec -e; kdump_mutex keeps them apart from
 * memory that comes and goes.
 *
 * A new image is made ready beside the one that is armed: its contents in
 * vmalloc space, its page tables and the code of the jump in pages of the
 * reservation that neither image occupies.  Then the old image is disarmed,
 * the new one copied into place and armed.  Nothing in between can fail.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/atomic.h>
#include <linux/crash_core.h>
#include <linux/err.h>
#include <linux/kdump.h>
#include <linux/kexec.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "../kexec_internal.h"
#include "elfcorehdr.h"
#include "elfcorehdr_layout.h"
#include "segments.h"

/**
 * struct kdump_image - a crash image
 * @kimage: what the architecture's kexec code works on
 * @control: pages of the reservation that hold page tables and jump code
 * @stub: what the tool wants the core header to be like
 * @header: the segment with the core header, if this kernel has built it; or -1
 * @contents: while the image is being loaded: copy of each segment
 */
struct kdump_image {
	struct kimage *kimage;
	struct range control;
	struct kdump_stub stub;
	int header;
	void *contents[KEXEC_SEGMENT_MAX];
};

static atomic_t kdump_state = ATOMIC_INIT(KDUMP_EMPTY);

static DEFINE_MUTEX(kdump_mutex);

/* Written with the mutex held while the state is KDUMP_BUSY. */
static struct kdump_image *kdump_image;

int kdump_load_begin(void)
{
	int state = atomic_read(&kdump_state);

	if (state != KDUMP_EMPTY && state != KDUMP_ARMED)
		return -EBUSY;
	if (!atomic_try_cmpxchg(&kdump_state, &state, KDUMP_BUSY))
		return -EBUSY;
	return state;
}

void kdump_load_end(enum kdump_state state)
{
	atomic_set_release(&kdump_state, state);
}

/* One that is being replaced on this CPU will never be whole: the wait ends. */
void kdump_load_settle(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < 1000; msecs++) {
		if (atomic_read(&kdump_state) != KDUMP_BUSY)
			return;
		kdump_arch_wait();
	}
}

struct kimage *kdump_load_fire(void)
{
	int armed = KDUMP_ARMED;

	kdump_load_settle();
	if (!atomic_try_cmpxchg(&kdump_state, &armed, KDUMP_FIRED))
		return NULL;
	return kdump_image->kimage;
}

int kexec_crash_loaded(void)
{
	return atomic_read(&kdump_state) == KDUMP_ARMED;
}
EXPORT_SYMBOL_GPL(kexec_crash_loaded);

phys_addr_t kdump_load_backup(const struct kimage *kimage)
{
	const struct kdump_stub *stub = &kimage->kdump->stub;

	return stub->backup_size ? stub->backup_to : 0;
}

static struct range segment_range(const struct kexec_segment *segment)
{
	return (struct range) {
		.start = segment->mem,
		.end = segment->mem + segment->memsz,
	};
}

static unsigned int add_taken(struct range *taken, unsigned int nr,
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
	struct page *pages;

	within.end = min_t(u64, within.end, KEXEC_CONTROL_MEMORY_LIMIT);
	nr = add_taken(taken, 0, image);
	if (kdump_image)
		nr = add_taken(taken, nr, kdump_image);
	start = segments_hole(&within, taken, nr, size);
	if (!start)
		return NULL;
	/* Holes are found from below, so the hull stays small. */
	if (!image->control.end)
		image->control.start = start;
	image->control.start = min(image->control.start, start);
	image->control.end = max(image->control.end, start + size);
	pages = pfn_to_page(PHYS_PFN(start));
	arch_kexec_post_alloc_pages(page_address(pages), 1 << order, 0);
	return pages;
}

static void image_free_contents(struct kdump_image *image)
{
	unsigned long i;

	for (i = 0; i < ARRAY_SIZE(image->contents); i++) {
		vfree(image->contents[i]);
		image->contents[i] = NULL;
	}
}

static void image_free(struct kdump_image *image)
{
	if (!image)
		return;
	image_free_contents(image);
	/* It takes for granted that there was something to prepare. */
	if (image->kimage->control_code_page)
		machine_kexec_cleanup(image->kimage);
	kfree(image->kimage);
	kfree(image);
}

static struct kdump_image *image_alloc(unsigned long entry, unsigned long nr,
				       const struct kexec_segment *segments)
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
	kimage->start = entry;
	kimage->nr_segments = nr;
	memcpy(kimage->segment, segments, nr * sizeof(*segments));
	/* Everything is loaded where it runs: a list of pages with none in. */
	kimage_terminate(kimage);
	image->kimage = kimage;
	return image;
}

/* Copy the segments out of user memory, which may change or vanish. */
static int image_fetch(struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	unsigned long i;

	for (i = 0; i < kimage->nr_segments; i++) {
		const struct kexec_segment *segment = &kimage->segment[i];

		if (!segment->bufsz)
			continue;
		image->contents[i] = vmalloc(segment->bufsz);
		if (!image->contents[i])
			return -ENOMEM;
		if (copy_from_user(image->contents[i], segment->buf,
				   segment->bufsz))
			return -EFAULT;
	}
	return 0;
}

/* Which segment is the stub of the core header?  There must be just one. */
static int image_find_stub(const struct kdump_image *image,
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

static bool segment_covers(const struct kexec_segment *segment, u64 start,
			   u64 size)
{
	return start >= segment->mem && size <= segment->memsz &&
	       start - segment->mem <= segment->memsz - size;
}

/* Where the backup goes must be a segment, lest the jump's tables lie there. */
static bool stub_backup_fits(const struct kdump_stub *stub,
			     const struct kimage *kimage)
{
	unsigned long i;

	if (!stub->backup_size)
		return true;
	if (stub->backup_start + stub->backup_size < stub->backup_start)
		return false;
	for (i = 0; i < kimage->nr_segments; i++) {
		if (segment_covers(&kimage->segment[i], stub->backup_to,
				   stub->backup_size))
			return true;
	}
	return false;
}

/* Replace the stub by the core header of this kernel. */
static int image_build_elfcorehdr(struct kdump_image *image)
{
	struct kimage *kimage = image->kimage;
	struct kexec_segment *segment;
	void *header;
	int i, ret;

	i = image_find_stub(image, &image->stub);
	if (i < 0 || !stub_backup_fits(&image->stub, kimage))
		return -EINVAL;
	segment = &kimage->segment[i];
	header = vzalloc(segment->memsz);
	if (!header)
		return -ENOMEM;
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

static void image_place(struct kdump_image *image)
{
	const struct kimage *kimage = image->kimage;
	unsigned long i;

	for (i = 0; i < kimage->nr_segments; i++) {
		const struct kexec_segment *segment = &kimage->segment[i];
		void *to = phys_to_virt(segment->mem);

		if (segment->bufsz)
			memcpy(to, image->contents[i], segment->bufsz);
		memset(to + segment->bufsz, 0,
		       segment->memsz - segment->bufsz);
	}
}

static int image_replace(struct kdump_image *image)
{
	struct kdump_image *old = kdump_image;
	int state = kdump_load_begin();

	if (state < 0)
		return state;
	if (image)
		image_place(image);
	kdump_image = image;
	kdump_load_end(image ? KDUMP_ARMED : KDUMP_EMPTY);
	image_free(old);
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
	int ret = 0;

	if (flags & KEXEC_UPDATE_ELFCOREHDR)
		ret = image_build_elfcorehdr(image);
	if (!ret)
		ret = image_prepare_jump(image->kimage);
	if (!ret)
		ret = image_replace(image);
	return ret;
}

static int load_check(unsigned long entry, unsigned long nr,
		      const struct kexec_segment *segments)
{
	struct range reservation = { crashk_res.start, crashk_res.end + 1 };

	if (!crashk_res.end || entry < reservation.start ||
	    entry >= reservation.end)
		return -EADDRNOTAVAIL;
	return segments_check(segments, nr, &reservation);
}

static void protect(bool on)
{
	if (kdump_image)
		kdump_arch_protect(kdump_image->kimage, on);
}

/* Nobody waits for the mutex while user memory is read, which may take long. */
static int load_locked(unsigned long entry, unsigned long nr,
		       const struct kexec_segment *segments,
		       unsigned long flags)
{
	struct kdump_image *image;
	int ret;

	image = image_alloc(entry, nr, segments);
	if (!image)
		return -ENOMEM;
	ret = image_fetch(image);
	if (!ret) {
		mutex_lock(&kdump_mutex);
		protect(false);
		ret = image_arm(image, flags);
		protect(true);
		mutex_unlock(&kdump_mutex);
	}
	if (ret)
		image_free(image);
	else
		image_free_contents(image);
	return ret;
}

static int unload_locked(void)
{
	int ret;

	mutex_lock(&kdump_mutex);
	protect(false);
	ret = image_replace(NULL);
	protect(true);
	mutex_unlock(&kdump_mutex);
	return ret;
}

int kdump_load(unsigned long entry, unsigned long nr_segments,
	       const struct kexec_segment *segments, unsigned long flags)
{
	int ret;

	if (flags & KEXEC_PRESERVE_CONTEXT)
		return -EINVAL;
	if (!kexec_trylock())
		return -EBUSY;
	if (nr_segments)
		ret = load_check(entry, nr_segments, segments) ?:
		      load_locked(entry, nr_segments, segments, flags);
	else
		ret = unload_locked();
	kexec_unlock();
	return ret;
}

void kdump_load_refresh(const struct range *coming)
{
	int ret = 0;

	mutex_lock(&kdump_mutex);
	if (kexec_crash_loaded() && kdump_image->header >= 0) {
		const struct kexec_segment *segment =
			&kdump_image->kimage->segment[kdump_image->header];

		protect(false);
		ret = kdump_elfcorehdr_rebuild(phys_to_virt(segment->mem),
					       segment->memsz, segment->mem,
					       &kdump_image->stub, coming);
		protect(true);
	}
	mutex_unlock(&kdump_mutex);
	if (ret)
		pr_warn("memory has changed and a dump would not show it (error %d); load the crash image again\n",
			ret);
}
