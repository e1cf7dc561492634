// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz CAPTURE: notes of a good core header.
 *
 * The input lists notes: a byte for the kind of note, a byte for the number of
 * words in its contents, and these words. So most notes have the right form, and
 * the fuzzer varies what is in them.
 */
#include <linux/kdump_format.h>

#include "vmcore_check.h"

#define NOTES_ROOM	0x8000
#define NOTES_MAX	8

enum { REGISTERS, CPU, INFO, RAW, NEXT_PT_NOTE, KINDS };

static const struct {
	const char *name;
	u32 type;
} kinds[] = {
	[REGISTERS] = { "CORE", NT_PRSTATUS },
	[CPU] = { KDUMP_NOTE_NAME, NT_KDUMP_CPU },
	[INFO] = { "VMCOREINFO", 0 },
};

/* Two adjacent extents, whose PT_LOADs share a page, and a third one elsewhere. */
static struct kdump_core_load loads[] = {
	{ 0xffff888000000000, 0, BASE, 0x4100800, 7 },
	{ 0xffff888004100800, 0x4100800, 0x9100800, 0x5000000, 7 },
	{ ~0ULL, 0x20000000, 0x20000000, 0x4000, 7 },
};

static struct kdump_core_extent extents[] = {
	{ 0, BASE, 0x4101000 },
	{ 0x4101000, 0x9101000, 0x5000000 },
	{ 0x20000000, 0x20000000, 0x4000 },
};

struct writer {
	u8 bytes[NOTES_ROOM];
	size_t used;
	struct kdump_core_notes notes[NOTES_MAX];
	unsigned int nr_notes;
};

static void put(struct writer *w, const void *from, size_t size)
{
	memcpy(w->bytes + w->used, from, size);
	w->used += size;
}

static void put_note(struct writer *w, u8 kind, const uint8_t *desc, u32 size)
{
	const char *name = kinds[kind].name;
	u32 head[3] = { strlen(name) + 1, size, kinds[kind].type };
	static const u8 zeroes[4];

	put(w, head, sizeof(head));
	put(w, name, head[0]);
	put(w, zeroes, -head[0] & 3);
	put(w, desc, size);
}

static void end_pt_note(struct writer *w, size_t *start)
{
	if (w->used > *start && w->nr_notes < NOTES_MAX)
		w->notes[w->nr_notes++] = (struct kdump_core_notes){
			BASE + *start, w->used - *start
		};
	*start = w->used;
}

static void write_notes(struct writer *w, const uint8_t *data, size_t size)
{
	size_t start = 0, words, bytes;
	u8 kind;

	while (size >= 2) {
		kind = *data % KINDS;
		words = data[1];
		data += 2;
		size -= 2;
		bytes = min(4 * words, size & ~(size_t)3);
		if (w->used + bytes + 32 > NOTES_ROOM)
			break;
		if (kind == NEXT_PT_NOTE) {
			end_pt_note(w, &start);
			continue;
		}
		if (kind == RAW)
			put(w, data, bytes);
		else
			put_note(w, kind, data, bytes);
		data += bytes;
		size -= bytes;
	}
	end_pt_note(w, &start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct writer w;
	struct old old = { w.bytes, NOTES_ROOM };
	struct kdump_core_source source = {
		.page_size = PAGE, .lead = true, .limit = 1ULL << 52,
		.read = old_read, .context = &old,
	};
	struct kdump_core core = {
		.class = ELFCLASS64, .machine = EM_X86_64,
		.nr_loads = 3, .loads = loads,
		.nr_extents = 3, .extents = extents, .notes = w.notes,
	};

	w.used = 0;
	w.nr_notes = 0;
	write_notes(&w, data, size);
	core.nr_notes = w.nr_notes;
	check_vmcore(&source, &core);
	return 0;
}
