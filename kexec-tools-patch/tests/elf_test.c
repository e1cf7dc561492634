// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: vmlinux files of both classes, cut off, and with wrong fields.
 *
 * A good file is built from the structs of <elf.h>; then one field is changed.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

#define LOADS	3

/* Two PT_LOADs with a gap between them, and a note. */
struct file64 {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr[LOADS];
	char text[64];
	char data[32];
};

static const struct file64 good64 = {
	.ehdr = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_EXEC, .e_machine = EM_X86_64,
		.e_entry = 0x1000010, .e_phoff = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = LOADS,
	},
	.phdr = {
		{ .p_type = PT_LOAD, .p_vaddr = 0xffffffff81000000,
		  .p_paddr = 0x1000000, .p_align = 0x200000,
		  .p_offset = offsetof(struct file64, text),
		  .p_filesz = 64, .p_memsz = 64 },
		{ .p_type = PT_LOAD, .p_vaddr = 0xffffffff81200000,
		  .p_paddr = 0x1200000, .p_align = 0x200000,
		  .p_offset = offsetof(struct file64, data),
		  .p_filesz = 32, .p_memsz = 0x5000 },
		{ .p_type = PT_NOTE, .p_filesz = 1ULL << 40 },
	},
};

static int parse_file(const struct file64 *file, struct kdump_kernel *kernel,
		      struct kdump_why *why)
{
	/* A copy of just this size, so that a read beyond it is caught. */
	char *buf = malloc(sizeof(*file));
	int err;

	memcpy(buf, file, sizeof(*file));
	why->text[0] = '\0';
	err = kdump_elf_parse(buf, sizeof(*file), kernel, why);
	free(buf);
	return err;
}

static void test_good(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;

	ok(!parse_file(&good64, &kernel, &why), "a vmlinux is one %s", why.text);
	ok(kernel.fixed && kernel.mapped && kernel.entry64 &&
	   kernel.machine == EM_X86_64, "what it is");
	ok(kernel.min == 0x1000000 && kernel.size == 0x205000,
	   "where it stands, up to the end of .bss");
	ok(kernel.loads == 2 && kernel.load[0].filesz == 64 &&
	   kernel.load[1].paddr == 0x1200000 && kernel.load[1].memsz == 0x5000,
	   "what is loaded");
	ok(kernel.entry == 0x1000010 && kernel.align == KDUMP_PAGE,
	   "entry, and a page as alignment");
}

static void test_dyn(void)
{
	struct file64 file = good64;
	struct kdump_kernel kernel;
	struct kdump_why why;

	file.ehdr.e_type = ET_DYN;
	ok(!parse_file(&file, &kernel, &why) && !kernel.fixed && !kernel.min &&
	   !kernel.load[0].paddr && kernel.load[1].paddr == 0x200000 &&
	   kernel.entry == 0x10, "ET_DYN is relative to its place");
}

static void test_elf32(void)
{
	struct {
		Elf32_Ehdr ehdr;
		Elf32_Phdr phdr;
		char text[16];
	} file = {
		.ehdr = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32,
				     ELFDATA2LSB, 1 },
			.e_type = ET_EXEC, .e_machine = EM_386,
			.e_entry = 0x1000000, .e_phoff = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1,
		},
		.phdr = { .p_type = PT_LOAD, .p_offset = 84,
			  .p_vaddr = 0xc1000000, .p_paddr = 0x1000000,
			  .p_filesz = 16, .p_memsz = 0x3000,
			  .p_align = 0x1000 },
	};
	struct kdump_kernel kernel;
	struct kdump_why why;
	size_t len;
	int bad = 0;

	ok(!kdump_elf_parse((char *)&file, sizeof(file), &kernel, &why) &&
	   kernel.fixed && kernel.mapped && !kernel.entry64 &&
	   kernel.min == 0x1000000 && kernel.size == 0x3000 &&
	   kernel.machine == EM_386, "a vmlinux of i386");
	for (len = 4; len < sizeof(file); len++)
		bad += !kdump_elf_parse((char *)&file, len, &kernel, &why);
	ok(!bad, "refused if cut off at any byte");
}

