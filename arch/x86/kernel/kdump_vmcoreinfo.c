// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH on x86: what tools must know to translate addresses.
 *
 * Runs in the system kernel, once, while it boots.
 */
#include <linux/crash_core.h>
#include <linux/mem_encrypt.h>
#include <linux/mmzone.h>
#include <linux/numa.h>
#include <linux/pgtable.h>

#include <asm/setup.h>

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
