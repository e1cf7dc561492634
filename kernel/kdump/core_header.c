// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: read the core header of the crashed kernel and check it.
 *
 * Runs while the capture kernel boots, and in unit tests and fuzzers on the
 * host.  Nothing may be assumed about the bytes: an attacker may have chosen
 * every number in them.  They do not change while they are read, because the
 * kernel that wrote them no longer runs.
 */
#include <linux/errno.h>
#include <linux/kdump_core.h>
#include <linux/kdump_elf.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>

static int core_fault(struct kdump_core_problem *problem, int phdr,
		      const char *what)
{
	problem->what = what;
	problem->phdr = phdr;
	return -EINVAL;
}

/* Does [start, start + size) end at or below @limit? */
static bool core_fits(u64 start, u64 size, u64 limit)
{
	u64 end;

	return !check_add_overflow(start, size, &end) && end <= limit;
}

/* The part of [start, end) in the piece of memory with number @i. */
static struct range core_part(const struct kdump_core_source *source,
			      unsigned int i, u64 start, u64 end)
{
	struct range part = { 0, source->limit };

	if (source->nr_memory)
		part = source->memory[i];
	if (part.start < start)
		part.start = start;
	if (part.end > end)
		part.end = end;
	return part;
}

static unsigned int core_nr_pieces(const struct kdump_core_source *source)
{
	return source->nr_memory ?: 1;
}

/* Is there memory in all of [start, start + size)? */
static bool core_exists(const struct kdump_core_source *source, u64 start,
			u64 size)
{
	unsigned int i;

	if (!core_fits(start, size, source->limit))
		return false;
	for (i = 0; i < core_nr_pieces(source); i++) {
		struct range part = core_part(source, i, start, start + size);

		if (part.start == start && part.end == start + size)
			return true;
	}
	return false;
}

static bool core_machine_fits(const u16 *machines, u64 machine)
{
	for (; *machines != EM_NONE; machines++)
		if (*machines == machine)
			return true;
	return false;
}

static const char *core_check_ident(const u8 *ident)
{
	if (memcmp(ident, ELFMAG, SELFMAG))
		return "no ELF header there";
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return "the class is neither ELF32 nor ELF64";
	if (ident[EI_DATA] != kdump_elf_data())
		return "the byte order is not that of this machine";
	if (ident[EI_VERSION] != EV_CURRENT)
		return "unknown ELF version";
	return NULL;
}

static const char *core_check_ehdr(const struct kdump_core_source *source,
				   u8 class, const struct kdump_elf_ehdr *ehdr)
{
	u64 table = ehdr->phnum * ehdr->phentsize;
	u64 end;

	if (ehdr->type != ET_CORE)
		return "the ELF type is not ET_CORE";
	if (!core_machine_fits(source->machines, ehdr->machine))
		return "it is of another kind of machine";
	if (ehdr->version != EV_CURRENT)
		return "unknown ELF version";
	if (ehdr->ehsize != kdump_elf_ehdr_size(class))
		return "e_ehsize is wrong";
	if (ehdr->phentsize != kdump_elf_phdr_size(class))
		return "e_phentsize is wrong";
	if (!ehdr->phnum)
		return "there are no program headers";
	if (ehdr->phnum > KDUMP_PHNUM_MAX)
		return "there are too many program headers";
	if (ehdr->phoff < ehdr->ehsize)
		return "the program headers overlap the ELF header";
	if (check_add_overflow(ehdr->phoff, table, &end) ||
	    (source->size && end > source->size) ||
	    !core_exists(source, source->paddr, end))
		return "the program headers lie outside of memory";
	return NULL;
}

static int core_read_ehdr(const struct kdump_core_source *source,
			  struct kdump_core *core, struct kdump_elf_ehdr *ehdr,
			  struct kdump_core_problem *problem)
{
	u8 bytes[sizeof(Elf64_Ehdr)];
	const char *what;
	size_t size;
	int ret;

	/*
	 * e_ident is in the first bytes of both classes; it says which it is.
	 */
	size = sizeof(Elf32_Ehdr);
	if ((source->size && source->size < size) ||
	    !core_exists(source, source->paddr, sizeof(bytes)))
		return core_fault(problem, -1, "it lies outside of memory");
	ret = source->read(source->context, bytes, source->paddr, size);
	if (ret)
		return ret;
	what = core_check_ident(bytes);
	if (what)
		return core_fault(problem, -1, what);

