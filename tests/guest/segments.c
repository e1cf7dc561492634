// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: call kexec_load(2) with lists of segments that are wrong.
 *
 * usage: segments any|bad COUNT SEED
 *        segments race SECONDS SEED
 *        segments large MIB
 *
 * Every call begins as a right list. Then faults are put in: first each fault
 * alone, then up to three at random. The answers that the kernel may give follow
 * from the contract in include/linux/kdump.h, not from the faults: any error that
 * applies, or success if none applies. "any" makes all calls, and so loads and
 * replaces images of garbage. "bad" leaves out the calls that would succeed, and
 * the armed image must stay armed. "race" makes bad calls from several threads at
 * once.  "large" loads one right segment of that size.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <linux/kexec.h>

#if defined(__x86_64__)
# define KEXEC_ARCH_OURS	KEXEC_ARCH_X86_64
# define MACHINE_OURS		EM_X86_64
#elif defined(__powerpc64__)
# define KEXEC_ARCH_OURS	KEXEC_ARCH_PPC64
# define MACHINE_OURS		EM_PPC64
#else
# define KEXEC_ARCH_OURS	KEXEC_ARCH_386
# define MACHINE_OURS		EM_X86_64	/* of an ELF64 header */
#endif
#ifndef KEXEC_UPDATE_ELFCOREHDR
#define KEXEC_UPDATE_ELFCOREHDR	4
#endif
#define KEXEC_KDUMP_STUB	0x8000	/* kdump_format.h */

/* -PAGE wraps at 2^64 */
#ifdef __powerpc64__
# define PAGE		UINT64_C(0x10000)
#else
# define PAGE		UINT64_C(4096)
#endif
#define BACKUP		UINT64_C(0xa0000)
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
# define DATA_OURS	ELFDATA2MSB
#else
# define DATA_OURS	ELFDATA2LSB
#endif
#define ARENA		(16 * PAGE)	/* bytes to load from; the page behind faults */
#define THREADS		4
#define SEGMENTS	(KEXEC_SEGMENT_MAX + 4)
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

struct call {
	unsigned long entry;
	unsigned long nr;
	unsigned long flags;
	struct kexec_segment segment[SEGMENTS];
	const void *list;		/* what is passed; NULL: @segment */
	int stub;			/* segment with a stub; -1: none */
	bool stub_good;			/* the stub can be used */
	char *arena;			/* ARENA bytes */
	uint64_t seed;
};

static uint64_t first, size;		/* the reservation */
static uint64_t header_size;
static uint64_t armed;			/* bytes that were loaded last */

#define die(...) do {							\
	printf("segments: " __VA_ARGS__);				\
	printf("\n");							\
	exit(1);							\
} while (0)

/* Convert a number to a pointer, which may cut it off. */
static void *at(uint64_t address)
{
	return (void *)(uintptr_t)address;
}

static uint64_t draw(struct call *call, uint64_t below)
{
	call->seed ^= call->seed << 13;
	call->seed ^= call->seed >> 7;
	call->seed ^= call->seed << 17;
	return (call->seed * 0x2545f4914f6cdd1dULL >> 16) % below;
}

static uint64_t read_number(const char *path)
{
	unsigned long long value = 0;
	FILE *file = fopen(path, "r");

	if (!file || fscanf(file, "%llu", &value) != 1)
		die("cannot read %s", path);
	fclose(file);
	return value;
}

static void find_reservation(void)
{
	unsigned long long start, end;
	char line[256];
	FILE *map = fopen("/proc/iomem", "r");

	while (map && fgets(line, sizeof(line), map))
		if (strstr(line, "Crash kernel") &&
		    sscanf(line, "%llx-%llx", &start, &end) == 2) {
			first = start;
			size = end + 1 - start;
		}
	if (!size)
		die("no reservation");
	fclose(map);
	header_size = read_number("/sys/kernel/kdump/elfcorehdr_size");
}

