/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: the layout of the core header, for both ELF classes.
 *
 *	ELF header
 *	program header table A
 *	program header table B
 *	VMCOREINFO note
 *
 * Both tables have the same number of entries; e_phoff names the one that
 * counts.  A header is rebuilt by filling the other table and then writing
 * e_phoff, one aligned store: a crash at any moment finds a whole table.
 * Entries that are not needed are PT_NULL.
 *
 * Pure: plain arguments, no globals, no allocation.
 */
#ifndef _KDUMP_ELFCOREHDR_LAYOUT_H
#define _KDUMP_ELFCOREHDR_LAYOUT_H

#include <linux/kdump.h>
#include <linux/kdump_elf.h>
#include <linux/range.h>
#include <linux/types.h>

/* Virtual address of memory that is not mapped. */
#define ELFCOREHDR_NO_VADDR	(~0ULL)

/**
 * struct elfcorehdr - a core header that is being written
 * @base: where it is being written
 * @where: physical address it will be read from
 * @class: ELFCLASS32 or ELFCLASS64
 * @entries: entries of each table
 * @used: entries written to the table that does not count yet
 */
struct elfcorehdr {
	void *base;
	u64 where;
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
 * elfcorehdr_stub() - decode the stub that a tool has loaded
 * @buf: first bytes of a segment
 * @size: how many there are
 * @stub: what it says, written on success
 *
 * Return: 0; -ENOENT: this is no core header; -EINVAL: it is one, but not a
 * stub as kdump_format.h describes it.
 */
int elfcorehdr_stub(const void *buf, size_t size, struct kdump_stub *stub);

/**
 * elfcorehdr_init() - write the ELF header and two empty tables
 * @hdr: the core header; @base, @where and @entries are set by the caller
 * @stub: class and machine of the dump
 */
void elfcorehdr_init(struct elfcorehdr *hdr, const struct kdump_stub *stub);

/**
 * elfcorehdr_open() - continue with a core header written before
 * @hdr: the core header; @base, @where, @class and @entries are set by the
 *	 caller, as they were then: nothing of what was written is trusted
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
 * elfcorehdr_put() - add a program header
 * @hdr: the core header
 * @phdr: what to add; flags and p_filesz follow from the rest.  @phdr.offset
 *	  is a physical address.  In ELF32 a virtual address above 4 GB
 *	  becomes %ELFCOREHDR_NO_VADDR.
 *
 * Return: 0; -EFBIG: the table is full, or the class cannot say this.
 */
int elfcorehdr_put(struct elfcorehdr *hdr, struct kdump_elf_phdr phdr);

/**
 * elfcorehdr_put_ram() - add a range of memory
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
 * elfcorehdr_commit() - let the table that has been written count
 * @hdr: the core header
 */
void elfcorehdr_commit(struct elfcorehdr *hdr);

#endif /* _KDUMP_ELFCOREHDR_LAYOUT_H */
