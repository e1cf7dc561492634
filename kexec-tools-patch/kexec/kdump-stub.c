// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: write the stub core header, which asks the kernel for the real one.
 *
 * Pure.  The kernel recognizes the segment by these bytes at its start; see
 * "Stub core header" in kdump_format.h.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "kdump.h"

/* The fields have the same names in both classes. */
#define FILL_STUB(E, P, PHDR_TYPE, stub)				\
do {									\
	(E)->e_type = ET_CORE;						\
	(E)->e_machine = (stub)->machine;				\
	(E)->e_version = EV_CURRENT;					\
	(E)->e_ehsize = sizeof(*(E));					\
	if (!(stub)->backup_size)					\
		break;							\
	(E)->e_phoff = sizeof(*(E));					\
	(E)->e_phentsize = sizeof(PHDR_TYPE);				\
	(E)->e_phnum = 1;						\
	(P)->p_type = PT_LOAD;						\
	(P)->p_flags = PF_R | PF_W | PF_X;				\
	(P)->p_offset = (stub)->backup_to;				\
	(P)->p_filesz = (stub)->backup_size;				\
	(P)->p_memsz = (stub)->backup_size;				\
} while (0)

static void write_ident(unsigned char *e_ident, unsigned char class)
{
	memcpy(e_ident, ELFMAG, SELFMAG);
	e_ident[EI_CLASS] = class;
	e_ident[EI_DATA] = KDUMP_ELFDATA;
	e_ident[EI_VERSION] = EV_CURRENT;
}

int kdump_stub_write(const struct kdump_stub *stub, void *buf, size_t size)
{
	struct {
		Elf32_Ehdr ehdr;
		Elf32_Phdr phdr;
	} stub32 = { 0 };
	struct {
		Elf64_Ehdr ehdr;
		Elf64_Phdr phdr;
	} stub64 = { 0 };
	bool wide = stub->class == ELFCLASS64;
	size_t used = wide ? sizeof(stub64) : sizeof(stub32);

	if (stub->class != ELFCLASS32 && stub->class != ELFCLASS64)
		return -EINVAL;
	if (size < used)
		return -ENOSPC;
	if (!wide && stub->backup_size &&
	    stub->backup_to + stub->backup_size > KDUMP_4GB)
		return -E2BIG;
	write_ident(stub32.ehdr.e_ident, ELFCLASS32);
	write_ident(stub64.ehdr.e_ident, ELFCLASS64);
	FILL_STUB(&stub32.ehdr, &stub32.phdr, Elf32_Phdr, stub);
	FILL_STUB(&stub64.ehdr, &stub64.phdr, Elf64_Phdr, stub);
	memset(buf, 0, size);
	if (wide)
		memcpy(buf, &stub64, used);
	else
		memcpy(buf, &stub32, used);
	return 0;
}
