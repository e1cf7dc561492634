// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: read the memory of the crashed kernel.
 *
 * Runs in the capture kernel, in process context, for several readers at once.
 * May assume that callers stay inside memory which the checked core header
 * describes; whether this kernel itself runs in that memory is checked here.
 *
 * Old memory is mapped in large windows.  The last few stay mapped, so that
 * reads one after the other seldom map anything; a window costs a few page
 * tables at most.
 */
#include <linux/highmem.h>
#include <linux/ioport.h>
#include <linux/kdump.h>
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

/* What is copied between two looks at signals and the scheduler. */
#define OLDMEM_CHUNK	SZ_1M

/* A mapping of [start, end); goes away with its last user. */
struct oldmem_window {
	refcount_t users;
	u64 start;
	u64 end;
	void *memory;
};

/* Windows used last, the array being a user of each; under the lock. */
static struct oldmem_window *oldmem_recent[OLDMEM_WINDOWS];
static unsigned int oldmem_oldest;
static DEFINE_SPINLOCK(oldmem_lock);

/* A page in which there is anything of this kernel is this kernel's. */
static int oldmem_cut(struct resource *ram, void *data)
{
	struct oldmem_part *part = data;
	u64 start = ALIGN_DOWN((u64)ram->start, PAGE_SIZE);
	u64 end = ALIGN((u64)ram->end + 1, PAGE_SIZE);

	if (end <= part->place) {
		part->start = max(part->start, end);
		return 0;
	}
	if (start > part->place) {
		part->end = min(part->end, start);
		return 1;
	}
	part->ours = true;
	part->start = max(part->start, start);
	part->end = min(part->end, end);
	return 1;
}

struct oldmem_part oldmem_classify(u64 place, u64 start, u64 end)
{
	struct oldmem_part part = {
		.place = place, .start = start, .end = end,
	};

	walk_system_ram_res(start, end - 1, &part, oldmem_cut);
	return part;
}

struct page *oldmem_own_page(u64 place)
{
	unsigned long pfn = PHYS_PFN(place);

	if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
		return NULL;
	return pfn_to_page(pfn);
}

/* Where there is no room for a large window, take a smaller one. */
static struct oldmem_window *
oldmem_window_create(const struct oldmem_part *part)
{
	u64 place = part->place, start = part->start, end = part->end;
	u64 huge = ALIGN(start, PMD_SIZE);
	struct oldmem_window *window;
	u64 size;

	window = kmalloc(sizeof(*window), GFP_KERNEL);
	if (!window)
		return NULL;
	refcount_set(&window->users, 1);
	/* Mappings begin aligned, so only what begins aligned gets huge pages. */
	if (place < huge)
		end = min(end, huge);
	else
		start = huge;
	for (size = OLDMEM_WINDOW; size >= PAGE_SIZE; size /= 2) {
		window->start = max(start, place & ~(size - 1));
		window->end = min(end, (place | (size - 1)) + 1);
		window->memory = kdump_arch_oldmem_map(window->start,
						       window->end - window->start);
		if (window->memory)
			return window;
	}
	kfree(window);
	return NULL;
}

static void oldmem_window_put(struct oldmem_window *window)
{
	if (window && refcount_dec_and_test(&window->users)) {
		kdump_arch_oldmem_unmap(window->memory);
		kfree(window);
	}
}

static struct oldmem_window *oldmem_window_recent(u64 place)
{
	struct oldmem_window *found = NULL;
	int i;

	spin_lock(&oldmem_lock);
	for (i = 0; i < OLDMEM_WINDOWS && !found; i++) {
		struct oldmem_window *window = oldmem_recent[i];

		if (window && place >= window->start && place < window->end) {
			refcount_inc(&window->users);
			found = window;
		}
	}
	spin_unlock(&oldmem_lock);
	return found;
}

/* The caller becomes a user of a window that contains @place. */
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

/*
 * Copy blocks of eight words with plain loads and stores.  The string
 * instructions that copy_to_user() prefers are several times slower under an
 * emulator, and no faster on hardware for memory that is in no cache.
 */
