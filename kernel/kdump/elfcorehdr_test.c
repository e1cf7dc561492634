// SPDX-License-Identifier: GPL-2.0-only
/* Tests of elfcorehdr_layout.c: the same cases for ELF32 and ELF64. */
#include <kunit/test.h>
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/sizes.h>

#include "elfcorehdr_layout.h"

#define ENTRIES	8
#define PADDR	0x1234000
#define K640	0xa0000

#define PHDR(a, b, c, d, e) \
	{ .type = a, .offset = b, .vaddr = c, .paddr = d, .memsz = e }

static const struct kdump_elf_phdr none = { .type = PT_NULL };

static const u8 classes[] = { ELFCLASS32, ELFCLASS64 };

static const struct kdump_stub backup_stub = {
	.machine = EM_386,
	.backup_start = 0,
	.backup_size = K640,
	.backup_to = 0x2000000,
};

static struct elfcorehdr *new_header(struct kunit *test, u8 class,
				     struct kdump_stub *stub)
{
	struct elfcorehdr *hdr = kunit_kzalloc(test, sizeof(*hdr), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, hdr);
	hdr->entries = ENTRIES;
	hdr->paddr = PADDR;
	hdr->base = kunit_kzalloc(test, elfcorehdr_bytes(class, ENTRIES),
				  GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, hdr->base);
	*stub = backup_stub;
	stub->class = class;
	elfcorehdr_init(hdr, stub);
	return hdr;
}

/* Read entry i of the table that e_phoff names. */
static struct kdump_elf_phdr entry(const struct elfcorehdr *hdr, unsigned int i)
{
	struct kdump_elf_ehdr ehdr;
	struct kdump_elf_phdr phdr;

	kdump_elf_decode(kdump_elf_ehdr_fields, hdr->class, hdr->base, &ehdr);
	kdump_elf_decode(kdump_elf_phdr_fields, hdr->class,
			 hdr->base + ehdr.phoff + i * ehdr.phentsize, &phdr);
	return phdr;
}

static void expect_entry(struct kunit *test, const struct elfcorehdr *hdr,
			 unsigned int i, struct kdump_elf_phdr want)
{
	struct kdump_elf_phdr got = entry(hdr, i);

	KUNIT_EXPECT_EQ(test, want.type, got.type);
	KUNIT_EXPECT_EQ(test, want.offset, got.offset);
	KUNIT_EXPECT_EQ(test, want.vaddr, got.vaddr);
	KUNIT_EXPECT_EQ(test, want.paddr, got.paddr);
	KUNIT_EXPECT_EQ(test, want.memsz, got.memsz);
	KUNIT_EXPECT_EQ(test, want.memsz, got.filesz);
}

static void layout_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		struct kdump_stub stub;
		struct elfcorehdr *hdr = new_header(test, classes[i], &stub);
		const struct elf32_hdr *e = hdr->base;
		size_t bytes = elfcorehdr_bytes(classes[i], ENTRIES);

		KUNIT_EXPECT_EQ(test, 0, memcmp(e->e_ident, ELFMAG, SELFMAG));
		KUNIT_EXPECT_EQ(test, classes[i], e->e_ident[EI_CLASS]);
		KUNIT_EXPECT_EQ(test, ET_CORE, (int)e->e_type);
		KUNIT_EXPECT_EQ(test, EM_386, (int)e->e_machine);
		KUNIT_EXPECT_EQ(test, bytes,
				elfcorehdr_notes(hdr) + VMCOREINFO_NOTE_SIZE);
		KUNIT_EXPECT_TRUE(test, IS_ALIGNED(elfcorehdr_notes(hdr), 8));
		/* All of a new table is PT_NULL. */
		expect_entry(test, hdr, 0, none);
		expect_entry(test, hdr, ENTRIES - 1, none);
	}
}

