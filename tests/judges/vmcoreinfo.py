# SPDX-License-Identifier: GPL-2.0-only
"""The keys of VMCOREINFO that tools read.

These are all keys of Linux 6.1. Tools of other years ask for no more than
these, because they must open the dumps of its kernels.
"""
import re

# Options of the kernel, "!" for one that is off: the keys it has then
KEYS = {
    '': '''
        OSRELEASE BUILD-ID PAGESIZE KERNELOFFSET
        SYMBOL(init_uts_ns) OFFSET(uts_namespace.name)
        SYMBOL(node_online_map) SYMBOL(swapper_pg_dir) SYMBOL(_stext)
        SYMBOL(vmap_area_list) OFFSET(vmap_area.va_start)
        OFFSET(vmap_area.list)
        SIZE(page) SIZE(pglist_data) SIZE(zone) SIZE(free_area)
        SIZE(list_head) SIZE(nodemask_t)
        OFFSET(page.flags) OFFSET(page._refcount) OFFSET(page.mapping)
        OFFSET(page.lru) OFFSET(page._mapcount) OFFSET(page.private)
        OFFSET(page.compound_dtor) OFFSET(page.compound_order)
        OFFSET(page.compound_head)
        OFFSET(pglist_data.node_zones) OFFSET(pglist_data.nr_zones)
        OFFSET(pglist_data.node_start_pfn) OFFSET(pglist_data.node_id)
        OFFSET(pglist_data.node_spanned_pages)
        OFFSET(zone.free_area) OFFSET(zone.vm_stat)
        OFFSET(zone.spanned_pages) LENGTH(zone.free_area)
        OFFSET(free_area.free_list) LENGTH(free_area.free_list)
        OFFSET(list_head.next) OFFSET(list_head.prev)
        NUMBER(NR_FREE_PAGES) NUMBER(PG_lru) NUMBER(PG_private)
        NUMBER(PG_swapcache) NUMBER(PG_swapbacked) NUMBER(PG_slab)
        NUMBER(PG_head_mask) NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)
        NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)''',
    '!CONFIG_NUMA': 'SYMBOL(contig_page_data)',
    'CONFIG_NUMA': 'SYMBOL(node_data) LENGTH(node_data)',
    'CONFIG_FLATMEM': 'SYMBOL(mem_map) OFFSET(pglist_data.node_mem_map)',
    'CONFIG_SPARSEMEM': '''
        SYMBOL(mem_section) LENGTH(mem_section) SIZE(mem_section)
        OFFSET(mem_section.section_mem_map) NUMBER(SECTION_SIZE_BITS)
        NUMBER(MAX_PHYSMEM_BITS)''',
    'CONFIG_MEMORY_FAILURE': 'NUMBER(PG_hwpoison)',
    'CONFIG_HUGETLB_PAGE': 'NUMBER(HUGETLB_PAGE_DTOR)',
    'CONFIG_KALLSYMS': '''
        SYMBOL(kallsyms_names) SYMBOL(kallsyms_num_syms)
        SYMBOL(kallsyms_token_table) SYMBOL(kallsyms_token_index)''',
    'CONFIG_KALLSYMS_BASE_RELATIVE':
        'SYMBOL(kallsyms_offsets) SYMBOL(kallsyms_relative_base)',
    'CONFIG_PRINTK': '''
        SYMBOL(prb) SYMBOL(printk_rb_static) SYMBOL(clear_seq)
        SIZE(printk_ringbuffer) OFFSET(printk_ringbuffer.desc_ring)
        OFFSET(printk_ringbuffer.text_data_ring)
        OFFSET(printk_ringbuffer.fail)
        SIZE(prb_desc_ring) OFFSET(prb_desc_ring.count_bits)
        OFFSET(prb_desc_ring.descs) OFFSET(prb_desc_ring.infos)
        OFFSET(prb_desc_ring.head_id) OFFSET(prb_desc_ring.tail_id)
        SIZE(prb_desc) OFFSET(prb_desc.state_var)
        OFFSET(prb_desc.text_blk_lpos)
        SIZE(prb_data_blk_lpos) OFFSET(prb_data_blk_lpos.begin)
        OFFSET(prb_data_blk_lpos.next)
        SIZE(printk_info) OFFSET(printk_info.seq)
        OFFSET(printk_info.ts_nsec) OFFSET(printk_info.text_len)
        OFFSET(printk_info.caller_id) OFFSET(printk_info.dev_info)
        SIZE(dev_printk_info) OFFSET(dev_printk_info.subsystem)
        LENGTH(printk_info_subsystem) OFFSET(dev_printk_info.device)
        LENGTH(printk_info_device)
        SIZE(prb_data_ring) OFFSET(prb_data_ring.size_bits)
        OFFSET(prb_data_ring.data) OFFSET(prb_data_ring.head_lpos)
        OFFSET(prb_data_ring.tail_lpos)
        SIZE(atomic_long_t) OFFSET(atomic_long_t.counter)
        SIZE(latched_seq) OFFSET(latched_seq.val)''',
    'CONFIG_X86_64': '''
        NUMBER(phys_base) SYMBOL(init_top_pgt) NUMBER(pgtable_l5_enabled)
        NUMBER(KERNEL_IMAGE_SIZE) NUMBER(sme_mask)''',
    'CONFIG_X86_PAE': 'CONFIG_X86_PAE',
    'CONFIG_PPC64': '''
        SYMBOL(mmu_psize_defs) SIZE(mmu_psize_def)
        OFFSET(mmu_psize_def.shift)''',
    'CONFIG_PPC64 CONFIG_SPARSEMEM_VMEMMAP': '''
        SYMBOL(vmemmap_list) SYMBOL(mmu_vmemmap_psize)
        SIZE(vmemmap_backing) OFFSET(vmemmap_backing.list)
        OFFSET(vmemmap_backing.phys) OFFSET(vmemmap_backing.virt_addr)''',
}


def list_keys(config):
    """Return the keys of a kernel with this .config."""
    have = set(re.findall(r'^(CONFIG_\w+)=y$', config, re.M))
    keys = []
    for options, names in KEYS.items():
        if all((option[1:] not in have) if option.startswith('!')
               else option in have for option in options.split()):
            keys += names.split()
    return keys


def check_keys(info, config, without=()):
    """Complain about keys that VMCOREINFO lacks; without: keys that it need
    not have."""
    missing = [key for key in list_keys(config.read_text())
               if key not in info and key not in without]
    return [f'VMCOREINFO lacks {", ".join(missing)}'] if missing else []