static char *make_arena(void)
{
	char *arena = mmap(NULL, ARENA + PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (arena == MAP_FAILED || mprotect(arena + ARENA, PAGE, PROT_NONE))
		die("no memory");
	return arena;
}

/* Make a right list, in the lower half of the reservation. */
static void make_good(struct call *call)
{
	uint64_t slot = size / (2 * KEXEC_SEGMENT_MAX) / PAGE * PAGE;
	unsigned long i, other;

	call->nr = 1 + draw(call, KEXEC_SEGMENT_MAX);
	call->entry = first + draw(call, size);
	call->flags = KEXEC_ON_CRASH | (draw(call, 2) ? KEXEC_ARCH_OURS : 0);
	call->list = NULL;
	call->stub = -1;
	memset(call->arena, 0, PAGE);
	for (i = 0; i < SEGMENTS; i++) {
		struct kexec_segment *s = &call->segment[i];

		s->mem = at(first + i * slot);
		s->memsz = (1 + draw(call, 16)) * PAGE;
		s->bufsz = draw(call, 4) ? draw(call, s->memsz + 1) : 0;
		s->buf = call->arena + draw(call, ARENA - s->bufsz + 1);
	}
	for (i = call->nr; i > 1; i--) {	/* in any order */
		struct kexec_segment swap = call->segment[i - 1];

		other = draw(call, i);
		call->segment[i - 1] = call->segment[other];
		call->segment[other] = swap;
	}
}

/* ------------------------------------------------------------ the faults -- */

/* Wrong numbers: absolute ones, and ones to add to the right number. */
static const uint64_t absolute[] = {
	0, 1, PAGE, 1ULL << 31, 1ULL << 32, 1ULL << 52, 1ULL << 63,
	-PAGE, -1ULL, 0xffff888000000000, 0xffffffff81000000,
};
static const uint64_t added[] = { 1, 8, 511, 2048, PAGE - 1, -1ULL };

static void wrong_mem(struct call *call, struct kexec_segment *s, unsigned int v)
{
	const uint64_t edges[] = {
		first - PAGE, first + size, first + size - PAGE, first + size + PAGE,
	};

	if (v < COUNT(absolute))
		s->mem = at(absolute[v]);
	else if (v < COUNT(absolute) + COUNT(added))
		s->mem += added[v - COUNT(absolute)];
	else
		s->mem = at(edges[v % COUNT(edges)]);
	(void)call;
}

static void wrong_memsz(struct call *call, struct kexec_segment *s, unsigned int v)
{
	const uint64_t edges[] = {
		size, size + PAGE, first + size - (uintptr_t)s->mem,
		first + size - (uintptr_t)s->mem + PAGE, -(uint64_t)(uintptr_t)s->mem,
	};

	if (v < COUNT(absolute))
		s->memsz = absolute[v];
	else if (v < COUNT(absolute) + COUNT(added))
		s->memsz += added[v - COUNT(absolute)];
	else
		s->memsz = edges[v % COUNT(edges)];
	(void)call;
}

static void wrong_bufsz(struct call *call, struct kexec_segment *s, unsigned int v)
{
	s->bufsz = v < COUNT(absolute) ? absolute[v] :
					 s->memsz + added[v % COUNT(added)];
	(void)call;
}

static void wrong_buf(struct call *call, struct kexec_segment *s, unsigned int v)
{
	static const uint64_t behind[] = { 0, 1, 7, 100, PAGE, PAGE + 1 };

	if (!s->bufsz)
		s->bufsz = s->memsz;
	if (v < COUNT(absolute))
		s->buf = at(absolute[v]);
	else
		s->buf = call->arena + ARENA - behind[v % COUNT(behind)];
}

static void wrong_overlap(struct call *call, struct kexec_segment *s, unsigned int v)
{
	const struct kexec_segment *other = &call->segment[v % call->nr];

	s->mem = other->mem;
	s->memsz = other->memsz;
	if (v & 1)
		s->mem += s->memsz - PAGE;
	else if (v & 2)
		s->mem -= PAGE;
}

static void wrong_entry(struct call *call, struct kexec_segment *s, unsigned int v)
{
	const uint64_t edges[] = { first - 1, first + size, first + size - 1 };

	call->entry = v < COUNT(absolute) ? absolute[v] :
					    edges[v % COUNT(edges)];
	(void)s;
}

static void wrong_flags(struct call *call, struct kexec_segment *s, unsigned int v)
{
	call->flags ^= (1ULL << v) & ~(unsigned long)KEXEC_ON_CRASH;
	(void)s;
}

static void wrong_count(struct call *call, struct kexec_segment *s, unsigned int v)
{
	static const uint64_t counts[] = {
		KEXEC_SEGMENT_MAX + 1, KEXEC_SEGMENT_MAX + 4, 1000, 1ULL << 31,
		1ULL << 32, 1ULL << 59, 1ULL << 63, -1ULL,
	};

	/* A count of 0 would unload the image. */
	call->nr = (unsigned long)counts[v % COUNT(counts)] ?: KEXEC_SEGMENT_MAX + 1;
	(void)s;
}

static void wrong_list(struct call *call, struct kexec_segment *s, unsigned int v)
{
	if (v < COUNT(absolute))
		call->list = at(absolute[v] | 1);
	else	/* half of the first entry can be read */
		call->list = call->arena + ARENA - sizeof(*s) / 2;
}

/* Add a segment for the backup; if there is no room, replace one, not the stub. */
static void add_backup(struct call *call, const struct kexec_segment *stub)
{
	struct kexec_segment *s = &call->segment[call->nr - 1];

	if (call->nr < KEXEC_SEGMENT_MAX)
		s = &call->segment[call->nr++];
	else if (s == stub)
		s--;
	s->mem = at(first + size - BACKUP);
	s->memsz = BACKUP;
	s->bufsz = 0;
}

/* Add the stub of the core header: a good one, or with one fault. */
static void add_stub(struct call *call, struct kexec_segment *s, unsigned int v)
{
	struct {
		Elf64_Ehdr ehdr;
		Elf64_Phdr phdr;
	} stub = {
		.ehdr = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, DATA_OURS,
				     EV_CURRENT },
			.e_type = ET_CORE, .e_machine = MACHINE_OURS, .e_version = 1,
			.e_phoff = sizeof(Elf64_Ehdr), .e_phnum = 1,
			.e_phentsize = sizeof(Elf64_Phdr),
		},
		.phdr = {
			.p_type = PT_LOAD, .p_offset = first + size - BACKUP,
			.p_memsz = BACKUP,
		},
	};
	unsigned long i;

	s->bufsz = sizeof(stub);
	s->memsz = (header_size + PAGE - 1) / PAGE * PAGE;
	call->flags |= KEXEC_KDUMP_STUB;
	call->stub = s - call->segment;
	call->stub_good = v < 2 || v == 9 || v == 16;
	if (v != 18)
		add_backup(call, s);
	switch (v) {
	case 1: stub.ehdr.e_phnum = 0; break;
	case 2: stub.ehdr.e_ident[EI_CLASS] = 0; break;
	case 3: stub.ehdr.e_ident[0] = 0; break;
	case 4: stub.ehdr.e_type = ET_EXEC; break;
	case 5: stub.ehdr.e_phnum = 2; break;
	case 6: stub.ehdr.e_phnum = 0xffff; break;
	case 7: stub.ehdr.e_phoff = -8; break;
	case 8: stub.ehdr.e_phoff = s->bufsz; break;
	case 9: stub.phdr.p_type = PT_NOTE; break;
	case 10: stub.phdr.p_offset = first - PAGE; break;
	case 11: stub.phdr.p_offset = first + size - PAGE; break;
	case 12: stub.phdr.p_memsz = -1; break;
	case 13: stub.phdr.p_paddr = -PAGE; break;
	case 14: s->bufsz = sizeof(stub.ehdr) - 1; break;
	case 15: s->bufsz = 8; break;
	case 19: stub.phdr.p_paddr = 512; break;
	}
	for (i = 0; i < call->nr; i++) {	/* no other segment is a stub */
		call->segment[i].buf = call->arena + PAGE;
		if (call->segment[i].bufsz > ARENA - PAGE)
			call->segment[i].bufsz = 0;
	}
	if (v != 17)
		s->buf = memcpy(call->arena, &stub, sizeof(stub));
	if (v == 16)
		s->memsz = PAGE;
}

