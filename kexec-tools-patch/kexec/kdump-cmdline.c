// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the command line of the capture kernel.
 *
 * Pure.  Parameters are separated by white space outside of double quotes,
 * as the kernel reads them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"

/*
 * What the running kernel was told about its own start and its own memory
 * does not suit a kernel that lives in a few megabytes.
 */
static const char *const not_reused[] = {
	"BOOT_IMAGE", "cma", "crashkernel", "default_hugepagesz", "elfcorehdr",
	"hugepages", "hugepagesz", "hugetlb_cma", "initrd", "kernelcore",
	"kexec_jump_back_entry", "mem", "memmap", "movablecore",
};

/* Length of the parameter at @text. */
static size_t parameter(const char *text)
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

static bool is_named(const char *param, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	if (len && *param == '"') {
		param++;
		len--;
	}
	return len >= name_len && !strncmp(param, name, name_len) &&
	       (len == name_len || param[name_len] == '=');
}

static bool is_reused(const char *param, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(not_reused) / sizeof(not_reused[0]); i++)
		if (is_named(param, len, not_reused[i]))
			return false;
	return true;
}

/* The next parameter of *text, which moves behind it; 0 at the end. */
static size_t next(const char **text, const char **param)
{
	size_t len;

	while (isspace((unsigned char)**text))
		(*text)++;
	*param = *text;
	len = parameter(*text);
	*text += len;
	return len;
}

/*
 * The running kernel's command line without what concerns only that kernel, or
 * its init: what is behind "--" would take --append away from the kernel, too.
 */
int kdump_cmdline_reuse(const char *running, char **result)
{
	char *line = malloc(strlen(running) + 1);
	const char *param;
	size_t used = 0, len;

	if (!line)
		return -ENOMEM;
	while ((len = next(&running, &param)) && !is_named(param, len, "--")) {
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

static bool has_named(const char *line, const char *name)
{
	const char *param;
	size_t len;

	while (line && (len = next(&line, &param)))
		if (is_named(param, len, name))
			return true;
	return false;
}

/*
 * "elfcorehdr=ADDRESS REUSED APPEND".  The address comes first because the
 * kernel takes nothing behind "--" for itself.  @limit is in characters.
 */
int kdump_cmdline_build(const char *reused, const char *append,
			uint64_t elfcorehdr, size_t limit, char **result,
			struct kdump_why *why)
{
	const char *one = reused && *reused ? reused : "";
	const char *two = append && *append ? append : "";
	size_t size = sizeof("elfcorehdr=0x0123456789abcdef  ") +
		      strlen(one) + strlen(two);
	char *line;
	size_t len;

	if (has_named(append, "elfcorehdr"))
		return kdump_because(why, "elfcorehdr= is for kexec to set; leave it out of --append");
	line = malloc(size);
	if (!line)
		return -ENOMEM;
	len = snprintf(line, size, "elfcorehdr=0x%llx%s%s%s%s",
		       (unsigned long long)elfcorehdr, *one ? " " : "", one,
		       *two ? " " : "", two);
	if (len > limit) {
		free(line);
		return kdump_because(why, "the command line has %zu characters with elfcorehdr= added, this kernel takes %zu; shorten --append%s",
				     len, limit, *one ? ", or leave out --reuse-cmdline" : "");
	}
	*result = line;
	return 0;
}