/* elfcorehdr_entries() is the inverse of elfcorehdr_bytes(). */
static void entries_test(struct kunit *test)
{
	size_t i, n;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		u8 class = classes[i];

		for (n = 1; n < 100; n++) {
			size_t bytes = elfcorehdr_bytes(class, n);

			KUNIT_EXPECT_EQ(test, n, elfcorehdr_entries(class, bytes));
			KUNIT_EXPECT_EQ(test, n - 1,
					elfcorehdr_entries(class, bytes - 8));
		}
		KUNIT_EXPECT_EQ(test, 0, elfcorehdr_entries(class, 0));
		KUNIT_EXPECT_EQ(test, KDUMP_PHNUM_MAX,
				elfcorehdr_entries(class, SZ_1G));
	}
}

/*
 * Readers see no entry before the commit and all of them afterwards, also in a
 * header that is rebuilt.  The table stays right behind the ELF header.
 */
static void commit_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		struct kdump_elf_phdr a = PHDR(PT_NOTE, 0x1000, 0, 0x1000, 0x10);
		struct kdump_elf_phdr b = PHDR(PT_LOAD, 0x2000, 0x52000, 0x2000, 0x20);
		struct kdump_stub stub;
		struct elfcorehdr *hdr = new_header(test, classes[i], &stub);
		struct kdump_elf_ehdr ehdr;

		KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(hdr, a));
		KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(hdr, b));
		expect_entry(test, hdr, 0, none);
		elfcorehdr_commit(hdr);
		expect_entry(test, hdr, 0, a);
		expect_entry(test, hdr, 1, b);

		elfcorehdr_open(hdr);
		KUNIT_EXPECT_EQ(test, ENTRIES, hdr->entries);
		KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(hdr, b));
		expect_entry(test, hdr, 0, a);
		elfcorehdr_commit(hdr);
		expect_entry(test, hdr, 0, b);
		expect_entry(test, hdr, 1, none);
		kdump_elf_decode(kdump_elf_ehdr_fields, hdr->class, hdr->base,
				 &ehdr);
		KUNIT_EXPECT_EQ(test, ehdr.ehsize, ehdr.phoff);
	}
}

static void full_test(struct kunit *test)
{
	struct kdump_elf_phdr a = PHDR(PT_LOAD, 0x1000, 0, 0x1000, 0x10);
	struct kdump_stub stub;
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		struct elfcorehdr *hdr = new_header(test, classes[i], &stub);

		for (n = 0; n < ENTRIES; n++)
			KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(hdr, a));
		KUNIT_EXPECT_EQ(test, -EFBIG, elfcorehdr_put(hdr, a));
	}
}

static void above_4g_test(struct kunit *test)
{
	struct kdump_elf_phdr last = PHDR(PT_LOAD, SZ_4G - 16, 0, SZ_4G - 16, 16);
	struct kdump_elf_phdr beyond = PHDR(PT_LOAD, SZ_4G - 16, 0, SZ_4G - 16, 17);
	struct kdump_elf_phdr high = PHDR(PT_LOAD, 0, -4096ULL, 0, 16);
	struct kdump_stub stub;
	struct elfcorehdr *h32 = new_header(test, ELFCLASS32, &stub);
	struct elfcorehdr *h64 = new_header(test, ELFCLASS64, &stub);

	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(h32, last));
	KUNIT_EXPECT_EQ(test, -EFBIG, elfcorehdr_put(h32, beyond));
	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(h32, high));
	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(h64, beyond));
	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_put(h64, high));
	elfcorehdr_commit(h32);
	elfcorehdr_commit(h64);
	KUNIT_EXPECT_EQ(test, 0xffffffffULL, entry(h32, 1).vaddr);
	KUNIT_EXPECT_EQ(test, -4096ULL, entry(h64, 1).vaddr);
}

struct ram_case {
	const char *name;
	u64 backup_start;
	struct range ram;
	struct kdump_elf_phdr want[3];
};

#define V	0xc0000000
#define TO	0x2000000
#define LOAD(offset, paddr, v, bytes) PHDR(PT_LOAD, offset, v, paddr, bytes)

