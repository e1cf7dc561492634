// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz LOAD: parse files as capture kernels, and find places for them.
 *
 * The file is in memory of exactly its size, so that the sanitizer finds a read
 * beyond its end.
 */
#include "../../kexec-tools-patch/kexec/arch/i386/kdump-x86.h"

#define RESERVED_START	0x1000000ULL
#define RESERVED_END	0x5000000ULL

static volatile char value_used;

static void check_loads(const char *file, size_t size,
			const struct kdump_kernel *kernel)
{
	uint64_t spare = kernel->fixed ? kernel->min : 0;
	unsigned int i;
	size_t byte;

	must(kernel->loads && kernel->loads <= KDUMP_LOADS_MAX);
	for (i = 0; i < kernel->loads; i++) {
		const struct kdump_kernel_load *load = &kernel->load[i];
		char sum = 0;

		must(load->data >= file && load->filesz <= size);
		must((size_t)(load->data - file) <= size - load->filesz);
		must(load->filesz <= load->memsz);
		must(!i || load->paddr + load->memsz <= load[-1].paddr ||
		     load[-1].paddr + load[-1].memsz <= load->paddr);
		must(load->paddr >= spare);
		must(load->paddr - spare <= kernel->size &&
		     load->memsz <= kernel->size - (load->paddr - spare));
		for (byte = 0; byte < load->filesz; byte++)
			sum ^= load->data[byte];
		value_used = sum;
	}
	if (kernel->setup)
		must(kernel->setup >= file &&
		     kernel->setup + kernel->setup_size <= file + size);
}

/* The items as kdump.c lists them: the kernel, and one part behind it. */
static void check_place(const struct kdump_kernel *kernel)
{
	struct kdump_range target = { RESERVED_START, RESERVED_END, 0 };
	struct kdump_ranges reservation = { &target, 1 };
	struct kdump_item items[] = {
		{ .name = "kernel", .size = kernel->size, .min = kernel->min,
		  .where = kernel->fixed ? KDUMP_AT : KDUMP_LOW,
		  .align = kernel->fixed ? 1 : kernel->align,
		  .max = kernel->max },
		{ .name = "initrd", .size = 0x100000, .where = KDUMP_HIGH,
		  .align = KDUMP_PAGE, .max = kernel->max },
	};
	const struct kdump_item *misfit = NULL;
	int i;

	kdump_place_need(items, 2);
	if (kdump_place(items, 2, &reservation, &misfit)) {
		must(misfit);
		return;
	}
	for (i = 0; i < 2; i++) {
		if (!items[i].size)
			continue;
		must(items[i].paddr >= RESERVED_START);
		must(items[i].size <= RESERVED_END - RESERVED_START);
		must(items[i].paddr <= RESERVED_END - items[i].size);
		must(!(items[i].paddr & (items[i].align - 1)));
	}
	must(items[0].paddr + items[0].size <= items[1].paddr ||
	     items[1].paddr + items[1].size <= items[0].paddr);
}

static void check_piece(const char *file, size_t size,
			const struct kdump_piece *piece)
{
	must(!piece->len || (piece->data >= file && piece->len <= size &&
			     (size_t)(piece->data - file) <=
			     size - piece->len));
}

static void check_uki(const char *file, size_t size)
{
	struct kdump_why why = { "" };
	struct kdump_uki uki;
	int err = kdump_uki_parse(file, size, &uki, &why);

	must(!err == !*why.text);
	if (err)
		return;
	must(uki.kernel.len);
	check_piece(file, size, &uki.kernel);
	check_piece(file, size, &uki.initrd);
	check_piece(file, size, &uki.cmdline);
}

static void check_file(const char *file, size_t size, bool entry32)
{
	struct kdump_why why = { "" };
	struct kdump_kernel kernel;
	int err;

	kdump_unpacked_size(file, size);
	if (kdump_uki_is(file, size))
		check_uki(file, size);
	if (kdump_elf_is(file, size))
		err = kdump_elf_parse(file, size, &kernel, &why);
	else if (kdump_bzimage_is(file, size))
		err = kdump_bzimage_parse(file, size, entry32, &kernel, &why);
	else
		return;
	must(!err == !*why.text);
	if (err)
		return;
	check_loads(file, size, &kernel);
	check_place(&kernel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *file;

	if (!size)
		return 0;
	file = malloc(size - 1 ? size - 1 : 1);
	memcpy(file, data + 1, size - 1);
	check_file(file, size - 1, *data & 1);
	free(file);
	return 0;
}
