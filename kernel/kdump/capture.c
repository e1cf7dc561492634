// SPDX-License-Identifier: GPL-2.0-only
/*
 * CAPTURE: is this a capture kernel, and which memory is the dump?
 *
 * Runs in the kernel that starts after a crash; drivers of every kernel ask it.
 * elfcorehdr= on the command line decides.  The core header that it points to
 * is read once, before file systems and drivers start.
 */
#define pr_fmt(fmt) "kdump: " fmt

#include <linux/crash_dump.h>
#include <linux/ctype.h>
#include <linux/elf.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kdump_arch.h>
#include <linux/kdump_core.h>
#include <linux/kernel.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/range.h>

#include "capture.h"

/* The state only moves down this list. */
static enum capture_state {
	CAPTURE_NONE,		/* no kernel crashed before this one */
	CAPTURE_USABLE,		/* one did, and its memory may be read */
	CAPTURE_UNUSABLE,	/* one did, and its memory cannot be read */
} capture_state __read_mostly;

unsigned long long elfcorehdr_addr;
unsigned long long elfcorehdr_size;

static struct kdump_core capture_core __ro_after_init;

static struct kdump_core_source capture_source __initdata;

/* Where this machine has memory; no machine has more pieces than this. */
static struct range capture_memory[128] __initdata;

bool is_kdump_kernel(void)
{
	return capture_state != CAPTURE_NONE;
}
EXPORT_SYMBOL_GPL(is_kdump_kernel);

int is_vmcore_usable(void)
{
	return READ_ONCE(capture_state) == CAPTURE_USABLE;
}
EXPORT_SYMBOL_GPL(is_vmcore_usable);

void vmcore_unusable(void)
{
	if (is_kdump_kernel())
		WRITE_ONCE(capture_state, CAPTURE_UNUSABLE);
}

/* Parse one number with a suffix; return false if there is none. */
static bool capture_parse_number(const char **arg, u64 *number)
{
	char *end;

	if (!isdigit(**arg))
		return false;
	*number = memparse(*arg, &end);
	*arg = end;
	return true;
}

int elfcorehdr_parse(const char *arg, u64 *addr, u64 *size)
{
	u64 first, second = 0;
	bool sized;

	if (!arg || !capture_parse_number(&arg, &first))
		return -EINVAL;
	sized = *arg == '@';
	if (sized) {
		arg++;
		if (!first || !capture_parse_number(&arg, &second))
			return -EINVAL;
	}
	if (*arg)
		return -EINVAL;
	*addr = sized ? second : first;
	*size = sized ? first : 0;
	return 0;
}

/* Even a value that cannot be parsed says that a kernel has crashed. */
static int __init elfcorehdr_setup(char *arg)
{
	u64 addr, size;
	int ret = elfcorehdr_parse(arg, &addr, &size);

	capture_state = ret ? CAPTURE_UNUSABLE : CAPTURE_USABLE;
	if (ret) {
		pr_err("elfcorehdr=%s: want an address or size@address as kexec -p passes it; there will be no dump\n",
		       arg ?: "");
		return ret;
	}
	elfcorehdr_addr = addr;
	elfcorehdr_size = size;
	return 0;
}
early_param("elfcorehdr", elfcorehdr_setup);

/*
 * Memory that was plugged in before the crash is old memory.  A capture kernel
 * with memory hotplug would find it while it boots and use it.  mem= sets the
 * same limit, so set it when the whole command line is parsed, before drivers
 * look for memory.
 */
#ifdef CONFIG_MEMORY_HOTPLUG
static int __init capture_forbid_hotplug(void)
{
	if (is_kdump_kernel())
		max_mem_size = 0;
	return 0;
}
early_initcall(capture_forbid_hotplug);
#endif

/*
 * The core header names all memory but the reservation.  So what it does not name
 * is the crash image, and the core header is the first that is read of it.
 */
static int capture_read(void *context, void *to, u64 from, size_t len)
{
	bool image = !kdump_core_has_place(&capture_core, from);

	return oldmem_read_kernel(to, from, len, image);
}

static void __init capture_make_source(void)
{
	capture_source = (struct kdump_core_source) {
		.paddr = elfcorehdr_addr,
		.size = elfcorehdr_size,
		.limit = kdump_arch_oldmem_limit(),
		.memory = capture_memory,
		.nr_memory = kdump_arch_oldmem_known(capture_memory,
						     ARRAY_SIZE(capture_memory)),
		.page_size = PAGE_SIZE,
		.machines = kdump_arch_machines,
		.lead = kdump_arch_lead,
		.read = capture_read,
	};
}

const struct kdump_core_source * __init kdump_capture_source(void)
{
	return &capture_source;
}

const struct kdump_core *kdump_capture_core(void)
{
	return is_vmcore_usable() && capture_core.nr_extents ? &capture_core :
							       NULL;
}

static void __init capture_complain(int err,
				    const struct kdump_core_problem *problem)
{
	if (!problem->what)
		pr_err("cannot read the core header at %#llx (error %d); there will be no dump\n",
		       elfcorehdr_addr, err);
	else if (problem->phdr < 0)
		pr_err("the core header at %#llx is damaged: %s; there will be no dump\n",
		       elfcorehdr_addr, problem->what);
	else
		pr_err("the core header at %#llx is damaged: program header %d: %s; there will be no dump\n",
		       elfcorehdr_addr, problem->phdr, problem->what);
}

static int __init capture_init(void)
{
	struct kdump_core_problem problem;
	int ret;

	if (!is_vmcore_usable())
		return 0;
	capture_make_source();
	ret = kdump_core_read(&capture_source, &capture_core, &problem);
	if (ret) {
		capture_complain(ret, &problem);
		vmcore_unusable();
		return ret;
	}
	if (capture_core.nr_lost)
		pr_warn("%u parts of the core header name memory that this machine does not have; the dump lacks it\n",
			capture_core.nr_lost);
	return 0;
}
subsys_initcall(capture_init);
