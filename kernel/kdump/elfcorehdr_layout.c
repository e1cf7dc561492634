// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the layout of the core header, for both ELF classes.
 *
 * Runs in the system kernel when a crash image is loaded and when memory comes
 * or goes.  Pure: see elfcorehdr_layout.h.
 */
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/errno.h>
#include <linux/kdump_elf.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "elfcorehdr_layout.h"

/* Entries that memory hotplug may need, see elfcorehdr_spare(). */
#define SPARE_MIN	16
#define SPARE_ALWAYS	512
#define SPARE_SHARE	64

static size_t table_bytes(const struct elfcorehdr *hdr)
{
	return hdr->entries * kdump_elf_phdr_size(hdr->class);
}

static size_t first_table(const struct elfcorehdr *hdr)
{
	return kdump_elf_ehdr_size(hdr->class);
}

static size_t spare_table(const struct elfcorehdr *hdr)
{
	return first_table(hdr) + table_bytes(hdr);
}

size_t elfcorehdr_notes(const struct elfcorehdr *hdr)
{
	return ALIGN(spare_table(hdr) + table_bytes(hdr), 8);
}

size_t elfcorehdr_bytes(u8 class, unsigned int entries)
{
	const struct elfcorehdr hdr = { .class = class, .entries = entries };

	return elfcorehdr_notes(&hdr) + VMCOREINFO_NOTE_SIZE;
}

unsigned int elfcorehdr_entries(u8 class, size_t size)
{
	size_t least = elfcorehdr_bytes(class, 0);

	if (size < least)
		return 0;
	return min_t(size_t, (size - least) / (2 * kdump_elf_phdr_size(class)),
		     KDUMP_PHNUM_MAX);
}

unsigned int elfcorehdr_spare(u64 blocks, u64 reservation)
{
	u64 most = div_u64(reservation / SPARE_SHARE,
			   2 * kdump_elf_phdr_size(ELFCLASS64));

	most = clamp_t(u64, most, SPARE_ALWAYS, KDUMP_PHNUM_MAX / 2);
	return clamp_t(u64, blocks / 2, SPARE_MIN, most);
}

static int stub_add_phdr(struct kdump_stub *stub,
			 const struct kdump_elf_phdr *phdr)
{
	if (phdr->type != PT_LOAD || phdr->offset == phdr->paddr)
		return 0;
	if (stub->backup_size)
		return -EINVAL;
	stub->backup_start = phdr->paddr;
	stub->backup_size = phdr->memsz;
	stub->backup_to = phdr->offset;
	return 0;
}

static int stub_add_phdrs(struct kdump_stub *stub, const void *buf, size_t size,
			  const struct kdump_elf_ehdr *ehdr)
{
	size_t entry = kdump_elf_phdr_size(stub->class);
	struct kdump_elf_phdr phdr;
	unsigned int i;
	int ret = 0;

	if (!ehdr->phnum)
		return 0;
	if (ehdr->phentsize != entry || ehdr->phoff > size ||
	    (size_t)(size - ehdr->phoff) / entry < ehdr->phnum)
		return -EINVAL;
	for (i = 0; i < ehdr->phnum && !ret; i++) {
		kdump_elf_decode(kdump_elf_phdr_fields, stub->class,
				 buf + ehdr->phoff + i * entry, &phdr);
		ret = stub_add_phdr(stub, &phdr);
	}
	return ret;
}

int elfcorehdr_stub(const void *buf, size_t size, struct kdump_stub *stub)
{
	const u8 *ident = buf;
	struct kdump_elf_ehdr ehdr;
	struct kdump_stub got = { };
	int ret;

	if (size < EI_NIDENT || memcmp(ident, ELFMAG, SELFMAG))
		return -ENOENT;
	got.class = ident[EI_CLASS];
	if (got.class != ELFCLASS32 && got.class != ELFCLASS64)
		return -EINVAL;
	if (size < kdump_elf_ehdr_size(got.class))
		return -EINVAL;
	kdump_elf_decode(kdump_elf_ehdr_fields, got.class, buf, &ehdr);
	if (ehdr.type != ET_CORE)
		return -ENOENT;
	got.machine = ehdr.machine;
	ret = stub_add_phdrs(&got, buf, size, &ehdr);
	if (!ret)
		*stub = got;
	return ret;
}

