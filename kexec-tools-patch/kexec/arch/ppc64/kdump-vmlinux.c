// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: what a vmlinux of ppc64 is and where it runs.
 *
 * Pure.  A vmlinux is ET_EXEC whether it is relocatable or not, and its program
 * headers have physical addresses as if it ran at 0.  The entry point is the
 * virtual address of its first byte and so tells where it was linked.
 */
#include <elf.h>
#include <string.h>

#include "kdump-ppc64.h"

/* Start of the direct mapping, in which a kernel runs. */
#define DIRECT_MAPPING	0xc000000000000000ULL
#define REGION_MASK	0xf000000000000000ULL

/* COMMAND_LINE_SIZE of the kernel, without the NUL. */
#define CMDLINE_MAX	2047

/* Page size of the direct mapping with a hash MMU. */
#define RELOCATABLE_ALIGN	(16 << 20)

/*
 * Offset of a word in the start code of a relocatable kernel.  By its value
 * the kernel moves itself down to address 0 or stays where it is.
 */
#define RUN_AT_LOAD	0x5c
#define MOVE_TO_0	0x72756e30
#define STAY		1

static bool is_relocatable(const struct kdump_kernel *kernel)
{
	uint32_t word;

	memcpy(&word, kernel->load[0].data + RUN_AT_LOAD, sizeof(word));
	return word == MOVE_TO_0 || word == STAY;
}

/* The kernel is entered at its first byte. */
static void move_kernel(struct kdump_kernel *kernel, uint64_t paddr)
{
	unsigned int i;

	for (i = 0; i < kernel->loads; i++)
		kernel->load[i].paddr += paddr - kernel->min;
	kernel->entry = paddr;
	kernel->min = paddr;
}

int kdump_vmlinux_parse(const char *buf, size_t len,
			struct kdump_kernel *kernel, struct kdump_why *why)
{
	struct kdump_kernel parsed;
	int err;

	if (!kdump_elf_is(buf, len))
		return kdump_explain(why, "not a kernel: not an ELF file (vmlinux)");
	err = kdump_elf_parse(buf, len, &parsed, why);
	if (err)
		return err;
	if (parsed.machine != EM_PPC64 || !parsed.entry64)
		return kdump_explain(why, "built for another architecture (ELF machine %u)",
				     parsed.machine);
	if ((parsed.entry & REGION_MASK) != DIRECT_MAPPING || !parsed.mapped)
		return kdump_explain(why, "not a kernel: its entry point is not a kernel address");
	if (parsed.load[0].paddr != parsed.min ||
	    parsed.load[0].filesz < KDUMP_START_CODE)
		return kdump_explain(why, "not a kernel: it does not begin with code");
	parsed.fixed = !is_relocatable(&parsed);
	move_kernel(&parsed, parsed.fixed ? parsed.entry & ~REGION_MASK : 0);
	if (!parsed.fixed)
		parsed.align = RELOCATABLE_ALIGN;
	parsed.kind = "elf-ppc64";
	parsed.cmdline_max = CMDLINE_MAX;
	*kernel = parsed;
	return 0;
}

void kdump_vmlinux_start_code(const struct kdump_kernel *kernel, uint32_t first,
			      void *code)
{
	const uint32_t stay = STAY;

	memcpy(code, kernel->load[0].data, KDUMP_START_CODE);
	memcpy(code, &first, sizeof(first));
	if (!kernel->fixed)
		memcpy((char *)code + RUN_AT_LOAD, &stay, sizeof(stay));
}
