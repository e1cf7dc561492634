// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of core_header.c: valid and hostile core headers.
 *
 * Old memory is a small buffer that holds a core header of either class.  The
 * PT_LOADs point elsewhere, because their contents are never read here.
 */
#include "core_test.h"

static const u8 classes[] = { ELFCLASS32, ELFCLASS64 };
static const u16 machines[] = { EM_X86_64, EM_386, EM_NONE };

const struct kdump_elf_phdr core_test_valid[VALID_PHDRS] = {
	{ .type = PT_NOTE, .offset = NOTES_AT, .filesz = 1024 },
	{ .type = PT_LOAD, .offset = 0x5000000, .paddr = 0, .filesz = 0xa0000,
	  .vaddr = 0xc0000000, .flags = PF_R | PF_W | PF_X },
	{ .type = PT_LOAD, .offset = 0x100000, .paddr = 0x100000,
	  .filesz = 0x1f00400, .vaddr = 0xc0100000, .flags = PF_R },
	{ .type = PT_LOAD, .offset = 0x1000000, .paddr = 0x1000000,
	  .filesz = 0x800000, .vaddr = 0xf1000000, .flags = PF_X },
	{ .type = PT_LOAD, .offset = 0x20000800, .paddr = 0x20000800,
	  .filesz = 0x10000, .vaddr = 0xe0000800, .flags = PF_R },
	{ .type = PT_NOTE, .offset = MORE_NOTES_AT, .filesz = 512 },
};

static int old_read(void *context, void *to, u64 from, size_t len)
{
	struct old *old = context;

	if (from > old->size || len > old->size - from)
		return -EFAULT;
	memcpy(to, old->bytes + from, len);
	return 0;
}

static void old_put_ehdr(struct old *old, u8 class,
			 const struct kdump_elf_ehdr *ehdr)
{
	kdump_elf_put_ident(old->bytes, class, ELFOSABI_NONE);
	kdump_elf_encode(kdump_elf_ehdr_fields, class, old->bytes, ehdr);
}

void core_test_phdr(struct old *old, u8 class, int i,
		    const struct kdump_elf_phdr *phdr)
{
	struct kdump_elf_phdr whole = *phdr;

	if (!whole.memsz)
		whole.memsz = whole.filesz;
	kdump_elf_encode(kdump_elf_phdr_fields, class,
			 old->bytes + kdump_elf_ehdr_size(class) +
			 i * kdump_elf_phdr_size(class), &whole);
}

static struct kdump_elf_ehdr old_ehdr(u8 class, u64 phnum)
{
	return (struct kdump_elf_ehdr) {
		.type = ET_CORE, .machine = EM_X86_64, .version = EV_CURRENT,
		.phoff = kdump_elf_ehdr_size(class),
		.ehsize = kdump_elf_ehdr_size(class),
		.phentsize = kdump_elf_phdr_size(class), .phnum = phnum,
	};
}

struct old *core_test_old(struct kunit *test, u8 class,
			  const struct kdump_elf_phdr *phdrs, int nr)
{
	struct old *old = kunit_kzalloc(test, sizeof(*old), GFP_KERNEL);
	struct kdump_elf_ehdr ehdr = old_ehdr(class, nr);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, old);
	old->size = OLD_SIZE;
	old_put_ehdr(old, class, &ehdr);
	for (i = 0; i < nr; i++)
		core_test_phdr(old, class, i, &phdrs[i]);
	old->source = (struct kdump_core_source) {
		.limit = LIMIT, .page_size = PAGE, .machines = machines,
		.read = old_read, .context = old,
	};
	return old;
}

size_t core_test_note(struct old *old, size_t at, const char *name, u32 type,
		      const void *desc, u32 size)
{
	u32 head[3] = { strlen(name) + 1, size, type };

	memcpy(old->bytes + at, head, sizeof(head));
	at += sizeof(head);
	memcpy(old->bytes + at, name, head[0]);
	at += ALIGN(head[0], 4);
	if (desc)
		memcpy(old->bytes + at, desc, size);
	return at + ALIGN(size, 4);
}

struct old *core_test_valid_old(struct kunit *test, u8 class)
{
	return core_test_old(test, class, core_test_valid, VALID_PHDRS);
}

int core_test_read(struct old *old)
{
	return kdump_core_read(&old->source, &old->core, &old->problem);
}

