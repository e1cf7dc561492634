// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: what a vmlinux of ppc64 is and where it runs.
 *
 * Pure.  It is ET_EXEC whether relocatable or not, and its program headers have
 * physical addresses as if it ran at 0.  The entry point, which is virtual and
 * its first byte, tells where it was linked.
 */
#include <elf.h>
#include <string.h>

#include "kdump-ppc64.h"

/* The direct mapping begins here; a kernel runs in it. */
#define DIRECT_MAPPING	0xc000000000000000ULL
#define REGION_MASK	0xf000000000000000ULL

/* From COMMAND_LINE_SIZE of the kernel. */
#define CMDLINE_MAX	2047

/* Pages of a hash MMU's direct mapping are that large. */
#define RELOCATABLE_ALIGN	(16 << 20)

/*
 * A word in the start code of a relocatable kernel: it moves down to 0 if it
 * finds the one, and stays where it is if it finds the other.
 */
#define RUN_AT_LOAD	0x5c
#define MOVE_TO_0	0x72756e30
#define STAY		1

static bool is_relocatable(const struct kdump_image *image)
{
	uint32_t word;

	memcpy(&word, image->load[0].data + RUN_AT_LOAD, sizeof(word));
	return word == MOVE_TO_0 || word == STAY;
}

/* All of it, to @place; its entry is its beginning. */
static void move(struct kdump_image *image, uint64_t place)
{
	unsigned int i;

	for (i = 0; i < image->loads; i++)
		image->load[i].addr += place - image->min;
	image->entry = place;
	image->min = place;
}

int kdump_vmlinux_parse(const char *buf, size_t len,
			struct kdump_image *image, struct kdump_why *why)
{
	struct kdump_image parsed;
	int err;

	if (!kdump_elf_is(buf, len))
		return kdump_because(why, "not a kernel: no ELF file (vmlinux)");
	err = kdump_elf_parse(buf, len, &parsed, why);
	if (err)
		return err;
	if (parsed.machine != EM_PPC64 || !parsed.entry64)
		return kdump_because(why, "built for another architecture (ELF machine %u)",
				     parsed.machine);
	if ((parsed.entry & REGION_MASK) != DIRECT_MAPPING || !parsed.mapped)
		return kdump_because(why, "not a kernel: its entry point is not where those of kernels are");
	if (parsed.load[0].addr != parsed.min ||
	    parsed.load[0].filesz < KDUMP_START_CODE)
		return kdump_because(why, "not a kernel: it does not begin with code");
	parsed.fixed = !is_relocatable(&parsed);
	move(&parsed, parsed.fixed ? parsed.entry & ~REGION_MASK : 0);
	if (!parsed.fixed)
		parsed.align = RELOCATABLE_ALIGN;
	parsed.kind = "elf-ppc64";
	parsed.cmdline_max = CMDLINE_MAX;
	*image = parsed;
	return 0;
}

/*
 * Write KDUMP_START_CODE bytes: those of the kernel, but for the first
 * instruction, by which the CPU that crashed enters.
 */
void kdump_vmlinux_start_code(const struct kdump_image *image, uint32_t first,
			      void *code)
{
	const uint32_t stay = STAY;

	memcpy(code, image->load[0].data, KDUMP_START_CODE);
	memcpy(code, &first, sizeof(first));
	if (!image->fixed)
		memcpy((char *)code + RUN_AT_LOAD, &stay, sizeof(stay));
}
