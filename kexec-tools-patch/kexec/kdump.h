/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: kexec -p, from the command line to an armed crash image.
 *
 * This header is the contract between the parts.  Pure files (ranges, places,
 * iomem, stub, command line, kernel files) take plain arguments, touch no
 * globals and include nothing of kexec-tools, so that the tests can build them
 * alone.  Unless a comment says otherwise, functions return 0 or -errno, and
 * write their results only on success.
 */
#ifndef KDUMP_H
#define KDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <arch/kdump-page.h>
#include <linux/kdump_format.h>

struct kexec_info;

#define KDUMP_4GB	(1ULL << 32)

/* EI_DATA of this machine; needs <elf.h> and <endian.h>. */
#define KDUMP_ELFDATA \
	(BYTE_ORDER == LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB)

/* A sentence that says what is wrong with a file or a command line. */
struct kdump_why {
	char text[256];
};

/* Write the sentence; returns -EINVAL. */
int kdump_explain(struct kdump_why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * "64 MB", "26.4 MB" or "12 KB" for people; "64M" as a size and as an offset
 * for crashkernel=.  The results are in static buffers, four for each kind.
 */
const char *kdump_size(uint64_t bytes);
const char *kdump_size_argument(uint64_t bytes);
const char *kdump_addr_argument(uint64_t paddr);

/* ------------------------------------------------- ranges (kdump-ranges) -- */

/**
 * struct kdump_range - physical memory of one kind
 * @start: physical address of the first byte
 * @end: physical address behind the last byte, above @start
 * @type: type of the memory, for the caller only; 0 where there is one type
 *
 * In struct memory_range of kexec-tools, and in struct range of the kernel, the
 * end is the last byte instead.
 */
struct kdump_range {
	uint64_t start;
	uint64_t end;
	unsigned int type;
};

/**
 * struct kdump_ranges - ranges in ascending order that do not overlap
 * @range: the array, NULL while @count is 0
 * @count: how many of @range there are
 */
struct kdump_ranges {
	struct kdump_range *range;
	unsigned int count;
};

/* Add [start, end) with a type, in place of what the list had there. */
int kdump_ranges_add(struct kdump_ranges *list, uint64_t start, uint64_t end,
		     unsigned int type);
/* Take [start, end) out of the list. */
int kdump_ranges_remove(struct kdump_ranges *list, uint64_t start,
			uint64_t end);
int kdump_ranges_copy(struct kdump_ranges *to, const struct kdump_ranges *from);
void kdump_ranges_free(struct kdump_ranges *list);

/* -------------------------------------------------- places (kdump-place) -- */

enum kdump_where {
	KDUMP_AT,	/* exactly at @min */
	KDUMP_LOW,	/* as low as it fits */
	KDUMP_HIGH,	/* as high as it fits */
};

/**
 * struct kdump_item - something that needs a place in the reservation
 * @name: its name in messages
 * @where: which place is best
 * @size: bytes, rounded up to pages when it is placed; 0 if the image has no
 *	  such item
 * @align: alignment of @paddr, a power of two
 * @min: lowest physical address allowed
 * @max: the end may not be above this physical address; 0 for no limit
 * @paddr: physical address that kdump_place() has found
 */
struct kdump_item {
	const char *name;
	enum kdump_where where;
	uint64_t size;
	uint64_t align;
	uint64_t min;
	uint64_t max;
	uint64_t paddr;
};

struct kdump_kernel;

/*
 * Place all items, one after the other.  -ENOSPC with *misfit set if there is
 * no room for that one.
 */
int kdump_place(struct kdump_item *items, unsigned int count,
		const struct kdump_ranges *reservation,
		const struct kdump_item **misfit);
/* Bytes that all items need, without what alignment may cost. */
uint64_t kdump_place_need(const struct kdump_item *items, unsigned int count);
/*
 * Bytes that a reservation should have.  @need is from kdump_place_need(),
 * @unpacked from kdump_unpacked_size(); @least is what an architecture needs.
 */
uint64_t kdump_place_advise(uint64_t need, uint64_t unpacked, uint64_t least);
/*
 * "64M", or "64M@16M" if the kernel runs only there, for crashkernel=.  The
 * result is in a static buffer.
 */
const char *kdump_place_argument(const struct kdump_kernel *kernel,
				 uint64_t size);
/*
 * Say why @target has no place for @misfit, and which crashkernel= would do;
 * @need is from kdump_place_need(), @advice from kdump_place_advise().
 */
int kdump_place_explain(const struct kdump_kernel *kernel,
			const struct kdump_range *target,
			const struct kdump_item *misfit, uint64_t need,
			uint64_t advice, struct kdump_why *why);

/* -------------------------------------------- /proc/iomem (kdump-iomem) -- */

/*
 * Find the ranges called @name in @text.  -EACCES if the kernel hides their
 * addresses, -EINVAL if one makes no sense.
 */
int kdump_iomem_parse(const char *text, const char *name,
		      struct kdump_ranges *found);

/* --------------------------------------------- stub header (kdump-stub) -- */

/**
 * struct kdump_stub - what the stub core header asks of the kernel
 * @class: ELFCLASS32 or ELFCLASS64: the class of the dump
 * @machine: EM_* of the running kernel
 * @backup_to: physical address of the backup region
 * @backup_size: bytes from address 0 that purgatory copies there; 0 if none
 */
struct kdump_stub {
	unsigned char class;
	uint16_t machine;
	uint64_t backup_to;
	uint64_t backup_size;
};

/*
 * Write the stub to @buf and zero the rest of it.  -ENOSPC if @size is too
 * small, -E2BIG if the backup region is above 4 GB and the class is ELF32.
 */
int kdump_stub_write(const struct kdump_stub *stub, void *buf, size_t size);

/* ----------------------------------------- command line (kdump-cmdline) -- */

/*
 * The command line of the running kernel without the parameters that do not
 * suit a capture kernel.
 */
int kdump_cmdline_reuse(const char *running, char **result);
/*
 * @own is what kexec itself adds, or NULL; @elfcorehdr is a physical address,
 * @limit is in characters.
 */
int kdump_cmdline_build(const char *own, const char *reused, const char *append,
			uint64_t elfcorehdr, size_t limit, char **result,
			struct kdump_why *why);

/* --------------------------- kernel files (kdump-elf, arch/.../kdump-*) -- */

/* More PT_LOADs than any kernel has; kexec_load(2) takes 16 segments in all. */
#define KDUMP_LOADS_MAX	8

/**
 * struct kdump_kernel_load - part of a kernel file that is loaded into memory
 * @data: its contents, in the mapped file
 * @filesz: bytes of @data
 * @paddr: physical address; if the kernel is not fixed, relative to the place
 *	   of the kernel
 * @memsz: bytes in memory; those behind @filesz are zero
 */
struct kdump_kernel_load {
	const char *data;
	uint64_t filesz;
	uint64_t paddr;
	uint64_t memsz;
};

/**
 * struct kdump_kernel - a file that is to be the capture kernel
 * @kind: name of its type, as in kexec's --type
 * @machine: EM_* that the kernel was built for
 * @fixed: the kernel runs at @min only
 * @mapped: virtual and physical addresses differ, as only in a kernel
 * @min: lowest (or only) physical address at which the kernel runs
 * @size: bytes that the kernel uses from there before it has read its memory
 *	  map
 * @align: alignment of the place of the kernel, a power of two
 * @max: neither the kernel nor what it is handed may reach above this physical
 *	 address; 0 for no limit
 * @entry: physical address of the first instruction; if the kernel is not
 *	   fixed, relative to the place of the kernel
 * @entry64: the kernel is entered in 64-bit mode
 * @cmdline_max: longest command line, in characters without the NUL
 * @setup: x86 setup header of a bzImage, NULL for other files
 * @setup_size: bytes of @setup
 * @load: parts that are loaded
 * @loads: how many of @load are valid
 */
struct kdump_kernel {
	const char *kind;
	uint16_t machine;
	bool fixed;
	bool mapped;
	uint64_t min;
	uint64_t size;
	uint64_t align;
	uint64_t max;
	uint64_t entry;
	bool entry64;
	size_t cmdline_max;
	const char *setup;
	size_t setup_size;
	struct kdump_kernel_load load[KDUMP_LOADS_MAX];
	unsigned int loads;
};

/**
 * struct kdump_packing - a format that files are packed with
 * @format: its name
 * @command: the command that unpacks a file
 * @factor: about how many times larger the contents are than the packed file
 */
struct kdump_packing {
	const char *format;
	const char *command;
	unsigned int factor;
};

/* Return the format that a file is packed with, or NULL (kdump-packed). */
const struct kdump_packing *kdump_packing(const char *buf, size_t len);
/*
 * About how many bytes an initrd takes when it is unpacked; 0 if the kernel does
 * not unpack it.
 */
uint64_t kdump_unpacked_size(const char *buf, size_t len);

/* A piece of a mapped file; @len is 0 if the file has no such piece. */
struct kdump_piece {
	const char *data;
	size_t len;
};

/* The pieces of a unified kernel image (kdump-uki). */
struct kdump_uki {
	struct kdump_piece kernel;
	struct kdump_piece initrd;
	struct kdump_piece cmdline;
};

bool kdump_uki_is(const char *buf, size_t len);
int kdump_uki_parse(const char *buf, size_t len, struct kdump_uki *uki,
		    struct kdump_why *why);

bool kdump_elf_is(const char *buf, size_t len);
int kdump_elf_parse(const char *buf, size_t len, struct kdump_kernel *kernel,
		    struct kdump_why *why);

/* ----------------------------------------------- the load (kdump.c etc.) -- */

/**
 * struct kdump_request - what the user asked for, filled by main()
 * @argc: argc of main()
 * @argv: argv of main(), in which getopt_long() has moved options to the front
 * @fileind: index of the kernel file in @argv
 * @type: argument of --type, or NULL
 * @status: only say whether a crash image is armed
 * @unload: only unload the crash image
 * @exec: -e or -f was given, which -p refuses
 * @file_syscall: load by kexec_file_load(2), -s or -a
 * @fallback: where that is not possible, load by kexec_load(2), -a
 * @skip_checks: purgatory shall not check the digest
 */
struct kdump_request {
	int argc;
	char **argv;
	int fileind;
	const char *type;
	bool status;
	bool unload;
	bool exec;
	bool file_syscall;
	bool fallback;
	bool skip_checks;
};

/**
 * struct kdump_options - options of the capture kernel
 * @append: argument of --append, or NULL
 * @initrd: argument of --initrd, or NULL
 * @reuse_cmdline: put the running kernel's command line before @append
 * @entry32: enter a bzImage in 32-bit mode even if it has a 64-bit entry
 * @class: ELFCLASS32 or ELFCLASS64 for the dump
 */
struct kdump_options {
	const char *append;
	const char *initrd;
	bool reuse_cmdline;
	bool entry32;
	unsigned char class;
};

/* The items of a crash image, each with a place in the reservation. */
enum kdump_part {
	KDUMP_KERNEL,
	KDUMP_HEADER,
	KDUMP_BACKUP,
	KDUMP_INITRD,
	KDUMP_PARAMS,
	KDUMP_PURGATORY,
	KDUMP_PARTS,
};

/**
 * struct kdump - a crash image that is being loaded
 * @options: options of the capture kernel
 * @file: contents of the kernel file; of a UKI only its kernel
 * @file_len: bytes of @file
 * @own_cmdline: command line in a UKI, NULL if there is none
 * @kernel: what was found in @file
 * @initrd: contents of the initrd, NULL if there is none
 * @initrd_len: bytes of @initrd
 * @unpacked: about how many bytes @initrd takes when it is unpacked
 * @reservation: memory of the capture kernel: one range, or two with
 *		 crashkernel=,high and ,low
 * @target: where the image goes: the highest range of @reservation, within
 *	    --mem-min and --mem-max
 * @part: size and place of each item
 * @cmdline: command line of the capture kernel
 * @info: arguments of kexec_load(2), as the functions of kexec-tools want them
 */
struct kdump {
	struct kdump_options options;
	const char *file;
	size_t file_len;
	char *own_cmdline;
	struct kdump_kernel kernel;
	const char *initrd;
	size_t initrd_len;
	uint64_t unpacked;
	struct kdump_ranges reservation;
	struct kdump_range target;
	struct kdump_item part[KDUMP_PARTS];
	char *cmdline;
	struct kexec_info *info;
};

/**
 * struct kdump_arch - what only an architecture knows
 * @backup_size: bytes from address 0 that the capture kernel uses, so that they
 *		 are backed up
 * @least: bytes of the smallest reservation to suggest
 * @params_size: return the bytes needed for the boot parameters or the device
 *		 tree of the capture kernel
 * @machine: return EM_* of the running kernel
 * @cmdline: return what this machine adds to the command line, or NULL
 * @option: take an option that getopt_long() has found and that only this
 *	    architecture has
 * @parse: examine a kernel file
 * @load: add all segments but the core header and the backup region to @info,
 *	  and fill in purgatory
 */
struct kdump_arch {
	uint64_t backup_size;
	uint64_t least;
	int (*params_size)(uint64_t *size);
	uint16_t (*machine)(void);
	const char *(*cmdline)(void);
	int (*option)(int opt, struct kdump_options *options);
	int (*parse)(const char *buf, size_t len,
		     const struct kdump_options *options,
		     struct kdump_kernel *kernel, struct kdump_why *why);
	int (*load)(struct kdump *kdump);
};

extern const struct kdump_arch kdump_arch;

/* Both return the exit status of kexec. */
int kdump_main(const struct kdump_request *request);
int kdump_print_reserved(void);

/* Add the segments of the kernel file (kdump-segments). */
int kdump_add_kernel(struct kdump *kdump);
/* Add the segment of the initrd; returns its physical address, 0 if none. */
uint64_t kdump_add_initrd(struct kdump *kdump);

/*
 * Add a segment that the digest does not cover, because it is empty, or because
 * it changes between kexec_load(2) and purgatory's check.  It has to be a
 * segment, or the kernel might put its own pages for the jump there.
 */
void kdump_add_unchecked(struct kexec_info *info, const void *buf,
			 size_t bufsz, uint64_t paddr, uint64_t memsz);
bool kdump_outside_digest(const void *mem);

/* In kexec.c: give purgatory the digest of all segments that have one. */
void kdump_seal(struct kexec_info *info);

/*
 * What the running kernel says about itself (kdump-system).  These functions
 * print a message if they fail.
 */
int kdump_system_check(void);
int kdump_system_reserved(struct kdump_ranges *reserved);
int kdump_system_reservation(struct kdump_ranges *reservation,
			     struct kdump_range *target, const char *advice);
int kdump_system_header_size(uint64_t *size);
int kdump_system_armed(void);
/* @by_file tells the two system calls apart. */
void kdump_system_explain(int error, bool loading, bool by_file);
int kdump_system_cmdline(char **line);

/*
 * Load or unload by kexec_file_load(2) (kdump-file).  -EOPNOTSUPP with @why: only
 * kexec_load(2) can do this.
 */
int kdump_file_load(const struct kdump *kdump,
		    const struct kdump_request *request, struct kdump_why *why);
int kdump_file_unload(struct kdump_why *why);

/* Files and options (kdump-options).  These print a message, too. */
int kdump_options_parse(const struct kdump_request *request,
			struct kdump_options *options);
int kdump_file_map(const char *path, const char *what, const char **buf,
		   size_t *len);

/* Print why something is refused; returns -EINVAL. */
int kdump_refuse(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static inline uint64_t kdump_align(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

#endif /* KDUMP_H */
