// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: start in memory that another kernel has reserved.
 *
 * Runs in the capture kernel, on the boot CPU, before the first interrupt.
 * This kernel may use the reservation and the bottom of memory.  The processor
 * takes interrupts at the bottom, and purgatory has backed its old contents up.
 */
#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/crash_dump.h>
#include <linux/init.h>
#include <linux/kdump_format.h>
#include <linux/memblock.h>
#include <linux/minmax.h>
#include <linux/sizes.h>

#include <asm/code-patching.h>
#include <asm/inst.h>
#include <asm/kdump.h>
#include <asm/ppc-opcode.h>
#include <asm/sections.h>

#define VECTORS_START	0x100

/* Two instructions, because a branch reaches 4 bytes less than 32 MB. */
#define VECTOR_ALIGN	8

static void __init vector_send_on(unsigned long vector)
{
	u32 *code = (u32 *)__va(vector);

	patch_instruction(code, ppc_inst(PPC_RAW_NOP()));
	patch_branch(code + 1, (unsigned long)code + PHYSICAL_START, 0);
}

void __init kdump_low_vectors(void)
{
	unsigned long end = __end_interrupts - _stext;
	unsigned long vector;

	BUILD_BUG_ON(CONFIG_PHYSICAL_START > SZ_32M);
	if (IS_ENABLED(CONFIG_RELOCATABLE) || !PHYSICAL_START)
		return;
	for (vector = VECTORS_START; vector < end; vector += VECTOR_ALIGN)
		vector_send_on(vector);
}

void __init kdump_capture_leave_old(void)
{
	const phys_addr_t low = KDUMP_BACKUP_SIZE;
	phys_addr_t start, end;
	u64 i;

	if (!is_kdump_kernel())
		return;
	for_each_reserved_mem_range(i, &start, &end) {
		/* The kernel itself may be reserved right behind; keep it. */
		end = min_t(phys_addr_t, end, PHYSICAL_START);
		if (start <= low && low < end)
			memblock_remove(low, end - low);
	}
}

void __init kdump_capture_cover(phys_addr_t *start, phys_addr_t *end, u64 page)
{
	static phys_addr_t covered __initdata;

	if (!is_kdump_kernel())
		return;
	/* Two blocks may share a page, which must be mapped only once. */
	*start = max(ALIGN_DOWN(*start, page), covered);
	*end = max(ALIGN(*end, page), *start);
	covered = *end;
}
