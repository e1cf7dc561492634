/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: kexec -p, from the command line to an armed crash image.
 *
 * This header is the contract between the parts.  What is pure (ranges,
 * places, iomem, stub, command line, images) takes plain arguments, touches
 * no globals and includes nothing of kexec-tools, so that the tests can build
 * it alone.  Unless told otherwise functions return 0 or -errno, and write
 * their results only on success.  All ranges are half-open: [start, end).
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

/* A sentence that says what is wrong with a file or a command line. */
struct kdump_why {
	char text[256];
};

/* Write the sentence; returns -EINVAL. */
int kdump_because(struct kdump_why *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * "64 MB", "26.4 MB" or "12 KB"; "64M" as a size and as an address for
 * crashkernel=.  In one of a few static buffers.
 */
const char *kdump_size(uint64_t bytes);
const char *kdump_size_argument(uint64_t bytes);
const char *kdump_addr_argument(uint64_t addr);

/* ------------------------------------------------- ranges (kdump-ranges) -- */

/**
 * struct kdump_range - physical memory of one kind
 * @start: first byte
 * @end: behind the last byte, more than @start
 * @type: what the memory is; only carried along
 */
struct kdump_range {
	uint64_t start;
	uint64_t end;
	unsigned int type;
};

/**
 * struct kdump_ranges - a list of ranges in ascending order, none overlapping
 * @range: the array, NULL while @count is 0
 * @count: how many there are
 */
struct kdump_ranges {
	struct kdump_range *range;
	unsigned int count;
};

int kdump_ranges_add(struct kdump_ranges *list, uint64_t start, uint64_t end,
		     unsigned int type);
int kdump_ranges_remove(struct kdump_ranges *list, uint64_t start,
			uint64_t end);
int kdump_ranges_copy(struct kdump_ranges *to, const struct kdump_ranges *from);
void kdump_ranges_free(struct kdump_ranges *list);

/* --------------------------------------------------- places (kdump-place) -- */

enum kdump_where {
	KDUMP_AT,	/* exactly at @min */
	KDUMP_LOW,	/* as low as it fits */
	KDUMP_HIGH,	/* as high as it fits */
};

/**
 * struct kdump_item - something that needs a place in the reservation
 * @name: what it is, for people
 * @where: which place is best
 * @size: bytes, 0 if there is no such thing in this image
 * @align: power of two; the size is rounded up to pages as well
 * @min: lowest address allowed
 * @max: the end may not be above; 0 for no limit
 * @addr: result
 */
struct kdump_item {
	const char *name;
	enum kdump_where where;
	uint64_t size;
	uint64_t align;
	uint64_t min;
	uint64_t max;
	uint64_t addr;
};

struct kdump_image;

int kdump_place(struct kdump_item *items, unsigned int count,
		const struct kdump_ranges *reservation,
		const struct kdump_item **misfit);
uint64_t kdump_place_need(const struct kdump_item *items, unsigned int count);
int kdump_place_because(const struct kdump_image *image,
			const struct kdump_range *target,
			const struct kdump_item *misfit, uint64_t need,
			struct kdump_why *why);

/* -------------------------------------------- /proc/iomem (kdump-iomem) -- */

int kdump_iomem_parse(const char *text, const char *name,
		      struct kdump_ranges *found);

/* --------------------------------------------- stub header (kdump-stub) -- */

/**
 * struct kdump_stub - what the stub of the core header tells the kernel
 * @class: ELFCLASS32 or ELFCLASS64, of the dump
 * @machine: EM_* of the running kernel
 * @backup: physical address of the backup region
 * @backup_size: bytes from address 0 that purgatory copies there; 0 if none
 */
struct kdump_stub {
	unsigned char class;
	uint16_t machine;
	uint64_t backup;
	uint64_t backup_size;
};

int kdump_stub_write(const struct kdump_stub *stub, void *buf, size_t size);

/* ----------------------------------------- command line (kdump-cmdline) -- */

int kdump_cmdline_reuse(const char *running, char **result);
int kdump_cmdline_build(const char *reused, const char *append,
			uint64_t elfcorehdr, size_t limit, char **result,
			struct kdump_why *why);

/* --------------------------- kernel files (kdump-elf, arch/.../kdump-*) -- */

/* More PT_LOADs than any kernel has; the system call takes 16 segments. */
#define KDUMP_LOADS_MAX	8

/**
 * struct kdump_load - part of a kernel file that stands in memory
 * @data: where it is in the file
 * @filesz: bytes of @data
 * @addr: physical address
 * @memsz: bytes in memory, the rest is zero
 */
struct kdump_load {
	const char *data;
	uint64_t filesz;
	uint64_t addr;
	uint64_t memsz;
};

/**
 * struct kdump_image - what a kernel file is and what it needs
 * @kind: name as kexec's --type knows it
 * @machine: EM_* it was built for
 * @fixed: it runs at @min only
 * @mapped: its virtual addresses are not its physical ones, so it is a kernel
 * @min: lowest (or only) address at which it runs
 * @size: bytes of memory from there that it occupies until it knows its map
 * @align: of its address
 * @max: the end of the kernel and of all it is handed may not be above
 * @entry: address of the first instruction; relative to the place if !@fixed
 * @entry64: it is entered in 64-bit mode
 * @cmdline_max: characters of a command line it takes, without the NUL
 * @setup: x86 setup header of a bzImage, NULL if it has none
 * @setup_size: bytes of @setup
 * @load: what is loaded; addresses are relative to the place if !@fixed
 * @loads: how many of @load are valid
 */
struct kdump_image {
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
	struct kdump_load load[KDUMP_LOADS_MAX];
	unsigned int loads;
};

bool kdump_elf_is(const char *buf, size_t len);
int kdump_elf_parse(const char *buf, size_t len, struct kdump_image *image,
		    struct kdump_why *why);

/* ------------------------------------------------ the load (kdump.c etc.) -- */

/**
 * struct kdump_request - what the user asked for, filled by main()
 * @argc: of main()
 * @argv: of main(), options first
 * @fileind: index of the kernel in @argv
 * @type: argument of --type, or NULL
 * @status: only tell whether a crash image is armed
 * @unload: only give up the crash image
 * @exec: -e or -f was given as well, which cannot be
 * @file_syscall: -s was given as well, which cannot be
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
	bool skip_checks;
};

/**
 * struct kdump_options - options of the capture kernel
 * @append: argument of --append, or NULL
 * @initrd: argument of --initrd, or NULL
 * @reuse_cmdline: start from the running kernel's command line
 * @entry32: enter a bzImage in 32-bit mode even if it has another entry
 * @class: ELFCLASS32 or ELFCLASS64 for the dump
 */
struct kdump_options {
	const char *append;
	const char *initrd;
	bool reuse_cmdline;
	bool entry32;
	unsigned char class;
};

/* Things with a place in the reservation. */
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
 * struct kdump - one crash image on its way into the kernel
 * @options: what the user wants
 * @kernel: the kernel file
 * @kernel_len: its bytes
 * @image: what that file is
 * @initrd: the initrd, NULL if there is none
 * @initrd_len: its bytes
 * @reservation: memory of the capture kernel: one range, or crashkernel=,low
 *		 and ,high
 * @target: the one range that takes the image, the highest of @reservation
 * @part: sizes and places
 * @cmdline: command line of the capture kernel
 * @info: what kexec_load(2) gets
 */
struct kdump {
	struct kdump_options options;
	const char *kernel;
	size_t kernel_len;
	struct kdump_image image;
	const char *initrd;
	size_t initrd_len;
	struct kdump_ranges reservation;
	struct kdump_range target;
	struct kdump_item part[KDUMP_PARTS];
	char *cmdline;
	struct kexec_info *info;
};

/**
 * struct kdump_arch - what only an architecture knows
 * @backup_size: bytes from address 0 that the capture kernel needs itself
 * @crashkernel: what to reserve on most machines
 * @params_size: tell how much room there must be for what the kernel is told
 *		 at entry
 * @machine: EM_* of the running kernel
 * @option: take an option of getopt_long() that only this architecture has
 * @parse: tell what kernel file this is
 * @load: add all segments but the core header to @info, and fill purgatory
 */
struct kdump_arch {
	uint64_t backup_size;
	const char *crashkernel;
	int (*params_size)(uint64_t *size);
	uint16_t (*machine)(void);
	int (*option)(int opt, struct kdump_options *options);
	int (*parse)(const char *buf, size_t len,
		     const struct kdump_options *options,
		     struct kdump_image *image, struct kdump_why *why);
	int (*load)(struct kdump *kdump);
};

extern const struct kdump_arch kdump_arch;

int kdump_main(const struct kdump_request *request);
int kdump_print_reserved(void);

/* The segments of the kernel file, and of the initrd (kdump-segments). */
int kdump_add_kernel(struct kdump *kdump);
uint64_t kdump_add_initrd(struct kdump *kdump);

/*
 * Memory that belongs to the image but not to its digest: it is written
 * between kexec_load(2) and purgatory's check, or nothing is loaded there.
 * The kernel keeps its own pages for the jump out of it.
 */
void kdump_add_unchecked(struct kexec_info *info, const void *buf,
			 size_t bufsz, uint64_t addr, uint64_t memsz);
bool kdump_outside_digest(const void *mem);

/* In kexec.c: let purgatory know the digest of all segments. */
void kdump_seal(struct kexec_info *info);

/* What the running kernel says (kdump-system). */
int kdump_system_check(void);
int kdump_system_reserved(struct kdump_ranges *reserved);
int kdump_system_reservation(struct kdump_ranges *reservation,
			     struct kdump_range *target);
int kdump_system_header_size(uint64_t *size);
int kdump_system_armed(void);
void kdump_system_explain(int error, bool loading);
int kdump_system_cmdline(char **line);

/* Files and options (kdump-options). */
int kdump_options_parse(const struct kdump_request *request,
			struct kdump_options *options);
int kdump_file_map(const char *path, const char *what, const char **buf,
		   size_t *len);

/* Say why something is refused; returns -EINVAL. */
int kdump_refuse(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static inline uint64_t kdump_align(uint64_t value, uint64_t align)
{
	return (value + align - 1) & ~(align - 1);
}

#endif /* KDUMP_H */
