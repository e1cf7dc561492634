/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RESERVE: the grammar of crashkernel=.
 *
 * Pure: plain arguments, no globals, no allocation.  The x86 boot stub builds
 * the same source, so it uses no function of the kernel.
 */
#ifndef _KDUMP_CRASHKERNEL_H
#define _KDUMP_CRASHKERNEL_H

#include <linux/align.h>
#include <linux/types.h>

/**
 * enum crashkernel_kind - what a crashkernel= option asks for
 * @CRASHKERNEL_MAIN: the reservation, by size or by ranges, with or without
 *		      an offset
 * @CRASHKERNEL_HIGH: the reservation, above 4 GB if possible
 * @CRASHKERNEL_LOW: the part below 4 GB of a reservation above 4 GB
 * @CRASHKERNEL_KINDS: how many kinds there are
 *
 * The last option of each kind on the command line counts.  With a MAIN option,
 * a HIGH option has no effect.
 */
enum crashkernel_kind {
	CRASHKERNEL_MAIN,
	CRASHKERNEL_HIGH,
	CRASHKERNEL_LOW,
	CRASHKERNEL_KINDS,
};

/**
 * enum crashkernel_error - why a value is refused
 *
 * crashkernel_explain() has the words for each of them.
 */
enum crashkernel_error {
	CRASHKERNEL_OK,
	CRASHKERNEL_EMPTY,
	CRASHKERNEL_NO_SIZE,
	CRASHKERNEL_ZERO_SIZE,
	CRASHKERNEL_NO_OFFSET,
	CRASHKERNEL_BAD_NUMBER,
	CRASHKERNEL_BAD_UNIT,
	CRASHKERNEL_TOO_BIG,
	CRASHKERNEL_BEYOND,
	CRASHKERNEL_NO_START,
	CRASHKERNEL_NO_DASH,
	CRASHKERNEL_NO_COLON,
	CRASHKERNEL_EMPTY_RANGE,
	CRASHKERNEL_NO_MATCH,
	CRASHKERNEL_EARLY_OFFSET,
	CRASHKERNEL_BAD_SUFFIX,
	CRASHKERNEL_SUFFIX_OFFSET,
	CRASHKERNEL_SUFFIX_RANGES,
	CRASHKERNEL_TRAILING,
	CRASHKERNEL_ERRORS,
};

/**
 * struct crashkernel_value - the text behind "crashkernel="
 * @text: first character, inside the command line; NULL: no such option
 * @len: characters; the text does not end with a NUL
 */
struct crashkernel_value {
	const char *text;
	unsigned int len;
};

/**
 * struct crashkernel_options - the options that count
 * @last: per kind, the last one seen
 */
struct crashkernel_options {
	struct crashkernel_value last[CRASHKERNEL_KINDS];
};

/**
 * struct crashkernel_area - what a value means
 * @size: bytes; never 0, but for CRASHKERNEL_LOW where 0 means "none"
 * @offset: physical address of the first byte, if @fixed
 * @fixed: the place was given
 */
struct crashkernel_area {
	u64 size;
	u64 offset;
	bool fixed;
};

/* RAM counts in steps of 128 MB where ranges are compared with it. */
#define CRASHKERNEL_RAM_STEP	(128ULL << 20)

/**
 * crashkernel_round_ram() - the size of RAM that decides between ranges
 * @ram: bytes of RAM that the kernel may use
 *
 * The firmware keeps some memory for itself, so that a machine of 2 GB has a
 * little less RAM.  Rounded up, it is in the range that begins at 2 GB.
 *
 * Return: @ram, rounded up; 0 stays 0.
 */
static inline u64 crashkernel_round_ram(u64 ram)
{
	return ALIGN(ram, CRASHKERNEL_RAM_STEP);
}

void crashkernel_find(const char *cmdline, struct crashkernel_options *options);
enum crashkernel_error crashkernel_parse(enum crashkernel_kind kind,
					 const struct crashkernel_value *value,
					 u64 ram, struct crashkernel_area *area);
const char *crashkernel_explain(enum crashkernel_error error);

#endif /* _KDUMP_CRASHKERNEL_H */
