// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRASH: VMCOREINFO, the note from which a tool learns where to begin.
 *
 * Runs in the system kernel, once, while it boots; the note does not change
 * afterwards.  It has the keys that crash, makedumpfile and drgn ask for; see
 * Documentation/kdump/vmcoreinfo.rst.  Dumps have the note, and so do
 * /proc/kcore and, if the machine is QEMU's, the dumps of its monitor.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/buildid.h>
#include <linux/crash_core.h>
#include <linux/export.h>
#include <linux/hugetlb.h>
#include <linux/init.h>
#include <linux/kdump.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/page-flags.h>
#include <linux/printk.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include <asm/sections.h>

#include "../kallsyms_internal.h"
#include "../printk/printk_ringbuffer.h"

/* The header of the note and a page of text, in the kernel image. */
static u32 note_bytes[VMCOREINFO_NOTE_SIZE / sizeof(u32)] __page_aligned_bss;

u32 *vmcoreinfo_note __ro_after_init = note_bytes;

unsigned char *vmcoreinfo_data __ro_after_init =
	(unsigned char *)note_bytes + sizeof(struct elf_note) +
	VMCOREINFO_NOTE_NAME_BYTES;
size_t vmcoreinfo_size __ro_after_init;

static char text[VMCOREINFO_BYTES] __initdata;
static size_t text_size __initdata;

struct vmcoreinfo_number {
	const char *key;
	long value;
};

struct vmcoreinfo_symbol {
	const char *name;
	const void *address;
};