void elfcorehdr_init(struct elfcorehdr *hdr, const struct kdump_stub *stub)
{
	struct kdump_elf_ehdr ehdr = {
		.type = ET_CORE,
		.machine = stub->machine,
		.version = EV_CURRENT,
		.ehsize = kdump_elf_ehdr_size(stub->class),
		.phentsize = kdump_elf_phdr_size(stub->class),
		.phnum = hdr->entries,
	};

	hdr->class = stub->class;
	hdr->used = 0;
	memset(hdr->base, 0, elfcorehdr_notes(hdr));
	kdump_elf_put_ident(hdr->base, stub->class, ELFOSABI_NONE);
	ehdr.phoff = first_table(hdr);
	kdump_elf_encode(kdump_elf_ehdr_fields, hdr->class, hdr->base, &ehdr);
}

void elfcorehdr_open(struct elfcorehdr *hdr)
{
	hdr->used = 0;
	memset(hdr->base + spare_table(hdr), 0, table_bytes(hdr));
}

static bool fits_class(u8 class, const struct kdump_elf_phdr *phdr)
{
	return class == ELFCLASS64 ||
	       (phdr->offset + phdr->memsz <= SZ_4G &&
		phdr->paddr + phdr->memsz <= SZ_4G);
}

int elfcorehdr_put(struct elfcorehdr *hdr, struct kdump_elf_phdr phdr)
{
	if (hdr->used == hdr->entries || !fits_class(hdr->class, &phdr))
		return -EFBIG;
	if (hdr->class == ELFCLASS32 && phdr.vaddr >= SZ_4G)
		phdr.vaddr = ELFCOREHDR_NO_VADDR;
	phdr.filesz = phdr.memsz;
	phdr.flags = phdr.type == PT_LOAD ? PF_R | PF_W | PF_X : 0;
	kdump_elf_encode(kdump_elf_phdr_fields, hdr->class,
			 hdr->base + spare_table(hdr) +
			 hdr->used * kdump_elf_phdr_size(hdr->class), &phdr);
	hdr->used++;
	return 0;
}

int elfcorehdr_put_ram(struct elfcorehdr *hdr, const struct range *ram,
		       const struct kdump_stub *stub, u64 vaddr)
{
	u64 backup_end = stub->backup_start + stub->backup_size;
	u64 start = ram->start, end;
	int ret;

	for (; start < ram->end; start = end) {
		struct kdump_elf_phdr phdr = {
			.type = PT_LOAD,
			.offset = start,
			.vaddr = vaddr + (start - ram->start),
			.paddr = start,
		};

		if (vaddr == ELFCOREHDR_NO_VADDR)
			phdr.vaddr = vaddr;
		end = ram->end;
		if (start < stub->backup_start) {
			end = min(end, stub->backup_start);
		} else if (start < backup_end) {
			end = min(end, backup_end);
			phdr.offset = stub->backup_to +
				      (start - stub->backup_start);
		}
		phdr.memsz = end - start;
		ret = elfcorehdr_put(hdr, phdr);
		if (ret)
			return ret;
	}
	return 0;
}

/* A crash before or after this store finds a complete table. */
static void name_table(const struct elfcorehdr *hdr, size_t table)
{
	Elf64_Ehdr *e64 = hdr->base;
	Elf32_Ehdr *e32 = hdr->base;

	smp_wmb();	/* the table is complete before e_phoff names it */
	if (hdr->class == ELFCLASS64)
		WRITE_ONCE(e64->e_phoff, table);
	else
		WRITE_ONCE(e32->e_phoff, table);
	smp_wmb();	/* e_phoff names it before the other one changes */
}

void elfcorehdr_commit(struct elfcorehdr *hdr)
{
	name_table(hdr, spare_table(hdr));
	memcpy(hdr->base + first_table(hdr), hdr->base + spare_table(hdr),
	       table_bytes(hdr));
	name_table(hdr, first_table(hdr));
}
