/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: the layout of the core header, for both ELF classes.
 *
 *	ELF header
 *	program header table
 *	spare table
 *	VMCOREINFO note
 *
 * Both tables have the same number of entries; unused ones are PT_NULL.
 * e_phoff names the first table, right behind the ELF header, where some
 * capture kernels look without asking e_phoff.
 *
 * A rebuild fills the spare table.  Then it lets e_phoff name the spare table,
 * copies it over the first, and lets e_phoff name the first again.  e_phoff
 * is written by one aligned store, so a crash at any moment finds a complete
 * table.
 *
 * Pure: plain arguments, no globals, no allocation.
 */
#ifndef _KDUMP_ELFCOREHDR_LAYOUT_H
#define _KDUMP_ELFCOREHDR_LAYOUT_H

#include <linux/kdump_elf.h>
#include <linux/range.h>
#include <linux/types.h>

/* Virtual address of memory that is not mapped. */
#define ELFCOREHDR_NO_VADDR	(~0ULL)

/**
 * struct kdump_stub - what a tool asks of the core header, decoded
 * @class: ELFCLASS32 or ELFCLASS64: the class of the dump
 * @machine: ELF machine number to put into the core header
 * @backup_start: first physical byte that purgatory copies away
 * @backup_size: bytes that purgatory copies away; 0: none
 * @backup_to: physical address of the copy
 */
struct kdump_stub {
	u8 class;
	u16 machine;
	u64 backup_start;
	u64 backup_size;
	u64 backup_to;
};

/**
 * struct elfcorehdr - a core header that is being written
 * @base: where it is being written
 * @paddr: physical address from which it will be read
 * @class: ELFCLASS32 or ELFCLASS64
 * @entries: entries of each table
 * @used: entries written to the spare table
 */
struct elfcorehdr {
	void *base;
	u64 paddr;
	u8 class;
	unsigned int entries;
	unsigned int used;
};

/**
 * elfcorehdr_bytes() - size of a core header
 * @class: ELFCLASS32 or ELFCLASS64
 * @entries: entries of each table
 */
size_t elfcorehdr_bytes(u8 class, unsigned int entries);

/**
 * elfcorehdr_entries() - how many entries its tables may have
 * @class: ELFCLASS32 or ELFCLASS64
 * @size: bytes for the core header
 *
 * Return: entries of each table; 0: @size has room for none.
 */
unsigned int elfcorehdr_entries(u8 class, size_t size);

/**
 * elfcorehdr_spare() - how many entries to keep free for memory hotplug
 * @blocks: blocks of memory that this machine has or may get
 * @reservation: size of the reservation in bytes
 *
 * At worst every other block is offline.  The entries are enough for that, unless
 * they would take more than 1/64 of the reservation; 512 there are in any case.
 *
 * Return: entries of each table.
 */
unsigned int elfcorehdr_spare(u64 blocks, u64 reservation);

/**
 * elfcorehdr_stub() - decode the core header that a tool has loaded
 * @buf: first bytes of a segment
 * @size: how many there are
 * @stub: what it says, written on success
 *
 * Decodes a stub as kdump_format.h describes it, and a complete core header: in
 * both, a PT_LOAD whose p_offset differs from its p_paddr is the backup region.
 *
 * Return: 0; -ENOENT: this is no core header; -EINVAL: its program headers make
 * no sense, or it has two backup regions.
 */
int elfcorehdr_stub(const void *buf, size_t size, struct kdump_stub *stub);

/**
 * elfcorehdr_init() - write the ELF header and two empty tables
 * @hdr: the core header; @base, @paddr and @entries are set by the caller
 * @stub: class and machine of the dump
 */
void elfcorehdr_init(struct elfcorehdr *hdr, const struct kdump_stub *stub);

/**
 * elfcorehdr_open() - continue with a core header written before
 * @hdr: the core header; the caller sets @base, @paddr, @class and @entries
 *	 as they were then, so that nothing in the header has to be trusted
 */
void elfcorehdr_open(struct elfcorehdr *hdr);

/**
 * elfcorehdr_notes() - where the VMCOREINFO note lies in a core header
 * @hdr: the core header
 *
 * Return: bytes from its beginning.
 */
size_t elfcorehdr_notes(const struct elfcorehdr *hdr);

/**
 * elfcorehdr_put() - add a program header to the spare table
 * @hdr: the core header
 * @phdr: what to add; flags and p_filesz follow from the rest.  @phdr.offset
 *	  is a physical address.  In ELF32 a virtual address above 4 GB
 *	  becomes %ELFCOREHDR_NO_VADDR.
 *
 * Return: 0; -EFBIG: the table is full, or the class cannot say this.
 */
int elfcorehdr_put(struct elfcorehdr *hdr, struct kdump_elf_phdr phdr);

/**
 * elfcorehdr_put_ram() - add a range of memory to the spare table
 * @hdr: the core header
 * @ram: first byte and byte behind the last one, physical
 * @stub: which part of memory is backed up
 * @vaddr: where @ram begins in virtual memory, or %ELFCOREHDR_NO_VADDR
 *
 * A range that the backup region divides gives several entries.
 *
 * Return: as elfcorehdr_put().
 */
int elfcorehdr_put_ram(struct elfcorehdr *hdr, const struct range *ram,
		       const struct kdump_stub *stub, u64 vaddr);

/**
 * elfcorehdr_commit() - make the spare table the one that readers see
 * @hdr: the core header
 */
void elfcorehdr_commit(struct elfcorehdr *hdr);

#endif /* _KDUMP_ELFCOREHDR_LAYOUT_H */