static void valid_test(struct kunit *test)
{
	static const struct kdump_core_extent want[] = {
		{ 0, 0x5000000, 0xa0000 },
		{ 0x100000, 0x100000, 0x1f01000 },
		{ 0x20000000, 0x20000000, 0x11000 },
	};
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_valid_old(test, classes[c]);
		struct kdump_core *core = &old->core;

		KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
		KUNIT_EXPECT_EQ(test, classes[c], core->class);
		KUNIT_EXPECT_EQ(test, EM_X86_64, (int)core->machine);
		KUNIT_EXPECT_EQ(test, 4u, core->nr_loads);
		KUNIT_EXPECT_EQ(test, 2u, core->nr_notes);
		KUNIT_ASSERT_EQ(test, (unsigned int)ARRAY_SIZE(want),
				core->nr_extents);
		KUNIT_EXPECT_EQ(test, 0, memcmp(core->extents, want,
						sizeof(want)));
		for (i = 0; i < ARRAY_SIZE(want); i++) {
			u64 end = want[i].paddr + want[i].size;

			KUNIT_EXPECT_EQ(test, (unsigned int)i,
					kdump_core_find(core, want[i].paddr));
			KUNIT_EXPECT_EQ(test, (unsigned int)i,
					kdump_core_find(core, end - 1));
			KUNIT_EXPECT_EQ(test, i + 1u,
					kdump_core_find(core, end));
		}
		kdump_core_free(core);
	}
}

static void place_test(struct kunit *test)
{
	static const struct {
		u64 place;
		bool want;
	} cases[] = {
		/* The first extent lies elsewhere now. */
		{ 0, false }, { 0x9ffff, false },
		{ 0x4ffffff, false }, { 0x5000000, true },
		{ 0x509ffff, true }, { 0x50a0000, false },
		{ 0xfffff, false }, { 0x100000, true },
		{ 0x2000fff, true }, { 0x2001000, false },
		{ 0x20000000, true }, { 0x20011000, false },
		{ U64_MAX, false },
	};
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_valid_old(test, classes[c]);

		KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
		for (i = 0; i < ARRAY_SIZE(cases); i++)
			KUNIT_EXPECT_EQ_MSG(test, cases[i].want,
					    kdump_core_has_place(&old->core,
								 cases[i].place),
					    "%#llx", cases[i].place);
		kdump_core_free(&old->core);
	}
}

/* One number of a valid core header is replaced; phdr -1: of the ELF header. */
struct hostile {
	const char *name;
	struct {
		int phdr;
		size_t member;
	} at;
	u64 value;
	const char *want;	/* part of the complaint; NULL: accepted */
};

#define E(member_) { -1, offsetof(struct kdump_elf_ehdr, member_) }
#define P(i, member_) { (i), offsetof(struct kdump_elf_phdr, member_) }
static const struct hostile hostiles[] = {
	{ "nothing changed", E(type), ET_CORE, NULL },
	{ "an executable", E(type), ET_EXEC, "ET_CORE" },
	{ "a dump of i386", E(machine), EM_386, NULL },
	{ "another machine", E(machine), EM_S390, "kind of machine" },
	{ "no machine", E(machine), EM_NONE, "kind of machine" },
	{ "another version", E(version), 2, "version" },
	{ "a long ELF header", E(ehsize), 128, "e_ehsize" },
	{ "no ELF header size", E(ehsize), 0, "e_ehsize" },
	{ "long program headers", E(phentsize), 64, "e_phentsize" },
	{ "program headers of no size", E(phentsize), 0, "e_phentsize" },
	{ "no program headers", E(phnum), 0, "no program headers" },
	{ "extended count", E(phnum), 0xffff, "too many" },
	{ "too many", E(phnum), KDUMP_PHNUM_MAX + 1, "too many" },
	{ "headers on each other", E(phoff), 4, "overlap the ELF header" },
	{ "notes at the end of the world", P(0, offset), 0xfffff000, NULL },
	{ "notes with two sizes", P(0, memsz), 4, "p_memsz" },
	{ "two sizes", P(1, memsz), 0x1000, "p_memsz" },
	{ "smaller in memory", P(2, filesz), 0x1f00800, "p_memsz" },
	{ "odd old address", P(2, paddr), 0x100001, "aligned alike" },
	{ "odd place", P(2, offset), 0x100004, "aligned alike" },
	{ "another page", P(4, offset), 0x30000800, NULL },
	{ "contradiction inside", P(3, offset), 0x2000000, "different places" },
	{ "contradiction at the end", P(2, paddr), 0x9f000, "different places" },
	{ "unknown type", P(3, type), 0x12345678, NULL },
	{ "no type", P(2, type), PT_NULL, NULL },
};

static const struct hostile hostiles64[] = {
	{ "headers wrap", E(phoff), -64, "outside" },
	{ "headers beyond memory", E(phoff), LIMIT, "outside" },
	{ "old address wraps", P(2, paddr), -0x100000, "p_paddr" },
	{ "old address beyond memory", P(2, paddr), LIMIT, "p_paddr" },
	{ "old address ends beyond", P(2, paddr), LIMIT - PAGE, "p_paddr" },
	{ "place wraps", P(2, offset), -PAGE, "p_offset" },
	{ "place beyond memory", P(2, offset), LIMIT, "p_offset" },
	{ "notes beyond memory", P(0, offset), LIMIT - 4, "p_offset" },
	{ "notes wrap", P(0, offset), -4, "p_offset" },
	{ "any virtual address", P(2, vaddr), -1, NULL },
};

