// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: keep the kernel out of the place that crashkernel= names.
 *
 * Runs in the boot stub, on one CPU, with memory mapped one to one on demand.
 * The stub knows only what boot_params says: the e820 map, the command line,
 * and where the boot loader has put things.  The kernel that is about to be
 * decompressed makes the reservation later.  It can do so if it does not lie in
 * the place itself.
 *
 * When KASLR chooses where the kernel goes, it avoids the place (kaslr.c).
 * This file is for all other cases: nokaslr, KASLR not built in, or no room
 * found by KASLR.
 */
#include "misc.h"
#include "error.h"
#include "efi.h"
#include "crashkernel.h"
#include "../string.h"

#include <linux/align.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sizes.h>

#include <asm/e820/types.h>

#include "../../../../kernel/kdump/crashkernel_parse.h"

extern unsigned long get_cmd_line_ptr(void);

#ifdef CONFIG_CMDLINE
# define BUILTIN_CMDLINE	CONFIG_CMDLINE
#else
# define BUILTIN_CMDLINE	""
#endif

static const char *boot_cmdline(void)
{
	const char *cmdline = (const char *)get_cmd_line_ptr();

	if (!cmdline || IS_ENABLED(CONFIG_CMDLINE_OVERRIDE))
		return "";
	return cmdline;
}

/* ---------------------------------------------------- what is in the way -- */

/*
 * If @place overlaps @size bytes at @start, move it behind them and return
 * true.  A place only moves up, so every search ends.
 */
static bool step_over(struct mem_vector *place, u64 start, u64 size)
{
	u64 end;

	if (check_add_overflow(start, size, &end))
		end = U64_MAX;
	if (!size || place->start >= end ||
	    start >= place->start + place->size)
		return false;
	place->start = end;
	return true;
}

static u64 join_halves(u32 high, u32 low)
{
	return (u64)high << 32 | low;
}

static bool step_over_boot_data(struct mem_vector *place)
{
	const struct boot_params *bp = boot_params_ptr;
	const char *cmdline = boot_cmdline();

	return step_over(place, (unsigned long)_head, _end - _head) ||
	       step_over(place, (unsigned long)bp, sizeof(*bp)) ||
	       step_over(place, (unsigned long)cmdline, strlen(cmdline) + 1) ||
	       step_over(place,
			 join_halves(bp->ext_ramdisk_image,
				     bp->hdr.ramdisk_image),
			 join_halves(bp->ext_ramdisk_size,
				     bp->hdr.ramdisk_size));
}

static bool step_over_setup_data(struct mem_vector *place)
{
	const struct setup_indirect *indirect;
	const struct setup_data *data;
	unsigned long next;

	for (next = boot_params_ptr->hdr.setup_data; next; next = data->next) {
		data = (const struct setup_data *)next;
		if (step_over(place, next, sizeof(*data) + data->len))
			return true;
		if (data->type != SETUP_INDIRECT)
			continue;
		indirect = (const struct setup_indirect *)data->data;
		if (indirect->type != SETUP_INDIRECT &&
		    step_over(place, indirect->addr, indirect->len))
			return true;
	}
	return false;
}

/*
 * In e820 the memory of the firmware's boot services is RAM, but some firmware
 * needs it a little longer.  The firmware's own map tells it apart.
 */
static bool step_over_firmware(struct mem_vector *place)
{
#ifdef CONFIG_EFI
	const struct efi_info *efi = &boot_params_ptr->efi_info;
	const char *signature = (const char *)&efi->efi_loader_signature;
	unsigned long at, end;

	if (strncmp(signature, EFI32_LOADER_SIGNATURE, 4) &&
	    strncmp(signature, EFI64_LOADER_SIGNATURE, 4))
		return false;
	at = join_halves(efi->efi_memmap_hi, efi->efi_memmap);
	end = at + efi->efi_memmap_size;
	for (; at < end; at += efi->efi_memdesc_size) {
		const efi_memory_desc_t *md = (const efi_memory_desc_t *)at;

		if (md->type != EFI_CONVENTIONAL_MEMORY &&
		    step_over(place, md->phys_addr,
			      md->num_pages << EFI_PAGE_SHIFT))
			return true;
	}
#endif
	return false;
}

