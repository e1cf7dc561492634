// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: the format of a note.
 *
 * Runs in the system kernel, in any context, NMI too: no locks, no allocation.
 */
#include <linux/crash_core.h>
#include <linux/elf.h>
#include <linux/math.h>
#include <linux/string.h>

u32 *append_elf_note(u32 *buf, const char *name, unsigned int type,
		     const void *data, size_t size)
{
	struct elf_note *note = (struct elf_note *)buf;
	size_t name_size = strlen(name) + 1;

	note->n_namesz = name_size;
	note->n_descsz = size;
	note->n_type = type;
	buf += sizeof(*note) / sizeof(*buf);
	memcpy(buf, name, name_size);
	buf += DIV_ROUND_UP(name_size, sizeof(*buf));
	memcpy(buf, data, size);
	return buf + DIV_ROUND_UP(size, sizeof(*buf));
}

void final_note(u32 *buf)
{
	memset(buf, 0, sizeof(struct elf_note));
}
