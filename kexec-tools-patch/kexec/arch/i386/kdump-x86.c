// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -p on x86: entry, boot_params, e820 table and purgatory.
 *
 * For i386 and x86_64.  kdump.c has found all places before; here the contents
 * are filled in.
 */
#include <elf.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "../../kexec.h"
#include "../../kexec-elf.h"
#include "../../kexec-syscall.h"
#include "../x86_64/kexec-x86_64.h"
#include "kdump-x86.h"
#include "x86-linux-setup.h"
#include <arch/options.h>

/* boot_params take one page; the command line follows. */
#define CMDLINE_OFFSET	4096
#define CMDLINE_MAX	(COMMAND_LINE_SIZE - 1)

/* The kernel can use the EFI runtime map of the kernel before it. */
#define XLF_EFI_KEXEC	(1 << 4)

static uint16_t get_machine(void)
{
	return physical_arch() == KEXEC_ARCH_X86_64 ? EM_X86_64 : EM_386;
}

/*
 * Where memory can be plugged in, ACPI has a device for each slot.  Kernels with
 * another kdump would take memory that was plugged in, which is old memory, for
 * their own.
 */
static const char *get_cmdline(void)
{
	glob_t found;
	int none = glob("/sys/bus/acpi/devices/PNP0C80:*", 0, NULL, &found);

	if (!none)
		globfree(&found);
	return none ? NULL : "acpi_no_memhotplug";
}

/* Add the firmware's RAM, or its other entries, which win where both overlap. */
static int add_firmware_ranges(const struct memory_range *range, int ranges,
			       bool ram, struct kdump_ranges *map)
{
	int i, err = 0;

	for (i = 0; i < ranges && !err; i++)
		if (range[i].end > range[i].start && range[i].end + 1 &&
		    (range[i].type == RANGE_RAM) == ram)
			err = kdump_ranges_add(map, range[i].start,
					       range[i].end + 1,
					       range[i].type);
	return err;
}

/* All memory that the firmware reported; the running kernel may use less. */
static int read_firmware_map(struct kdump_ranges *map)
{
	struct kdump_ranges made = { NULL, 0 };
	struct memory_range *range;
	int ranges, err;

	if (get_memory_ranges(&range, &ranges, 0) < 0)
		return kdump_refuse("cannot find out which memory this machine has; is /proc mounted?");
	err = add_firmware_ranges(range, ranges, true, &made);
	if (!err)
		err = add_firmware_ranges(range, ranges, false, &made);
	if (err)
		kdump_ranges_free(&made);
	else
		*map = made;
	return err;
}

static int take_option(int opt, struct kdump_options *options)
{
	switch (opt) {
	case OPT_ELF32_CORE:
		options->class = ELFCLASS32;
		break;
	case OPT_ELF64_CORE:
		options->class = ELFCLASS64;
		break;
	case OPT_ENTRY_32BIT:
		options->entry32 = true;
		break;
	case OPT_REAL_MODE:
		return kdump_refuse("--real-mode needs the BIOS, which cannot be used after a crash; leave it out");
	case OPT_MOD:
		return kdump_refuse("--module is for multiboot kernels, and a capture kernel is Linux; name its initrd with --initrd=");
	case OPT_ARGS_ELF:
	case OPT_ARGS_NONE:
		return kdump_refuse("a capture kernel is always started with --args-linux; leave out --args-elf and --args-none");
	default:
		break;
	}
	return 0;
}

static int parse_vmlinux(const char *buf, size_t len,
			 struct kdump_kernel *kernel, struct kdump_why *why)
{
	int err = kdump_elf_parse(buf, len, kernel, why);

