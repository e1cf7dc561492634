// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz LOAD: files that are to be a capture kernel, and a place for them.
 *
 * The file stands in memory of just its size, so that a look beyond its end
 * is found.
 */
#include "../../kexec-tools-patch/kexec/arch/i386/kdump-x86.h"

#define RESERVED_START	0x1000000ULL
#define RESERVED_END	0x5000000ULL

static volatile char value_used;

static void check_loads(const char *file, size_t size,
			const struct kdump_image *image)
{
	uint64_t spare = image->fixed ? image->min : 0;
	unsigned int i;
	size_t byte;

	must(image->loads && image->loads <= KDUMP_LOADS_MAX);
	for (i = 0; i < image->loads; i++) {
		const struct kdump_load *load = &image->load[i];
		char sum = 0;

		must(load->data >= file && load->filesz <= size);
		must((size_t)(load->data - file) <= size - load->filesz);
		must(load->filesz <= load->memsz);
		must(!i || load->addr + load->memsz <= load[-1].addr ||
		     load[-1].addr + load[-1].memsz <= load->addr);
		must(load->addr >= spare);
		must(load->addr - spare <= image->size &&
		     load->memsz <= image->size - (load->addr - spare));
		for (byte = 0; byte < load->filesz; byte++)
			sum ^= load->data[byte];
		value_used = sum;
	}
	if (image->setup)
		must(image->setup >= file &&
		     image->setup + image->setup_size <= file + size);
}

/* As kdump.c lists them, with one of the parts that go behind the kernel. */
static void check_place(const struct kdump_image *image)
{
	struct kdump_range target = { RESERVED_START, RESERVED_END, 0 };
	struct kdump_ranges reservation = { &target, 1 };
	struct kdump_item items[] = {
		{ .name = "kernel", .size = image->size, .min = image->min,
		  .where = image->fixed ? KDUMP_AT : KDUMP_LOW,
		  .align = image->fixed ? 1 : image->align,
		  .max = image->max },
		{ .name = "initrd", .size = 0x100000, .where = KDUMP_HIGH,
		  .align = KDUMP_PAGE, .max = image->max },
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
		must(items[i].addr >= RESERVED_START);
		must(items[i].size <= RESERVED_END - RESERVED_START);
		must(items[i].addr <= RESERVED_END - items[i].size);
		must(!(items[i].addr & (items[i].align - 1)));
	}
	must(items[0].addr + items[0].size <= items[1].addr ||
	     items[1].addr + items[1].size <= items[0].addr);
}

static void check_file(const char *file, size_t size, bool entry32)
{
	struct kdump_why why = { "" };
	struct kdump_image image;
	int err;

	if (kdump_elf_is(file, size))
		err = kdump_elf_parse(file, size, &image, &why);
	else if (kdump_bzimage_is(file, size))
		err = kdump_bzimage_parse(file, size, entry32, &image, &why);
	else
		return;
	must(!err == !*why.text);
	if (err)
		return;
	check_loads(file, size, &image);
	check_place(&image);
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
