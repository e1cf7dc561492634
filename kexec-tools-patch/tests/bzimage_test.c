// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: bzImages by several versions of the boot protocol, cut off, and with
 * wrong fields.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump-x86.h"
#include "tap.h"

#define SETUP	(2 * 512)
#define PAYLOAD	(100 * 16)
#define LEN	(SETUP + PAYLOAD)

static void put_field(char *buf, size_t offset, size_t size, uint64_t value)
{
	memcpy(buf + offset, &value, size);
}

/* Offsets of the boot protocol, as Documentation/x86/boot.rst lists them. */
static char *make_bzimage(void)
{
	char *buf = calloc(1, LEN);

	put_field(buf, 0x1f1, 1, 1);		/* setup_sects */
	put_field(buf, 0x1f4, 4, PAYLOAD / 16);	/* syssize */
	put_field(buf, 0x1fe, 2, 0xaa55);
	put_field(buf, 0x200, 2, 0x66eb);	/* jump over the header */
	memcpy(buf + 0x202, "HdrS", 4);
	put_field(buf, 0x206, 2, 0x20f);	/* version */
	put_field(buf, 0x211, 1, 1);		/* loaded high */
	put_field(buf, 0x22c, 4, 0x7fffffff);	/* initrd_addr_max */
	put_field(buf, 0x230, 4, 0x200000);	/* kernel_alignment */
	put_field(buf, 0x234, 1, 1);		/* relocatable */
	put_field(buf, 0x236, 2, 3);		/* xloadflags */
	put_field(buf, 0x238, 4, 2047);		/* cmdline_size */
	put_field(buf, 0x258, 8, 0x1000000);	/* pref_address */
	put_field(buf, 0x260, 4, 0x2000000);	/* init_size */
	return buf;
}

static const struct {
	const char *name;
	size_t offset, size;
	uint64_t value;
	bool entry32;
	struct kdump_kernel kernel;
} rows[] = {
	{ "a bzImage of x86_64", 0, 1, 0, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .entry = 0x200, .min = 0x1000000, .size = 0x2000000,
	    .cmdline_max = 2047 } },
	{ "the same by its 32-bit entry", 0, 1, 0, true,
	  { .kind = "bzImage", .machine = EM_X86_64, .min = 0x1000000,
	    .size = 0x2000000, .max = KDUMP_4GB, .cmdline_max = 2047 } },
	{ "one that must stay low by its 32-bit entry", 0x236, 2, 1, true,
	  { .kind = "bzImage", .machine = EM_X86_64, .min = 0x1000000,
	    .size = 0x2000000, .max = 0x80000000, .cmdline_max = 2047 } },
	{ "a bzImage that must stay below 4 GB", 0x236, 2, 1, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .entry = 0x200, .min = 0x1000000, .size = 0x2000000,
	    .max = KDUMP_4GB, .cmdline_max = 2047 } },
	{ "a bzImage of i386", 0x236, 2, 0, false,
	  { .kind = "bzImage", .machine = EM_386, .min = 0x1000000,
	    .size = 0x2000000, .max = 0x80000000, .cmdline_max = 2047 } },
	{ "a bzImage older than xloadflags", 0x206, 2, 0x20a, false,
	  { .kind = "bzImage", .machine = EM_386, .min = 0x1000000,
	    .size = 0x2000000, .max = 0x80000000, .cmdline_max = 2047 } },
	{ "a bzImage that is not relocatable", 0x234, 1, 0, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .fixed = true, .entry = 0x1000200, .min = 0x1000000,
	    .size = 0x2000000, .cmdline_max = 2047 } },
	{ "a short command line", 0x238, 4, 255, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .entry = 0x200, .min = 0x1000000, .size = 0x2000000,
	    .cmdline_max = 255 } },
	{ "a command line longer than the kernel takes", 0x238, 4, 65535, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .entry = 0x200, .min = 0x1000000, .size = 0x2000000,
	    .cmdline_max = 2047 } },
	{ "an init_size below the size of the payload", 0x260, 4, 16, false,
	  { .kind = "bzImage64", .machine = EM_X86_64, .entry64 = true,
	    .entry = 0x200, .min = 0x1000000, .size = PAYLOAD,
	    .cmdline_max = 2047 } },
};

