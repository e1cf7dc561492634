/* SPDX-License-Identifier: GPL-2.0-only */
/* kdump tests: what the parts of "readers" share. */
#ifndef _READERS_H
#define _READERS_H

#include <inttypes.h>
#include <stddef.h>
#include <sys/types.h>

#define OLDMEM		"/dev/oldmem"
/*
 * Of 64 bits, as ~(PAGE - 1) is a mask for places in the file.  The larger one
 * of two that kernels of ppc64 have.
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
	int first;			/* of its process */
	long done;
};

/* Ends the process. */
void __attribute__((noreturn, format(printf, 1, 2)))
wrong(const char *format, ...);

double now(void);

/* A random number below a limit. */
uint64_t any(struct worker *w, uint64_t below);

static inline uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Are these SIZE bytes those that /proc/vmcore has at OFFSET? */
void check(struct worker *w, const char *how, const char *bytes,
	   uint64_t offset, size_t size);

/* Are these SIZE bytes those of memory at PADDR? */
void check_memory(struct worker *w, const char *bytes, uint64_t paddr,
		  size_t size);

/* Each reads once, and checks what it got. */
extern void (*const ways[])(struct worker *w);
extern const int nr_ways;

/* A reader that is killed ends soon. */
void killed(struct worker *w);

#endif /* _READERS_H */
