// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD and CRASH on ppc64: what tools must know to translate addresses.
 *
 * Runs in the system kernel.  arch_crash_save_vmcoreinfo() is called once,
 * while it boots; kdump_arch_kernel_map() whenever the core header is built.
 */
#include <linux/crash_core.h>
#include <linux/init.h>
#include <linux/kdump_arch.h>
#include <linux/mmzone.h>
#include <linux/numa.h>
#include <linux/pgalloc.h>
#include <linux/pgtable.h>
#include <linux/stddef.h>

#include <asm/cputable.h>
#include <asm/mmu.h>
#include <asm/page.h>
#include <asm/sections.h>

#ifdef CONFIG_NUMA
static void __init append_numa(void)
{
	vmcoreinfo_append_str("SYMBOL(node_data)=%lx\n", (long)&node_data);
	vmcoreinfo_append_str("LENGTH(node_data)=%lu\n", (long)MAX_NUMNODES);
}
#else
static void __init append_numa(void)
{
}
#endif

#ifdef CONFIG_SPARSEMEM_VMEMMAP
/* With hash page tables, no page table maps the array of struct page. */
static void __init append_vmemmap(void)
{
	vmcoreinfo_append_str("SYMBOL(vmemmap_list)=%lx\n",
			      (long)&vmemmap_list);
	vmcoreinfo_append_str("SIZE(vmemmap_backing)=%zu\n",
			      sizeof(struct vmemmap_backing));
	vmcoreinfo_append_str("OFFSET(vmemmap_backing.list)=%zu\n",
			      offsetof(struct vmemmap_backing, list));
	vmcoreinfo_append_str("OFFSET(vmemmap_backing.phys)=%zu\n",
			      offsetof(struct vmemmap_backing, phys));
	vmcoreinfo_append_str("OFFSET(vmemmap_backing.virt_addr)=%zu\n",
			      offsetof(struct vmemmap_backing, virt_addr));
	vmcoreinfo_append_str("SYMBOL(mmu_vmemmap_psize)=%lx\n",
			      (long)&mmu_vmemmap_psize);
}
#else
static void __init append_vmemmap(void)
{
}
#endif

static void __init append_mmu(void)
{
	vmcoreinfo_append_str("SYMBOL(mmu_psize_defs)=%lx\n",
			      (long)&mmu_psize_defs);
	vmcoreinfo_append_str("SIZE(mmu_psize_def)=%zu\n",
			      sizeof(struct mmu_psize_def));
	vmcoreinfo_append_str("OFFSET(mmu_psize_def.shift)=%zu\n",
			      offsetof(struct mmu_psize_def, shift));
	vmcoreinfo_append_str("SYMBOL(cur_cpu_spec)=%lx\n",
			      (long)&cur_cpu_spec);
	vmcoreinfo_append_str("OFFSET(cpu_spec.mmu_features)=%zu\n",
			      offsetof(struct cpu_spec, mmu_features));
	vmcoreinfo_append_str("NUMBER(RADIX_MMU)=%d\n", early_radix_enabled());
}

void __init arch_crash_save_vmcoreinfo(void)
{
	append_numa();
	append_vmemmap();
	append_mmu();
	/*
	 * There is no KASLR, but a relocatable kernel runs where it was loaded.
	 */
	vmcoreinfo_append_str("KERNELOFFSET=%lx\n",
			      (unsigned long)_stext - KERNELBASE);
}

/* The kernel lies in the direct mapping. */
bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr)
{
	return false;
}