static const struct fault {
	void (*make)(struct call *call, struct kexec_segment *s, unsigned int v);
	unsigned int variants;
} faults[] = {
	{ wrong_mem, COUNT(absolute) + COUNT(added) + 4 },
	{ wrong_memsz, COUNT(absolute) + COUNT(added) + 5 },
	{ wrong_bufsz, COUNT(absolute) + COUNT(added) },
	{ wrong_buf, COUNT(absolute) + 6 },
	{ wrong_overlap, 2 * KEXEC_SEGMENT_MAX },
	{ wrong_entry, COUNT(absolute) + 3 },
	{ wrong_flags, 32 },
	{ wrong_count, 8 },
	{ wrong_list, COUNT(absolute) + 1 },
	{ add_stub, 20 },
};

/* ------------------------------------------------- answers of the kernel -- */

enum {
	SUCCESS = 0x1,
	INVALID = 0x2,
	FAULTS = 0x4,
	OUTSIDE = 0x8,
	TOO_BIG = 0x10,
	NO_ROOM = 0x20,
	BUSY = 0x40,
};

#define ANSWERS		7

static atomic_uint answers[ANSWERS];

static unsigned int name_answer(long ret)
{
	static const struct {
		int error;
		unsigned int answer;
	} table[] = {
		{ EINVAL, INVALID }, { EFAULT, FAULTS }, { EADDRNOTAVAIL, OUTSIDE },
		{ EFBIG, TOO_BIG }, { ENOMEM, NO_ROOM }, { EBUSY, BUSY },
	};
	unsigned int i;

	if (!ret)
		return SUCCESS;
	for (i = 0; i < COUNT(table); i++)
		if (table[i].error == errno)
			return table[i].answer;
	return 0;
}