static void test_truncated(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;
	size_t len;
	int bad = 0;

	for (len = 4; len < sizeof(good64); len++) {
		char *buf = malloc(len);

		memcpy(buf, &good64, len);
		if (kdump_elf_parse(buf, len, &kernel, &why) != -EINVAL) {
			note("cut off at %zu", len);
			bad++;
		}
		free(buf);
	}
	ok(!bad, "refused if cut off at any byte: %s", why.text);
}

enum change {
	TYPE, CLASS, ORDER, PHNUM, PHENTSIZE, PHOFF, INTERP, NO_LOAD, OFFSET,
	FILESZ, PADDR,
};

static const struct {
	const char *name;
	enum change change;
	uint64_t value;
	const char *why;
} wrong[] = {
	{ "an object file", TYPE, ET_REL, "object file" },
	{ "a core dump", TYPE, ET_CORE, "core dump" },
	{ "class 0", CLASS, 0, "neither 32 nor 64" },
	{ "class 3", CLASS, 3, "neither 32 nor 64" },
	{ "big endian", ORDER, ELFDATA2MSB, "byte order" },
	{ "no program headers", PHNUM, 0, "no program headers" },
	{ "too many program headers", PHNUM, 0xffff, "truncated" },
	{ "wrong size of program headers", PHENTSIZE, 32, "32 bytes" },
	{ "program headers behind the end", PHOFF, 1 << 20, "truncated" },
	{ "program headers far behind", PHOFF, UINT64_MAX, "truncated" },
	{ "a dynamic program", INTERP, 0, "user space" },
	{ "nothing to load", NO_LOAD, 0, "nothing to load" },
	{ "contents behind the end", OFFSET, 1 << 20, "truncated" },
	{ "contents that wrap around", OFFSET, UINT64_MAX, "truncated" },
	{ "more in the file than in memory", FILESZ, 65, "impossible" },
	{ "memory that wraps around", PADDR, UINT64_MAX - 63, "impossible" },
	{ "memory that no machine has", PADDR, 1ULL << 52, "impossible" },
	{ "two at one place", PADDR, 0x1200000, "overlap" },
	{ "one reaches into the other", PADDR, 0x1200000 - 63, "overlap" },
	{ "one begins in the other", PADDR, 0x1205000 - 1, "overlap" },
};

static void change_field(struct file64 *file, enum change change,
			 uint64_t value)
{
	switch (change) {
	case TYPE: file->ehdr.e_type = value; break;
	case CLASS: file->ehdr.e_ident[EI_CLASS] = value; break;
	case ORDER: file->ehdr.e_ident[EI_DATA] = value; break;
	case PHNUM: file->ehdr.e_phnum = value; break;
	case PHENTSIZE: file->ehdr.e_phentsize = value; break;
	case PHOFF: file->ehdr.e_phoff = value; break;
	case INTERP: file->phdr[2].p_type = PT_INTERP; break;
	case NO_LOAD:
		file->phdr[0].p_memsz = 0;
		file->phdr[1].p_type = PT_NOTE;
		break;
	case OFFSET: file->phdr[1].p_offset = value; break;
	case FILESZ: file->phdr[0].p_filesz = value; break;
	case PADDR: file->phdr[0].p_paddr = value; break;
	}
}

static void test_wrong(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct file64 file = good64;

		change_field(&file, wrong[i].change, wrong[i].value);
		ok(parse_file(&file, &kernel, &why) == -EINVAL &&
		   strstr(why.text, wrong[i].why), "%s: %s", wrong[i].name,
		   why.text);
	}
}

static void test_many(unsigned int count, bool good)
{
	struct {
		Elf64_Ehdr ehdr;
		Elf64_Phdr phdr[9];
	} file = { .ehdr = good64.ehdr };
	struct kdump_kernel kernel;
	struct kdump_why why = { "" };
	unsigned int i;
	int err;

	file.ehdr.e_phnum = count;
	for (i = 0; i < count; i++) {
		file.phdr[i] = good64.phdr[0];
		file.phdr[i].p_paddr += i * 0x1000;
	}
	err = kdump_elf_parse((char *)&file, sizeof(file), &kernel, &why);
	ok(good ? !err && kernel.loads == count : err == -EINVAL,
	   "%u PT_LOADs %s", count, why.text);
}

int main(void)
{
	test_good();
	test_dyn();
	test_elf32();
	test_truncated();
	test_wrong();
	test_many(KDUMP_LOADS_MAX, true);
	test_many(KDUMP_LOADS_MAX + 1, false);
	return tap_end();
}
