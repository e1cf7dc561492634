// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CAPTURE's files under many readers at once.
 *
 *	readers SECONDS PROCESSES THREADS
 *
 * Runs in the capture kernel. One plain pass over /proc/vmcore computes a checksum
 * of every page. Then all threads of all processes read /proc/vmcore and
 * /dev/oldmem for SECONDS, in every way that a program can, around the borders of
 * segments and anywhere else, while a timer interrupts them. The pages that they
 * read must have these checksums, and a wrong call must give the right error.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "readers.h"

#define VMCORE		"/proc/vmcore"
#define SEGMENTS	512
#define SIGNAL_US	2000
/* Bytes that the threads of a process fault in together. */
#define TOGETHER	(16 * HUGE)

struct segment segments[SEGMENTS];
int nr_segments;
uint64_t file_size, memory_end;
static uint32_t *sums;			/* of each page of the file */
static char zeroes[PAGE];
static double deadline;

void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("readers: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	exit(1);
}

double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

uint64_t draw(struct worker *w, uint64_t below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return below ? w->random % below : 0;
}

/* --- checks ------------------------------------------------------------- */

static uint32_t sum_page(const char *page)
{
	uint64_t sum = 0, word;

	for (size_t i = 0; i < PAGE; i += sizeof(word)) {
		memcpy(&word, page + i, sizeof(word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15ULL;
		sum ^= sum >> 29;
	}
	return sum >> 32;
}

/* Compare part of a page with the same page in a mapping. */
static void check_part(struct worker *w, const char *how, const char *bytes,
		       uint64_t page, size_t skip, size_t size)
{
	char *whole = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, w->vmcore,
			   page * PAGE);

	if (whole == MAP_FAILED)
		die("%s: mmap of page %#" PRIx64 ": %m", how, page);
	if (sum_page(whole) != sums[page])
		die("%s: page %#" PRIx64 " differs when mapped", how, page);
	if (memcmp(whole + skip, bytes, size))
		die("%s: %zu bytes at %#" PRIx64 " differ", how, size,
		    page * PAGE + skip);
	munmap(whole, PAGE);
}

/* Check SIZE bytes of /proc/vmcore at OFFSET, which is inside the file. */
void check(struct worker *w, const char *how, const char *bytes,
	   uint64_t offset, size_t size)
{
	while (size) {
		size_t skip = offset % PAGE;
		size_t some = min_u64(PAGE - skip, size);

		if (some < PAGE)
			check_part(w, how, bytes, offset / PAGE, skip, some);
		else if (sum_page(bytes) != sums[offset / PAGE])
			die("%s: page %#" PRIx64 " differs", how, offset / PAGE);
		bytes += some;
		offset += some;
		size -= some;
	}
}

/* Return where the file has this memory; 0: nowhere. */
static uint64_t find_offset(uint64_t paddr)
{
	for (int i = 0; i < nr_segments; i++)
		if (paddr >= segments[i].paddr &&
		    paddr - segments[i].paddr < segments[i].size)
			return segments[i].offset + paddr - segments[i].paddr;
	return 0;
}

/* Check SIZE bytes of /dev/oldmem at PADDR: as in the file, or zeroes. */
void check_memory(struct worker *w, const char *bytes, uint64_t paddr,
		  size_t size)
{
	while (size) {
		size_t some = min_u64(PAGE - paddr % PAGE, size);
		uint64_t offset = find_offset(paddr);

		if (offset)
			check(w, OLDMEM, bytes, offset, some);
		else if (memcmp(bytes, zeroes, some))
			die(OLDMEM ": no zeroes at %#" PRIx64, paddr);
		bytes += some;
		paddr += some;
		size -= some;
	}
}

/* --- all together ------------------------------------------------------- */

static pthread_barrier_t barrier;
static char *window;
static uint64_t window_page;
static int over;

/*
 * All threads of a process fault in one mapping at the same time. Return whether
 * that was the last time; all threads get the same answer.
 */
static int fault_together(struct worker *w)
{
	int last;

	if (w->first) {
		over = now() > deadline;
		window_page = draw(w, file_size - TOGETHER) / PAGE;
		window = mmap(NULL, TOGETHER, PROT_READ, MAP_PRIVATE,
			      w->vmcore, window_page * PAGE);
		if (window == MAP_FAILED)
			die("mmap of a window: %m");
	}
	pthread_barrier_wait(&barrier);
	last = over;
	for (size_t at = 0; at < TOGETHER; at += HUGE)
		check(w, "mmap by threads", window + at,
		      window_page * PAGE + at, PAGE);
	pthread_barrier_wait(&barrier);
	if (w->first)
		munmap(window, TOGETHER);
	return last;
}

static void *work(void *argument)
{
	struct worker *w = argument;
	int last = 0;

	do {
		for (int i = 0; i < 20; i++, w->done++)
			ways[draw(w, nr_ways)](w);
		if (!draw(w, 64))
			kill_reader(w);
		/* Often: a fault here shows only within the same microsecond. */
		for (int i = 0; i < 20 && !last; i++)
			last = fault_together(w);
	} while (!last);
	return NULL;
}

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
	(void)number;
	signals++;
}