/* -------------------------------------------- memory that must not be used -- */

enum memmap_piece {
	MEMMAP_LIMIT,		/* RAM ends at @size */
	MEMMAP_EXCLUDED,	/* the area is not RAM */
	MEMMAP_ADDED,		/* the area is RAM; not of interest */
	MEMMAP_END,		/* there are no more pieces */
	MEMMAP_EXACT,		/* exactmap, or nonsense: e820 does not count */
};

/* Parse a piece of memmap=, and the comma behind it. */
static enum memmap_piece parse_memmap(struct cursor *c, struct mem_vector *area)
{
	enum memmap_piece piece = MEMMAP_LIMIT;

	if (cursor_at_end(c))
		return MEMMAP_END;
	if (crashkernel_parse_amount(c, &area->size))
		return MEMMAP_EXACT;
	if (!cursor_at_end(c) && *c->at != ',') {
		piece = *c->at++ == '@' ? MEMMAP_ADDED : MEMMAP_EXCLUDED;
		if (crashkernel_parse_amount(c, &area->start))
			return MEMMAP_EXACT;
	}
	while (!cursor_at_end(c) && !parse_char(c, ','))
		c->at++;
	return piece;
}

/* The rest of a command line, and of the memmap= option found last. */
struct memmap_cursor {
	const char *cmdline;
	struct cursor value;
};

/* Parse the next piece of all memmap= options. */
static enum memmap_piece next_memmap(struct memmap_cursor *c,
				     struct mem_vector *area)
{
	struct crashkernel_value value;
	enum memmap_piece piece;

	while ((piece = parse_memmap(&c->value, area)) == MEMMAP_END) {
		if (!crashkernel_next_option(&c->cmdline, "memmap", &value))
			break;
		c->value.at = value.text;
		c->value.end = value.text + value.len;
	}
	return piece;
}

static bool step_over_memmap(const char *cmdline, struct mem_vector *place)
{
	struct memmap_cursor c = { .cmdline = cmdline };
	enum memmap_piece piece;
	struct mem_vector area;

	while ((piece = next_memmap(&c, &area)) < MEMMAP_END)
		if (piece == MEMMAP_EXCLUDED &&
		    step_over(place, area.start, area.size))
			return true;
	return false;
}

static u64 limit_of_memmap(const char *cmdline, u64 limit)
{
	struct memmap_cursor c = { .cmdline = cmdline };
	enum memmap_piece piece;
	struct mem_vector area;

	while ((piece = next_memmap(&c, &area)) < MEMMAP_END)
		if (piece == MEMMAP_LIMIT)
			limit = min(limit, area.size);
	return piece == MEMMAP_EXACT ? 0 : limit;
}

static u64 limit_of_mem(const char *cmdline, u64 limit)
{
	struct crashkernel_value value;
	u64 size;

	while (crashkernel_next_option(&cmdline, "mem", &value)) {
		struct cursor c = { value.text, value.text + value.len };

		if (!crashkernel_parse_amount(&c, &size))
			limit = min(limit, size);
	}
	return limit;
}

/* Where the command line lets usable memory end; 0: not known. */
static u64 usable_end(void)
{
	u64 end = IS_ENABLED(CONFIG_X86_32) ? KERNEL_IMAGE_SIZE : MAXMEM;

	end = limit_of_memmap(BUILTIN_CMDLINE, end);
	end = limit_of_memmap(boot_cmdline(), end);
	end = limit_of_mem(BUILTIN_CMDLINE, end);
	return limit_of_mem(boot_cmdline(), end);
}

/* --------------------------------------------------------- another place -- */

static bool step_over_any(struct mem_vector *place, u64 start, u64 size)
{
	return step_over(place, start, size) ||
	       step_over_boot_data(place) ||
	       step_over_setup_data(place) ||
	       step_over_firmware(place) ||
	       step_over_memmap(BUILTIN_CMDLINE, place) ||
	       step_over_memmap(boot_cmdline(), place);
}

/* Move @place up until it is free; return false if it would pass @end. */
static bool place_move_up(struct mem_vector *place, u64 end, u64 wanted,
			  u64 size_wanted)
{
	do {
		/* Alignment cannot wrap around below the end of memory. */
		if (place->start >= end)
			return false;
		place->start = ALIGN(place->start, CONFIG_PHYSICAL_ALIGN);
		if (place->start + place->size > end)
			return false;
	} while (step_over_any(place, wanted, size_wanted));
	return true;
}

