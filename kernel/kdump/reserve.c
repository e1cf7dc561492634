// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: set memory aside for the capture kernel.
 *
 * Runs in the system kernel during boot, while memblock hands out memory and
 * only one CPU runs.  The grammar of crashkernel= is in crashkernel.c, the
 * arithmetic in reserve.h and range.h.  kdump_arch_reserve_limits() says which
 * memory the architecture can use.
 */
#include <linux/crash_dump.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/kmemleak.h>
#include <linux/memblock.h>
#include <linux/printk.h>
#include <linux/sizes.h>

#include <asm/sections.h>

#include "crashkernel.h"
#include "range.h"
#include "reserve.h"

#define CRASH_KERNEL_RESOURCE {				\
	.name = "Crash kernel",				\
	.desc = IORES_DESC_CRASH_KERNEL,		\
	.flags = IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY,	\
}

struct resource crashk_res = CRASH_KERNEL_RESOURCE;
struct resource crashk_low_res = CRASH_KERNEL_RESOURCE;

enum plan_state {
	PLAN_NOTHING,		/* not asked for, or refused */
	PLAN_PLACE,		/* the kernel chooses the place, later */
	PLAN_RESERVED,		/* the main part is reserved */
};

/* From kdump_reserve_early() to kdump_reserve_late(). */
static struct {
	enum plan_state state;
	struct crashkernel_value asked;	/* for messages */
	struct crashkernel_area area;
	bool high;			/* search above low_end first */
	u64 low;			/* bytes of the low part, if needed */
	struct range main;	/* with PLAN_RESERVED */
	struct kdump_arch_limits limits;
} plan __initdata;

/* -------------------------------------------------------------- messages -- */

struct size_text {
	char s[24];
};

/* A size as a person would write it on the command line. */
static struct size_text __init size_text(u64 bytes)
{
	static const char units[] = "KMGT";
	struct size_text text;
	unsigned int unit = 0;

	while (units[unit] && bytes && IS_ALIGNED(bytes, 1024)) {
		bytes /= 1024;
		unit++;
	}
	if (unit)
		snprintf(text.s, sizeof(text.s), "%llu%c", bytes,
			 units[unit - 1]);
	else
		snprintf(text.s, sizeof(text.s), "%llu", bytes);
	return text;
}

/* A measured size, in whole megabytes. */
static struct size_text __init about_text(u64 bytes)
{
	return size_text(ALIGN_DOWN(bytes, SZ_1M));
}

/* Log the one line that says why nothing is reserved. */
static void __init __printf(2, 3)
refuse(const struct crashkernel_value *asked, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_err("crashkernel=%.*s: nothing is reserved: %pV\n", (int)asked->len,
	       asked->text, &vaf);
	va_end(args);
}

static bool __init reserve_check_area(const struct crashkernel_value *asked,
				      const struct crashkernel_area *area,
				      u64 ram)
{
	const struct kdump_arch_limits *limits = &plan.limits;

	switch (kdump_reserve_check(area, limits, ram)) {
	case KDUMP_RESERVE_OK:
		return true;
	case KDUMP_RESERVE_SIZE_MISALIGNED:
		refuse(asked,
		       "the size is not a multiple of %s; the next one is %s",
		       size_text(PAGE_SIZE).s,
		       size_text(ALIGN(area->size, PAGE_SIZE)).s);
		break;
	case KDUMP_RESERVE_TOO_LARGE:
		refuse(asked,
		       "%s is all of this machine's RAM (%s) or more; ask for less",
		       size_text(area->size).s, about_text(ram).s);
		break;
	case KDUMP_RESERVE_OFFSET_MISALIGNED:
		refuse(asked,
		       "the offset is not a multiple of %s; the next one is %s",
		       size_text(limits->offset_align).s,
		       size_text(ALIGN(area->offset, limits->offset_align)).s);
		break;
	case KDUMP_RESERVE_BELOW_FLOOR:
		refuse(asked,
		       "memory below %s is used otherwise; choose a higher offset",
		       size_text(limits->floor).s);
		break;
	case KDUMP_RESERVE_BEYOND_LIMIT:
		refuse(asked,
		       "a capture kernel cannot use memory beyond %s; choose a lower offset",
		       size_text(limits->high_end).s);
		break;
	}
	return false;
}

/* ------------------------------------------------------ the place is given -- */

