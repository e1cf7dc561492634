// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE on ppc64: reach the memory of the crashed kernel.
 *
 * Runs in the capture kernel.  Old memory is RAM that the device tree does not
 * call usable.  So it is not in the direct mapping, and is mapped like device
 * memory, but cached.
 */
#include <linux/elf.h>
#include <linux/io.h>
#include <linux/kdump_arch.h>
#include <linux/of.h>
#include <linux/of_address.h>
#include <linux/pgtable.h>
#include <linux/range.h>

#include <asm/drmem.h>
#include <asm/mmu.h>

const u16 kdump_arch_machines[] = { EM_PPC64, EM_NONE };

/*
 * No copy of registers leads: crash takes the n-th NT_PRSTATUS, whatever its
 * name, for CPU n.  The user tells gdb which thread crashed.
 */
const bool kdump_arch_lead;

u64 kdump_arch_oldmem_limit(void)
{
	return 1ULL << MAX_PHYSMEM_BITS;
}

/* What kdump_arch_oldmem_known() has collected so far */
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

/* Blocks of memory that were not there at the load may have come later. */
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
 * The device tree lists all memory of the machine.  Other properties say which
 * of it this kernel may use.
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

/* With radix page tables, huge pages map the aligned parts. */
void *kdump_arch_oldmem_map(u64 paddr, size_t size, bool image)
{
	return (__force void *)ioremap_prot(paddr, size,
					    pgprot_val(PAGE_KERNEL));
}

void kdump_arch_oldmem_unmap(void *memory)
{
	iounmap((__force void __iomem *)memory);
}
