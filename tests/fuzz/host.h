/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few declarations of the kernel that its pure sources need on the host.
 *
 * The compiler includes this file before each source. The kernel's own headers
 * are replaced by empty files.
 */
#ifndef TESTS_FUZZ_HOST_H
#define TESTS_FUZZ_HOST_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

struct range {
	u64 start;
	u64 end;
};

#define U64_MAX			((u64)~0ULL)
#define __maybe_unused		__attribute__((unused))
#define IS_ENABLED(option)	0

#define ALIGN(x, to)		(((x) + (to) - 1) & ~((typeof(x))(to) - 1))
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define min(a, b)		min_t(typeof(a), a, b)
#define max(a, b)		max_t(typeof(a), a, b)

#define check_add_overflow(a, b, sum)	__builtin_add_overflow(a, b, sum)
#define check_mul_overflow(a, b, product) __builtin_mul_overflow(a, b, product)

#define GFP_KERNEL		0
#define kvmalloc(size, flags)	malloc(size)
#define kvcalloc(nr, size, flags) calloc(nr, size)
#define kvfree(memory)		free(memory)

#define sort(base, nr, size, compare, swap) qsort(base, nr, size, compare)

/* A fuzzer stops at the first condition that is false. */
#define must(true_) do {						\
	if (!(true_)) {							\
		fprintf(stderr, "%s:%d: this is false: %s\n", __FILE__,	\
			__LINE__, #true_);				\
		abort();						\
	}								\
} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif /* TESTS_FUZZ_HOST_H */
