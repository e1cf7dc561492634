// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the layout of the core header, for both ELF classes.
 *
 * Runs in the system kernel when a crash image is loaded and when memory or
 * CPUs come or go.  Pure: see elfcorehdr_layout.h.
 */
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "elfcorehdr_layout.h"

static size_t ehdr_bytes(u8 class)
{
	return class == ELFCLASS64 ? sizeof(struct elf64_hdr) :
				     sizeof(struct elf32_hdr);
}

static size_t phdr_bytes(u8 class)
{
	return class == ELFCLASS64 ? sizeof(struct elf64_phdr) :
				     sizeof(struct elf32_phdr);
}

static size_t table_offset(u8 class, unsigned int entries, bool second)
{
	return ehdr_bytes(class) + (second ? entries * phdr_bytes(class) : 0);
}

static size_t notes_offset(u8 class, unsigned int entries)
{
	return ALIGN(table_offset(class, 2 * entries, true), 8);
}

size_t elfcorehdr_bytes(u8 class, unsigned int entries)
{
	return notes_offset(class, entries) + VMCOREINFO_NOTE_SIZE;
}

size_t elfcorehdr_notes(const struct elfcorehdr *hdr)
{
	return notes_offset(hdr->class, hdr->entries);
}

/* The number of program headers and where they are, if this is a core file. */
static int stub_table(const void *buf, size_t size, struct kdump_stub *stub,
		      unsigned int *phnum, u64 *phoff)
{
	const struct elf64_hdr *e64 = buf;
	const struct elf32_hdr *e32 = buf;

	/* Both classes begin alike, up to e_version. */
	if (size < sizeof(*e32) || memcmp(e32->e_ident, ELFMAG, SELFMAG) ||
	    e32->e_type != ET_CORE)
		return -ENOENT;
	stub->class = e32->e_ident[EI_CLASS];
	stub->machine = e32->e_machine;
	switch (stub->class) {
	case ELFCLASS32:
		*phnum = e32->e_phnum;
		*phoff = e32->e_phoff;
		return 0;
	case ELFCLASS64:
		if (size < sizeof(*e64))
			return -EINVAL;
		*phnum = e64->e_phnum;
		*phoff = e64->e_phoff;
		return 0;
	default:
		return -EINVAL;
	}
}

static int stub_backup(const void *at, struct kdump_stub *stub)
{
	const struct elf64_phdr *p64 = at;
	const struct elf32_phdr *p32 = at;

	if (stub->class == ELFCLASS64) {
		stub->backup_start = p64->p_paddr;
		stub->backup_size = p64->p_memsz;
		stub->backup_to = p64->p_offset;
		return p64->p_type == PT_LOAD ? 0 : -EINVAL;
	}
	stub->backup_start = p32->p_paddr;
	stub->backup_size = p32->p_memsz;
	stub->backup_to = p32->p_offset;
	return p32->p_type == PT_LOAD ? 0 : -EINVAL;
}

int elfcorehdr_stub(const void *buf, size_t size, struct kdump_stub *stub)
{
	struct kdump_stub got = { };
	unsigned int phnum;
	u64 phoff;
	int ret;

	ret = stub_table(buf, size, &got, &phnum, &phoff);
	if (ret)
		return ret;
	if (phnum > 1)
		return -EINVAL;
	if (phnum) {
		if (phoff > size || size - phoff < phdr_bytes(got.class) ||
		    !IS_ALIGNED(phoff, 4) || stub_backup(buf + phoff, &got))
			return -EINVAL;
	}
	*stub = got;
	return 0;
}

static void init64(struct elf64_hdr *e, const struct elfcorehdr *hdr)
{
	e->e_phoff = table_offset(hdr->class, hdr->entries, false);
	e->e_ehsize = sizeof(*e);
	e->e_phentsize = sizeof(struct elf64_phdr);
	e->e_phnum = hdr->entries;
}

static void init32(struct elf32_hdr *e, const struct elfcorehdr *hdr)
{
	e->e_phoff = table_offset(hdr->class, hdr->entries, false);
	e->e_ehsize = sizeof(*e);
	e->e_phentsize = sizeof(struct elf32_phdr);
	e->e_phnum = hdr->entries;
}

