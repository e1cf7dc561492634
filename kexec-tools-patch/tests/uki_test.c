// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: unified kernel images, cut off and with wrong fields.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

#define PE	0x80
#define TABLE	(PE + 24 + 0xf0)
#define SECTION	40
#define DATA	0x400
#define LEN	0x700

static void put_field(char *buf, size_t offset, size_t size, uint64_t value)
{
	for (; size--; value >>= 8)
		buf[offset++] = value;
}

static void put_section(char *buf, unsigned int i, const char *name,
			uint32_t contents, uint32_t raw, uint32_t offset)
{
	char *at = buf + TABLE + i * SECTION;

	memcpy(at, name, strlen(name));
	put_field(at, 8, 4, contents);
	put_field(at, 16, 4, raw);
	put_field(at, 20, 4, offset);
}

/* A stub, and three pieces with padding. */
static char *make_uki(void)
{
	char *buf = calloc(1, LEN);

	memcpy(buf, "MZ", 2);
	put_field(buf, 0x3c, 4, PE);
	memcpy(buf + PE, "PE\0", 4);
	put_field(buf, PE + 6, 2, 4);
	put_field(buf, PE + 20, 2, 0xf0);
	put_section(buf, 0, ".text", 0x100, 0x100, 0x300);
	put_section(buf, 1, ".cmdline", 8, 0x100, DATA);
	put_section(buf, 2, ".linux", 0x90, 0x100, DATA + 0x100);
	put_section(buf, 3, ".initrd", 0xff, 0x100, DATA + 0x200);
	memcpy(buf + DATA, "quiet ro", 8);
	return buf;
}

static void test_good(void)
{
	char *buf = make_uki();
	struct kdump_uki uki;
	struct kdump_why why;

	ok(kdump_uki_is(buf, LEN), "a UKI is recognized");
	ok(!kdump_uki_parse(buf, LEN, &uki, &why), "and read");
	ok(uki.kernel.data == buf + DATA + 0x100 && uki.kernel.len == 0x90,
	   "its kernel, without padding");
	ok(uki.initrd.data == buf + DATA + 0x200 && uki.initrd.len == 0xff,
	   "its initrd");
	ok(uki.cmdline.len == 8 && !memcmp(uki.cmdline.data, "quiet ro", 8),
	   "its command line");
	put_section(buf, 1, ".cmdline", 0, 0x100, DATA);
	ok(!kdump_uki_parse(buf, LEN, &uki, &why) && uki.cmdline.len == 0x100,
	   "a section without a virtual size is as large as in the file");
	memcpy(buf + TABLE + 3 * SECTION, ".initrdx", 8);
	memcpy(buf + TABLE + SECTION, ".cmdlinx", 8);
	ok(!kdump_uki_parse(buf, LEN, &uki, &why) && !uki.initrd.len &&
	   !uki.cmdline.len, "a UKI with a kernel only");
	free(buf);
}

static const struct {
	const char *name;
	size_t offset, size;
	uint64_t value;
	const char *why;	/* NULL: not a UKI */
} wrong[] = {
	{ "no MZ", 0, 2, 0, NULL },
	{ "no PE", PE, 4, 0, NULL },
	{ "a PE header behind the end", 0x3c, 4, LEN - 23, NULL },
	{ "a PE header far behind the end", 0x3c, 4, 0xffffffff, NULL },
	{ "no sections", PE + 6, 2, 0, NULL },
	{ "too many sections", PE + 6, 2, 0xffff, NULL },
	{ "a large optional header", PE + 20, 2, 0xffff, NULL },
	{ "another section", TABLE + 2 * SECTION + 6, 1, 'x', NULL },
	{ "an empty kernel", TABLE + 2 * SECTION + 16, 4, 0, "is empty" },
	{ "a kernel behind the end", TABLE + 2 * SECTION + 20, 4, LEN - 0x8f,
	  ".linux is not whole" },
	{ "an initrd far behind the end", TABLE + 3 * SECTION + 20, 4,
	  0xffffffff, ".initrd is not whole" },
	{ "a command line far behind the end", TABLE + SECTION + 20, 4,
	  0xfffffff0, ".cmdline is not whole" },
};

static void test_wrong(void)
{
	struct kdump_uki uki;
	struct kdump_why why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		char *buf = make_uki();

		put_field(buf, wrong[i].offset, wrong[i].size, wrong[i].value);
		if (!wrong[i].why)
			ok(!kdump_uki_is(buf, LEN), "not a UKI: %s",
			   wrong[i].name);
		else
			ok(kdump_uki_is(buf, LEN) &&
			   kdump_uki_parse(buf, LEN, &uki, &why) == -EINVAL &&
			   strstr(why.text, wrong[i].why), "%s: %s",
			   wrong[i].name, why.text);
		free(buf);
	}
}

static void test_truncated(void)
{
	char *whole = make_uki();
	struct kdump_uki uki;
	struct kdump_why why;
	size_t len;
	int bad = 0;

	for (len = 0; len < DATA + 0x2ff; len++) {
		char *buf = malloc(len ? len : 1);

		memcpy(buf, whole, len);
		bad += kdump_uki_is(buf, len) &&
		       !kdump_uki_parse(buf, len, &uki, &why);
		free(buf);
	}
	ok(!bad, "refused if cut off at any byte");
	free(whole);
}

int main(void)
{
	test_good();
	test_wrong();
	test_truncated();
	return tap_end();
}
