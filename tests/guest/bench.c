// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CAPTURE's speed.
 *
 * Runs in the capture kernel.  Reads one stretch of old memory through
 * /proc/vmcore in several ways and prints MB/s for each, a name and a number
 * per line; "memcpy" is what this machine can do at best: as much memory of
 * this program, copied to the same buffer.  It is as much because a small piece
 * that is copied again and again stays in caches and TLBs, where old memory,
 * which is seen once, never is.  First what looking at all of it cost.
 *
 * "bench write FILE SIZE" writes a file without reading anything, to know what
 * of the time for saving a dump is the disk's.
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
#define ROUNDS		5

static char *buffer;		/* of a MIB, for whatever is read */

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

/* Memory of this program, all of it there. */
static char *memory(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("memory");
	return memset(at, 0x5a, size);
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

static void by_memcpy(int fd, off_t offset, size_t size, size_t chunk)
{
	static char *source;

	(void)fd;
	(void)offset;
	(void)chunk;
	if (!source)
		source = memory(size);
	copy(source, size);
}

enum { MEMCPY, READ_4K, READ_64K, READ_1M, MMAP_4M, WAYS };

static const struct way {
	const char *name;
	void (*copy)(int fd, off_t offset, size_t size, size_t chunk);
	size_t chunk;
} ways[WAYS] = {
	[MEMCPY]	= { "memcpy", by_memcpy, STRETCH },
	[READ_4K]	= { "read-4k", by_read, 4096 },
	[READ_64K]	= { "read-64k", by_read, 64 * 1024 },
	[READ_1M]	= { "read-1m", by_read, MIB },
	[MMAP_4M]	= { "mmap-4m", by_mmap, 4 * MIB },
};

/* The best of some rounds: the others were disturbed. */
static double best(const struct way *way, int fd, off_t offset, size_t size)
{
	double least = 0;

	for (int i = 0; i < ROUNDS; i++) {
		double start = now(), took;

		way->copy(fd, offset, size, way->chunk);
		took = now() - start;
		if (!i || took < least)
			least = took;
	}
	return size / 1e6 / least;
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

/* What looking at all of it took and did not return. */
static void memory_cost(const char *name, int fd, off_t offset, size_t size,
			const struct way *way)
{
	long before = meminfo("MemFree:");

	way->copy(fd, offset, size, way->chunk);
	printf("%s %ld\n", name, before - meminfo("MemFree:"));
}

/* Every page mapped at the same time; the page tables are this program's. */
static void all_at_once(int fd, off_t offset, size_t size)
{
	long before = meminfo("MemFree:");
	char *window = map(fd, offset, size);

	copy(window, size);
	printf("at-once-kib %ld\n", before - meminfo("MemFree:"));
	munmap(window, size);
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
	int fd = open(VMCORE, O_RDONLY);
	size_t size;
	off_t offset;

	if (fd < 0)
		die(VMCORE);
	offset = largest(fd, &size);
	size -= size % ways[MMAP_4M].chunk;
	printf("mib %lu\n", size / MIB);
	memory_cost("read-kib", fd, offset, size, &ways[READ_1M]);
	memory_cost("mmap-kib", fd, offset, size, &ways[MMAP_4M]);
	all_at_once(fd, offset, size);
	for (int i = 0; i < WAYS; i++)
		printf("%s %.0f\n", ways[i].name,
		       best(&ways[i], fd, offset,
			    size < STRETCH ? size : STRETCH));
	return 0;
}

int main(int argc, char **argv)
{
	buffer = memory(MIB);
	if (argc == 4 && !strcmp(argv[1], "write"))
		return write_plain(argv[2], strtoul(argv[3], NULL, 10));
	return read_old_memory();
}
