// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the command line of the capture kernel, and its limit.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kdump.h"
#include "tap.h"

static const struct {
	const char *running;
	const char *reused;
} reuse[] = {
	{ "", "" },
	{ "\n", "" },
	{ "root=/dev/vda ro\n", "root=/dev/vda ro" },
	{ "  root=/dev/vda \t ro  ", "root=/dev/vda ro" },
	{ "ro\v crashkernel=64M\f\fquiet", "ro quiet" },
	{ "crashkernel=64M@16M", "" },
	{ "crashkernel=64M root=/dev/vda", "root=/dev/vda" },
	{ "root=/dev/vda crashkernel=64M", "root=/dev/vda" },
	{ "crashkernel=256M,high quiet crashkernel=64M,low", "quiet" },
	{ "BOOT_IMAGE=/vmlinuz ro", "ro" },
	{ "mem=1G memmap=4G$1G ro", "ro" },
	{ "hugepages=100 hugepagesz=1G default_hugepagesz=1G ro", "ro" },
	{ "elfcorehdr=0x1000 kexec_jump_back_entry=0x2 ro", "ro" },
	{ "crashkernel ro", "ro" },
	{ "crashkernels=1 ro", "crashkernels=1 ro" },
	{ "x.crashkernel=1 ro", "x.crashkernel=1 ro" },
	{ "memtest=1 member=2", "memtest=1 member=2" },
	{ "dyndbg=\"file a.c +p\" ro", "dyndbg=\"file a.c +p\" ro" },
	{ "\"crashkernel=1 ro\" quiet", "quiet" },
	{ "x=\"a crashkernel=1 b\"", "x=\"a crashkernel=1 b\"" },
	{ "x=\"never closed crashkernel=1", "x=\"never closed crashkernel=1" },
	{ "ro -- crashkernel=1 init", "ro" },
	{ "-- init", "" },
	{ "--x ro", "--x ro" },
	{ "x=-- ro", "x=-- ro" },
	{ "__ --=x ro", "__ --=x ro" },
	{ "log_buf_len=32M swiotlb=65536 ro", "ro" },
	{ "log-buf-len=32M initrdmem=0x1000,4096 ro", "ro" },
	{ "page_owner=on slub_debug=FZ,kmalloc-64 slub_debug ro", "ro" },
	{ "unknown_nmi_panic unknown-nmi_panic ro", "ro" },
	{ "panic_on_warn=1 panic_on_taint=0x20 panic=10 ro", "panic=10 ro" },
	{ "nmi_watchdog=panic softlockup_panic=1 hardlockup_panic=1 ro", "ro" },
	{ "hung_task_panic=1 crash_kexec_post_notifiers ro", "ro" },
	{ "trace_buf_size=1G trace_event=sched trace-clock=global ro", "ro" },
	{ "ftrace=function ftrace_filter=kfree ftrace-dump-on-oops ro", "ro" },
	{ "kasan.mode=sync kasan_multi_shot kfence.sample_interval=10 ro", "ro" },
	{ "sysctl.vm.min_free_kbytes=524288 sysctl/kernel/panic=1 ro", "ro" },
	{ "kfencex=1 kasa=1 trace=1 ro", "kfencex=1 kasa=1 trace=1 ro" },
	{ "\"log-buf-len=1 ro\" quiet", "quiet" },
	{ "boot_image=x BOOT-IMAGE=x ro", "boot_image=x ro" },
};

static void test_reuse(void)
{
	char *line;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reuse); i++) {
		line = NULL;
		ok(!kdump_cmdline_reuse(reuse[i].running, &line) &&
		   !strcmp(line, reuse[i].reused), "reuse: \"%s\"",
		   reuse[i].reused);
		free(line);
	}
}

static const struct {
	const char *name;
	const char *reused, *append;
	size_t limit;
	const char *line;	/* NULL: refused */
	const char *why;
} build[] = {
	{ "nothing", NULL, NULL, 99, "elfcorehdr=0x4ff0000", NULL },
	{ "empty", "", "", 99, "elfcorehdr=0x4ff0000", NULL },
	{ "append", NULL, "ro quiet", 99, "elfcorehdr=0x4ff0000 ro quiet", NULL },
	{ "reused", "ro", NULL, 99, "elfcorehdr=0x4ff0000 ro", NULL },
	{ "both", "ro", "quiet", 99, "elfcorehdr=0x4ff0000 ro quiet", NULL },
	{ "before --", NULL, "-- x", 99, "elfcorehdr=0x4ff0000 -- x", NULL },
	{ "up to the limit", NULL, "ro", 23, "elfcorehdr=0x4ff0000 ro", NULL },
	{ "over the limit", NULL, "ro", 22, NULL, "has 23 characters" },
	{ "both over the limit", "ro", "x", 24, NULL, "--reuse-cmdline" },
	{ "no room at all", NULL, NULL, 0, NULL, "takes no more than 0" },
	{ "elfcorehdr alone", NULL, "elfcorehdr", 99, NULL, "elfcorehdr=" },
	{ "a second elfcorehdr=", NULL, "ro elfcorehdr=1", 99, NULL, "elfcorehdr=" },
	{ "elfcorehdr= in quotes", NULL, "\"elfcorehdr=1\"", 99, NULL, "elfcorehdr=" },
	{ "no elfcorehdr=", NULL, "x=\"a elfcorehdr=1\"", 99,
	  "elfcorehdr=0x4ff0000 x=\"a elfcorehdr=1\"", NULL },
};

static void test_build(void)
{
	struct kdump_why why;
	char *line;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(build); i++) {
		line = NULL;
		why.text[0] = '\0';
		err = kdump_cmdline_build(NULL, build[i].reused, build[i].append,
					  0x4ff0000, build[i].limit, &line,
					  &why);
		if (build[i].line)
			ok(!err && !strcmp(line, build[i].line), "%s: %s",
			   build[i].name, err ? why.text : line);
		else
			ok(err == -EINVAL && !line &&
			   strstr(why.text, build[i].why), "%s: %s",
			   build[i].name, why.text);
		free(line);
	}
}

static void test_address(void)
{
	struct kdump_why why;
	char *line = NULL;

	ok(!kdump_cmdline_build(NULL, NULL, NULL, UINT64_MAX, 99, &line, &why) &&
	   !strcmp(line, "elfcorehdr=0xffffffffffffffff"),
	   "the longest address");
	free(line);
	line = NULL;
	ok(!kdump_cmdline_build("own", "ro", "-- x", UINT64_MAX, 99, &line,
				&why) &&
	   !strcmp(line, "elfcorehdr=0xffffffffffffffff own ro -- x"),
	   "words of kexec's own");
	free(line);
}

int main(void)
{
	test_reuse();
	test_build();
	test_address();
	return tap_end();
}
