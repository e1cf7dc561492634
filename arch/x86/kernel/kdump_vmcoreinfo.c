// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD and CRASH on x86: what tools must know to translate addresses.
 *
 * Runs in the system kernel.  arch_crash_save_vmcoreinfo() is called once,
 * while it boots; kdump_arch_kernel_map() whenever the core header is built.
 */
#include <linux/crash_core.h>
#include <linux/kdump_arch.h>
#include <linux/kdump_elf.h>
#include <linux/mem_encrypt.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/numa.h>
#include <linux/pgtable.h>

#include <asm/page.h>
#include <asm/sections.h>
#include <asm/setup.h>
#include <asm/xen/page.h>

#include <xen/xen.h>

/*
 * To a Xen PV guest, physical addresses are made up by Xen.  What reads the note
 * from outside, as Xen's own capture kernel does for dom0, needs the real one.
 */
phys_addr_t paddr_vmcoreinfo_note(void)
{
	if (xen_pv_domain())
		return virt_to_machine(vmcoreinfo_note).maddr;
	return __pa(vmcoreinfo_note);
}

static void __init append_numa(void)
{
#ifdef CONFIG_NUMA
	vmcoreinfo_append_str("LENGTH(node_data)=%lu\n", (long)MAX_NUMNODES);
	vmcoreinfo_append_str("SYMBOL(node_data)=%lx\n", (long)&node_data);
#endif
}

#ifdef CONFIG_X86_64
void __init arch_crash_save_vmcoreinfo(void)
{
	append_numa();
	vmcoreinfo_append_str("SYMBOL(init_top_pgt)=%lx\n",
			      (long)&init_top_pgt);
	vmcoreinfo_append_str("NUMBER(phys_base)=%ld\n", (long)phys_base);
	vmcoreinfo_append_str("NUMBER(pgtable_l5_enabled)=%d\n",
			      pgtable_l5_enabled());
	vmcoreinfo_append_str("NUMBER(KERNEL_IMAGE_SIZE)=%ld\n",
			      (long)KERNEL_IMAGE_SIZE);
	vmcoreinfo_append_str("NUMBER(sme_mask)=%lld\n", (u64)sme_me_mask);
	vmcoreinfo_append_str("KERNELOFFSET=%lx\n", kaslr_offset());
}
#else
void __init arch_crash_save_vmcoreinfo(void)
{
	append_numa();
	if (IS_ENABLED(CONFIG_X86_PAE))
		vmcoreinfo_append_str("CONFIG_X86_PAE=y\n");
	vmcoreinfo_append_str("KERNELOFFSET=%lx\n", kaslr_offset());
}
#endif

bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr)
{
	if (!IS_ENABLED(CONFIG_X86_64))
		return false;
	phdr->vaddr = (unsigned long)_text;
	phdr->paddr = __pa_symbol(_text);
	phdr->memsz = PAGE_ALIGN((unsigned long)_end - (unsigned long)_text);
	return true;
}
