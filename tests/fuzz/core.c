// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz CAPTURE: a core header, its notes, and the layout of /proc/vmcore.
 *
 * The input is a byte of settings and old memory, which begins at BASE with
 * the ELF header.
 */
#include <linux/errno.h>

#include "vmcore_check.h"

/* Bits of the settings */
#define SIZE_IS_TOLD	0x1
#define SMALL_MACHINE	0x2
#define NO_LEAD		0x4
#define KNOWN_MEMORY	0x8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const u16 machines[] = { EM_X86_64, EM_386, EM_NONE };
	static const struct range memory[] = {
		{ 0, BASE + 0x400 }, { BASE + 0x500, BASE + 0x10000 },
		{ 0x100000, 0x80000000 }, { 1ULL << 32, 1ULL << 33 },
	};
	struct old old = { data + 1, size - 1 };
	struct kdump_core_source source = {
		.paddr = BASE, .page_size = PAGE, .machines = machines,
		.limit = 1ULL << 52, .read = old_read, .context = &old,
	};
	struct kdump_core_problem problem;
	struct kdump_core core;
	int ret;

	if (!size)
		return 0;
	if (*data & SIZE_IS_TOLD)
		source.size = old.size;
	if (*data & SMALL_MACHINE)
		source.limit = BASE + 0x100000;
	if (*data & KNOWN_MEMORY) {
		source.memory = memory;
		source.nr_memory = sizeof(memory) / sizeof(*memory);
	}
	source.lead = !(*data & NO_LEAD);
	ret = kdump_core_read(&source, &core, &problem);
	must(!problem.what == (ret != -EINVAL));
	if (ret)
		return 0;
	check_vmcore(&source, &core);
	kdump_core_free(&core);
	return 0;
}