static void open_files(struct worker *w)
{
	w->vmcore = open(VMCORE, O_RDONLY);
	w->oldmem = open(OLDMEM, O_RDONLY);
	w->buffer = malloc(BUFFER + PAGE);
	w->random = ((uint64_t)getpid() << 32 | 1) + (uintptr_t)w +
		    (uint64_t)(now() * 1e6);
	if (w->vmcore < 0 || w->oldmem < 0 || !w->buffer)
		die("cannot begin: %m");
}

static void process(int threads)
{
	static const struct itimerval often = {
		{ 0, SIGNAL_US }, { 0, SIGNAL_US },
	};
	struct sigaction action = { .sa_handler = on_signal };
	struct worker workers[threads];
	pthread_t ids[threads];
	long done = 0;

	pthread_barrier_init(&barrier, NULL, threads);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < threads; i++) {
		workers[i] = (struct worker){ .first = !i };
		open_files(&workers[i]);
		if (pthread_create(&ids[i], NULL, work, &workers[i]))
			die("no thread");
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		done += workers[i].done;
	}
	printf("%ld readings, %d signals\n", done, (int)signals);
}

/* --- preparation -------------------------------------------------------- */

static void read_headers(int fd)
{
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;

	if (pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr))
		die(VMCORE ": %m");
	for (int i = 0; i < ehdr.e_phnum; i++) {
		if (pread(fd, &phdr, sizeof(phdr),
			  ehdr.e_phoff + i * sizeof(phdr)) != sizeof(phdr))
			die(VMCORE ": %m");
		if (phdr.p_type != PT_LOAD || nr_segments == SEGMENTS)
			continue;
		segments[nr_segments++] = (struct segment){
			phdr.p_paddr, phdr.p_offset, phdr.p_filesz,
		};
		if (phdr.p_paddr + phdr.p_filesz > memory_end)
			memory_end = phdr.p_paddr + phdr.p_filesz;
	}
	file_size = lseek(fd, 0, SEEK_END);
}

static void take_sums(int fd)
{
	static char block[16 * PAGE];
	uint64_t offset = 0;
	ssize_t n;

	sums = malloc(file_size / PAGE * sizeof(*sums));
	if (!sums)
		die("no memory for checksums");
	while ((n = pread(fd, block, sizeof(block), offset)) > 0) {
		for (ssize_t i = 0; i < n; i += PAGE)
			sums[(offset + i) / PAGE] = sum_page(block + i);
		offset += n;
	}
	if (n < 0 || offset != file_size)
		die("a plain pass ended at %#" PRIx64 " of %#" PRIx64 ": %m", offset,
		    file_size);
}

int main(int argc, char **argv)
{
	int fd = open(VMCORE, O_RDONLY), status, bad = 0;

	if (argc != 4 || fd < 0)
		die("usage: readers SECONDS PROCESSES THREADS, with a "
		    VMCORE);
	read_headers(fd);
	take_sums(fd);
	deadline = now() + atoi(argv[1]);
	fflush(stdout);
	for (int i = 0; i < atoi(argv[2]); i++)
		if (!fork()) {
			process(atoi(argv[3]));
			return 0;
		}
	while (wait(&status) > 0)
		bad += !!status;
	return bad ? 1 : 0;
}
