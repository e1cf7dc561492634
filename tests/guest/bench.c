// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: the speed of CAPTURE.
 *
 * Runs in the capture kernel.  Reads one stretch of old memory through
 * /proc/vmcore in several ways, and beside each way does the same with memory
 * of this kernel, which is the limit of that way:
 *   read() of /proc/vmcore	read() of a file in tmpfs, in the same blocks
 *   mmap() of /proc/vmcore	memcpy() of memory of this program
 * The memory has the size of the stretch: a smaller piece would stay in caches
 * and TLBs, while old memory is read only once.
 *
 * Prints a name and a number per line: the memory in KiB that reading all of
 * /proc/vmcore cost, and then MB/s.
 *
 * "bench write FILE SIZE" only writes a file: it shows how much of the time for
 * saving a dump is the disk's.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define VMCORE		"/proc/vmcore"
#define MIB		(1UL << 20)
#define STRETCH		(192 * MIB)
#define WINDOW		(4 * MIB)	/* mapped at a time */
#define ROUNDS		5		/* counted; the best one wins */

static char *buffer;		/* of a MIB; receives all data */

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Allocate memory, and write to it so that every page exists. */
static char *memory(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("memory");
	return memset(at, 0x5a, size);
}

/* A file in tmpfs, with every page written. */
static int tmpfs(size_t size)
{
	int fd = memfd_create("bench", 0);

	if (fd < 0)
		die("tmpfs");
	memset(buffer, 0x5a, MIB);
	for (size_t done = 0; done < size; done += MIB)
		if (write(fd, buffer, MIB) != MIB)
			die("tmpfs");
	return fd;
}

/* Find the largest PT_LOAD; return its offset, and its size in @size. */
static off_t largest(int fd, size_t *size)
{
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr;
	off_t offset = 0;

	if (pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr))
		die(VMCORE);
	*size = 0;
	for (int i = 0; i < ehdr.e_phnum; i++) {
		if (pread(fd, &phdr, sizeof(phdr),
			  ehdr.e_phoff + i * sizeof(phdr)) != sizeof(phdr))
			die(VMCORE);
		if (phdr.p_type == PT_LOAD && phdr.p_filesz > *size) {
			*size = phdr.p_filesz;
			offset = phdr.p_offset;
		}
	}
	return offset;
}

static void by_read(int fd, off_t offset, size_t size, size_t chunk)
{
	for (size_t done = 0; done < size; done += chunk)
		if (pread(fd, buffer, chunk, offset + done) != (ssize_t)chunk)
			die("read");
}

static void copy(const char *from, size_t size)
{
	for (size_t done = 0; done < size; done += MIB)
		memcpy(buffer, from + done, MIB);
}

static char *map(int fd, off_t offset, size_t size)
{
	char *window = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, offset);

	if (window == MAP_FAILED)
		die("mmap");
	return window;
}

static void by_mmap(int fd, off_t offset, size_t size, size_t chunk)
{
	for (size_t done = 0; done < size; done += chunk) {
		char *window = map(fd, offset + done, chunk);

		copy(window, chunk);
		munmap(window, chunk);
	}
}

static double seconds(void (*way)(int, off_t, size_t, size_t), int fd,
		      off_t offset, size_t size, size_t chunk)
{
	double start = now();

	way(fd, offset, size, chunk);
	return now() - start;
}

static double min(double a, double b)
{
	return a < b ? a : b;
}

/* A stretch of old memory: open /proc/vmcore, and where to read in it. */
struct stretch {
	int fd;
	off_t offset;
	size_t size;
};

/*
 * Old memory and the limit take turns, so that a busy host slows both down.  The
 * first turn of each is not counted, because it faults pages in.
 */
static void compare_read(const struct stretch *old, int limit, size_t chunk)
{
	double a = 1e9, b = 1e9;

	for (int i = 0; i <= ROUNDS; i++) {
		double read = seconds(by_read, old->fd, old->offset, old->size,
				      chunk);
		double tmpfs = seconds(by_read, limit, 0, old->size, chunk);

		if (i) {
			a = min(a, read);
			b = min(b, tmpfs);
		}
	}
	printf("read-%zuk %.0f\n", chunk / 1024, old->size / 1e6 / a);
	printf("tmpfs-%zuk %.0f\n", chunk / 1024, old->size / 1e6 / b);
}

static void compare_mmap(const struct stretch *old, const char *limit,
			 size_t chunk)
{
	double a = 1e9, b = 1e9;

	for (int i = 0; i <= ROUNDS; i++) {
		double mapped = seconds(by_mmap, old->fd, old->offset,
					old->size, chunk);
		double start = now();

		copy(limit, old->size);
		if (i) {
			a = min(a, mapped);
			b = min(b, now() - start);
		}
	}
	printf("mmap-%zuk %.0f\n", chunk / 1024, old->size / 1e6 / a);
	printf("memcpy %.0f\n", old->size / 1e6 / b);
}

static long meminfo(const char *name)
{
	char line[128];
	long value = -1;
	FILE *info = fopen("/proc/meminfo", "r");

	while (info && fgets(line, sizeof(line), info))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name) + 1);
	if (info)
		fclose(info);
	return value;
}

/* Read everything once; print the memory that is still in use after it. */
static void memory_cost(const char *name,
			void (*way)(int, off_t, size_t, size_t),
			const struct stretch *all, size_t chunk)
{
	long before = meminfo("MemFree:");

	way(all->fd, all->offset, all->size, chunk);
	printf("%s %ld\n", name, before - meminfo("MemFree:"));
}

/* Map every page at the same time; the cost includes this program's tables. */
static void all_at_once(const struct stretch *all)
{
	long before = meminfo("MemFree:");
	char *window = map(all->fd, all->offset, all->size);

	copy(window, all->size);
	printf("at-once-kib %ld\n", before - meminfo("MemFree:"));
	munmap(window, all->size);
}

static int write_plain(const char *path, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		die(path);
	while (size) {
		ssize_t n = write(fd, buffer, size < MIB ? size : MIB);

		if (n <= 0)
			die(path);
		size -= n;
	}
	return 0;
}

static int read_old_memory(void)
{
	static const size_t blocks[] = { 4096, 64 * 1024, MIB };
	struct stretch old = { .fd = open(VMCORE, O_RDONLY) };
	char *plain;
	int file;

	if (old.fd < 0)
		die(VMCORE);
	old.offset = largest(old.fd, &old.size);
	old.size -= old.size % WINDOW;
	printf("mib %lu\n", old.size / MIB);
	memory_cost("read-kib", by_read, &old, MIB);
	memory_cost("mmap-kib", by_mmap, &old, WINDOW);
	all_at_once(&old);
	if (old.size > STRETCH)
		old.size = STRETCH;
	/* The reservation has room for one of the limits at a time. */
	file = tmpfs(old.size);
	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		compare_read(&old, file, blocks[i]);
	close(file);
	plain = memory(old.size);
	compare_mmap(&old, plain, WINDOW);
	return 0;
}

int main(int argc, char **argv)
{
	buffer = memory(MIB);
	if (argc == 4 && !strcmp(argv[1], "write"))
		return write_plain(argv[2], strtoul(argv[3], NULL, 10));
	return read_old_memory();
}
