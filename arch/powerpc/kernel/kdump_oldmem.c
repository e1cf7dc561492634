// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: reach the memory of the crashed kernel.
 *
 * Runs in the capture kernel.  Old memory is RAM outside of what the device
 * tree calls usable, so it is not in the direct mapping and is mapped as device
 * memory is, but cached.
 */
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/kdump.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/pgtable.h>
#include <linux/range.h>

#include <asm/drmem.h>
#include <asm/mmu.h>

const u16 kdump_arch_machines[] = { EM_PPC64, EM_NONE };

/*
 * crash reads the registers of CPU n from the n-th NT_PRSTATUS, whatever its
 * name.  gdb is told which thread to begin with.
 */
const bool kdump_arch_lead;

u64 kdump_arch_oldmem_limit(void)
{
	return 1ULL << MAX_PHYSMEM_BITS;
}

/* What is being collected by kdump_arch_oldmem_known() */
struct known {
	struct range *memory;
	unsigned int room;
	unsigned int nr;
};

static void __init known_add(struct known *known, u64 start, u64 end)
{
	known->nr = add_range_with_merge(known->memory, known->room, known->nr,
					 start, end);
}

/* Blocks that nobody has given to the crashed kernel may have come later. */
#ifdef CONFIG_PPC_PSERIES
static int __init known_add_block(struct drmem_lmb *block, const __be32 **usm,
				  void *data)
{
	known_add(data, block->base_addr, block->base_addr + drmem_lmb_size());
	return 0;
}

static void __init known_add_blocks(struct known *known)
{
	struct device_node *node =
		of_find_node_by_path("/ibm,dynamic-reconfiguration-memory");

	if (node)
		walk_drmem_lmbs(node, known, known_add_block);
	of_node_put(node);
}
#else
static void __init known_add_blocks(struct known *known)
{
}
#endif

/*
 * The device tree has all memory of the machine; what of it is for this kernel
 * stands beside it.
 */
unsigned int __init kdump_arch_oldmem_known(struct range *memory,
					    unsigned int room)
{
	struct known known = { .memory = memory, .room = room };
	struct device_node *node;
	struct resource piece;
	int i;

	for_each_node_by_type(node, "memory") {
		for (i = 0; !of_address_to_resource(node, i, &piece); i++)
			known_add(&known, piece.start, piece.end + 1);
	}
	known_add_blocks(&known);
	return known.nr < room ? known.nr : 0;
}

/* With radix page tables aligned parts are mapped with huge pages. */
void *kdump_arch_oldmem_map(u64 place, size_t size)
{
	return (__force void *)ioremap_prot(place, size,
					    pgprot_val(PAGE_KERNEL));
}

void kdump_arch_oldmem_unmap(void *memory)
{
	iounmap((__force void __iomem *)memory);
}
