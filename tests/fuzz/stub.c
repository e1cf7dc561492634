// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz RESERVE in the boot stub: does the kernel find its place free?
 *
 * An input is a machine (e820 table, initrd, the firmware's map) and a command
 * line. The fuzzer finds the kernel's new place a second time, by trying every
 * aligned address. It takes the reservation, which must stay free, from the
 * kernel's own code, which counts RAM in another way than the stub.
 */
#include "stub.h"
#include "../../arch/x86/boot/compressed/crashkernel.c"

/* A search gives up after this many addresses. */
#define TRIES	64

/* Bytes; small, since every step of a search reads the command line again. */
#define INPUT_MAX	300

char _head[4096], stub_end[1];
const char *stub_builtin;
struct boot_params *boot_params_ptr;

static struct {
	const uint8_t *data;
	size_t size;
} input;

static struct boot_params params;
static efi_memory_desc_t firmware[8];
static struct {
	struct setup_data data;
	struct boot_e820_entry entry[2];
} more;
static char *line;
static bool warned;

unsigned long get_cmd_line_ptr(void)
{
	return (unsigned long)line;
}

/* The stub asks for one option only. */
int cmdline_find_option(const char *option, char *buffer, int size)
{
	struct crashkernel_value value;
	const char *at = line;

	must(!buffer && !size);
	return crashkernel_next_option(&at, option, &value) ? (int)value.len : -1;
}

void warn(const char *message)
{
	must(*message);
	warned = true;
}

static u64 take_bytes(unsigned int count)
{
	u64 value = 0;

	while (count-- && input.size) {
		value = value << 8 | *input.data++;
		input.size--;
	}
	return value;
}

/* Take a number of any magnitude; most are round. */
static u64 take_value(void)
{
	unsigned int shift = take_bytes(1) % 64;
	u64 value = take_bytes(2);

	return shift < 60 ? value << shift : -value;
}

static struct boot_e820_entry take_entry(void)
{
	struct boot_e820_entry entry = {
		.addr = take_value(), .size = take_value(),
	};

	entry.type = take_bytes(1) % 4 ? E820_TYPE_RAM : 2;
	return entry;
}

/* The kernel does not go to memory in more entries, but counts it. */
static void make_more_map(unsigned int entries)
{
	unsigned int i;

	more.data.type = SETUP_E820_EXT;
	more.data.len = entries * sizeof(more.entry[0]);
	for (i = 0; i < entries; i++)
		more.entry[i] = take_entry();
	params.hdr.setup_data = (u64)&more;
}

static void make_map(void)
{
	unsigned int i, entries = take_bytes(1) % 11;

	params.e820_entries = min(entries, 8u);
	for (i = 0; i < params.e820_entries; i++)
		params.e820_table[i] = take_entry();
	if (entries > 8)
		make_more_map(entries - 8);
}

/* RAM that the kernel counts, with arithmetic that does not wrap. */
static u64 count_slowly(void)
{
	unsigned int i, room = sizeof(more.entry) / sizeof(more.entry[0]);
	u64 limit = usable_end();
	unsigned __int128 ram = 0;

	for (i = 0; i < params.e820_entries + room; i++) {
		const struct boot_e820_entry *e = i < params.e820_entries ?
			&params.e820_table[i] :
			&more.entry[i - params.e820_entries];

		if (e->type == E820_TYPE_RAM && e->addr < limit)
			ram += min(e->size, limit - e->addr);
	}
	return ram;
}

static void make_firmware(void)
{
	unsigned int i, count = take_bytes(1) % 8;

	for (i = 0; i < count; i++)
		firmware[i] = (efi_memory_desc_t){
			.type = 4 + take_bytes(1) % 4,
			.phys_addr = take_value(),
			.num_pages = take_value() >> EFI_PAGE_SHIFT,
		};
	if (!count)
		return;
	memcpy(&params.efi_info.efi_loader_signature, EFI64_LOADER_SIGNATURE, 4);
	params.efi_info.efi_memdesc_size = sizeof(firmware[0]);
	params.efi_info.efi_memmap = (u64)firmware;
	params.efi_info.efi_memmap_hi = (u64)firmware >> 32;
	params.efi_info.efi_memmap_size = count * sizeof(firmware[0]);
}

static void make_initrd(void)
{
	u64 start = take_value(), size = take_value();

	params.hdr.ramdisk_image = start;
	params.ext_ramdisk_image = start >> 32;
	params.hdr.ramdisk_size = size;
	params.ext_ramdisk_size = size >> 32;
}

static void make_line(void)
{
	line = malloc(input.size + 1);
	memcpy(line, input.data, input.size);
	line[input.size] = '\0';
}

/* ----------------------------------------------------- the second search -- */

static bool touches(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a_size && b_size && (a <= b ? b - a < a_size : a - b < b_size);
}

static bool excluded(const char *cmdline, u64 at, u64 size)
{
	struct crashkernel_value value;
	enum memmap_piece piece;
	struct mem_vector area;

	while (crashkernel_next_option(&cmdline, "memmap", &value)) {
		struct cursor c = { value.text, value.text + value.len };

		while ((piece = parse_memmap(&c, &area)) < MEMMAP_END)
			if (piece == MEMMAP_EXCLUDED &&
			    touches(at, size, area.start, area.size))
				return true;
	}
	return false;
}

static bool taken(u64 at, u64 size)
{
	const struct efi_info *efi = &params.efi_info;
	unsigned int i;

	if (touches(at, size,
		    join_halves(params.ext_ramdisk_image,
				params.hdr.ramdisk_image),
		    join_halves(params.ext_ramdisk_size,
				params.hdr.ramdisk_size)))
		return true;
	for (i = 0; i < efi->efi_memmap_size / sizeof(firmware[0]); i++)
		if (firmware[i].type != EFI_CONVENTIONAL_MEMORY &&
		    touches(at, size, firmware[i].phys_addr,
			    firmware[i].num_pages << EFI_PAGE_SHIFT))
			return true;
	return excluded(line, at, size) || excluded(stub_builtin, at, size);
}

/* Find the lowest place the slow way; 0: there is none, or @patience ran out. */
static u64 lowest(u64 size, u64 wanted, u64 size_wanted, int *patience)
{
	u64 best = 0, limit = usable_end();
	unsigned int i;

	for (i = 0; i < params.e820_entries; i++) {
		const struct boot_e820_entry *e = &params.e820_table[i];
		u64 end, at = max(e->addr, LOAD_PHYSICAL_ADDR);

		if (e->type != E820_TYPE_RAM || e->addr >= limit ||
		    __builtin_add_overflow(e->addr, e->size, &end))
			continue;
		end = min(end, limit);
		at = ALIGN(at, CONFIG_PHYSICAL_ALIGN);
		for (; at < end && end - at >= size && (!best || at < best) &&
		     (*patience)-- > 0; at += CONFIG_PHYSICAL_ALIGN)
			if (!touches(at, size, wanted, size_wanted) &&
			    !taken(at, size))
				best = at;
	}
	return best;
}

static void check_place(u64 size, u64 wanted, u64 size_wanted)
{
	unsigned long output = wanted & -CONFIG_PHYSICAL_ALIGN, virt = 1;
	unsigned long before = output;
	int patience = TRIES;
	u64 best;

	if (!touches(output, size, wanted, size_wanted))
		return;
	warned = false;
	crashkernel_step_aside(size, &output, &virt);
	must(virt == 1);
	must(warned == (output == before));
	best = lowest(size, wanted, size_wanted, &patience);
	if (patience >= 0)
		must(output == (best ?: before));
	if (!warned)
		must(output % CONFIG_PHYSICAL_ALIGN == 0 &&
		     !touches(output, size, wanted, size_wanted) &&
		     !taken(output, size));
}

/*
 * Return what the kernel will reserve when it has counted @ram bytes: the size of
 * RAM that decides is the next multiple of 128 MB.
 */
static bool kernel_wants(u64 ram, struct crashkernel_area *area)
{
	const u64 step = 128ULL << 20, steps = (ram + step - 1) / step;
	struct crashkernel_options options = { };
	const struct crashkernel_value *value;

	crashkernel_find(stub_builtin, &options);
	crashkernel_find(line, &options);
	value = &options.last[CRASHKERNEL_MAIN];
	return value->text &&
	       !crashkernel_parse(CRASHKERNEL_MAIN, value, steps * step, area) &&
	       area->fixed;
}

/* RAM may lack what the BIOS uses below 1 MB. */
static void check_wanted(bool wanted, u64 start, u64 size)
{
	static const u64 lost[] = { 0, 0x1000, 0x61000, SZ_1M };
	struct crashkernel_area area;
	u64 ram = count_ram();
	bool any = false;
	size_t i;

	must(ram == count_slowly());
	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
		if (ram <= lost[i] || !kernel_wants(ram - lost[i], &area))
			continue;
		any = true;
		must(wanted && start == area.offset && size >= area.size);
	}
	must(!wanted || any || !ram);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const builtin[] = {
		"", "crashkernel=64M@16M", "memmap=16M$64M mem=3G",
	};
	u64 start = 0x55, wanted_size = 0x55, kernel;
	bool wanted;

	input.data = data;
	input.size = min(size, (size_t)INPUT_MAX);
	memset(&params, 0, sizeof(params));
	memset(&more, 0, sizeof(more));
	boot_params_ptr = &params;
	stub_builtin = builtin[take_bytes(1) % 3];
	kernel = (1 + take_bytes(1)) << 20;
	make_map();
	make_initrd();
	make_firmware();
	make_line();
	wanted = crashkernel_wanted(&start, &wanted_size);
	if (!wanted)
		must(start == 0x55 && wanted_size == 0x55);
	if (cmdline_find_option("elfcorehdr", NULL, 0) >= 0)
		must(!wanted);
	else
		check_wanted(wanted, start, wanted_size);
	if (wanted)
		check_place(kernel, start, wanted_size);
	free(line);
	return 0;
}