static bool same_kernel(const struct kdump_kernel *a,
			const struct kdump_kernel *b)
{
	return !strcmp(a->kind, b->kind) && a->machine == b->machine &&
	       a->entry64 == b->entry64 && a->entry == b->entry &&
	       a->fixed == b->fixed && a->min == b->min &&
	       a->size == b->size && a->max == b->max &&
	       a->cmdline_max == b->cmdline_max;
}

static void test_rows(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char *buf = make_bzimage();

		if (rows[i].offset)
			put_field(buf, rows[i].offset, rows[i].size,
				  rows[i].value);
		ok(kdump_bzimage_is(buf, LEN) &&
		   !kdump_bzimage_parse(buf, LEN, rows[i].entry32, &kernel,
					&why) &&
		   same_kernel(&kernel, &rows[i].kernel), "%s", rows[i].name);
		free(buf);
	}
}

static void test_parts(void)
{
	struct kdump_kernel kernel = { 0 };
	struct kdump_why why;
	char *buf = make_bzimage();

	kdump_bzimage_parse(buf, LEN, false, &kernel, &why);
	ok(kernel.loads == 1 && kernel.load[0].data == buf + SETUP &&
	   kernel.load[0].filesz == PAYLOAD && !kernel.load[0].paddr &&
	   kernel.load[0].memsz == 0x2000000,
	   "the protected-mode part is loaded, with room to unpack itself");
	ok(kernel.setup == buf + 0x1f1 && kernel.setup_size == 0x77,
	   "the setup header is handed on");
	ok(kernel.align == 0x200000, "the alignment is the kernel's");
	put_field(buf, 0x201, 1, 0xff);
	kdump_bzimage_parse(buf, LEN, false, &kernel, &why);
	ok(kernel.setup_size == 0x290 - 0x1f1,
	   "a setup header that is too long is cut off");
	put_field(buf, 0x1f1, 1, 0);
	ok(kdump_bzimage_parse(buf, LEN, false, &kernel, &why) == -EINVAL &&
	   strstr(why.text, "4160"),
	   "a setup_sects of 0 means four: %s", why.text);
	free(buf);
}

static const struct {
	const char *name;
	size_t offset, size;
	uint64_t value;
	const char *why;
} wrong[] = {
	{ "Linux 2.6.30", 0x206, 2, 0x209, "2.09" },
	{ "a zImage", 0x211, 1, 0, "zImage" },
	{ "nothing behind the setup", 0x1f4, 4, 0, "truncated" },
	{ "a payload longer than the file", 0x1f4, 4, 101, "truncated" },
	{ "a payload far longer than the file", 0x1f4, 4, 0xffffffff, "truncated" },
	{ "a payload of more than 32 bits", 0x1f4, 4, 0x10000001, "truncated" },
	{ "no alignment", 0x230, 4, 0, "alignment" },
	{ "an alignment of 3", 0x230, 4, 3, "alignment" },
};

static void test_wrong(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		char *buf = make_bzimage();

		put_field(buf, wrong[i].offset, wrong[i].size, wrong[i].value);
		ok(kdump_bzimage_parse(buf, LEN, false, &kernel, &why) ==
		   -EINVAL && strstr(why.text, wrong[i].why), "%s: %s",
		   wrong[i].name, why.text);
		free(buf);
	}
}

static void test_truncated(void)
{
	struct kdump_kernel kernel;
	struct kdump_why why;
	char *whole = make_bzimage();
	size_t len;
	int bad = 0;

	for (len = 0; len < LEN; len++) {
		char *buf = malloc(len ? len : 1);

		memcpy(buf, whole, len);
		bad += kdump_bzimage_is(buf, len) &&
		       !kdump_bzimage_parse(buf, len, false, &kernel, &why);
		free(buf);
	}
	ok(!bad, "refused if cut off at any byte");
	put_field(whole, 0x1fe, 2, 0);
	ok(!kdump_bzimage_is(whole, LEN), "without its magic it is no bzImage");
	free(whole);
}

int main(void)
{
	test_rows();
	test_parts();
	test_wrong();
	test_truncated();
	return tap_end();
}
