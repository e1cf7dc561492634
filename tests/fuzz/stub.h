/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The declarations that the boot stub's crashkernel.c needs on the host.
 *
 * The host does not map memory one to one: the tables to which boot_params point
 * are on the host's heap, far above the RAM of any e820 table.
 */
#ifndef TESTS_FUZZ_STUB_H
#define TESTS_FUZZ_STUB_H

#include <asm/bootparam.h>

/* The kernel is built without this warning, too. */
#pragma clang diagnostic ignored "-Waddress-of-packed-member"
#pragma clang diagnostic ignored "-Wgnu-variable-sized-type-not-at-end"

/* The header shifts a signed 1. */
#undef SETUP_INDIRECT
#define SETUP_INDIRECT	(1U << 31)

#define CONFIG_KDUMP
#define CONFIG_EFI
#define CONFIG_CMDLINE		stub_builtin
#define CONFIG_PHYSICAL_ALIGN	0x200000ULL
#define LOAD_PHYSICAL_ADDR	0x1000000ULL
#define KERNEL_IMAGE_SIZE	(512ULL << 20)
#define MAXMEM			(1ULL << 46)
#define SZ_1M			0x100000

#undef IS_ENABLED
#define IS_ENABLED(option)	enabled_##option
#define enabled_CONFIG_RELOCATABLE	1
#define enabled_CONFIG_CMDLINE_OVERRIDE	0
#define enabled_CONFIG_X86_32		0

#define E820_TYPE_RAM		1

#define EFI32_LOADER_SIGNATURE	"EL32"
#define EFI64_LOADER_SIGNATURE	"EL64"
#define EFI_CONVENTIONAL_MEMORY	7
#define EFI_PAGE_SHIFT		12

typedef struct {
	u32 type;
	u32 pad;
	u64 phys_addr;
	u64 virt_addr;
	u64 num_pages;
	u64 attribute;
} efi_memory_desc_t;

struct mem_vector {
	u64 start;
	u64 size;
};

/* The memory of the stub itself */
extern char _head[], stub_end[];
#define _end stub_end

extern const char *stub_builtin;
extern struct boot_params *boot_params_ptr;

int cmdline_find_option(const char *option, char *buffer, int size);
void warn(const char *message);

#endif /* TESTS_FUZZ_STUB_H */