void elfcorehdr_init(struct elfcorehdr *hdr, const struct kdump_stub *stub)
{
	struct elf32_hdr *e = hdr->base;

	hdr->class = stub->class;
	hdr->used = 0;
	memset(hdr->base, 0, notes_offset(hdr->class, hdr->entries));
	memcpy(e->e_ident, ELFMAG, SELFMAG);
	e->e_ident[EI_CLASS] = stub->class;
	e->e_ident[EI_DATA] = ELF_DATA;
	e->e_ident[EI_VERSION] = EV_CURRENT;
	e->e_type = ET_CORE;
	e->e_machine = stub->machine;
	e->e_version = EV_CURRENT;
	if (stub->class == ELFCLASS64)
		init64(hdr->base, hdr);
	else
		init32(hdr->base, hdr);
}

static u64 phoff_get(const struct elfcorehdr *hdr)
{
	const struct elf64_hdr *e64 = hdr->base;
	const struct elf32_hdr *e32 = hdr->base;

	return hdr->class == ELFCLASS64 ? e64->e_phoff : e32->e_phoff;
}

/* Offset of the table that does not count. */
static size_t other_table(const struct elfcorehdr *hdr)
{
	size_t first = table_offset(hdr->class, hdr->entries, false);

	return table_offset(hdr->class, hdr->entries,
			    phoff_get(hdr) == first);
}

void elfcorehdr_open(struct elfcorehdr *hdr)
{
	const struct elf64_hdr *e64 = hdr->base;
	const struct elf32_hdr *e32 = hdr->base;

	hdr->class = e32->e_ident[EI_CLASS];
	hdr->entries = hdr->class == ELFCLASS64 ? e64->e_phnum : e32->e_phnum;
	hdr->used = 0;
	memset(hdr->base + other_table(hdr), 0,
	       hdr->entries * phdr_bytes(hdr->class));
}

static void put64(struct elf64_phdr *at, const struct kdump_phdr *phdr)
{
	at->p_type = phdr->type;
	at->p_flags = phdr->type == PT_LOAD ? PF_R | PF_W | PF_X : 0;
	at->p_offset = phdr->offset;
	at->p_vaddr = phdr->vaddr;
	at->p_paddr = phdr->paddr;
	at->p_filesz = phdr->size;
	at->p_memsz = phdr->size;
}

static int put32(struct elf32_phdr *at, const struct kdump_phdr *phdr)
{
	const u64 limit = 1ULL << 32;

	if (phdr->offset + phdr->size > limit ||
	    phdr->paddr + phdr->size > limit)
		return -EFBIG;
	at->p_type = phdr->type;
	at->p_flags = phdr->type == PT_LOAD ? PF_R | PF_W | PF_X : 0;
	at->p_offset = phdr->offset;
	at->p_vaddr = phdr->vaddr < limit ? phdr->vaddr : 0;
	at->p_paddr = phdr->paddr;
	at->p_filesz = phdr->size;
	at->p_memsz = phdr->size;
	return 0;
}

int elfcorehdr_put(struct elfcorehdr *hdr, const struct kdump_phdr *phdr)
{
	void *at = hdr->base + other_table(hdr) +
		   hdr->used * phdr_bytes(hdr->class);
	int ret = 0;

	if (hdr->used == hdr->entries)
		return -EFBIG;
	if (hdr->class == ELFCLASS64)
		put64(at, phdr);
	else
		ret = put32(at, phdr);
	if (!ret)
		hdr->used++;
	return ret;
}

int elfcorehdr_put_ram(struct elfcorehdr *hdr, const struct range *ram,
		       const struct kdump_stub *stub, u64 vaddr)
{
	u64 backup_end = stub->backup_start + stub->backup_size;
	u64 start = ram->start, end;
	int ret;

	for (; start < ram->end; start = end) {
		struct kdump_phdr phdr = {
			.type = PT_LOAD,
			.offset = start,
			.vaddr = vaddr ? vaddr + (start - ram->start) : 0,
			.paddr = start,
		};

		end = ram->end;
		if (start < stub->backup_start) {
			end = min(end, stub->backup_start);
		} else if (start < backup_end) {
			end = min(end, backup_end);
			phdr.offset = stub->backup_to +
				      (start - stub->backup_start);
		}
		phdr.size = end - start;
		ret = elfcorehdr_put(hdr, &phdr);
		if (ret)
			return ret;
	}
	return 0;
}

void elfcorehdr_commit(struct elfcorehdr *hdr)
{
	size_t table = other_table(hdr);
	struct elf64_hdr *e64 = hdr->base;
	struct elf32_hdr *e32 = hdr->base;

	smp_wmb();	/* the table is whole before e_phoff names it */
	if (hdr->class == ELFCLASS64)
		WRITE_ONCE(e64->e_phoff, table);
	else
		WRITE_ONCE(e32->e_phoff, table);
}