#define OLDMEM_BLOCK (8 * sizeof(unsigned long))

static size_t oldmem_copy_blocks(unsigned long __user *to,
				 const unsigned long *from, size_t blocks)
{
	size_t i = 0;

	might_fault();
	if (!user_write_access_begin(to, blocks * OLDMEM_BLOCK))
		return 0;
	for (; i < blocks; i++, to += 8, from += 8) {
		unsafe_put_user(from[0], to + 0, fault);
		unsafe_put_user(from[1], to + 1, fault);
		unsafe_put_user(from[2], to + 2, fault);
		unsafe_put_user(from[3], to + 3, fault);
		unsafe_put_user(from[4], to + 4, fault);
		unsafe_put_user(from[5], to + 5, fault);
		unsafe_put_user(from[6], to + 6, fault);
		unsafe_put_user(from[7], to + 7, fault);
	}
fault:
	user_write_access_end();
	return i * OLDMEM_BLOCK;
}

static size_t oldmem_copy(struct iov_iter *to, const void *from, size_t size)
{
	size_t done = 0;

	if (iter_is_ubuf(to)) {
		void __user *user = to->ubuf + to->iov_offset;

		if (IS_ALIGNED((unsigned long)user | (unsigned long)from,
			       sizeof(long)))
			done = oldmem_copy_blocks(user, from,
						  size / OLDMEM_BLOCK);
		iov_iter_advance(to, done);
	}
	if (done < size)
		done += copy_to_iter(from + done, size - done, to);
	return done;
}

/* A page at most: the rest of the one that contains @place. */
static ssize_t oldmem_read_own(struct iov_iter *to, u64 place, size_t size)
{
	struct page *page = oldmem_own_page(place);
	size_t offset = offset_in_page(place);
	void *bounce, *from;
	size_t done = 0;

	size = min_t(size_t, size, PAGE_SIZE - offset);
	bounce = (void *)get_zeroed_page(GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	if (page) {
		/* Reserved pages need not all be mapped. */
		from = kmap_local_page(page);
		if (copy_from_kernel_nofault(bounce, from, PAGE_SIZE))
			memset(bounce, 0, PAGE_SIZE);
		kunmap_local(from);
	}
	done = copy_to_iter(bounce + offset, size, to);
	free_page((unsigned long)bounce);
	return done;
}

/* A part of what is wanted, not more than a chunk. */
static ssize_t oldmem_read_some(struct iov_iter *to, u64 place, size_t size,
				u64 start, u64 end)
{
	struct oldmem_window *window = oldmem_window_recent(place);
	struct oldmem_part part;
	size_t done;

	if (!window) {
		part = oldmem_classify(place, start, end);
		if (part.ours)
			return oldmem_read_own(to, place, size);
		window = oldmem_window_get(&part);
		if (!window)
			return -ENOMEM;
	}
	size = min_t(u64, size, window->end - place);
	size = min_t(size_t, size, OLDMEM_CHUNK);
	done = oldmem_copy(to, window->memory + (place - window->start), size);
	oldmem_window_put(window);
	return done;
}

ssize_t oldmem_read(struct iov_iter *to, u64 place, size_t size,
		    u64 start, u64 end)
{
	size_t done = 0;
	ssize_t some;

	while (done < size) {
		some = oldmem_read_some(to, place + done, size - done,
					start, end);
		if (some <= 0)
			return done ?: some ?: -EFAULT;
		done += some;
		if (fatal_signal_pending(current))
			return done;
		cond_resched();
	}
	return done;
}

int oldmem_read_kernel(void *to, u64 place, size_t size)
{
	struct kvec vec = { .iov_base = to, .iov_len = size };
	struct iov_iter iter;
	ssize_t done;

	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	done = oldmem_read(&iter, place, size, ALIGN_DOWN(place, PAGE_SIZE),
			   PAGE_ALIGN(place + size));
	if (done < 0)
		return done;
	return done == size ? 0 : -EFAULT;
}