	core->class = bytes[EI_CLASS];
	core->osabi = bytes[EI_OSABI];
	size = kdump_elf_ehdr_size(core->class);
	if (source->size && source->size < size)
		return core_fault(problem, -1, "the ELF header is cut off");
	ret = source->read(source->context, bytes, source->paddr, size);
	if (ret)
		return ret;
	kdump_elf_decode(kdump_elf_ehdr_fields, core->class, bytes, ehdr);
	what = core_check_ehdr(source, core->class, ehdr);
	return what ? core_fault(problem, -1, what) : 0;
}

static void core_put_load(struct kdump_core *core,
			  const struct kdump_elf_phdr *phdr,
			  const struct range *part)
{
	u64 none = core->class == ELFCLASS64 ? ~0ULL : 0xffffffff;
	u64 skip = part->start - phdr->offset;

	core->loads[core->nr_loads++] = (struct kdump_core_load) {
		.vaddr = phdr->vaddr == none ? none : phdr->vaddr + skip,
		.paddr = phdr->paddr + skip,
		.place = part->start,
		.size = part->end - part->start,
		.flags = phdr->flags,
	};
}

/*
 * Room for the parts of PT_LOADs.  Valid PT_LOADs overlap only where memory has
 * no hole, so each hole splits at most one PT_LOAD: one more entry per piece of
 * memory is enough.
 */
static unsigned int core_room(const struct kdump_core_source *source,
			      unsigned int phnum)
{
	unsigned int room = phnum + source->nr_memory;

	return room < KDUMP_PHNUM_MAX ? room : KDUMP_PHNUM_MAX;
}

static const char *core_add_load(const struct kdump_core_source *source,
				 struct kdump_core *core, unsigned int room,
				 const struct kdump_elf_phdr *phdr)
{
	u64 limit = source->limit, end = phdr->offset + phdr->filesz;
	u64 lost = phdr->filesz;
	unsigned int i;

	if (phdr->filesz != phdr->memsz)
		return "p_filesz and p_memsz differ";
	if (!core_fits(phdr->paddr, phdr->filesz, limit))
		return "p_paddr lies outside of what this machine can address";
	if (!core_fits(phdr->offset, phdr->filesz, limit))
		return "p_offset lies outside of what this machine can address";
	if ((phdr->paddr ^ phdr->offset) & (source->page_size - 1))
		return "p_paddr and p_offset are not aligned alike";
	for (i = 0; i < core_nr_pieces(source) && core->nr_loads < room; i++) {
		struct range part = core_part(source, i, phdr->offset, end);

		if (part.start >= part.end)
			continue;
		core_put_load(core, phdr, &part);
		lost -= part.end - part.start;
	}
	core->nr_lost += lost != 0;
	return NULL;
}

static const char *core_add_notes(const struct kdump_core_source *source,
				  struct kdump_core *core,
				  const struct kdump_elf_phdr *phdr)
{
	if (phdr->filesz != phdr->memsz)
		return "p_filesz and p_memsz differ";
	if (!core_fits(phdr->offset, phdr->filesz, source->limit))
		return "p_offset lies outside of what this machine can address";
	if (!core_exists(source, phdr->offset, phdr->filesz)) {
		core->nr_lost++;
		return NULL;
	}
	core->notes[core->nr_notes++] = (struct kdump_core_notes) {
		.paddr = phdr->offset,
		.size = phdr->filesz,
	};
	return NULL;
}

/* Empty entries, and types other than PT_LOAD and PT_NOTE, are ignored. */
static int core_add_phdrs(const struct kdump_core_source *source,
			  struct kdump_core *core, const void *bytes,
			  unsigned int nr, struct kdump_core_problem *problem)
{
	size_t entry = kdump_elf_phdr_size(core->class);
	struct kdump_elf_phdr phdr;
	unsigned int i;

	for (i = 0; i < nr; i++, bytes += entry) {
		const char *what = NULL;

		kdump_elf_decode(kdump_elf_phdr_fields, core->class, bytes,
				 &phdr);
		if (!phdr.filesz && !phdr.memsz)
			continue;
		if (phdr.type == PT_LOAD)
			what = core_add_load(source, core,
					     core_room(source, nr), &phdr);
		else if (phdr.type == PT_NOTE)
			what = core_add_notes(source, core, &phdr);
		if (what)
			return core_fault(problem, i, what);
	}
	if (!core->nr_loads)
		return core_fault(problem, -1, core->nr_lost ?
				  "it describes no memory that this machine has" :
				  "it describes no memory");
	return 0;
}

static int core_read_phdrs(const struct kdump_core_source *source,
			   struct kdump_core *core,
			   const struct kdump_elf_ehdr *ehdr,
			   struct kdump_core_problem *problem)
{
	size_t size = ehdr->phnum * ehdr->phentsize;
	void *bytes;
	int ret;

