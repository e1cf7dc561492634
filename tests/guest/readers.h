/* SPDX-License-Identifier: GPL-2.0-only */
/* kdump tests: shared by the parts of "readers". */
#ifndef _READERS_H
#define _READERS_H

#include <inttypes.h>
#include <stddef.h>
#include <sys/types.h>

#define OLDMEM		"/dev/oldmem"
/*
 * 64 bits wide, since ~(PAGE - 1) is a mask for offsets in the file. On ppc64,
 * where a kernel has pages of 4 or 64 KB, the larger size.
 */
#ifdef __powerpc__
#define PAGE		UINT64_C(65536)
#else
#define PAGE		UINT64_C(4096)
#endif
#define HUGE		UINT64_C(0x200000)	/* what a huge page maps */
#define BUFFER		(1UL << 20)

struct segment {
	uint64_t paddr;
	uint64_t offset;
	uint64_t size;
};

extern struct segment segments[];	/* PT_LOADs */
extern int nr_segments;
extern uint64_t file_size;		/* of /proc/vmcore */
extern uint64_t memory_end;		/* of /dev/oldmem */

/* A thread. */
struct worker {
	int vmcore;
	int oldmem;
	uint64_t random;
	char *buffer;			/* BUFFER + PAGE bytes */
	int first;			/* the first thread of its process */
	long done;
};

/* Print a message, and end the process. */
void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...);

double now(void);

/* A random number below a limit. */
uint64_t draw(struct worker *w, uint64_t below);

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Are these SIZE bytes those that /proc/vmcore has at OFFSET? */
void check(struct worker *w, const char *how, const char *bytes,
	   uint64_t offset, size_t size);

/* Are these SIZE bytes those of memory at PADDR? */
void check_memory(struct worker *w, const char *bytes, uint64_t paddr,
		  size_t size);

/* Each way reads once, and checks the result. */
extern void (*const ways[])(struct worker *w);
extern const int nr_ways;

/* Kill a reader: it must end soon. */
void kill_reader(struct worker *w);

#endif /* _READERS_H */
