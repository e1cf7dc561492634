// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: read the headers of a vmlinux.
 *
 * Pure.  The contents of the file are not trusted.  Nothing but its headers is
 * read here, so the debug information of an unstripped vmlinux costs nothing.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "kdump.h"

/*
 * No machine has physical addresses above this.  Sums of addresses and sizes
 * below it do not overflow.
 */
#define MEMORY_END	(1ULL << 52)

/* A file of either class; its ELF header is widened to ELF64. */
struct elf_file {
	const char *buf;
	size_t len;
	bool wide;
	Elf64_Ehdr ehdr;
};

bool kdump_elf_is(const char *buf, size_t len)
{
	return len >= SELFMAG && !memcmp(buf, ELFMAG, SELFMAG);
}

static void widen_ehdr(const Elf32_Ehdr *from, Elf64_Ehdr *to)
{
	*to = (Elf64_Ehdr){
		.e_type = from->e_type, .e_machine = from->e_machine,
		.e_entry = from->e_entry, .e_phoff = from->e_phoff,
		.e_phentsize = from->e_phentsize, .e_phnum = from->e_phnum,
	};
}

static int open_elf(struct elf_file *elf, struct kdump_why *why)
{
	Elf32_Ehdr narrow;

	if (elf->len < EI_NIDENT)
		return kdump_explain(why, "truncated within the ELF header");
	if (elf->buf[EI_DATA] != KDUMP_ELFDATA)
		return kdump_explain(why, "an ELF file of the other byte order");
	elf->wide = elf->buf[EI_CLASS] == ELFCLASS64;
	if (!elf->wide && elf->buf[EI_CLASS] != ELFCLASS32)
		return kdump_explain(why, "an ELF file that is neither 32 nor 64 bits wide");
	if (elf->len < (elf->wide ? sizeof(elf->ehdr) : sizeof(narrow)))
		return kdump_explain(why, "truncated within the ELF header");
	if (elf->wide) {
		memcpy(&elf->ehdr, elf->buf, sizeof(elf->ehdr));
	} else {
		memcpy(&narrow, elf->buf, sizeof(narrow));
		widen_ehdr(&narrow, &elf->ehdr);
	}
	return 0;
}

/* The file must be executable and have all its program headers. */
static int check_ehdr(const struct elf_file *elf, struct kdump_why *why)
{
	size_t size = elf->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (elf->ehdr.e_type != ET_EXEC && elf->ehdr.e_type != ET_DYN)
		return kdump_explain(why, "not a kernel but %s",
				     elf->ehdr.e_type == ET_CORE ?
				     "a core dump" : "an object file");
	if (!elf->ehdr.e_phnum)
		return kdump_explain(why, "not a kernel: it has no program headers");
	if (elf->ehdr.e_phentsize != size)
		return kdump_explain(why, "its program headers have %u bytes instead of %zu",
				     elf->ehdr.e_phentsize, size);
	if (elf->ehdr.e_phoff > elf->len ||
	    (elf->len - elf->ehdr.e_phoff) / size < elf->ehdr.e_phnum)
		return kdump_explain(why, "truncated: the program headers are missing");
	return 0;
}

static void read_phdr(const struct elf_file *elf, unsigned int i,
		      Elf64_Phdr *phdr)
{
	const char *at = elf->buf + elf->ehdr.e_phoff;
	Elf32_Phdr narrow;

	if (elf->wide) {
		memcpy(phdr, at + i * sizeof(*phdr), sizeof(*phdr));
		return;
	}
	memcpy(&narrow, at + i * sizeof(narrow), sizeof(narrow));
	*phdr = (Elf64_Phdr){
		.p_type = narrow.p_type, .p_offset = narrow.p_offset,
		.p_vaddr = narrow.p_vaddr, .p_paddr = narrow.p_paddr,
		.p_filesz = narrow.p_filesz, .p_memsz = narrow.p_memsz,
	};
}