static void hostile_one(struct kunit *test, u8 class, const struct hostile *h)
{
	struct old *old = core_test_valid_old(test, class);
	struct kdump_elf_ehdr ehdr = old_ehdr(class, VALID_PHDRS);
	struct kdump_elf_phdr phdr;
	int ret;

	if (h->at.phdr < 0) {
		memcpy((void *)&ehdr + h->at.member, &h->value, sizeof(u64));
		old_put_ehdr(old, class, &ehdr);
	} else {
		phdr = core_test_valid[h->at.phdr];
		phdr.memsz = phdr.filesz;
		memcpy((void *)&phdr + h->at.member, &h->value, sizeof(u64));
		core_test_phdr(old, class, h->at.phdr, &phdr);
	}
	ret = core_test_read(old);
	KUNIT_EXPECT_EQ_MSG(test, h->want ? -EINVAL : 0, ret, "%s, class %d",
			    h->name, class);
	if (ret == -EINVAL && h->want) {
		KUNIT_EXPECT_NOT_ERR_OR_NULL(test, strstr(old->problem.what,
							  h->want));
		KUNIT_EXPECT_NULL(test, old->core.loads);
	}
	kdump_core_free(&old->core);
}

static void hostile_test(struct kunit *test)
{
	int c, i;

	for (c = 0; c < ARRAY_SIZE(classes); c++)
		for (i = 0; i < ARRAY_SIZE(hostiles); i++)
			hostile_one(test, classes[c], &hostiles[i]);
	for (i = 0; i < ARRAY_SIZE(hostiles64); i++)
		hostile_one(test, ELFCLASS64, &hostiles64[i]);
}

static void ident_test(struct kunit *test)
{
	int at, value;

	/* Try every other value of every byte that has a meaning. */
	for (at = 0; at <= EI_VERSION; at++)
		for (value = 0; value < 256; value++) {
			struct old *old = core_test_valid_old(test, ELFCLASS64);
			bool same = old->bytes[at] == value;

			old->bytes[at] = value;
			KUNIT_EXPECT_EQ_MSG(test, same ? 0 : -EINVAL,
					    core_test_read(old), "byte %d is %d",
					    at, value);
			kdump_core_free(&old->core);
			kunit_kfree(test, old);
		}
}

/* Cut the header at every byte: by the end of memory, and by @size. */
static void truncation_test(struct kunit *test)
{
	size_t whole, size;
	int c;

	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		struct old *old = core_test_valid_old(test, classes[c]);

		whole = kdump_elf_ehdr_size(classes[c]) +
			VALID_PHDRS * kdump_elf_phdr_size(classes[c]);
		for (size = 1; size < whole; size++) {
			old->size = size;
			KUNIT_EXPECT_EQ(test, -EFAULT, core_test_read(old));
			old->size = OLD_SIZE;
			old->source.size = size;
			KUNIT_EXPECT_EQ(test, -EINVAL, core_test_read(old));
			old->source.size = 0;
		}
		old->size = whole;
		old->source.size = whole;
		KUNIT_EXPECT_EQ(test, 0, core_test_read(old));
		kdump_core_free(&old->core);
	}
}

/* Two pieces of memory in every relative position, in quarters of a page. */
static void joining_test(struct kunit *test)
{
	const u64 step = PAGE / 4, first = 8 * PAGE, size = 6 * step;
	u64 shift, second;

	for (shift = 0; shift <= PAGE; shift += PAGE)
		for (second = 4 * PAGE; second <= 12 * PAGE; second += step) {
			struct kdump_elf_phdr phdrs[] = {
				{ .type = PT_LOAD, .offset = first,
				  .paddr = first, .filesz = size },
				{ .type = PT_LOAD, .offset = second + shift,
				  .paddr = second, .filesz = size },
			};
			bool overlap = second < first + size &&
				       first < second + size;
			u64 low = min(first, second) & ~(PAGE - 1);
			u64 high = ALIGN(max(first, second) + size, PAGE);
			struct old *old = core_test_old(test, ELFCLASS64, phdrs, 2);
			u64 bytes = 0, end = 0;
			int i, ret = core_test_read(old);

			KUNIT_EXPECT_EQ(test, shift && overlap ? -EINVAL : 0,
					ret);
			for (i = 0; i < old->core.nr_extents; i++) {
				struct kdump_core_extent *e =
					&old->core.extents[i];

				KUNIT_EXPECT_TRUE(test, e->paddr >= end);
				KUNIT_EXPECT_TRUE(test, shift ||
						  !i || e->paddr > end);
				KUNIT_EXPECT_TRUE(test, e->paddr >= low);
				end = e->paddr + e->size;
				KUNIT_EXPECT_TRUE(test, end <= high);
				bytes += e->size;
			}
			if (overlap && !ret)
				KUNIT_EXPECT_EQ(test, high - low, bytes);
			kdump_core_free(&old->core);
			kunit_kfree(test, old);
		}
}