/*
 * Find the lowest place for @size bytes that does not overlap @size_wanted
 * bytes at @wanted; return 0 if there is none.
 */
static u64 find_place(u64 size, u64 wanted, u64 size_wanted)
{
	u64 end, limit = usable_end(), best = limit;
	const struct boot_e820_entry *entry;
	unsigned int i;

	for (i = 0; i < boot_params_ptr->e820_entries; i++) {
		struct mem_vector place = { .size = size };

		entry = &boot_params_ptr->e820_table[i];
		if (entry->type != E820_TYPE_RAM)
			continue;
		end = min(entry->addr + entry->size, limit);
		place.start = max_t(u64, entry->addr, LOAD_PHYSICAL_ADDR);
		if (place_move_up(&place, end, wanted, size_wanted))
			best = min(best, place.start);
	}
	return best < limit ? best : 0;
}

/* RAM in the entries of a map, as far as it is usable. */
static u64 count_entries(const struct boot_e820_entry *entry,
			 unsigned int entries, u64 limit)
{
	u64 ram = 0;

	for (; entries; entries--, entry++)
		if (entry->type == E820_TYPE_RAM && entry->addr < limit)
			ram += min(entry->size, limit - entry->addr);
	return ram;
}

/*
 * Count RAM as the kernel will, or a little more of it; 0: not known.  Entries
 * that boot_params have no room for are in setup_data.
 */
static u64 count_ram(void)
{
	const struct boot_params *bp = boot_params_ptr;
	const struct setup_data *data;
	u64 ram, limit = usable_end();
	unsigned long next;

	ram = count_entries(bp->e820_table, bp->e820_entries, limit);
	for (next = bp->hdr.setup_data; next; next = data->next) {
		data = (const struct setup_data *)next;
		if (data->type == SETUP_E820_EXT)
			ram += count_entries((const void *)data->data,
					     data->len / sizeof(*bp->e820_table),
					     limit);
	}
	return ram;
}

/* ------------------------------------------------------------ entry points -- */

/* Raise @most to what @value asks for if the kernel counts @ram bytes. */
static void area_raise(const struct crashkernel_value *value, u64 ram,
		       struct crashkernel_area *most)
{
	struct crashkernel_area area;

	if (!crashkernel_parse(CRASHKERNEL_MAIN, value,
			       crashkernel_round_ram(ram), &area) &&
	    area.fixed && area.size > most->size)
		*most = area;
}

bool crashkernel_wanted(u64 *start, u64 *size)
{
	struct crashkernel_options options = { };
	const struct crashkernel_value *value;
	struct crashkernel_area area = { };
	u64 ram = count_ram();

	/* A capture kernel runs in a reservation and makes none. */
	if (!IS_ENABLED(CONFIG_RELOCATABLE) ||
	    cmdline_find_option("elfcorehdr", NULL, 0) >= 0)
		return false;
	crashkernel_find(BUILTIN_CMDLINE, &options);
	crashkernel_find(boot_cmdline(), &options);
	value = &options.last[CRASHKERNEL_MAIN];
	if (!value->text)
		return false;
	area_raise(value, ram, &area);
	/*
	 * The kernel does not count the BIOS area.  Without it RAM may be
	 * rounded up to one step less, and another range counts.
	 */
	if (ram > SZ_1M)
		area_raise(value, ram - SZ_1M, &area);
	if (!area.size)
		return false;
	*start = area.offset;
	*size = area.size;
	return true;
}

void crashkernel_step_aside(unsigned long size, unsigned long *output,
			    unsigned long *virt_addr)
{
	struct mem_vector here = { .start = *output, .size = size };
	u64 wanted, size_wanted, place;

	if (!crashkernel_wanted(&wanted, &size_wanted) ||
	    !step_over(&here, wanted, size_wanted))
		return;
	place = find_place(size, wanted, size_wanted);
	if (!place) {
		warn("No room for the kernel outside of what crashkernel= reserves.");
		return;
	}
	*output = place;
	if (IS_ENABLED(CONFIG_X86_32))
		*virt_addr = place;
}
