// SPDX-License-Identifier: GPL-2.0-only
/* kdump tests: ways to read /proc/vmcore and /dev/oldmem, right and wrong. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "readers.h"

/* Return how many bytes a read of SIZE bytes must return. */
static ssize_t expect_count(uint64_t offset, uint64_t size, uint64_t end)
{
	return offset < end ? min_u64(size, end - offset) : 0;
}

static void check_count(const char *how, ssize_t got, ssize_t want,
			uint64_t offset, size_t size)
{
	if (got != want)
		die("%s of %zu bytes at %#" PRIx64 " returned %zd (%s), not %zd", how,
		    size, offset, got, got < 0 ? strerror(errno) : "", want);
}

static void check_error(const char *how, long got, int error)
{
	if (got != -1 || errno != error)
		die("%s returned %ld (%m), not %s", how, got,
		    strerror(error));
}

/* --- places to read ----------------------------------------------------- */

/* Every second place is close to a border of a segment, the file or a page. */
static uint64_t draw_place(struct worker *w, uint64_t end, int physical)
{
	struct segment *s = &segments[draw(w, nr_segments)];
	uint64_t start = physical ? s->paddr : s->offset;
	uint64_t borders[] = {
		start, start + s->size, 0, end, draw(w, end) & ~(PAGE - 1),
		draw(w, end) & ~(HUGE - 1),
	};
	uint64_t at = borders[draw(w, 6)], delta = draw(w, 3 * PAGE);

	if (draw(w, 2))
		return draw(w, end);
	if (draw(w, 2))
		delta &= ~(PAGE - 1);
	if (draw(w, 2))
		return at > delta ? at - delta : 0;
	return at + delta;
}

static size_t draw_size(struct worker *w)
{
	static const size_t sizes[] = {
		0, 1, 7, 8, 63, 64, 65, 511, 4095, 4096, 4097, 8192, 65536,
	};
	unsigned int n = draw(w, 16);

	if (n < sizeof(sizes) / sizeof(sizes[0]))
		return sizes[n];
	return 1 + draw(w, n == 15 ? BUFFER : 16 * PAGE);
}

/* --- ways to read ------------------------------------------------------- */

static void by_pread(struct worker *w)
{
	uint64_t offset = draw_place(w, file_size, 0);
	char *to = w->buffer + draw(w, 2) * draw(w, 64);
	size_t size = draw_size(w);
	ssize_t n = pread(w->vmcore, to, size, offset);

	check_count("pread", n, expect_count(offset, size, file_size), offset,
		    size);
	check(w, "pread", to, offset, n);
}

static void by_preadv(struct worker *w)
{
	uint64_t offset = draw_place(w, file_size, 0);
	struct iovec parts[8];
	size_t size = 0;
	ssize_t n;

	for (int i = 0; i < 8; i++) {
		parts[i].iov_base = w->buffer + size;
		parts[i].iov_len = draw(w, min_u64(3 * PAGE, BUFFER / 8));
		size += parts[i].iov_len;
	}
	n = preadv(w->vmcore, parts, 8, offset);
	check_count("preadv", n, expect_count(offset, size, file_size), offset,
		    size);
	check(w, "preadv", w->buffer, offset, n);
}

static void by_read(struct worker *w)
{
	uint64_t offset = min_u64(draw_place(w, file_size, 0), file_size);

	if (lseek(w->vmcore, offset, SEEK_SET) != (off_t)offset)
		die("lseek to %#" PRIx64 ": %m", offset);
	for (int i = 0; i < 4; i++) {
		size_t size = draw_size(w);
		ssize_t n = read(w->vmcore, w->buffer, size);

		check_count("read", n, expect_count(offset, size, file_size),
			    offset, size);
		check(w, "read", w->buffer, offset, n);
		offset += n;
		if (lseek(w->vmcore, 0, SEEK_CUR) != (off_t)offset)
			die("read moved to another place than %#" PRIx64, offset);
	}
}