/* Every position of a range to the backup region. */
static const struct ram_case ram_cases[] = {
	{ "inside", 0, { 0x1000, 0x9fc00 },
	  { LOAD(TO + 0x1000, 0x1000, V, 0x9ec00) } },
	{ "equal", 0, { 0, K640 }, { LOAD(TO, 0, V, K640) } },
	{ "across its end", 0, { 0x1000, 0x200000 },
	  { LOAD(TO + 0x1000, 0x1000, V, K640 - 0x1000),
	    LOAD(K640, K640, V + K640 - 0x1000, 0x200000 - K640) } },
	{ "touching its end", 0, { K640, 0x200000 },
	  { LOAD(K640, K640, V, 0x200000 - K640) } },
	{ "behind", 0, { 0x100000, 0x200000 },
	  { LOAD(0x100000, 0x100000, V, 0x100000) } },
	{ "before", 0x100000, { 0x1000, 0x2000 },
	  { LOAD(0x1000, 0x1000, V, 0x1000) } },
	{ "touching its start", 0x100000, { 0x1000, 0x100000 },
	  { LOAD(0x1000, 0x1000, V, 0xff000) } },
	{ "across its start", 0x100000, { 0xff000, 0x101000 },
	  { LOAD(0xff000, 0xff000, V, 0x1000),
	    LOAD(TO, 0x100000, V + 0x1000, 0x1000) } },
	{ "around it", 0x100000, { 0xff000, 0x100000 + K640 + 0x1000 },
	  { LOAD(0xff000, 0xff000, V, 0x1000),
	    LOAD(TO, 0x100000, V + 0x1000, K640),
	    LOAD(0x100000 + K640, 0x100000 + K640, V + 0x1000 + K640,
		 0x1000) } },
};

static void backup_test(struct kunit *test)
{
	struct kdump_stub stub;
	size_t i, j, n;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		for (j = 0; j < ARRAY_SIZE(ram_cases); j++) {
			const struct ram_case *c = &ram_cases[j];
			struct elfcorehdr *hdr;

			kunit_info(test, "%s", c->name);
			hdr = new_header(test, classes[i], &stub);
			stub.backup_start = c->backup_start;
			KUNIT_EXPECT_EQ(test, 0,
					elfcorehdr_put_ram(hdr, &c->ram, &stub,
							   V));
			elfcorehdr_commit(hdr);
			for (n = 0; n < ARRAY_SIZE(c->want); n++)
				expect_entry(test, hdr, n, c->want[n]);
		}
	}
}

/* Program headers of a complete core header; the first is the backup region. */
#define STUB_PHDRS	3

static size_t stub64(void *buf, u32 type, u16 phnum, u64 phoff)
{
	struct elf64_hdr *e = buf;
	struct elf64_phdr *p = buf + sizeof(*e);

	memset(buf, 0, sizeof(*e) + STUB_PHDRS * sizeof(*p));
	memcpy(e->e_ident, ELFMAG, SELFMAG);
	e->e_ident[EI_CLASS] = ELFCLASS64;
	e->e_type = ET_CORE;
	e->e_machine = EM_X86_64;
	e->e_phnum = phnum;
	e->e_phoff = phoff;
	e->e_phentsize = sizeof(*p);
	p[0].p_type = type;
	p[0].p_memsz = K640;
	p[0].p_offset = TO;
	p[1].p_type = PT_NOTE;
	p[1].p_offset = TO;
	p[2].p_type = PT_LOAD;
	p[2].p_memsz = SZ_1G;
	p[2].p_paddr = SZ_1M;
	p[2].p_offset = SZ_1M;
	return sizeof(*e) + phnum * sizeof(*p);
}