	bytes = kvmalloc(size, GFP_KERNEL);
	core->loads = kvcalloc(core_room(source, ehdr->phnum),
			       sizeof(*core->loads), GFP_KERNEL);
	core->notes = kvcalloc(ehdr->phnum, sizeof(*core->notes), GFP_KERNEL);
	if (!bytes || !core->loads || !core->notes)
		ret = -ENOMEM;
	else
		ret = source->read(source->context, bytes,
				   source->paddr + ehdr->phoff, size);
	if (!ret)
		ret = core_add_phdrs(source, core, bytes, ehdr->phnum, problem);
	kvfree(bytes);
	return ret;
}

static int core_compare(const void *a, const void *b)
{
	const struct kdump_core_extent *x = a, *y = b;

	return x->paddr < y->paddr ? -1 : x->paddr > y->paddr;
}

/*
 * Join sorted byte ranges to runs of whole pages, in place.  If two ranges
 * share a page without overlapping, the page goes to the lower one.  Return
 * false if one old address is said to be at two places.
 */
static bool core_join(struct kdump_core *core, u64 page_size)
{
	struct kdump_core_extent *last = NULL, *next = core->extents;
	u64 mask = ~(page_size - 1);
	u64 bytes_end = 0;
	unsigned int i;

	for (i = 0; i < core->nr_extents; i++) {
		u64 place = core->extents[i].place & mask;
		u64 start = core->extents[i].paddr & mask;
		u64 exact = core->extents[i].paddr + core->extents[i].size;
		u64 end = (exact + page_size - 1) & mask;
		u64 last_end = last ? last->paddr + last->size : 0;
		bool same = last && place - start == last->place - last->paddr;

		if (last && core->extents[i].paddr < bytes_end && !same)
			return false;
		if (same && start <= last_end) {
			if (end > last_end)
				last->size = end - last->paddr;
		} else {
			u64 skip = last && start < last_end ? last_end - start : 0;

			if (start + skip < end) {
				next->paddr = start + skip;
				next->place = place + skip;
				next->size = end - start - skip;
				last = next++;
			}
		}
		if (exact > bytes_end)
			bytes_end = exact;
	}
	core->nr_extents = next - core->extents;
	return true;
}

static int core_build_extents(const struct kdump_core_source *source,
			      struct kdump_core *core,
			      struct kdump_core_problem *problem)
{
	unsigned int i;

	core->extents = kvcalloc(core->nr_loads, sizeof(*core->extents),
				 GFP_KERNEL);
	if (!core->extents)
		return -ENOMEM;
	for (i = 0; i < core->nr_loads; i++) {
		core->extents[i].paddr = core->loads[i].paddr;
		core->extents[i].place = core->loads[i].place;
		core->extents[i].size = core->loads[i].size;
	}
	core->nr_extents = core->nr_loads;
	sort(core->extents, core->nr_extents, sizeof(*core->extents),
	     core_compare, NULL);
	if (!core_join(core, source->page_size))
		return core_fault(problem, -1,
				  "two PT_LOADs put the same old memory at different places");
	return 0;
}

int kdump_core_read(const struct kdump_core_source *source,
		    struct kdump_core *core,
		    struct kdump_core_problem *problem)
{
	struct kdump_core new = {};
	struct kdump_elf_ehdr ehdr;
	int ret;

	problem->what = NULL;
	problem->phdr = -1;
	ret = core_read_ehdr(source, &new, &ehdr, problem);
	if (ret)
		return ret;
	new.machine = ehdr.machine;
	new.flags = ehdr.flags;
	ret = core_read_phdrs(source, &new, &ehdr, problem);
	if (!ret)
		ret = core_build_extents(source, &new, problem);
	if (ret) {
		kdump_core_free(&new);
		return ret;
	}
	*core = new;
	return 0;
}

void kdump_core_free(struct kdump_core *core)
{
	kvfree(core->loads);
	kvfree(core->extents);
	kvfree(core->notes);
	memset(core, 0, sizeof(*core));
}

bool kdump_core_has_place(const struct kdump_core *core, u64 place)
{
	unsigned int i;

	for (i = 0; i < core->nr_extents; i++) {
		const struct kdump_core_extent *e = &core->extents[i];

		if (place >= e->place && place - e->place < e->size)
			return true;
	}
	return false;
}

unsigned int kdump_core_find(const struct kdump_core *core, u64 paddr)
{
	unsigned int low = 0, high = core->nr_extents;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct kdump_core_extent *e = &core->extents[middle];

		if (paddr - e->paddr < e->size && paddr >= e->paddr)
			return middle;
		if (paddr < e->paddr)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}
