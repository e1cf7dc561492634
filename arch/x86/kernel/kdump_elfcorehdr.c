// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: what the core header says that only x86 knows.
 *
 * Runs in the system kernel, in process context.
 */
#include <linux/kdump.h>
#include <linux/kdump_elf.h>
#include <linux/mm.h>

#include <asm/page.h>
#include <asm/sections.h>

bool kdump_arch_kernel_map(struct kdump_elf_phdr *phdr)
{
	if (!IS_ENABLED(CONFIG_X86_64))
		return false;
	phdr->vaddr = (unsigned long)_text;
	phdr->paddr = __pa_symbol(_text);
	phdr->memsz = PAGE_ALIGN((unsigned long)_end - (unsigned long)_text);
	return true;
}
