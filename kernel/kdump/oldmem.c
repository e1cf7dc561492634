// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: read the memory of the crashed kernel.
 *
 * Runs in the capture kernel, in process context, for several readers at once.
 * Callers stay inside memory that the checked core header describes.  Whether
 * this kernel itself uses that memory, and whether a driver forbids to touch it,
 * is checked here.
 *
 * Old memory is mapped in large windows.  The last few windows stay mapped, so
 * that sequential reads seldom map anything.  A window costs a few page tables
 * at most.
 */
#include <linux/highmem.h>
#include <linux/ioport.h>
#include <linux/kdump_arch.h>
#include <linux/kdump_core.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "oldmem.h"

#define OLDMEM_WINDOWS	4
#define OLDMEM_WINDOW	(IS_ENABLED(CONFIG_64BIT) ? SZ_64M : SZ_4M)

/* Bytes copied before signals and the scheduler are looked at again. */
#define OLDMEM_CHUNK	SZ_1M

/*
 * A mapping of [start, end), or no memory if nobody may touch it.  It is removed
 * when its last user puts it.
 */
struct oldmem_window {
	refcount_t users;
	u64 start;
	u64 end;
	void *memory;
};

/* The last windows; the array is a user of each.  Under oldmem_lock. */
static struct oldmem_window *oldmem_recent[OLDMEM_WINDOWS];
static unsigned int oldmem_oldest;
static DEFINE_SPINLOCK(oldmem_lock);

/* A page belongs to this kernel if any byte of it does. */
static int oldmem_cut(struct resource *ram, void *data)
{
	struct oldmem_part *part = data;
	u64 start = ALIGN_DOWN((u64)ram->start, PAGE_SIZE);
	u64 end = ALIGN((u64)ram->end + 1, PAGE_SIZE);

	if (end <= part->paddr) {
		part->start = max(part->start, end);
		return 0;
	}
	if (start > part->paddr) {
		part->end = min(part->end, start);
		return 1;
	}
	part->kind = OLDMEM_OURS;
	part->start = max(part->start, start);
	part->end = min(part->end, end);
	return 1;
}

struct oldmem_part oldmem_classify(u64 paddr, u64 start, u64 end)
{
	struct oldmem_part part = {
		.paddr = paddr, .start = start, .end = end, .kind = OLDMEM_OLD,
	};

	walk_system_ram_res(start, end - 1, &part, oldmem_cut);
	if (part.kind == OLDMEM_OLD)
		oldmem_ask(&part);
	return part;
}

struct page *oldmem_own_page(u64 paddr)
{
	unsigned long pfn = PHYS_PFN(paddr);

	if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
		return NULL;
	return pfn_to_page(pfn);
}

/* If there is no room for a large window, map a smaller one. */
static bool oldmem_window_map(struct oldmem_window *window,
			      const struct oldmem_part *part)
{
	u64 paddr = part->paddr, start = part->start, end = part->end;
	u64 huge = ALIGN(start, PMD_SIZE);
	u64 size;

	/*
	 * The mapping's virtual address is aligned, so it gets huge pages only
	 * if the window begins at a huge page, too.
	 */
	if (paddr < huge)
		end = min(end, huge);
	else
		start = huge;
	for (size = OLDMEM_WINDOW; size >= PAGE_SIZE; size /= 2) {
		window->start = max(start, paddr & ~(size - 1));
		window->end = min(end, (paddr | (size - 1)) + 1);
		window->memory = kdump_arch_oldmem_map(window->start,
						       window->end - window->start,
						       part->image);
		if (window->memory)
			return true;
	}
	return false;
}

static struct oldmem_window *
oldmem_window_create(const struct oldmem_part *part)
{
	struct oldmem_window *window;

	window = kmalloc(sizeof(*window), GFP_KERNEL);
	if (!window)
		return NULL;
	refcount_set(&window->users, 1);
	window->start = part->start;
	window->end = part->end;
	window->memory = NULL;
	if (part->kind == OLDMEM_OLD && !oldmem_window_map(window, part)) {
		kfree(window);
		return NULL;
	}
	return window;
}

static void oldmem_window_put(struct oldmem_window *window)
{
	if (window && refcount_dec_and_test(&window->users)) {
		if (window->memory)
			kdump_arch_oldmem_unmap(window->memory);
		kfree(window);
	}
}

static struct oldmem_window *oldmem_window_recent(u64 paddr)
{
	struct oldmem_window *found = NULL;
	int i;