/* The first address of @range that is not RAM, or its end. */
static u64 __init range_first_hole(struct range range)
{
	phys_addr_t start, end;
	u64 hole = range.start;
	u64 i;

	for_each_mem_range(i, &start, &end)
		hole = kdump_range_cover(hole,
					 (struct range){ start, end });
	return min(hole, range.end);
}

static struct range __init owner_range(const struct kdump_arch_owner *o)
{
	return (struct range){ o->start, (u64)o->start + o->size };
}

/*
 * Who has reserved part of @range?  Ask the known owners first, because they
 * have names.
 */
static bool __init range_find_owner(struct range range,
				    struct kdump_arch_owner *owner)
{
	phys_addr_t start, end;
	unsigned int index = 0;
	u64 i;

	*owner = (struct kdump_arch_owner) {
		.name = "the running kernel itself",
		.start = __pa_symbol(_text),
		.size = _end - _text,
	};
	do {
		if (kdump_range_overlaps(range, owner_range(owner)))
			return true;
	} while (kdump_arch_reserve_owner(index++, owner));

	for_each_reserved_mem_range(i, &start, &end) {
		*owner = (struct kdump_arch_owner) {
			"memory reserved early at boot", start, end - start
		};
		if (kdump_range_overlaps(range, owner_range(owner)))
			return true;
	}
	return false;
}

static void __init reserve_fixed(void)
{
	struct range range = {
		plan.area.offset, plan.area.offset + plan.area.size
	};
	struct kdump_arch_owner owner;
	u64 ram_end = memblock_end_of_DRAM();
	u64 hole = range_first_hole(range);

	if (hole < range.end) {
		refuse(&plan.asked,
		       "%s at %#llx; choose another offset, or leave it out",
		       hole < ram_end ? "there is no RAM" : "RAM ends",
		       min(hole, ram_end));
		return;
	}
	if (range_find_owner(range, &owner)) {
		refuse(&plan.asked,
		       "%s is in the way, at %#llx-%#llx; choose another offset, or leave it out",
		       owner.name, (u64)owner.start,
		       owner_range(&owner).end - 1);
		return;
	}
	if (memblock_reserve(range.start, plan.area.size)) {
		refuse(&plan.asked,
		       "out of memory for memblock's own list; use fewer memmap= options");
		return;
	}
	kdump_arch_reserve_claimed(range.start, range.end);
	plan.main = range;
	plan.state = PLAN_RESERVED;
}

/* ------------------------------------------------- the kernel chooses -- */

static bool __init reserve_range(u64 size, struct range area,
				 struct range *place)
{
	bool bottom_up = memblock_bottom_up();
	phys_addr_t base;

	if (area.start >= area.end)
		return false;
	memblock_set_bottom_up(plan.limits.bottom_up);
	base = memblock_phys_alloc_range(size, plan.limits.place_align,
					 area.start, area.end);
	memblock_set_bottom_up(bottom_up);
	if (!base)
		return false;
	/* Its contents never point to memory of this kernel. */
	kmemleak_ignore_phys(base);
	*place = (struct range){ base, base + size };
	return true;
}

/* The largest size that would have found a place in @area. */
static u64 __init largest_room(struct range area)
{
	phys_addr_t free_start, free_end;
	u64 i, room = 0;

	for_each_free_mem_range(i, NUMA_NO_NODE, MEMBLOCK_NONE, &free_start,
				&free_end, NULL) {
		struct range free = { free_start, free_end };

		free = kdump_range_intersect(free, area);
		room = max(room, kdump_range_room(free,
						  plan.limits.place_align));
	}
	return room;
}

static void __init reserve_place(void)
{
	const struct kdump_arch_limits *limits = &plan.limits;
	unsigned int attempt;
	u64 room = 0;

	for (attempt = 0; attempt < 2; attempt++) {
		struct range area = kdump_reserve_search(limits, plan.high,
							 attempt);

		if (reserve_range(plan.area.size, area, &plan.main)) {
			plan.state = PLAN_RESERVED;
			return;
		}
		room = max(room, largest_room(area));
	}
	plan.state = PLAN_NOTHING;
	refuse(&plan.asked,
	       "no free area of %s below %s, the largest has %s; ask for less",
	       size_text(plan.area.size).s, size_text(limits->high_end).s,
	       about_text(room).s);
}