static void stub_test(struct kunit *test)
{
	u8 buf[sizeof(struct elf64_hdr) +
	       STUB_PHDRS * sizeof(struct elf64_phdr)] __aligned(8);
	struct elf64_hdr *e = (struct elf64_hdr *)buf;
	struct elf64_phdr *p = (struct elf64_phdr *)(e + 1);
	struct kdump_stub stub = { };
	size_t n, size;
	u16 phnum;

	/* A stub, and a complete header */
	for (phnum = 1; phnum <= STUB_PHDRS; phnum++) {
		size = stub64(buf, PT_LOAD, phnum, sizeof(*e));
		KUNIT_EXPECT_EQ(test, 0, elfcorehdr_stub(buf, size, &stub));
		KUNIT_EXPECT_EQ(test, ELFCLASS64, stub.class);
		KUNIT_EXPECT_EQ(test, EM_X86_64, stub.machine);
		KUNIT_EXPECT_EQ(test, (u64)K640, stub.backup_size);
		KUNIT_EXPECT_EQ(test, (u64)TO, stub.backup_to);
		for (n = 0; n < size; n++)
			KUNIT_EXPECT_NE(test, 0, elfcorehdr_stub(buf, n, &stub));
	}
	p[2].p_offset = 2 * SZ_1M;	/* a second backup region */
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));

	stub64(buf, PT_LOAD, 0, 0);
	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_stub(buf, size, &stub));
	KUNIT_EXPECT_EQ(test, 0ULL, stub.backup_size);
	stub64(buf, PT_NOTE, STUB_PHDRS, sizeof(*e));
	KUNIT_EXPECT_EQ(test, 0, elfcorehdr_stub(buf, size, &stub));
	KUNIT_EXPECT_EQ(test, 0ULL, stub.backup_size);
	stub64(buf, PT_LOAD, STUB_PHDRS + 1, sizeof(*e));
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));
	stub64(buf, PT_LOAD, 1, -8ULL);
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));
	stub64(buf, PT_LOAD, STUB_PHDRS, sizeof(*e) + 1);
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));
	stub64(buf, PT_LOAD, 1, sizeof(*e));
	e->e_phentsize--;
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));
	stub64(buf, PT_LOAD, 1, sizeof(*e));
	e->e_ident[EI_CLASS] = ELFCLASSNONE;
	KUNIT_EXPECT_EQ(test, -EINVAL, elfcorehdr_stub(buf, size, &stub));
	e->e_ident[EI_CLASS] = ELFCLASS64;
	e->e_type = ET_EXEC;
	KUNIT_EXPECT_EQ(test, -ENOENT, elfcorehdr_stub(buf, size, &stub));
}

static const struct {
	const char *name;
	u64 blocks;
	u64 reservation;
	unsigned int spare;
} spares[] = {
	{ "a small machine", 4, SZ_64M, 16 },
	{ "every other block", 1000, SZ_64M, 500 },
	{ "1/64 of 64M: 112 bytes for each entry", 1 << 20, SZ_64M, 9362 },
	{ "no reservation", 1 << 20, 0, 512 },
	{ "one that is tiny", 1 << 20, SZ_1M, 512 },
	{ "64 TB in blocks of 2 GB", 1 << 15, SZ_512M, 1 << 14 },
	{ "64 TB in blocks of 128 MB", 1 << 19, SZ_2G, 32766 },
};

static void spare_test(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spares); i++)
		KUNIT_EXPECT_EQ_MSG(test, spares[i].spare,
				    elfcorehdr_spare(spares[i].blocks,
						     spares[i].reservation),
				    "%s", spares[i].name);
}

static struct kunit_case elfcorehdr_cases[] = {
	KUNIT_CASE(layout_test),
	KUNIT_CASE(entries_test),
	KUNIT_CASE(commit_test),
	KUNIT_CASE(full_test),
	KUNIT_CASE(above_4g_test),
	KUNIT_CASE(backup_test),
	KUNIT_CASE(stub_test),
	KUNIT_CASE(spare_test),
	{ }
};

static struct kunit_suite elfcorehdr_suite = {
	.name = "kdump_elfcorehdr",
	.test_cases = elfcorehdr_cases,
};

kunit_test_suite(elfcorehdr_suite);