	spin_lock(&oldmem_lock);
	for (i = 0; i < OLDMEM_WINDOWS && !found; i++) {
		struct oldmem_window *window = oldmem_recent[i];

		if (window && paddr >= window->start && paddr < window->end) {
			refcount_inc(&window->users);
			found = window;
		}
	}
	spin_unlock(&oldmem_lock);
	return found;
}

/* Map a window around @part->paddr; the caller becomes a user of it. */
static struct oldmem_window *
oldmem_window_get(const struct oldmem_part *part)
{
	struct oldmem_window *window, *old;

	window = oldmem_window_create(part);
	if (!window)
		return NULL;
	refcount_inc(&window->users);
	spin_lock(&oldmem_lock);
	old = oldmem_recent[oldmem_oldest];
	oldmem_recent[oldmem_oldest] = window;
	oldmem_oldest = (oldmem_oldest + 1) % OLDMEM_WINDOWS;
	spin_unlock(&oldmem_lock);
	oldmem_window_put(old);
	return window;
}

void oldmem_forget(void)
{
	struct oldmem_window *window;
	int i;

	for (i = 0; i < OLDMEM_WINDOWS; i++) {
		spin_lock(&oldmem_lock);
		window = oldmem_recent[i];
		oldmem_recent[i] = NULL;
		spin_unlock(&oldmem_lock);
		oldmem_window_put(window);
	}
}

/* Copy from a page of this kernel, from @paddr to the end of the page. */
static ssize_t oldmem_read_own(struct iov_iter *to, u64 paddr, size_t size)
{
	struct page *page = oldmem_own_page(paddr);
	size_t offset = offset_in_page(paddr);
	void *bounce, *from;
	size_t done = 0;

	size = min_t(size_t, size, PAGE_SIZE - offset);
	bounce = (void *)get_zeroed_page(GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	if (page) {
		/* Not every reserved page is mapped. */
		from = kmap_local_page(page);
		if (copy_from_kernel_nofault(bounce, from, PAGE_SIZE))
			memset(bounce, 0, PAGE_SIZE);
		kunmap_local(from);
	}
	done = copy_to_iter(bounce + offset, size, to);
	free_page((unsigned long)bounce);
	return done;
}

/* Copy what one window has of the bytes, one chunk at most. */
static ssize_t oldmem_read_some(struct iov_iter *to, u64 paddr, size_t size,
				u64 start, u64 end, bool image)
{
	struct oldmem_window *window = oldmem_window_recent(paddr);
	struct oldmem_part part;
	size_t done;

	if (!window) {
		down_read(&oldmem_ask_lock);
		part = oldmem_classify(paddr, start, end);
		part.image = image;
		if (part.kind != OLDMEM_OURS)
			window = oldmem_window_get(&part);
		up_read(&oldmem_ask_lock);
		if (part.kind == OLDMEM_OURS)
			return oldmem_read_own(to, paddr, size);
		if (!window)
			return -ENOMEM;
	}
	size = min_t(u64, size, window->end - paddr);
	size = min_t(size_t, size, OLDMEM_CHUNK);
	if (window->memory)
		done = copy_to_iter(window->memory + (paddr - window->start),
				    size, to);
	else
		done = iov_iter_zero(size, to);
	oldmem_window_put(window);
	return done;
}

static ssize_t oldmem_read_all(struct iov_iter *to, u64 paddr, size_t size,
			       u64 start, u64 end, bool image)
{
	size_t done = 0;
	ssize_t some;

	while (done < size) {
		some = oldmem_read_some(to, paddr + done, size - done,
					start, end, image);
		if (some <= 0)
			return done ?: some ?: -EFAULT;
		done += some;
		if (fatal_signal_pending(current))
			return done;
		cond_resched();
	}
	return done;
}

ssize_t oldmem_read(struct iov_iter *to, u64 paddr, size_t size,
		    u64 start, u64 end)
{
	WRITE_ONCE(oldmem_shown, true);
	return oldmem_read_all(to, paddr, size, start, end, false);
}

int oldmem_read_kernel(void *to, u64 paddr, size_t size, bool image)
{
	struct kvec vec = { .iov_base = to, .iov_len = size };
	struct iov_iter iter;
	ssize_t done;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	done = oldmem_read_all(&iter, paddr, size, ALIGN_DOWN(paddr, PAGE_SIZE),
			       PAGE_ALIGN(paddr + size), image);
	if (done < 0)
		return done;
	return done == size ? 0 : -EFAULT;
}
