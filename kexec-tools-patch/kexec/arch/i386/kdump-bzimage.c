// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: read the setup header of a bzImage.
 *
 * Pure.  Offsets and bits are those of the x86 boot protocol, see
 * Documentation/x86/boot.rst.
 */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "kdump-x86.h"

#define SETUP_SECTS		0x1f1	/* also: start of the setup header */
#define SYSSIZE			0x1f4
#define BOOT_FLAG		0x1fe
#define SETUP_JUMP		0x201
#define MAGIC			0x202
#define VERSION			0x206
#define LOADFLAGS		0x211
#define INITRD_ADDR_MAX		0x22c
#define KERNEL_ALIGNMENT	0x230
#define RELOCATABLE		0x234
#define XLOADFLAGS		0x236
#define CMDLINE_SIZE		0x238
#define PREF_ADDRESS		0x258
#define INIT_SIZE		0x260
#define SETUP_END		0x290	/* other fields of boot_params */

#define SECTOR			512
#define LOADED_HIGH		0x1
#define XLF_KERNEL_64		0x1
#define XLF_ABOVE_4G		0x2
#define ENTRY_64		0x200

/* pref_address and init_size came with 2.10, xloadflags with 2.12. */
#define VERSION_INIT_SIZE	0x20a
#define VERSION_XLOADFLAGS	0x20c

/* The kernel truncates a longer command line, whatever its header says. */
#define CMDLINE_MAX		2047

static uint64_t read_field(const char *buf, size_t offset, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, buf + offset, size);
	return value;
}

bool kdump_bzimage_is(const char *buf, size_t len)
{
	return len >= SETUP_END && read_field(buf, BOOT_FLAG, 2) == 0xaa55 &&
	       !memcmp(buf + MAGIC, "HdrS", 4);
}

static int check_setup(const char *buf, size_t len, size_t setup,
		       uint64_t payload, struct kdump_why *why)
{
	uint64_t align = read_field(buf, KERNEL_ALIGNMENT, 4);
	unsigned int version = read_field(buf, VERSION, 2);

	if (version < VERSION_INIT_SIZE)
		return kdump_explain(why, "it uses boot protocol %u.%02u, older than Linux 2.6.31",
				     version >> 8, version & 0xff);
	if (!(read_field(buf, LOADFLAGS, 1) & LOADED_HIGH))
		return kdump_explain(why, "a zImage, which runs in low memory only");
	if (!payload || len < setup || len - setup < payload)
		return kdump_explain(why, "truncated: it has %zu bytes and should have %llu",
				     len,
				     (unsigned long long)(setup + payload));
	if (!align || align & (align - 1))
		return kdump_explain(why, "its setup header asks for an impossible alignment");
	return 0;
}

static size_t setup_header_size(const char *buf)
{
	size_t end = MAGIC + read_field(buf, SETUP_JUMP, 1);

	return (end > SETUP_END ? SETUP_END : end) - SETUP_SECTS;
}

/* The 64-bit entry point, or the 32-bit one with its narrower limits. */
static void choose_entry(const char *buf, bool entry32,
			 struct kdump_kernel *kernel)
{
	unsigned int flags = 0;

	if (read_field(buf, VERSION, 2) >= VERSION_XLOADFLAGS)
		flags = read_field(buf, XLOADFLAGS, 2);
	kernel->machine = flags & XLF_KERNEL_64 ? EM_X86_64 : EM_386;
	kernel->entry64 = flags & XLF_KERNEL_64 && !entry32;
	kernel->entry = kernel->entry64 ? ENTRY_64 : 0;
	kernel->kind = kernel->entry64 ? "bzImage64" : "bzImage";
	if (!kernel->entry64 && !(flags & XLF_ABOVE_4G))
		kernel->max = read_field(buf, INITRD_ADDR_MAX, 4) + 1;
	else if (!kernel->entry64 || !(flags & XLF_ABOVE_4G))
		kernel->max = KDUMP_4GB;
}

/*
 * The kernel unpacks itself into the init_size bytes from where it is loaded,
 * so nothing else may be there.  It would move itself up to its preferred
 * address if it was loaded below, so that address is the lowest one allowed.  A
 * kernel that is not relocatable moves there from anywhere.
 */
int kdump_bzimage_parse(const char *buf, size_t len, bool entry32,
			struct kdump_kernel *kernel, struct kdump_why *why)
{
	size_t sects = read_field(buf, SETUP_SECTS, 1);
	size_t setup = ((sects ? sects : 4) + 1) * SECTOR;
	uint64_t payload = read_field(buf, SYSSIZE, 4) * 16;
	struct kdump_kernel parsed = { .loads = 1 };
	size_t cmdline = read_field(buf, CMDLINE_SIZE, 4);
	int err;

	err = check_setup(buf, len, setup, payload, why);
	if (err)
		return err;
	choose_entry(buf, entry32, &parsed);
	parsed.fixed = !read_field(buf, RELOCATABLE, 1);
	parsed.min = read_field(buf, PREF_ADDRESS, 8);
	parsed.align = read_field(buf, KERNEL_ALIGNMENT, 4);
	parsed.size = read_field(buf, INIT_SIZE, 4);
	if (parsed.size < payload)
		parsed.size = payload;
	parsed.cmdline_max = cmdline < CMDLINE_MAX ? cmdline : CMDLINE_MAX;
	parsed.setup = buf + SETUP_SECTS;
	parsed.setup_size = setup_header_size(buf);
	parsed.load[0] = (struct kdump_kernel_load){
		.data = buf + setup, .filesz = payload, .memsz = parsed.size,
	};
	if (parsed.fixed) {
		parsed.load[0].paddr = parsed.min;
		parsed.entry += parsed.min;
	}
	*kernel = parsed;
	return 0;
}