static unsigned int list_segment_errors(const struct call *call, const struct kexec_segment *s)
{
	uint64_t mem = (uintptr_t)s->mem, buf = (uintptr_t)s->buf;
	uint64_t arena = (uintptr_t)call->arena;
	unsigned int may = 0;

	if (mem < first || mem - first >= size ||
	    s->memsz > size - (mem - first))
		may |= OUTSIDE;
	if (mem % PAGE || s->memsz % PAGE || !s->memsz || s->bufsz > s->memsz)
		may |= INVALID;
	if (s->bufsz && (buf < arena || buf - arena > ARENA ||
			 s->bufsz > ARENA - (buf - arena)))
		may |= FAULTS;
	return may;
}

static bool overlap(const struct kexec_segment *a, const struct kexec_segment *b)
{
	uintptr_t a_start = (uintptr_t)a->mem, b_start = (uintptr_t)b->mem;

	return a_start < b_start ? b_start - a_start < a->memsz :
				   a_start - b_start < b->memsz;
}

static unsigned int list_stub_errors(const struct call *call)
{
	unsigned int out = 0;

	if (!(call->flags & (KEXEC_KDUMP_STUB | KEXEC_UPDATE_ELFCOREHDR)))
		return 0;
	if (call->stub < 0 || !call->stub_good)
		out |= INVALID;
	if (call->flags & KEXEC_KDUMP_STUB && call->stub >= 0 &&
	    call->segment[call->stub].memsz < header_size)
		out |= TOO_BIG;
	return out;
}

/* Return every error that applies; 0: none does. */
static unsigned int list_errors(const struct call *call)
{
	unsigned long arch = call->flags & KEXEC_ARCH_MASK, i, j;
	unsigned int out = 0;

	if (call->flags & ~(unsigned long)(KEXEC_ARCH_MASK | KEXEC_ON_CRASH |
					   KEXEC_UPDATE_ELFCOREHDR |
					   KEXEC_KDUMP_STUB) ||
	    (arch && arch != KEXEC_ARCH_OURS) || call->nr > KEXEC_SEGMENT_MAX)
		return INVALID;
	if (call->list)
		return FAULTS;
	if (call->entry < first || call->entry - first >= size)
		out |= OUTSIDE;
	for (i = 0; i < call->nr; i++) {
		out |= list_segment_errors(call, &call->segment[i]);
		for (j = 0; j < i; j++)
			if (overlap(&call->segment[i], &call->segment[j]))
				out |= INVALID;
	}
	return out | list_stub_errors(call);
}

static uint64_t count_bytes(const struct call *call)
{
	uint64_t bytes = 0;

	for (unsigned long i = 0; i < call->nr; i++)
		bytes += call->segment[i].memsz;
	return bytes;
}

/* While an image replaces another one, both of them and their jumps need room. */
static bool is_tight(const struct call *call)
{
	return count_bytes(call) + armed > size - size / 8;
}

/* ------------------------------------------------------------- the calls -- */

static void show(const struct call *call)
{
	printf("entry %#lx nr %lu flags %#lx list %p stub %d\n", call->entry,
	       call->nr, call->flags, call->list, call->stub);
	for (unsigned long i = 0; i < call->nr && i < SEGMENTS; i++)
		printf("  buf arena%+ld bufsz %#zx mem %p memsz %#zx\n",
		       (long)((char *)call->segment[i].buf - call->arena),
		       call->segment[i].bufsz, call->segment[i].mem,
		       call->segment[i].memsz);
}

