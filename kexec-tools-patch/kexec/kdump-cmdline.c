// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the command line of the capture kernel.
 *
 * Pure.  Parameters are separated by white space outside of double quotes, as
 * in the kernel.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/*
 * Parameters that are for the running kernel alone.  A "*" at the end stands for
 * any rest of the name.
 */
static const char *const not_reused[] = {
	/* Its start, and the places of things in its memory */
	"BOOT_IMAGE", "crashkernel", "elfcorehdr", "initrd", "initrdmem",
	"kexec_jump_back_entry", "mem", "memmap",

	/* Sizes that do not fit into a few megabytes */
	"cma", "debug_guardpage_minorder", "default_hugepagesz",
	"dhash_entries", "hugepages", "hugepagesz", "hugetlb_cma",
	"ihash_entries", "kernelcore", "log_buf_len", "mhash_entries",
	"movablecore", "mphash_entries", "swiotlb", "thash_entries",
	"uhash_entries",

	/* Tracing and checks, which need much memory or time */
	"alloc_snapshot", "ftrace*", "kasan", "kasan.*", "kasan_*",
	"kfence.*", "kmemleak", "page_owner", "slub_debug", "stacktrace",
	"stacktrace_filter", "tp_printk*", "trace_*", "traceoff_*",

	/* Crashes on purpose: the capture kernel shall save the dump */
	"crash_kexec_post_notifiers", "hardlockup_panic", "hung_task_panic",
	"kgdbwait", "nmi_watchdog", "panic_on_taint", "panic_on_warn",
	"softlockup_panic", "unknown_nmi_panic",

	/* Values of sysctl(8), among them some of the above */
	"sysctl.*", "sysctl/*",
};

static size_t parameter_len(const char *text)
{
	bool quoted = false;
	size_t len;

	for (len = 0; text[len]; len++) {
		if (text[len] == '"')
			quoted = !quoted;
		else if (isspace((unsigned char)text[len]) && !quoted)
			break;
	}
	return len;
}

/* "-" and "_" are the same in the name of a parameter. */
static bool same_name(const char *one, const char *two, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((one[i] == '-' ? '_' : one[i]) !=
		    (two[i] == '-' ? '_' : two[i]))
			return false;
	return true;
}

static bool is_named(const char *param, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	bool any_rest = name[name_len - 1] == '*';

	name_len -= any_rest;
	if (len && *param == '"') {
		param++;
		len--;
	}
	return len >= name_len && same_name(param, name, name_len) &&
	       (any_rest || len == name_len || param[name_len] == '=');
}

static bool is_reused(const char *param, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(not_reused) / sizeof(not_reused[0]); i++)
		if (is_named(param, len, not_reused[i]))
			return false;
	return true;
}

/*
 * Find the next parameter and move *text behind it.  Returns its length, 0 at
 * the end.
 */
static size_t next_parameter(const char **text, const char **param)
{
	size_t len;

	while (isspace((unsigned char)**text))
		(*text)++;
	*param = *text;
	len = parameter_len(*text);
	*text += len;
	return len;
}

/*
 * Everything behind "--" is for init and is left out, or the parameters of
 * --append, which follow, would be for init as well.
 */
int kdump_cmdline_reuse(const char *running, char **result)
{
	char *line = malloc(strlen(running) + 1);
	const char *param;
	size_t used = 0, len;

	if (!line)
		return -ENOMEM;
	while ((len = next_parameter(&running, &param)) &&
	       !(len == 2 && !memcmp(param, "--", 2))) {
		if (!is_reused(param, len))
			continue;
		if (used)
			line[used++] = ' ';
		memcpy(line + used, param, len);
		used += len;
	}
	line[used] = '\0';
	*result = line;
	return 0;
}

static bool has_parameter(const char *line, const char *name)
{
	const char *param;
	size_t len;

	while (line && (len = next_parameter(&line, &param)))
		if (is_named(param, len, name))
			return true;
	return false;
}

/*
 * "elfcorehdr=ADDRESS OWN REUSED APPEND".  Words of kexec come first, because
 * what follows a "--" in --append is for init.
 */
int kdump_cmdline_build(const char *own, const char *reused, const char *append,
			uint64_t elfcorehdr, size_t limit, char **result,
			struct kdump_why *why)
{
	const char *zero = own ? own : "";
	const char *one = reused && *reused ? reused : "";
	const char *two = append && *append ? append : "";
	size_t size = sizeof("elfcorehdr=0x0123456789abcdef   ") +
		      strlen(zero) + strlen(one) + strlen(two);
	char *line;
	size_t len;

	if (has_parameter(append, "elfcorehdr"))
		return kdump_explain(why, "elfcorehdr= is for kexec to set; leave it out of --append");
	line = malloc(size);
	if (!line)
		return -ENOMEM;
	len = snprintf(line, size, "elfcorehdr=0x%llx%s%s%s%s%s%s",
		       (unsigned long long)elfcorehdr, *zero ? " " : "", zero,
		       *one ? " " : "", one, *two ? " " : "", two);
	if (len > limit) {
		free(line);
		return kdump_explain(why, "the command line has %zu characters with elfcorehdr= added, this kernel takes no more than %zu; shorten --append%s",
				     len, limit, *one ? ", or leave out --reuse-cmdline" : "");
	}
	*result = line;
	return 0;
}