	if (err)
		return err;
	if (kernel->machine != (kernel->entry64 ? EM_X86_64 : EM_386))
		return kdump_explain(why, "built for another architecture (ELF machine %u)",
				     kernel->machine);
	if (!kernel->fixed || !kernel->mapped)
		return kdump_explain(why, "not a kernel but a program of user space or a shared object");
	if (kernel->entry < kernel->min ||
	    kernel->entry - kernel->min >= kernel->size)
		return kdump_explain(why, "not a kernel: its entry point lies outside of it");
	kernel->kind = kernel->entry64 ? "elf-x86_64" : "elf-x86";
	kernel->max = kernel->entry64 ? KDUMP_4GB : DEFAULT_INITRD_ADDR_MAX + 1;
	kernel->cmdline_max = CMDLINE_MAX;
	return 0;
}

static int parse_kernel(const char *buf, size_t len,
			const struct kdump_options *options,
			struct kdump_kernel *kernel, struct kdump_why *why)
{
	bool wide = get_machine() == EM_X86_64 && sizeof(long) == 8;
	int err;

	if (kdump_elf_is(buf, len))
		err = parse_vmlinux(buf, len, kernel, why);
	else if (kdump_bzimage_is(buf, len))
		err = kdump_bzimage_parse(buf, len, options->entry32 || !wide,
					  kernel, why);
	else
		return kdump_explain(why, "not a kernel: neither an ELF file (vmlinux) nor a bzImage");
	if (!err && kernel->entry64 && !wide)
		return kdump_explain(why, "a 64-bit vmlinux, which only a 64-bit kexec can start; use its bzImage");
	return err;
}

/*
 * Give kexec-tools the map of the capture kernel: the functions that fill
 * boot_params take it from @kdump->info.
 */
static int use_capture_map(struct kdump *kdump)
{
	const struct kdump_item *header = &kdump->part[KDUMP_HEADER];
	const struct kdump_item *backup = &kdump->part[KDUMP_BACKUP];
	struct kdump_ranges firmware, map;
	struct kdump_x86_memory memory = {
		.firmware = &firmware, .ram = RANGE_RAM,
		.reservation = &kdump->reservation,
		.low = KDUMP_BACKUP_SIZE, .holes = 2,
		.hole[0] = { header->paddr, header->paddr +
			     kdump_align(header->size, KDUMP_PAGE), 0 },
		.hole[1] = { backup->paddr, backup->paddr + backup->size, 0 },
	};
	struct memory_range *range;
	unsigned int i;
	int err;

	err = read_firmware_map(&firmware);
	if (err)
		return err;
	err = kdump_x86_map(&memory, &map);
	kdump_ranges_free(&firmware);
	if (!err)
		err = kdump_x86_order(&map, memory.ram);
	range = err ? NULL : calloc(map.count, sizeof(*range));
	if (!range)
		return -ENOMEM;
	for (i = 0; i < map.count; i++)
		range[i] = (struct memory_range){
			.start = map.range[i].start,
			.end = map.range[i].end - 1,
			.type = map.range[i].type,
		};
	kdump->info->memory_range = range;
	kdump->info->memory_ranges = map.count;
	kdump_ranges_free(&map);
	dbgprint_mem_range("memory map of the capture kernel:", range, i);
	return 0;
}

static void add_initrd(struct kdump *kdump, struct x86_linux_param_header *hdr)
{
	uint64_t paddr = kdump_add_initrd(kdump);

	if (!paddr)
		return;
	hdr->initrd_start = paddr;
	hdr->initrd_size = kdump->initrd_len;
	hdr->ext_ramdisk_image = paddr >> 32;
	hdr->ext_ramdisk_size = (uint64_t)kdump->initrd_len >> 32;
}

/* Fill boot_params, all but what setup_linux_system_parameters() adds. */
static struct x86_linux_param_header *add_params(struct kdump *kdump)
{
	const struct kdump_item *item = &kdump->part[KDUMP_PARAMS];
	char *buf = calloc(1, item->size);
	struct x86_linux_param_header *hdr = (void *)buf;

