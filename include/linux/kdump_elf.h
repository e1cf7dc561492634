/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD and CAPTURE: ELF headers of either class, by one routine.
 *
 * Plain arithmetic on bytes in the byte order of this machine; compiles in the
 * kernel and on the host.  The bytes may be hostile and need no alignment.  The
 * caller has checked that there are enough of them.
 */
#ifndef _LINUX_KDUMP_ELF_H
#define _LINUX_KDUMP_ELF_H

#include <linux/compiler.h>
#include <linux/elf.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

/**
 * struct kdump_elf_ehdr - the fields of an ELF header that kdump uses
 * @type: ET_CORE for a dump
 * @machine: EM_* of the crashed kernel
 * @version: EV_CURRENT
 * @phoff: offset of the program headers from the ELF header
 * @flags: flags of the machine
 * @ehsize: bytes of the ELF header
 * @phentsize: bytes of one program header
 * @phnum: number of program headers
 */
struct kdump_elf_ehdr {
	u64 type;
	u64 machine;
	u64 version;
	u64 phoff;
	u64 flags;
	u64 ehsize;
	u64 phentsize;
	u64 phnum;
};

/**
 * struct kdump_elf_phdr - a program header
 * @type: PT_*
 * @flags: PF_*
 * @offset: in a core header a physical address, in a dump an offset
 * @vaddr: virtual address
 * @paddr: physical address
 * @filesz: bytes in the file
 * @memsz: bytes in memory
 * @align: alignment; 0: none
 */
struct kdump_elf_phdr {
	u64 type;
	u64 flags;
	u64 offset;
	u64 vaddr;
	u64 paddr;
	u64 filesz;
	u64 memsz;
	u64 align;
};

/* Where a member lies: in the struct above, then [0] ELF32, [1] ELF64. */
struct kdump_elf_field {
	u8 at;
	u8 offset[2];
	u8 size[2];
};

#define KDUMP_ELF_FIELD(any, elf, prefix, member) {			\
	offsetof(struct any, member),					\
	{ offsetof(Elf32_##elf, prefix##member),			\
	  offsetof(Elf64_##elf, prefix##member) },			\
	{ sizeof(((Elf32_##elf *)0)->prefix##member),			\
	  sizeof(((Elf64_##elf *)0)->prefix##member) } }
#define KDUMP_ELF_EHDR(member) KDUMP_ELF_FIELD(kdump_elf_ehdr, Ehdr, e_, member)
#define KDUMP_ELF_PHDR(member) KDUMP_ELF_FIELD(kdump_elf_phdr, Phdr, p_, member)

#define KDUMP_ELF_NR_FIELDS 8
_Static_assert(sizeof(struct kdump_elf_ehdr) == 8 * KDUMP_ELF_NR_FIELDS,
	       "the table names every member");
_Static_assert(sizeof(struct kdump_elf_phdr) == 8 * KDUMP_ELF_NR_FIELDS,
	       "the table names every member");

static const struct kdump_elf_field __maybe_unused kdump_elf_ehdr_fields[] = {
	KDUMP_ELF_EHDR(type), KDUMP_ELF_EHDR(machine), KDUMP_ELF_EHDR(version),
	KDUMP_ELF_EHDR(phoff), KDUMP_ELF_EHDR(flags), KDUMP_ELF_EHDR(ehsize),
	KDUMP_ELF_EHDR(phentsize), KDUMP_ELF_EHDR(phnum),
};

static const struct kdump_elf_field __maybe_unused kdump_elf_phdr_fields[] = {
	KDUMP_ELF_PHDR(type), KDUMP_ELF_PHDR(flags), KDUMP_ELF_PHDR(offset),
	KDUMP_ELF_PHDR(vaddr), KDUMP_ELF_PHDR(paddr), KDUMP_ELF_PHDR(filesz),
	KDUMP_ELF_PHDR(memsz), KDUMP_ELF_PHDR(align),
};

/* Bytes of the headers of a class, ELFCLASS32 or ELFCLASS64. */
static inline size_t kdump_elf_ehdr_size(u8 class)
{
	return class == ELFCLASS64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

static inline size_t kdump_elf_phdr_size(u8 class)
{
	return class == ELFCLASS64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

/* The byte order of this machine, as e_ident tells it. */
static inline u8 kdump_elf_data(void)
{
	const u16 one = 1;

	return *(const u8 *)&one ? ELFDATA2LSB : ELFDATA2MSB;
}

/* Write the first bytes of an ELF header; @to has EI_NIDENT bytes of zeroes. */
static inline void kdump_elf_put_ident(u8 *to, u8 class, u8 osabi)
{
	memcpy(to, ELFMAG, SELFMAG);
	to[EI_CLASS] = class;
	to[EI_DATA] = kdump_elf_data();
	to[EI_VERSION] = EV_CURRENT;
	to[EI_OSABI] = osabi;
}

static inline u64 kdump_elf_get(const void *from, u8 size)
{
	u16 half;
	u32 word;
	u64 xword;

	switch (size) {
	case sizeof(half):
		memcpy(&half, from, size);
		return half;
	case sizeof(word):
		memcpy(&word, from, size);
		return word;
	default:
		memcpy(&xword, from, sizeof(xword));
		return xword;
	}
}

/* A value that does not fit the field loses its high bits. */
static inline void kdump_elf_put(void *to, u8 size, u64 value)
{
	u16 half = value;
	u32 word = value;

	switch (size) {
	case sizeof(half):
		memcpy(to, &half, size);
		break;
	case sizeof(word):
		memcpy(to, &word, size);
		break;
	default:
		memcpy(to, &value, sizeof(value));
	}
}

static inline void kdump_elf_decode(const struct kdump_elf_field *fields,
				    u8 class, const void *bytes, void *any)
{
	int c = class == ELFCLASS64;
	int i;

	for (i = 0; i < KDUMP_ELF_NR_FIELDS; i++) {
		u64 value = kdump_elf_get(bytes + fields[i].offset[c],
					  fields[i].size[c]);

		memcpy(any + fields[i].at, &value, sizeof(value));
	}
}

static inline void kdump_elf_encode(const struct kdump_elf_field *fields,
				    u8 class, void *bytes, const void *any)
{
	int c = class == ELFCLASS64;
	int i;

	for (i = 0; i < KDUMP_ELF_NR_FIELDS; i++) {
		u64 value = kdump_elf_get(any + fields[i].at, sizeof(value));

		kdump_elf_put(bytes + fields[i].offset[c], fields[i].size[c],
			      value);
	}
}

#endif /* _LINUX_KDUMP_ELF_H */