/* A capture kernel above the low limit needs memory for DMA below it. */
static bool __init reserve_low(struct range *low)
{
	const struct kdump_arch_limits *limits = &plan.limits;
	struct range below = kdump_reserve_search(limits, false, 0);

	if (plan.main.start < limits->low_end || !plan.low)
		return true;
	if (reserve_range(plan.low, below, low))
		return true;
	refuse(&plan.asked,
	       "no free area for the low part of %s below %s, the largest has %s; add crashkernel=SIZE,low with less",
	       size_text(plan.low).s, size_text(limits->low_end).s,
	       about_text(largest_room(below)).s);
	return false;
}

/* ------------------------------------------------------------------- boot -- */

/* Fill in what ",low" says, or the default. */
static bool __init plan_low(const struct crashkernel_value *value, u64 ram)
{
	struct crashkernel_area low;
	enum crashkernel_error error;

	plan.low = plan.limits.low_default;
	if (!value->text)
		return true;
	error = crashkernel_parse(CRASHKERNEL_LOW, value, ram, &low);
	if (error) {
		refuse(value, "%s", crashkernel_explain(error));
		return false;
	}
	plan.low = low.size;
	return reserve_check_area(value, &low, ram);
}

/* Decide what to reserve; every refusal is logged. */
static bool __init plan_make(const struct crashkernel_options *options)
{
	const struct crashkernel_value *last = options->last;
	enum crashkernel_kind kind = CRASHKERNEL_MAIN;
	u64 ram = memblock_phys_mem_size();
	enum crashkernel_error error;
	const char *reason;

	if (!last[kind].text)
		kind = CRASHKERNEL_HIGH;
	plan.high = kind == CRASHKERNEL_HIGH;
	plan.asked = last[kind];
	reason = kdump_arch_reserve_limits(&plan.limits);
	if (is_kdump_kernel())
		reason = "this is a capture kernel itself";
	if (reason) {
		refuse(&plan.asked, "%s", reason);
		return false;
	}
	error = crashkernel_parse(kind, &plan.asked, crashkernel_round_ram(ram),
				  &plan.area);
	if (error == CRASHKERNEL_NO_MATCH) {
		refuse(&plan.asked, "RAM is %s, which counts as %s, and %s",
		       about_text(ram).s,
		       size_text(crashkernel_round_ram(ram)).s,
		       crashkernel_explain(error));
		return false;
	}
	if (error) {
		refuse(&plan.asked, "%s", crashkernel_explain(error));
		return false;
	}
	return reserve_check_area(&plan.asked, &plan.area, ram) &&
	       plan_low(&last[CRASHKERNEL_LOW], ram);
}

void __init kdump_reserve_early(void)
{
	struct crashkernel_options options = { };
	const struct crashkernel_value *last = options.last;

	crashkernel_find(boot_command_line, &options);
	if (!last[CRASHKERNEL_MAIN].text && !last[CRASHKERNEL_HIGH].text) {
		if (last[CRASHKERNEL_LOW].text)
			refuse(&last[CRASHKERNEL_LOW],
			       "it only goes with another one; add crashkernel=SIZE,high");
		return;
	}
	if (!plan_make(&options))
		return;
	plan.state = PLAN_PLACE;
	if (plan.area.fixed) {
		plan.state = PLAN_NOTHING;
		reserve_fixed();
	}
}

/* Was the place chosen above low_end although ",high" did not ask for that? */
static bool __init main_does_not_fit_below(void)
{
	return !plan.high && !plan.area.fixed &&
	       plan.main.start >= plan.limits.low_end;
}

static void __init resource_publish(struct resource *res, struct range range)
{
	if (!range.end)
		return;
	res->start = range.start;
	res->end = range.end - 1;
	insert_resource(&iomem_resource, res);
}

void __init kdump_reserve_late(void)
{
	struct range low = { };

	if (plan.state == PLAN_PLACE)
		reserve_place();
	if (plan.state != PLAN_RESERVED)
		return;
	if (!reserve_low(&low)) {
		memblock_phys_free(plan.main.start, plan.area.size);
		return;
	}
	resource_publish(&crashk_res, plan.main);
	resource_publish(&crashk_low_res, low);
	pr_info("crashkernel=%.*s: reserved %s at %#llx%s%s%s\n",
		(int)plan.asked.len, plan.asked.text,
		size_text(plan.area.size).s, plan.main.start,
		main_does_not_fit_below() ?
			", because it does not fit below 4G" : "",
		low.end ? ", and below 4G " : "",
		low.end ? size_text(plan.low).s : "");
}

/*
 * kdump_reserve_early() reads the value from the whole command line.  This only
 * tells the kernel that the option is known.
 */
static int __init crashkernel_known(char *value)
{
	return 0;
}
early_param("crashkernel", crashkernel_known);
