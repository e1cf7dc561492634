// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: collect the notes of the crashed kernel.
 *
 * Runs while the capture kernel boots, and in unit tests and fuzzers on the
 * host.  A dying kernel wrote the notes into memory that anything could have
 * overwritten.  They are read once and then checked.
 */
#include <linux/align.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "vmcore_layout.h"

/* Notes are laid out alike in ELF32 and ELF64. */
#define NOTE_HEAD	sizeof(Elf32_Nhdr)

/*
 * The size of NT_PRSTATUS tells 64-bit registers from 32-bit ones, and so where
 * pr_pid is.
 */
#define PRSTATUS64_MIN	300
#define PRSTATUS64_PID	32
#define PRSTATUS32_PID	24

/* More runs than this cannot become program headers. */
#define NOTE_RUNS_MAX	KDUMP_PHNUM_MAX

/* One note in a buffer. */
struct note {
	u32 type;
	u32 name_size;
	u32 desc_size;
	const void *name;
	const void *desc;
	size_t size;		/* with header and padding */
};

/*
 * Make room in an array.  Its size at least doubles, so that many small
 * PT_NOTEs do not move it each time.
 */
static int notes_grow(void **array, size_t used, size_t *room, size_t want)
{
	size_t more = max_t(size_t, 2 * *room, want);
	void *new;

	if (want <= *room)
		return 0;
	new = kvmalloc(more, GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	if (used)
		memcpy(new, *array, used);
	kvfree(*array);
	*array = new;
	*room = more;
	return 0;
}

/*
 * Parse the note at the beginning of @bytes.  Return false if there is none,
 * and set @damaged unless the notes end here as they should.
 */
static bool notes_parse(const void *bytes, size_t left, struct note *note,
			bool *damaged)
{
	Elf32_Nhdr head;
	u64 desc, end;

	if (left < NOTE_HEAD)
		return false;
	memcpy(&head, bytes, NOTE_HEAD);
	if (!head.n_namesz && !head.n_descsz && !head.n_type)
		return false;
	desc = NOTE_HEAD + ALIGN((u64)head.n_namesz, 4);
	end = desc + ALIGN((u64)head.n_descsz, 4);
	if (!head.n_namesz || end > left) {
		*damaged = true;
		return false;
	}
	note->type = head.n_type;
	note->name_size = head.n_namesz;
	note->desc_size = head.n_descsz;
	note->name = bytes + NOTE_HEAD;
	note->desc = bytes + desc;
	note->size = end;
	return true;
}

static bool note_is(const struct note *note, u32 type, const char *name)
{
	return note->type == type && note->name_size == strlen(name) + 1 &&
	       !memcmp(note->name, name, note->name_size);
}

static size_t prstatus_pid_offset(size_t size)
{
	return size < PRSTATUS64_MIN ? PRSTATUS32_PID : PRSTATUS64_PID;
}

/* NT_PRSTATUS of a CPU stands right before the NT_KDUMP_CPU note in @note. */
static void notes_find_crashed(struct vmcore_notes *notes,
			       const struct note *note, size_t at, size_t size)
{
	struct kdump_cpu_note cpu = {};

	memcpy(&cpu, note->desc, min_t(size_t, note->desc_size,
				       offsetof(struct kdump_cpu_note, run)));
	if (!(cpu.flags & KDUMP_CPU_CRASHED) || notes->crashed_size || !size)
		return;
	notes->crash_time = cpu.time;
	notes->crashed = at;
	notes->crashed_size = size;
	notes->crashed_index = notes->nr_prstatus - 1;
}

/* Collect the stacks from the note of a CPU. */
static int notes_add_runs(struct vmcore_notes *notes, const struct note *note,
			  bool *damaged)
{
	const size_t one = sizeof(struct kdump_stack_run);
	const size_t head = offsetof(struct kdump_cpu_note, run);
	size_t room = notes->runs_room * one;
	void *runs = notes->runs;
	struct kdump_cpu_note cpu = {};
	int ret;

	memcpy(&cpu, note->desc, min_t(size_t, note->desc_size, sizeof(cpu)));
	if (note->desc_size < head || cpu.nr_runs > KDUMP_STACK_RUNS_MAX ||
	    note->desc_size < head + cpu.nr_runs * one ||
	    notes->nr_runs + cpu.nr_runs > NOTE_RUNS_MAX) {
		*damaged = true;
		return 0;
	}
	if (!cpu.nr_runs)
		return 0;
	ret = notes_grow(&runs, notes->nr_runs * one, &room,
			 (notes->nr_runs + cpu.nr_runs) * one);
	if (ret)
		return ret;
	notes->runs = runs;
	notes->runs_room = room / one;
	memcpy(notes->runs + notes->nr_runs, cpu.run, cpu.nr_runs * one);
	notes->nr_runs += cpu.nr_runs;
	return 0;
}

/* Append the notes in @bytes up to the end mark. */
static int notes_append(struct vmcore_notes *notes, const void *bytes,
			size_t size)
{
	size_t used = 0, prstatus = 0;
	bool damaged = false;
	struct note note;
	int ret;

	while (notes_parse(bytes + used, size - used, &note, &damaged)) {
		if (note_is(&note, NT_KDUMP_CPU, KDUMP_NOTE_NAME)) {
			notes_find_crashed(notes, &note,
					   notes->size + used - prstatus,
					   prstatus);
			ret = notes_add_runs(notes, &note, &damaged);
			if (ret)
				return ret;
		}
		prstatus = 0;
		if (note_is(&note, NT_PRSTATUS, "CORE") &&
		    note.desc_size >= PRSTATUS64_PID + sizeof(u32)) {
			prstatus = note.size;
			notes->nr_prstatus++;
		}
		used += note.size;
	}
	notes->damaged += damaged;
	ret = notes_grow(&notes->data, notes->size, &notes->room,
			 notes->size + used);
	if (ret)
		return ret;
	if (used)
		memcpy(notes->data + notes->size, bytes, used);
	notes->size += used;
	return 0;
}

static int notes_read(const struct kdump_core_source *source,
		      const struct kdump_core_notes *from,
		      struct vmcore_notes *notes)
{
	u64 room = min_t(u64, VMCORE_NOTES_MAX,
			 VMCORE_ALL_NOTES_MAX - notes->seen);
	size_t size = min(from->size, room);
	void *bytes;
	int ret;

	if (!size) {
		notes->damaged++;
		return 0;
	}
	bytes = kvmalloc(size, GFP_KERNEL);
	if (!bytes)
		return -ENOMEM;
	notes->seen += size;
	ret = source->read(source->context, bytes, from->paddr, size);
	if (!ret)
		ret = notes_append(notes, bytes, size);
	else
		notes->damaged++;
	kvfree(bytes);
	return ret == -ENOMEM ? ret : 0;
}

/* Put a copy of the crashed CPU's registers before all other notes. */
static int notes_add_lead(struct vmcore_notes *notes)
{
	const size_t name = ALIGN(sizeof(KDUMP_NOTE_NAME), 4);
	Elf32_Nhdr head = { sizeof(KDUMP_NOTE_NAME), 0, NT_PRSTATUS };
	bool damaged = false;
	struct note from;
	size_t size;
	u32 pid;
	void *lead;
	int ret;

	if (!notes->crashed_size || !notes->crashed_index ||
	    !notes_parse(notes->data + notes->crashed, notes->crashed_size,
			 &from, &damaged))
		return 0;
	memcpy(&pid, from.desc + prstatus_pid_offset(from.desc_size),
	       sizeof(pid));
	pid += VMCORE_LEAD_PID;
	head.n_descsz = from.desc_size;
	size = NOTE_HEAD + name + ALIGN((size_t)from.desc_size, 4);
	ret = notes_grow(&notes->data, notes->size, &notes->room,
			 notes->size + size);
	if (ret)
		return ret;

	lead = notes->data;
	memmove(lead + size, lead, notes->size);
	memset(lead, 0, NOTE_HEAD + name);
	memcpy(lead, &head, NOTE_HEAD);
	memcpy(lead + NOTE_HEAD, KDUMP_NOTE_NAME, sizeof(KDUMP_NOTE_NAME));
	memcpy(lead + NOTE_HEAD + name,
	       lead + size + notes->crashed + NOTE_HEAD + ALIGN(sizeof("CORE"), 4),
	       size - NOTE_HEAD - name);
	memcpy(lead + NOTE_HEAD + name + prstatus_pid_offset(head.n_descsz),
	       &pid, sizeof(pid));
	notes->size += size;
	return 0;
}

/* Find VMCOREINFO; false: there is none, or it tells the time already. */
static bool notes_find_vmcoreinfo(const struct vmcore_notes *notes,
				  struct note *note, size_t *at)
{
	static const char key[] = "\nCRASHTIME=";
	const size_t length = sizeof(key) - 1;
	bool damaged = false;
	size_t i;

	for (*at = 0; notes_parse(notes->data + *at, notes->size - *at, note,
				  &damaged); *at += note->size) {
		if (!note_is(note, 0, "VMCOREINFO"))
			continue;
		for (i = 0; i + length <= note->desc_size; i++)
			if (!memcmp(note->desc + i, key, length))
				return false;
		return true;
	}
	return false;
}

/* Append a line with the time of the crash to VMCOREINFO. */
static int notes_add_time(struct vmcore_notes *notes)
{
	size_t at, behind, desc, size;
	struct note note;
	Elf32_Nhdr head;
	char line[24];
	void *data;
	int ret;

	if (!notes->crash_time || !notes_find_vmcoreinfo(notes, &note, &at))
		return 0;
	size = snprintf(line, sizeof(line), "CRASHTIME=%u\n",
			notes->crash_time);
	desc = note.desc - notes->data + note.desc_size;
	behind = at + note.size;
	notes->time_note = at;
	notes->time_bytes = ALIGN((size_t)note.desc_size + size, 4) -
			    ALIGN((size_t)note.desc_size, 4);
	ret = notes_grow(&notes->data, notes->size, &notes->room,
			 notes->size + notes->time_bytes);
	if (ret)
		return ret;

	data = notes->data;
	memmove(data + behind + notes->time_bytes, data + behind,
		notes->size - behind);
	memset(data + desc, 0, behind + notes->time_bytes - desc);
	memcpy(data + desc, line, size);
	memcpy(&head, data + at, NOTE_HEAD);
	head.n_descsz += size;
	memcpy(data + at, &head, NOTE_HEAD);
	notes->size += notes->time_bytes;
	return 0;
}

int vmcore_notes_create(const struct kdump_core_source *source,
			const struct kdump_core *core,
			struct vmcore_notes *notes)
{
	struct vmcore_notes new = {};
	unsigned int i;
	int ret;

	for (i = 0, ret = 0; i < core->nr_notes && !ret; i++)
		ret = notes_read(source, &core->notes[i], &new);
	if (!ret && source->lead)
		ret = notes_add_lead(&new);
	if (!ret)
		ret = notes_add_time(&new);
	if (ret) {
		vmcore_notes_destroy(&new);
		return ret;
	}
	*notes = new;
	return 0;
}

void vmcore_notes_destroy(struct vmcore_notes *notes)
{
	kvfree(notes->data);
	kvfree(notes->runs);
	memset(notes, 0, sizeof(*notes));
}