/* Contents are loaded in whole pages, so no two parts may share a page. */
static bool overlaps_load(const struct kdump_kernel *kernel,
			  const Elf64_Phdr *phdr)
{
	uint64_t start = phdr->p_paddr & ~(uint64_t)(KDUMP_PAGE - 1);
	uint64_t end = kdump_align(phdr->p_paddr + phdr->p_memsz, KDUMP_PAGE);
	unsigned int i;

	for (i = 0; i < kernel->loads; i++) {
		const struct kdump_kernel_load *other = &kernel->load[i];

		if (start < other->paddr + other->memsz && other->paddr < end)
			return true;
	}
	return false;
}

static int add_load(const struct elf_file *elf, const Elf64_Phdr *phdr,
		    struct kdump_kernel *kernel, struct kdump_why *why)
{
	struct kdump_kernel_load *load = &kernel->load[kernel->loads];

	if (!phdr->p_memsz)
		return 0;
	if (kernel->loads == KDUMP_LOADS_MAX)
		return kdump_explain(why, "more than %d PT_LOADs",
				     KDUMP_LOADS_MAX);
	if (phdr->p_offset > elf->len ||
	    elf->len - phdr->p_offset < phdr->p_filesz)
		return kdump_explain(why, "truncated: it has %zu bytes and should have %llu or more",
				     elf->len, (unsigned long long)
				     (phdr->p_offset + phdr->p_filesz));
	if (phdr->p_filesz > phdr->p_memsz || phdr->p_paddr > MEMORY_END ||
	    phdr->p_memsz > MEMORY_END - phdr->p_paddr)
		return kdump_explain(why, "one of its PT_LOADs has impossible sizes");
	if (overlaps_load(kernel, phdr))
		return kdump_explain(why, "two of its PT_LOADs overlap");
	*load = (struct kdump_kernel_load){
		.data = elf->buf + phdr->p_offset, .filesz = phdr->p_filesz,
		.paddr = phdr->p_paddr, .memsz = phdr->p_memsz,
	};
	kernel->loads++;
	kernel->mapped |= phdr->p_vaddr != phdr->p_paddr;
	return 0;
}

static int read_loads(const struct elf_file *elf, struct kdump_kernel *kernel,
		      struct kdump_why *why)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < elf->ehdr.e_phnum && !err; i++) {
		Elf64_Phdr phdr;

		read_phdr(elf, i, &phdr);
		if (phdr.p_type == PT_INTERP)
			return kdump_explain(why, "not a kernel but a program of user space");
		if (phdr.p_type == PT_LOAD)
			err = add_load(elf, &phdr, kernel, why);
	}
	if (!err && !kernel->loads)
		return kdump_explain(why, "not a kernel: it has nothing to load");
	return err;
}

/* Find the lowest address, and the size with all gaps included. */
static void measure_kernel(struct kdump_kernel *kernel)
{
	uint64_t end = 0;
	unsigned int i;

	kernel->min = UINT64_MAX;
	for (i = 0; i < kernel->loads; i++) {
		const struct kdump_kernel_load *load = &kernel->load[i];

		if (load->paddr < kernel->min)
			kernel->min = load->paddr;
		if (load->paddr + load->memsz > end)
			end = load->paddr + load->memsz;
	}
	kernel->size = end - kernel->min;
}

/*
 * ET_EXEC runs only where it was linked.  ET_DYN runs anywhere: make its
 * addresses relative to the place of the kernel.
 */
int kdump_elf_parse(const char *buf, size_t len, struct kdump_kernel *kernel,
		    struct kdump_why *why)
{
	struct elf_file elf = { .buf = buf, .len = len };
	struct kdump_kernel parsed = { .align = KDUMP_PAGE };
	unsigned int i;
	int err;

	err = open_elf(&elf, why);
	if (!err)
		err = check_ehdr(&elf, why);
	if (!err)
		err = read_loads(&elf, &parsed, why);
	if (err)
		return err;
	measure_kernel(&parsed);
	parsed.machine = elf.ehdr.e_machine;
	parsed.entry = elf.ehdr.e_entry;
	parsed.entry64 = elf.wide;
	parsed.fixed = elf.ehdr.e_type == ET_EXEC;
	if (!parsed.fixed) {
		for (i = 0; i < parsed.loads; i++)
			parsed.load[i].paddr -= parsed.min;
		parsed.entry -= parsed.min;
		parsed.min = 0;
	}
	*kernel = parsed;
	return 0;
}
