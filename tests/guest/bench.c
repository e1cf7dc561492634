// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: CAPTURE's speed.
 *
 * Runs in the capture kernel.  Reads one stretch of old memory through
 * /proc/vmcore in several ways and prints MB/s for each, a name and a number
 * per line; "memcpy" is what this machine can do at best: the same stretch
 * copied from memory of this program.  First what looking at all of it cost.
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
#define WINDOW		(4 * MIB)
#define SOURCE		(8 * MIB)
#define ROUNDS		5

static char *buffer;

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

static void by_mmap(int fd, off_t offset, size_t size, size_t chunk)
{
	for (size_t done = 0; done < size; done += chunk) {
		void *window = mmap(NULL, chunk, PROT_READ, MAP_PRIVATE, fd,
				    offset + done);

		if (window == MAP_FAILED)
			die("mmap");
		memcpy(buffer, window, chunk);
		munmap(window, chunk);
	}
}

static void by_memcpy(int fd, off_t offset, size_t size, size_t chunk)
{
	static char *source;

	(void)fd;
	(void)offset;
	if (!source) {
		source = mmap(NULL, SOURCE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
			      -1, 0);
		if (source == MAP_FAILED)
			die("memory");
		memset(source, 0x5a, SOURCE);
	}
	for (size_t done = 0; done < size; done += chunk)
		memcpy(buffer, source + done % SOURCE, chunk);
}

static const struct way {
	const char *name;
	void (*copy)(int fd, off_t offset, size_t size, size_t chunk);
	size_t chunk;
} ways[] = {
	{ "memcpy", by_memcpy, WINDOW },
	{ "read-4k", by_read, 4096 },
	{ "read-64k", by_read, 64 * 1024 },
	{ "read-1m", by_read, MIB },
	{ "mmap-4m", by_mmap, WINDOW },
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

/* What reading all of it, by read() or by mmap(), took and did not return. */
static void memory_cost(const char *name, int fd, off_t offset, size_t size,
			void (*copy)(int, off_t, size_t, size_t))
{
	long before = meminfo("MemFree:");

	copy(fd, offset, size, WINDOW);
	printf("%s %ld\n", name, before - meminfo("MemFree:"));
}

/* Every page mapped at the same time; the page tables are this program's. */
static void all_at_once(int fd, off_t offset, size_t size)
{
	long before = meminfo("MemFree:");
	volatile char *window;
	char sum = 0;

	window = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, offset);
	if (window == MAP_FAILED)
		die("mmap of everything");
	for (size_t i = 0; i < size; i += 4096)
		sum += window[i];
	printf("at-once-kib %ld\n", before - meminfo("MemFree:"));
	munmap((void *)window, size);
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
	size = size / WINDOW * WINDOW;
	printf("mib %zu\n", size / MIB);
	memory_cost("read-kib", fd, offset, size, by_read);
	memory_cost("mmap-kib", fd, offset, size, by_mmap);
	all_at_once(fd, offset, size);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		printf("%s %.0f\n", ways[i].name,
		       best(&ways[i], fd, offset,
			    size < STRETCH ? size : STRETCH));
	return 0;
}

int main(int argc, char **argv)
{
	buffer = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (buffer == MAP_FAILED)
		die("memory");
	memset(buffer, 1, WINDOW);
	if (argc == 4 && !strcmp(argv[1], "write"))
		return write_plain(argv[2], strtoul(argv[3], NULL, 10));
	return read_old_memory();
}
