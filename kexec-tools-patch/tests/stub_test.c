// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the bytes of the stub core header.
 *
 * Each field is checked at its offset in the ELF specification, without the
 * structs that the code uses.
 */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

struct field {
	const char *name;
	unsigned int offset;
	unsigned int size;
	uint64_t value;
};

static const struct kdump_stub wide = {
	.class = ELFCLASS64, .machine = EM_X86_64,
	.backup_to = 0x123456000, .backup_size = KDUMP_BACKUP_SIZE,
};

static const struct field fields64[] = {
	{ "magic", 0, 4, 0x464c457f }, { "class", 4, 1, 2 },
	{ "byte order", 5, 1, 1 }, { "version of ident", 6, 1, 1 },
	{ "type", 16, 2, 4 }, { "machine", 18, 2, 62 },
	{ "version", 20, 4, 1 }, { "entry", 24, 8, 0 },
	{ "phoff", 32, 8, 64 }, { "shoff", 40, 8, 0 },
	{ "ehsize", 52, 2, 64 }, { "phentsize", 54, 2, 56 },
	{ "phnum", 56, 2, 1 }, { "shnum", 60, 2, 0 },
	{ "p_type", 64, 4, 1 }, { "p_flags", 68, 4, 7 },
	{ "p_offset", 72, 8, 0x123456000 }, { "p_vaddr", 80, 8, 0 },
	{ "p_paddr", 88, 8, 0 }, { "p_filesz", 96, 8, 0xa0000 },
	{ "p_memsz", 104, 8, 0xa0000 }, { "p_align", 112, 8, 0 },
	{ "what follows", 120, 8, 0 },
};

static const struct kdump_stub narrow = {
	.class = ELFCLASS32, .machine = EM_386,
	.backup_to = 0x4f50000, .backup_size = KDUMP_BACKUP_SIZE,
};

static const struct field fields32[] = {
	{ "magic", 0, 4, 0x464c457f }, { "class", 4, 1, 1 },
	{ "byte order", 5, 1, 1 }, { "version of ident", 6, 1, 1 },
	{ "type", 16, 2, 4 }, { "machine", 18, 2, 3 },
	{ "version", 20, 4, 1 }, { "entry", 24, 4, 0 },
	{ "phoff", 28, 4, 52 }, { "shoff", 32, 4, 0 },
	{ "ehsize", 40, 2, 52 }, { "phentsize", 42, 2, 32 },
	{ "phnum", 44, 2, 1 }, { "shnum", 48, 2, 0 },
	{ "p_type", 52, 4, 1 }, { "p_offset", 56, 4, 0x4f50000 },
	{ "p_vaddr", 60, 4, 0 }, { "p_paddr", 64, 4, 0 },
	{ "p_filesz", 68, 4, 0xa0000 }, { "p_memsz", 72, 4, 0xa0000 },
	{ "p_flags", 76, 4, 7 }, { "p_align", 80, 4, 0 },
	{ "what follows", 84, 8, 0 },
};

static void test_fields(const char *class, const struct kdump_stub *stub,
			const struct field *fields, size_t count)
{
	unsigned char buf[256];
	size_t i;

	memset(buf, 0xff, sizeof(buf));
	ok(!kdump_stub_write(stub, buf, sizeof(buf)), "%s: written", class);
	for (i = 0; i < count; i++) {
		uint64_t value = 0;

		memcpy(&value, buf + fields[i].offset, fields[i].size);
		ok(value == fields[i].value, "%s: %s is 0x%llx", class,
		   fields[i].name, (unsigned long long)value);
	}
}

/* Without a backup region there is no program header. */
static void test_no_backup(void)
{
	struct kdump_stub stub = wide;
	unsigned char buf[256];

	stub.backup_size = 0;
	ok(!kdump_stub_write(&stub, buf, sizeof(buf)) && !buf[56] &&
	   !buf[32] && !buf[54] && !buf[64], "no backup, no program header");
}

static void test_refusals(void)
{
	struct kdump_stub stub = narrow;
	unsigned char buf[256] = { 0x55 };

	ok(kdump_stub_write(&wide, buf, 119) == -ENOSPC && buf[0] == 0x55,
	   "ELF64 needs 120 bytes, and writes nothing into 119");
	ok(!kdump_stub_write(&wide, buf, 120), "but fits into 120");
	ok(kdump_stub_write(&narrow, buf, 83) == -ENOSPC,
	   "ELF32 needs 84 bytes");
	ok(!kdump_stub_write(&narrow, buf, 84), "and fits into 84");
	stub.backup_to = KDUMP_4GB - KDUMP_BACKUP_SIZE;
	ok(!kdump_stub_write(&stub, buf, sizeof(buf)),
	   "ELF32: a backup region that ends at 4 GB");
	stub.backup_to += KDUMP_PAGE;
	ok(kdump_stub_write(&stub, buf, sizeof(buf)) == -E2BIG,
	   "ELF32: one page further is out of reach");
	stub.class = 3;
	ok(kdump_stub_write(&stub, buf, sizeof(buf)) == -EINVAL,
	   "there is no third class");
}

int main(void)
{
	test_fields("ELF64", &wide, fields64, ARRAY_SIZE(fields64));
	test_fields("ELF32", &narrow, fields32, ARRAY_SIZE(fields32));
	test_no_backup();
	test_refusals();
	return tap_end();
}