static void by_splice(struct worker *w)
{
	loff_t offset = draw_place(w, file_size, 0), at = offset;
	size_t size = 1 + draw(w, 8 * PAGE);
	int ends[2];
	ssize_t n;

	if (pipe(ends))
		die("pipe: %m");
	n = splice(w->vmcore, &at, ends[1], NULL, size, 0);
	if (n < 0 || n > expect_count(offset, size, file_size) ||
	    (!n && (uint64_t)offset < file_size))
		die("splice of %zu bytes at %#" PRIx64 ": %zd %m", size, offset, n);
	if (n && read(ends[0], w->buffer, n) != n)
		die("the pipe lost something: %m");
	check(w, "splice", w->buffer, offset, n);
	close(ends[0]);
	close(ends[1]);
}

/* Read to memory that ends early. */
static void to_hole(struct worker *w)
{
	uint64_t offset = draw(w, file_size - 2 * PAGE);
	char *area = mmap(NULL, 3 * PAGE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t room = draw(w, 2 * PAGE + 1);
	ssize_t n;

	if (area == MAP_FAILED ||
	    mprotect(area, 2 * PAGE, PROT_READ | PROT_WRITE))
		die("mmap: %m");
	n = pread(w->vmcore, area + 2 * PAGE - room, 2 * PAGE + 1, offset);
	if (n > (ssize_t)room || (n < 0 && errno != EFAULT) || (n < 0 && room))
		die("pread to %zu bytes of room returned %zd (%m)", room, n);
	if (n > 0)
		check(w, "pread to a hole", area + 2 * PAGE - room, offset, n);
	munmap(area, 3 * PAGE);
}

static void by_oldmem(struct worker *w)
{
	uint64_t paddr = draw_place(w, memory_end, 1);
	size_t size = draw_size(w);
	ssize_t n = pread(w->oldmem, w->buffer, size, paddr);

	check_count(OLDMEM, n, expect_count(paddr, size, memory_end), paddr, size);
	check_memory(w, w->buffer, paddr, n);
}

/* --- ways to map -------------------------------------------------------- */

/* Look at some pages of [first, last) in a mapping of PAGE * OFFSET. */
static void look(struct worker *w, const char *how, const char *at,
		 uint64_t page, size_t first, size_t last)
{
	for (int i = 0; i < 24 && first < last; i++) {
		size_t n = i ? first + draw(w, last - first) : last - 1;

		check(w, how, at + n * PAGE, (page + n) * PAGE, PAGE);
	}
}

static char *map_somewhere(struct worker *w, uint64_t page, size_t pages)
{
	static const int more[] = { 0, 0, MAP_POPULATE, MAP_NORESERVE };
	int flags = (draw(w, 2) ? MAP_SHARED : MAP_PRIVATE) | more[draw(w, 4)];
	char *hint = NULL, *at;

	if (!draw(w, 4)) {		/* at an address of its own choice */
		hint = mmap(NULL, (pages + 16) * PAGE, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		munmap(hint + pages * PAGE, 16 * PAGE);
		flags |= MAP_FIXED;
	}
	at = mmap(hint, pages * PAGE, PROT_READ, flags, w->vmcore, page * PAGE);
	if (at == MAP_FAILED)
		die("mmap of %zu pages from %#" PRIx64 " on: %m", pages, page);
	return at;
}

/* A child inherits the mapping. */
static void look_in_child(struct worker *w, const char *at, uint64_t page,
			  size_t pages)
{
	pid_t child = fork();
	int status;

	if (!child) {
		look(w, "mmap in a child", at, page, 0, pages);
		_exit(0);
	}
	while (waitpid(child, &status, 0) != child)
		;
	if (status)
		die("a child with a mapping ended with %#x", status);
}

/* Move the mapping, or make a piece of it inaccessible for a while. */
static char *disturb(struct worker *w, char *at, size_t pages)
{
	size_t first = draw(w, pages), n = draw(w, pages - first);

	if (draw(w, 2) && n) {
		if (mprotect(at + first * PAGE, n * PAGE, PROT_NONE) ||
		    mprotect(at + first * PAGE, n * PAGE, PROT_READ))
			die("mprotect: %m");
		return at;
	}
	at = mremap(at, pages * PAGE, pages * PAGE, MREMAP_MAYMOVE);
	if (at == MAP_FAILED)
		die("mremap: %m");
	return at;
}

static void by_mmap(struct worker *w)
{
	uint64_t total = file_size / PAGE;
	uint64_t page = min_u64(draw_place(w, file_size, 0) / PAGE, total - 1);
	size_t pages = 1 + draw(w, min_u64(draw(w, 4) ? 2048 : 64, total - page));
	char *at = map_somewhere(w, page, pages);
	size_t cut = draw(w, pages);

	look(w, "mmap", at, page, 0, pages);
	if (draw(w, 2)) {
		at = disturb(w, at, pages);
		look(w, "mmap, disturbed", at, page, 0, pages);
	}
	if (!draw(w, 16))
		look_in_child(w, at, page, pages);
	/* Replace the page: if it were unmapped, another thread would map there. */
	mmap(at + cut * PAGE, PAGE, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	look(w, "mmap, cut", at, page, 0, cut);
	look(w, "mmap, cut", at, page, cut + 1, pages);
	munmap(at, pages * PAGE);
}

/* --- wrong calls -------------------------------------------------------- */

static void *map(struct worker *w, size_t size, int protection, off_t offset)
{
	return mmap(NULL, size, protection, MAP_PRIVATE, w->vmcore, offset);
}

static void with_errors(struct worker *w)
{
	int fds[] = { w->vmcore, w->oldmem };
	off_t ends[] = { file_size, memory_end };
	void *at;

	for (int i = 0; i < 2; i++) {
		int fd = fds[i];
		off_t negative = -1 - (off_t)draw(w, LLONG_MAX);

		check_error("pread before 0",
			    pread(fd, w->buffer, 8, negative), EINVAL);
		check_error("pread across 2^63",
			    pread(fd, w->buffer, 8, LLONG_MAX - 4), EINVAL);
		check_error("lseek before 0", lseek(fd, negative, SEEK_SET),
			    EINVAL);
		check_error("lseek past the end",
			    lseek(fd, ends[i] + 1, SEEK_SET), EINVAL);
		check_count("pread past the end",
			    pread(fd, w->buffer, 8, ends[i] + draw(w, 1 << 30)),
			    0, ends[i], 8);
		check_error("write", pwrite(fd, w->buffer, 8, 0), EBADF);
	}
	check_error("mmap to write",
		    (long)map(w, PAGE, PROT_READ | PROT_WRITE, 0), EPERM);
	check_error("mmap to execute",
		    (long)map(w, PAGE, PROT_READ | PROT_EXEC, 0), EPERM);
	check_error("mmap past the end",
		    (long)map(w, 2 * PAGE, PROT_READ, file_size - PAGE),
		    EINVAL);
	check_error("mmap behind the end",
		    (long)map(w, PAGE, PROT_READ, file_size), EINVAL);
	at = map(w, PAGE, PROT_READ, 0);
	check_error("mprotect to write",
		    mprotect(at, PAGE, PROT_READ | PROT_WRITE), EACCES);
	munmap(at, PAGE);
}

void kill_reader(struct worker *w)
{
	double start = now();
	pid_t child = fork();
	int status;

	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			by_pread(w);
	}
	usleep(draw(w, 5000));
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) != child)
		;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		die("a reader ended by itself, with %#x", status);
	if (now() - start > 20)
		die("a reader took %.0f s to die", now() - start);
}

void (*const ways[])(struct worker *w) = {
	by_pread, by_preadv, by_read, by_splice, to_hole, by_oldmem, by_oldmem,
	by_mmap, by_mmap, by_mmap, with_errors,
};

const int nr_ways = sizeof(ways) / sizeof(ways[0]);
