/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of CAPTURE: a core header in a small piece of old memory.
 *
 * For the tests of core_header.c and of what fs/proc makes of a core header.
 */
#ifndef _KDUMP_CORE_TEST_H
#define _KDUMP_CORE_TEST_H

#include <kunit/test.h>
#include <linux/kdump_core.h>
#include <linux/kdump_elf.h>

#define PAGE		4096ULL
#define NOTES_AT	2048
#define MORE_NOTES_AT	3072
#define OLD_SIZE	4096
#define LIMIT		0x10000000000ULL

/* Backup region, memory with odd ends, the kernel's text, memory, two notes. */
#define VALID_PHDRS	6
extern const struct kdump_elf_phdr core_test_valid[VALID_PHDRS];

/* Old memory: a read beyond @size fails, as one of unplugged memory would. */
struct old {
	u8 bytes[OLD_SIZE];
	size_t size;
	struct kdump_core_source source;
	struct kdump_core core;
	struct kdump_core_problem problem;
};

/* Old memory with a core header of these program headers. */
struct old *core_test_old(struct kunit *test, u8 class,
			  const struct kdump_elf_phdr *phdrs, int nr);

struct old *core_test_valid_old(struct kunit *test, u8 class);

/* Replace one program header. */
void core_test_phdr(struct old *old, u8 class, int i,
		    const struct kdump_elf_phdr *phdr);

/* Read the core header, and return what kdump_core_read() returns. */
int core_test_read(struct old *old);

/*
 * Put a note at @at; without @desc its contents are zeroes.  Returns its end.
 */
size_t core_test_note(struct old *old, size_t at, const char *name, u32 type,
		      const void *desc, u32 size);

#endif /* _KDUMP_CORE_TEST_H */