static bool try(struct call *call, bool only_bad, unsigned int also)
{
	unsigned int allowed = list_errors(call), got;
	long ret;

	if (!allowed && only_bad)
		return false;
	if (!allowed)
		allowed = is_tight(call) ? SUCCESS | NO_ROOM : SUCCESS;
	ret = syscall(SYS_kexec_load, call->entry, call->nr,
		      call->list ?: call->segment, call->flags);
	got = name_answer(ret);
	if (!(got & (allowed | also))) {
		printf("segments: %s, allowed is %#x\n",
		       ret ? strerror(errno) : "success", allowed | also);
		show(call);
		exit(1);
	}
	answers[ffs(got) - 1]++;
	if (got == SUCCESS)
		armed = count_bytes(call);
	return true;
}

/* Each fault alone, in the first, a middle and the last segment. */
static unsigned int try_systematically(struct call *call, bool only_bad)
{
	unsigned int made = 0, f, v, where;

	for (f = 0; f < COUNT(faults); f++)
		for (v = 0; v < faults[f].variants; v++)
			for (where = 0; where < 3; where++) {
				make_good(call);
				faults[f].make(call, &call->segment[where * (call->nr - 1) / 2], v);
				made += try(call, only_bad, 0);
			}
	return made;
}

static bool try_randomly(struct call *call, bool only_bad, unsigned int also)
{
	unsigned int nr;

	make_good(call);
	for (nr = draw(call, 4); nr && call->nr <= KEXEC_SEGMENT_MAX; nr--) {
		const struct fault *fault = &faults[draw(call, COUNT(faults))];

		fault->make(call, &call->segment[draw(call, call->nr)],
			    draw(call, fault->variants));
		if (fault->make == add_stub)	/* a later fault would damage it */
			break;
	}
	return try(call, only_bad, also);
}

static time_t race_end;

static void *racer(void *arg)
{
	struct call *call = arg;
	uintptr_t made = 0;

	while (time(NULL) < race_end)
		made += try_randomly(call, true, BUSY);
	return (void *)made;
}

static unsigned int race(unsigned int seconds, uint64_t seed)
{
	static struct call calls[THREADS];
	pthread_t threads[THREADS];
	unsigned int made = 0;
	void *some;
	int i;

	race_end = time(NULL) + seconds;
	for (i = 0; i < THREADS; i++) {
		calls[i].seed = seed + i;
		calls[i].arena = make_arena();
		pthread_create(&threads[i], NULL, racer, &calls[i]);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &some);
		made += (uintptr_t)some;
	}
	return made;
}

/* Pages of zeroes, which take no memory of this process. */
static void load_large(uint64_t bytes)
{
	struct kexec_segment segment = {
		.buf = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS |
			    MAP_NORESERVE, -1, 0),
		.bufsz = bytes, .mem = at(first), .memsz = bytes,
	};

	if (segment.buf == MAP_FAILED ||
	    syscall(SYS_kexec_load, first, 1, &segment, KEXEC_ON_CRASH))
		die("cannot load a segment of %#zx bytes: %m", segment.bufsz);
}

int main(int argc, char **argv)
{
	static struct call call;
	unsigned int count, made = 0;
	bool only_bad;

	find_reservation();
	if (argc == 3 && !strcmp(argv[1], "large")) {
		load_large(strtoull(argv[2], NULL, 0) << 20);
		return 0;
	}
	if (argc != 4)
		die("usage: segments any|bad|race COUNT SEED, or large MIB");
	only_bad = strcmp(argv[1], "any");
	count = atoi(argv[2]);
	call.seed = strtoull(argv[3], NULL, 0) * 2 + 1;
	call.arena = make_arena();
	if (!strcmp(argv[1], "race")) {
		made = race(count, call.seed);
	} else {
		made = try_systematically(&call, only_bad);
		while (made < count)
			made += try_randomly(&call, only_bad, 0);
	}
	if (only_bad && read_number("/sys/kernel/kexec_crash_loaded") != 1)
		die("nothing is armed any more");
	printf("%u calls: %u succeeded, %u EINVAL, %u EFAULT, %u EADDRNOTAVAIL, %u EFBIG, %u ENOMEM, %u EBUSY\n",
	       made, answers[0], answers[1], answers[2], answers[3], answers[4],
	       answers[5], answers[6]);
	return 0;
}
