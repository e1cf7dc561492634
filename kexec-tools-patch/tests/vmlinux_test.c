// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: vmlinux files of ppc64, and the code at their beginning.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "kdump-ppc64.h"
#include "tap.h"

#define MB		(1ULL << 20)
#define RUN0		0x72756e30

struct file {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr[2];
	uint32_t code[128];
};

/* As the linker of the kernel has it: physical addresses begin at 0. */
static struct file make_relocatable(void)
{
	struct file file = {
		.ehdr = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, 1 },
			.e_type = ET_EXEC, .e_machine = EM_PPC64,
			.e_entry = 0xc000000000000000,
			.e_phoff = offsetof(struct file, phdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
		},
		.phdr = {
			{ .p_type = PT_LOAD, .p_vaddr = 0xc000000000000000,
			  .p_offset = offsetof(struct file, code),
			  .p_filesz = 512, .p_memsz = 3 * MB,
			  .p_align = 0x10000 },
			{ .p_type = PT_NOTE },
		},
	};

	file.code[0] = 0x11111111;
	file.code[0x5c / 4] = RUN0;
	file.code[0x60 / 4] = 0x60606060;
	return file;
}

static struct file make_linked_at_32m(void)
{
	struct file file = make_relocatable();

	file.code[0x5c / 4] = 0x12345678;
	file.ehdr.e_entry = 0xc000000002000000;
	file.phdr[0].p_vaddr = 0xc000000002000000;
	return file;
}

static int parse_file(const struct file *file, struct kdump_kernel *kernel,
		      struct kdump_why *why)
{
	char *buf = malloc(sizeof(*file));
	int err;

	memcpy(buf, file, sizeof(*file));
	why->text[0] = '\0';
	err = kdump_vmlinux_parse(buf, sizeof(*file), kernel, why);
	free(buf);
	return err;
}

static void test_good(void)
{
	struct file file = make_relocatable();
	struct kdump_kernel kernel;
	struct kdump_why why;

	ok(!parse_file(&file, &kernel, &why), "relocatable %s", why.text);
	ok(!kernel.fixed && !kernel.min && !kernel.entry &&
	   !kernel.load[0].paddr && kernel.size == 3 * MB,
	   "it runs anywhere, and is entered at its beginning");
	ok(kernel.align == 16 * MB, "at a large page");
	file.ehdr.e_type = ET_DYN;
	file.code[0x5c / 4] = 1;
	ok(!parse_file(&file, &kernel, &why) && !kernel.fixed && !kernel.entry,
	   "also if it is ET_DYN and stays where it is loaded");
	ok(kernel.cmdline_max == 2047 && !kernel.max, "its limits");
	file = make_linked_at_32m();
	ok(!parse_file(&file, &kernel, &why), "not relocatable %s", why.text);
	ok(kernel.fixed && kernel.min == 32 * MB && kernel.entry == 32 * MB &&
	   kernel.load[0].paddr == 32 * MB && kernel.size == 3 * MB,
	   "it runs where its entry point is");
	file.phdr[0].p_paddr = 32 * MB;
	ok(!parse_file(&file, &kernel, &why) && kernel.min == 32 * MB &&
	   kernel.load[0].paddr == 32 * MB,
	   "also if its physical addresses are right");
}

static void check_refused(struct file file, const char *text)
{
	struct kdump_kernel kernel = { .loads = 77 };
	struct kdump_why why;

	ok(parse_file(&file, &kernel, &why) && strstr(why.text, text) &&
	   kernel.loads == 77, "refused: %s", why.text);
}

static void test_bad(void)
{
	struct file file = make_relocatable();
	struct kdump_kernel kernel;
	struct kdump_why why;

	ok(kdump_vmlinux_parse("MZ", 2, &kernel, &why), "refused: %s", why.text);
	file.ehdr.e_machine = EM_X86_64;
	check_refused(file, "another architecture");
	file = make_relocatable();
	file.ehdr.e_entry = 0x10000000;
	check_refused(file, "entry point");
	file = make_relocatable();
	file.phdr[0].p_filesz = KDUMP_START_CODE - 4;
	check_refused(file, "does not begin with code");
	file = make_relocatable();
	file.phdr[0].p_vaddr = 0;
	check_refused(file, "entry point");
}

static void test_start_code(void)
{
	struct file file = make_relocatable();
	struct kdump_kernel kernel;
	struct kdump_why why;
	uint32_t *code = malloc(KDUMP_START_CODE);

	kdump_vmlinux_parse((char *)&file, sizeof(file), &kernel, &why);
	kdump_vmlinux_start_code(&kernel, 0x48000100, code);
	ok(code[0] == 0x48000100 && code[0x60 / 4] == 0x60606060,
	   "other CPUs wait in the kernel's code");
	ok(code[0x5c / 4] == 1, "a relocatable kernel stays where it is");
	file = make_linked_at_32m();
	kdump_vmlinux_parse((char *)&file, sizeof(file), &kernel, &why);
	kdump_vmlinux_start_code(&kernel, 0x48000100, code);
	ok(code[0x5c / 4] == 0x12345678, "a word that is no flag is left alone");
	free(code);
}

int main(void)
{
	test_good();
	test_bad();
	test_start_code();
	return tap_end();
}
