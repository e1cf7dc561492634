/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of CAPTURE: a core header in a small piece of old memory. */
#ifndef _FS_PROC_VMCORE_TEST_H
#define _FS_PROC_VMCORE_TEST_H

#include <kunit/test.h>

#include "vmcore_layout.h"

#define PAGE		4096ULL
#define NOTES_AT	2048
#define MORE_NOTES_AT	3072
#define OLD_SIZE	4096
#define LIMIT		0x10000000000ULL

/* Backup region, memory with odd ends, the kernel's text, memory, two notes. */
#define HONEST_PHDRS	6
extern const struct kdump_elf_phdr vmcore_test_honest[HONEST_PHDRS];

/* Old memory: reading beyond @size fails, as unplugged memory would. */
struct old {
	u8 bytes[OLD_SIZE];
	size_t size;
	struct kdump_core_source source;
	struct kdump_core core;
	struct kdump_core_problem problem;
};

/* Old memory with a core header of these program headers. */
struct old *vmcore_test_old(struct kunit *test, u8 class,
			    const struct kdump_elf_phdr *phdrs, int nr);

struct old *vmcore_test_honest_old(struct kunit *test, u8 class);

/* Replace one program header. */
void vmcore_test_phdr(struct old *old, u8 class, int i,
		      const struct kdump_elf_phdr *phdr);

/* Read the core header; its return value. */
int vmcore_test_core(struct old *old);

/* Put a note there; its contents are zeroes unless given.  Returns its end. */
size_t vmcore_test_note(struct old *old, size_t at, const char *name, u32 type,
			const void *desc, u32 size);

#endif /* _FS_PROC_VMCORE_TEST_H */