#define TYPE_BYTES(type)	{ "SIZE(" #type ")", sizeof(type) }
#define STRUCT_BYTES(type)	{ "SIZE(" #type ")", sizeof(struct type) }
#define FIELD(type, field) \
	{ "OFFSET(" #type "." #field ")", offsetof(struct type, field) }
#define NUMBER(name)		{ "NUMBER(" #name ")", name }
#define NUMBER_AS(name, value)	{ "NUMBER(" name ")", value }
#define LENGTH(name, value)	{ "LENGTH(" name ")", value }
#define VARIABLE(name)		{ #name, &(name) }

static const struct vmcoreinfo_number memory_numbers[] __initconst = {
	STRUCT_BYTES(free_area),
	FIELD(free_area, free_list),
	LENGTH("free_area.free_list", MIGRATE_TYPES),

	STRUCT_BYTES(list_head),
	FIELD(list_head, prev),
	FIELD(list_head, next),

	TYPE_BYTES(nodemask_t),

	STRUCT_BYTES(page),
	FIELD(page, _mapcount),
	FIELD(page, _refcount),
	FIELD(page, compound_dtor),
	FIELD(page, compound_head),
	FIELD(page, compound_order),
	FIELD(page, flags),
	FIELD(page, lru),
	FIELD(page, mapping),
	FIELD(page, private),

	STRUCT_BYTES(pglist_data),
	FIELD(pglist_data, node_id),
#ifdef CONFIG_FLATMEM
	FIELD(pglist_data, node_mem_map),
#endif
	FIELD(pglist_data, node_spanned_pages),
	FIELD(pglist_data, node_start_pfn),
	FIELD(pglist_data, node_zones),
	FIELD(pglist_data, nr_zones),

	FIELD(uts_namespace, name),

	FIELD(vmap_area, list),
	FIELD(vmap_area, va_start),

	STRUCT_BYTES(zone),
	FIELD(zone, free_area),
	LENGTH("zone.free_area", MAX_ORDER),
	FIELD(zone, spanned_pages),
	FIELD(zone, vm_stat),

#ifdef CONFIG_SPARSEMEM
	STRUCT_BYTES(mem_section),
	FIELD(mem_section, section_mem_map),
	NUMBER(SECTION_SIZE_BITS),
#endif
};

static const struct vmcoreinfo_number page_numbers[] __initconst = {
#ifdef CONFIG_HUGETLB_PAGE
	NUMBER(HUGETLB_PAGE_DTOR),
#endif
	NUMBER(NR_FREE_PAGES),
	NUMBER_AS("PAGE_BUDDY_MAPCOUNT_VALUE", ~PG_buddy),
	NUMBER_AS("PAGE_OFFLINE_MAPCOUNT_VALUE", ~PG_offline),
	NUMBER(PG_head_mask),
#ifdef CONFIG_MEMORY_FAILURE
	NUMBER(PG_hwpoison),
#endif
	NUMBER(PG_lru),
	NUMBER(PG_private),
	NUMBER(PG_slab),
	NUMBER(PG_swapbacked),
	NUMBER(PG_swapcache),
};

#ifdef CONFIG_PRINTK
#define MEMBER_LENGTH(type, member) \
	LENGTH("printk_info_" #member, sizeof_field(struct type, member))

static const struct vmcoreinfo_number log_numbers[] __initconst = {
	TYPE_BYTES(atomic_long_t),
	{ "OFFSET(atomic_long_t.counter)", offsetof(atomic_long_t, counter) },

	STRUCT_BYTES(dev_printk_info),
	FIELD(dev_printk_info, device),
	MEMBER_LENGTH(dev_printk_info, device),
	FIELD(dev_printk_info, subsystem),
	MEMBER_LENGTH(dev_printk_info, subsystem),

	STRUCT_BYTES(prb_data_blk_lpos),
	FIELD(prb_data_blk_lpos, next),
	FIELD(prb_data_blk_lpos, begin),

	STRUCT_BYTES(prb_data_ring),
	FIELD(prb_data_ring, data),
	FIELD(prb_data_ring, head_lpos),
	FIELD(prb_data_ring, size_bits),
	FIELD(prb_data_ring, tail_lpos),

	STRUCT_BYTES(prb_desc),
	FIELD(prb_desc, text_blk_lpos),
	FIELD(prb_desc, state_var),

	STRUCT_BYTES(prb_desc_ring),
	FIELD(prb_desc_ring, infos),
	FIELD(prb_desc_ring, descs),
	FIELD(prb_desc_ring, count_bits),
	FIELD(prb_desc_ring, tail_id),
	FIELD(prb_desc_ring, head_id),

	STRUCT_BYTES(printk_info),
	FIELD(printk_info, caller_id),
	FIELD(printk_info, dev_info),
	FIELD(printk_info, seq),
	FIELD(printk_info, text_len),
	FIELD(printk_info, ts_nsec),

	STRUCT_BYTES(printk_ringbuffer),
	FIELD(printk_ringbuffer, text_data_ring),
	FIELD(printk_ringbuffer, fail),
	FIELD(printk_ringbuffer, desc_ring),
};
#endif

static const struct vmcoreinfo_symbol symbols[] __initconst = {
	VARIABLE(_stext),
	VARIABLE(init_uts_ns),
	{ "swapper_pg_dir", swapper_pg_dir },
	VARIABLE(node_online_map),
	VARIABLE(vmap_area_list),
#ifndef CONFIG_NUMA
	VARIABLE(contig_page_data),
	VARIABLE(mem_map),
#endif
#ifdef CONFIG_KALLSYMS
	VARIABLE(kallsyms_num_syms),
	{ "kallsyms_names", kallsyms_names },
	{ "kallsyms_token_index", kallsyms_token_index },
	{ "kallsyms_token_table", kallsyms_token_table },
#ifdef CONFIG_KALLSYMS_BASE_RELATIVE
	VARIABLE(kallsyms_relative_base),
	{ "kallsyms_offsets", kallsyms_offsets },
#else
	{ "kallsyms_addresses", kallsyms_addresses },
#endif
#endif
};

void __init vmcoreinfo_append_str(const char *fmt, ...)
{
	size_t room = sizeof(text) - text_size;
	va_list args;
	size_t n;

	va_start(args, fmt);
	n = vsnprintf(text + text_size, room, fmt, args);
	va_end(args);
	if (n < room)
		text_size += n;
	else
		pr_warn("VMCOREINFO is full; tools will miss %s", fmt);
}

static void __init append_numbers(const struct vmcoreinfo_number *number,
				  size_t n)
{
	for (; n--; number++)
		vmcoreinfo_append_str("%s=%ld\n", number->key, number->value);
}

static void __init append_symbol(const char *name, const void *address)
{
	vmcoreinfo_append_str("SYMBOL(%s)=%lx\n", name, (unsigned long)address);
}

static void __init append_symbols(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(symbols); i++)
		append_symbol(symbols[i].name, symbols[i].address);
}

#ifdef CONFIG_SPARSEMEM
/* These numbers may depend on the CPU, so they are no constants. */
static void __init append_sections(void)
{
	vmcoreinfo_append_str("NUMBER(MAX_PHYSMEM_BITS)=%ld\n",
			      (long)MAX_PHYSMEM_BITS);
	vmcoreinfo_append_str("LENGTH(mem_section)=%ld\n",
			      (long)NR_SECTION_ROOTS);
	/* The table itself: with SPARSEMEM_EXTREME it is allocated. */
	append_symbol("mem_section", mem_section);
}
#else
static void __init append_sections(void)
{
}
#endif

#ifdef CONFIG_PRINTK
static void __init append_log(void)
{
	const struct vmcoreinfo_log *log = &vmcoreinfo_log;

	append_symbol("prb", log->prb);
	append_symbol("printk_rb_static", log->printk_rb_static);
	append_symbol("clear_seq", log->clear_seq);
	vmcoreinfo_append_str("SIZE(latched_seq)=%zu\n",
			      log->latched_seq_size);
	vmcoreinfo_append_str("OFFSET(latched_seq.val)=%zu\n",
			      log->latched_seq_val);
	append_numbers(log_numbers, ARRAY_SIZE(log_numbers));
}
#else
static void __init append_log(void)
{
}
#endif

phys_addr_t __weak paddr_vmcoreinfo_note(void)
{
	return __pa_symbol(note_bytes);
}
EXPORT_SYMBOL(paddr_vmcoreinfo_note);

static int __init vmcoreinfo_init(void)
{
	u32 *end;

	vmcoreinfo_append_str("OSRELEASE=%s\n", init_uts_ns.name.release);
	vmcoreinfo_append_str("BUILD-ID=%20phN\n", vmlinux_build_id);
	vmcoreinfo_append_str("PAGESIZE=%lu\n", PAGE_SIZE);
	append_symbols();
	append_sections();
	append_numbers(memory_numbers, ARRAY_SIZE(memory_numbers));
	append_numbers(page_numbers, ARRAY_SIZE(page_numbers));
	append_log();
	arch_crash_save_vmcoreinfo();

	end = append_elf_note(note_bytes, VMCOREINFO_NOTE_NAME, 0, text,
			      text_size);
	final_note(end);
	vmcoreinfo_size = text_size;
	return 0;
}
subsys_initcall(vmcoreinfo_init);