/* Memory of the machine: a hole before and behind the piece of PT_LOAD 1. */
static const struct range known_memory[] = {
	{ 0, 0x2001000 }, { 0x5000000, 0x5100000 }, { 0x20000000, 0x30000000 },
};

static const struct {
	int phdr;
	u64 place;
	unsigned int lost;
	u64 bytes;		/* of the first PT_LOAD */
} known_places[] = {
	{ 1, 0x5000000, 0, 0xa0000 },
	{ 1, 0x5000000 - PAGE, 1, 0xa0000 - PAGE },
	{ 1, 0x5100000 - 0xa0000, 0, 0xa0000 },
	{ 1, 0x5100000 - 0xa0000 + PAGE, 1, 0xa0000 - PAGE },
	{ 1, 0x8000000, 1, 0x1f00400 },
	{ 1, 0x2000000, 1, PAGE },
	{ 1, 0x30000000, 1, 0x1f00400 },
	{ 0, 0x4fffffc, 1, 0xa0000 },
	{ 0, 0x2001000 - 1024, 0, 0xa0000 },
	{ 5, 0x8000000, 1, 0xa0000 },
};

static void known_test(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(known_places); i++) {
		int nr = known_places[i].phdr;
		struct kdump_elf_phdr phdr = core_test_valid[nr];
		struct old *old = core_test_valid_old(test, ELFCLASS64);

		phdr.offset = known_places[i].place;
		core_test_phdr(old, ELFCLASS64, nr, &phdr);
		old->source.memory = known_memory;
		old->source.nr_memory = ARRAY_SIZE(known_memory);
		KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
		KUNIT_EXPECT_EQ_MSG(test, known_places[i].lost,
				    old->core.nr_lost, "row %d", i);
		KUNIT_EXPECT_EQ(test, known_places[i].bytes,
				old->core.loads[0].size);
		kdump_core_free(&old->core);
	}
}

/* A PT_LOAD with a hole becomes two PT_LOADs; their addresses stay. */
static void known_hole_test(struct kunit *test)
{
	static const struct range memory[] = {
		{ 0x900000, 0x30000000 }, { 0, 0x800000 },
	};
	struct old *old = core_test_valid_old(test, ELFCLASS64);
	const struct kdump_core_load *load;

	old->source.memory = memory;
	old->source.nr_memory = ARRAY_SIZE(memory);
	KUNIT_ASSERT_EQ(test, 0, core_test_read(old));
	KUNIT_EXPECT_EQ(test, 1u, old->core.nr_lost);
	KUNIT_ASSERT_EQ(test, 5u, old->core.nr_loads);
	load = &old->core.loads[1];
	KUNIT_EXPECT_EQ(test, 0x900000, load[0].paddr);
	KUNIT_EXPECT_EQ(test, 0x900000, load[0].place);
	KUNIT_EXPECT_EQ(test, 0xc0900000, load[0].vaddr);
	KUNIT_EXPECT_EQ(test, 0x1700400, load[0].size);
	KUNIT_EXPECT_EQ(test, 0x100000, load[1].paddr);
	KUNIT_EXPECT_EQ(test, 0xc0100000, load[1].vaddr);
	KUNIT_EXPECT_EQ(test, 0x700000, load[1].size);
	kdump_core_free(&old->core);
}

/* A core header that itself reaches into a hole is refused. */
static void known_header_test(struct kunit *test)
{
	struct old *old = core_test_valid_old(test, ELFCLASS64);
	struct range memory = { 0, kdump_elf_ehdr_size(ELFCLASS64) + 1 };

	old->source.memory = &memory;
	old->source.nr_memory = 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, core_test_read(old));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, strstr(old->problem.what, "outside"));
	memory.end--;
	memory.start = memory.end;
	KUNIT_EXPECT_EQ(test, -EINVAL, core_test_read(old));
}

static struct kunit_case kdump_core_cases[] = {
	KUNIT_CASE(valid_test),
	KUNIT_CASE(place_test),
	KUNIT_CASE(known_test),
	KUNIT_CASE(known_hole_test),
	KUNIT_CASE(known_header_test),
	KUNIT_CASE(hostile_test),
	KUNIT_CASE(ident_test),
	KUNIT_CASE(truncation_test),
	KUNIT_CASE(joining_test),
	{}
};

static struct kunit_suite kdump_core_suite = {
	.name = "kdump_core",
	.test_cases = kdump_core_cases,
};

kunit_test_suite(kdump_core_suite);