	if (!buf)
		return NULL;
	if (kdump->kernel.setup)
		memcpy(buf + offsetof(struct x86_linux_param_header,
				      setup_sects),
		       kdump->kernel.setup, kdump->kernel.setup_size);
	else
		init_linux_parameters(hdr);
	add_segment(kdump->info, buf, item->size, item->paddr, item->size);
	setup_linux_bootloader_parameters_high(kdump->info, hdr, item->paddr,
					       CMDLINE_OFFSET, kdump->cmdline,
					       strlen(kdump->cmdline) + 1,
					       NULL, 0, 1);
	return hdr;
}

static void set_entry64(struct kdump *kdump, uint64_t entry)
{
	struct mem_ehdr *rhdr = &kdump->info->rhdr;
	struct entry64_regs regs = {
		.rsi = kdump->part[KDUMP_PARAMS].paddr, .rip = entry,
		.rsp = elf_rel_get_addr(rhdr, "stack_end"),
	};

	elf_rel_set_symbol(rhdr, "entry64_regs", &regs, sizeof(regs));
}

static void set_entry32(struct kdump *kdump, uint64_t entry)
{
	struct mem_ehdr *rhdr = &kdump->info->rhdr;
	struct entry32_regs regs = {
		.esi = kdump->part[KDUMP_PARAMS].paddr, .eip = entry,
		.esp = elf_rel_get_addr(rhdr, "stack_end"),
	};

	elf_rel_set_symbol(rhdr, "entry32_regs", &regs, sizeof(regs));
}

/* Tell purgatory what to start, and what to back up before. */
static void add_purgatory(struct kdump *kdump)
{
	const struct kdump_item *item = &kdump->part[KDUMP_PURGATORY];
	const struct kdump_kernel *kernel = &kdump->kernel;
	struct mem_ehdr *rhdr = &kdump->info->rhdr;
	unsigned long backup_to = kdump->part[KDUMP_BACKUP].paddr;
	unsigned long size = kdump->part[KDUMP_BACKUP].size;
	uint64_t base = kernel->fixed ? 0 : kdump->part[KDUMP_KERNEL].paddr;

	elf_rel_build_load(kdump->info, rhdr, purgatory, purgatory_size,
			   item->paddr, item->paddr + item->size - 1, 1, 0);
	if (kernel->entry64)
		set_entry64(kdump, kernel->entry + base);
	else
		set_entry32(kdump, kernel->entry + base);
	elf_rel_set_symbol(rhdr, "kdump_backup_to", &backup_to,
			   sizeof(backup_to));
	elf_rel_set_symbol(rhdr, "kdump_backup_size", &size, sizeof(size));
}

static int get_params_size(uint64_t *size)
{
	*size = CMDLINE_OFFSET + COMMAND_LINE_SIZE;
	return 0;
}

static int load_kernel(struct kdump *kdump)
{
	const struct kdump_item *room = &kdump->part[KDUMP_PURGATORY];
	struct x86_linux_param_header *hdr;
	int err;

	err = use_capture_map(kdump);
	if (!err)
		err = kdump_add_kernel(kdump);
	if (err)
		return err;
	hdr = add_params(kdump);
	if (!hdr)
		return -ENOMEM;
	add_initrd(kdump, hdr);
	/* kexec-tools places what it adds from here on beside purgatory. */
	mem_min = room->paddr;
	mem_max = room->paddr + kdump_align(room->size, KDUMP_PAGE) - 1;
	add_purgatory(kdump);
	bzImage_support_efi_boot = kdump->kernel.setup &&
				   hdr->xloadflags & XLF_EFI_KEXEC;
	setup_linux_system_parameters(kdump->info, hdr);
	return 0;
}

const struct kdump_arch kdump_arch = {
	.backup_size = KDUMP_BACKUP_SIZE,
	.least = 64 << 20,
	.params_size = get_params_size,
	.machine = get_machine,
	.cmdline = get_cmdline,
	.option = take_option,
	.parse = parse_kernel,
	.load = load_kernel,
};
