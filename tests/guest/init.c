// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: PID 1 of both lives, before and after the crash.
 *
 * Runs as the first program of an initramfs, or as one of many in a whole root
 * file system (tests/boot). The runner writes /steps, the list of what to do: a
 * verb and its arguments per line. What the runner must know goes to the second
 * serial port, a word and its value per line; the console is only a log. The
 * first step that fails ends the run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#ifdef __powerpc__
#define PORT		"/dev/hvc1"
#else
#define PORT		"/dev/ttyS1"
#endif
#define OUTPUT		"/tmp/output"
#define WAIT		"/wait"
#define PROVOKE		"/sys/kernel/debug/provoke-crash/"
#define PAGE		((size_t)getpagesize())

/* The runner looks for the task that crashed by this name. */
#define VICTIM		"victim"

static int port;

/* Send one line to the runner. */
static void say(const char *format, ...)
{
	char line[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	if (len > (int)sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (int i = 0; i < len; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[len] = '\n';
	for (char *p = line; p <= line + len; ) {
		ssize_t n = write(port, p, line + len + 1 - p);

		if (n < 0 && errno != EINTR)
			return;
		p += n > 0 ? n : 0;
	}
}

/* With tests/run --wait: give the person at the console a shell. */
static void serve_console(void)
{
	pid_t child = fork();

	if (!child) {
		int console = open("/dev/console", O_RDWR);

		for (int fd = 0; fd <= 2; fd++)
			dup2(console, fd);
		execl("/bin/sh", "sh", NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
	sleep(1);
}

/* The runner ends the machine as soon as it reads a verdict. */
static void __attribute__((noreturn)) rest(void)
{
	sync();
	tcdrain(port);
	for (;;)
		if (access(WAIT, F_OK))
			pause();
		else
			serve_console();
}

#define fail(...) do { say("fail " __VA_ARGS__); rest(); } while (0)

/* EBUSY: the file system is mounted there already. */
static void mount_one(const char *type, const char *dir, int must)
{
	mkdir(dir, 0755);
	if (mount(type, dir, type, 0, NULL) && errno != EBUSY && must)
		fail("cannot mount %s: %s", dir, strerror(errno));
}

static void open_port(void)
{
	struct termios raw;

	port = open(PORT, O_RDWR | O_NOCTTY);
	if (port < 0) {
		perror("init: " PORT);
		for (;;)
			pause();
	}
	tcgetattr(port, &raw);
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	tcsetattr(port, TCSANOW, &raw);
}

static void prepare(void)
{
	struct utsname uts;

	mkdir("/dev", 0755);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	open_port();
	mount_one("proc", "/proc", 1);
	mount_one("sysfs", "/sys", 1);
	mount_one("tmpfs", "/tmp", 1);
	mount_one("debugfs", "/sys/kernel/debug", 0);
	mount_one("securityfs", "/sys/kernel/security", 0);
	mkdir("/mnt", 0755);
	setenv("PATH", "/usr/local/sbin:/sbin:/bin", 1);
	uname(&uts);
	say("hello %s", uts.release);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec +
	       (now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Run a shell command with its output in OUTPUT; return its exit status. */
static int run_shell(const char *command)
{
	int status;
	pid_t child = fork();

	if (!child) {
		int out = open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);

		dup2(out, 1);
		dup2(out, 2);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	while (waitpid(child, &status, 0) != child)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 128 + WTERMSIG(status);
}

/* Show the output of the last command on the console; return its last bytes. */
static const char *show_output(void)
{
	static char text[64 * 1024];
	int in = open(OUTPUT, O_RDONLY);
	ssize_t n = in < 0 ? 0 : read(in, text, sizeof(text) - 1);

	close(in);
	text[n < 0 ? 0 : n] = '\0';
	fputs(text, stdout);
	fflush(stdout);
	n = strlen(text);
	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	return n > 3000 ? text + n - 3000 : text;
}

/* run COMMAND: must succeed; reports how long it took. */
static void verb_run(char *command)
{
	struct timespec start;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &start);
	status = run_shell(command);
	if (status)
		fail("'%s' ended with status %d: %s", command, status,
		     show_output());
	say("done %.3f %s", seconds_since(&start), command);
	show_output();
}

/* tell NAME COMMAND: must succeed; its output becomes a fact of that name. */
static void verb_tell(char *args)
{
	char *command = strchr(args, ' ');
	int status;

	*command++ = '\0';
	status = run_shell(command);
	if (status)
		fail("'%s' ended with status %d: %s", command, status,
		     show_output());
	say("fact %s %s", args, show_output());
}

/* refused TEXT | COMMAND: must fail, and say TEXT. */
static void verb_refused(char *args)
{
	char *command = strstr(args, " | ");
	const char *tail;

	*command = '\0';
	command += 3;
	if (!run_shell(command))
		fail("'%s' succeeded, expected: %s", command, args);
	tail = show_output();
	if (!strstr(tail, args))
		fail("'%s' does not say '%s' but: %s", command, args, tail);
	say("done 0 refused: %s", tail);
}

/* iomem: send the memory map. */
static void verb_iomem(char *args)
{
	char line[256];
	FILE *map = fopen("/proc/iomem", "r");

	(void)args;
	if (!map)
		fail("/proc/iomem: %s", strerror(errno));
	while (fgets(line, sizeof(line), map))
		if (strstr(line, "System RAM") || strstr(line, "Crash kernel"))
			say("iomem %s", line);
	fclose(map);
}

static uint64_t find_paddr(const void *page)
{
	uint64_t entry = 0;
	int map = open("/proc/self/pagemap", O_RDONLY);

	if (pread(map, &entry, 8, (uintptr_t)page / PAGE * 8) != 8)
		entry = 0;
	close(map);
	return (entry & ((1ULL << 55) - 1)) * PAGE;
}

/*
 * plant TOKEN: leave traces that the runner must find in the dump: the token in
 * a page of this process and in the log, and on x86 a pattern in memory below
 * 640 KB that nothing uses. Each word of the pattern depends on its address, so
 * that a page at the wrong place is noticed. On ppc64 the kernel's code is there.
 */
#ifdef __powerpc__
static void plant_low(void)
{
}
#else
#define LOW_START	0x10000UL
#define LOW_END		0x90000UL

static void plant_low(void)
{
	static uint64_t words[(LOW_END - LOW_START) / 8];
	int mem = open("/dev/mem", O_RDWR);
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		fail("no random numbers: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(words) / 8; i++)
		words[i] = seed ^ (LOW_START + i * 8) * 0x9e3779b97f4a7c15ULL;
	if (mem < 0 ||
	    pwrite(mem, words, sizeof(words), LOW_START) != sizeof(words))
		fail("planting below 640 KB: %s", strerror(errno));
	close(mem);
	say("low %#lx %#lx %#llx", LOW_START, LOW_END,
	    (unsigned long long)seed);
}
#endif

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("writing '%s' to %s: %s", text, path, strerror(errno));
	close(fd);
}

static void verb_plant(char *token)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	size_t len = strlen(token);
	char line[128];

	for (size_t i = 0; i + len < PAGE; i += len)
		memcpy(page + i, token, len);
	say("token %#llx %#lx %s", (unsigned long long)find_paddr(page),
	    (unsigned long)page, token);
	snprintf(line, sizeof(line), "<5>kdump test token %s\n", token);
	write_to("/dev/kmsg", line);
	plant_low();
}

/*
 * fill PERCENT: fill that share of the free memory with pages that differ, so
 * that the runner notices a dump that mixes up pages.
 */
#define FILLED	4096	/* size of a page that differs from all others */

static void verb_fill(char *args)
{
	struct sysinfo info;
	size_t size;
	char *area;
	uint64_t seed;

	sysinfo(&info);
	size = (uint64_t)info.freeram * info.mem_unit / 100 * atoi(args) /
	       PAGE * PAGE;
	area = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED ||
	    getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		fail("filling memory: %s", strerror(errno));
	for (size_t i = 0; i < size; i += FILLED) {
		uint64_t word = (seed + i) * 0x9e3779b97f4a7c15ULL;
		uint64_t *at = (uint64_t *)(area + i);

		for (int j = 0; j < 8; j++)
			at[word % 64 * 8 + j] = word + j;
	}
	say("fact filled %zu", size);
}

/* Read a line from the port; a person ends it with a carriage return. */
static void hear(char *line, size_t size)
{
	size_t len = 0;

	while (len < size - 1) {
		char c;
		ssize_t n = read(port, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (c != '\n' && c != '\r')
			line[len++] = c;
		else if (len)
			break;
	}
	line[len] = '\0';
}

/* ready NAME: the runner acts on the machine from outside, then says go. */
static void verb_ready(char *name)
{
	char line[16];

	say("ready %s", name);
	hear(line, sizeof(line));
	if (strcmp(line, "go"))
		fail("the runner did not say go but '%s'", line);
}

static void insert_module(const char *args)
{
	int fd = open("/kdump_crash.ko", O_RDONLY);

	syscall(SYS_finit_module, fd, args, 0);
	fail("the module returned: %s", strerror(errno));
}

/* Crash by a type of LKDTM: TYPE at once, POINT/TYPE at a crash point. */
static void provoke(const char *how)
{
	char path[256] = PROVOKE "DIRECT";
	const char *slash = strchr(how, '/');

	if (slash) {
		snprintf(path, sizeof(path), PROVOKE "%.*s",
			 (int)(slash - how), how);
		how = slash + 1;
	}
	write_to(path, how);
}

static void pull_trigger(const char *way)
{
	if (!strcmp(way, "sysrq"))
		write_to("/proc/sysrq-trigger", "c");
	else if (!strncmp(way, "lkdtm:", 6))
		provoke(way + 6);
	else if (!strncmp(way, "shell:", 6))
		run_shell(way + 6);
	else if (!strncmp(way, "module:", 7))
		insert_module(way + 7);
	else if (strcmp(way, "wait"))
		fail("init does not know the trigger '%s'", way);
}

/*
 * crash WAY CPU: crash in a child called VICTIM on that CPU.
 * crash-here WAY: crash as PID 1. With WAY "wait" the runner crashes the machine,
 * or a fault that was set up before does.
 */
static void crash(char *way)
{
	say("crash %s", way);
	tcdrain(port);
	pull_trigger(way);
	sleep(5);
	if (strcmp(way, "wait"))
		fail("still alive after %s", way);
}

static void verb_crash(char *args)
{
	char *cpu = strrchr(args, ' ');
	cpu_set_t set;

	*cpu++ = '\0';
	if (!fork()) {
		CPU_ZERO(&set);
		CPU_SET(atoi(cpu), &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			fail("no CPU %s: %s", cpu, strerror(errno));
		prctl(PR_SET_NAME, VICTIM);
		crash(args);
	}
	pause();
}

/* absent PATH: must not exist. */
static void verb_absent(char *path)
{
	if (!access(path, F_OK))
		fail("%s exists", path);
	say("done 0 absent: %s", path);
}

/* pass: everything went well. */
static void verb_pass(char *args)
{
	(void)args;
	sync();
	say("pass");
	rest();
}

/* leave: let the machine's own init continue. */
static void verb_leave(char *args)
{
	(void)args;
	exit(0);
}

static const struct verb {
	const char *name;
	void (*act)(char *args);
} verbs[] = {
	{ "run", verb_run },
	{ "tell", verb_tell },
	{ "refused", verb_refused },
	{ "absent", verb_absent },
	{ "iomem", verb_iomem },
	{ "fill", verb_fill },
	{ "plant", verb_plant },
	{ "ready", verb_ready },
	{ "crash", verb_crash },
	{ "crash-here", crash },
	{ "leave", verb_leave },
	{ "pass", verb_pass },
};

static void step(char *line)
{
	char *args = strchr(line, ' ');

	if (args)
		*args++ = '\0';
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(line, verbs[i].name))
			return verbs[i].act(args ? args : "");
	fail("init does not know the step '%s'", line);
}

int main(void)
{
	static char line[4096];
	FILE *steps;

	prepare();
	steps = fopen("/steps", "re");
	if (!steps)
		fail("/steps: %s", strerror(errno));
	while (fgets(line, sizeof(line), steps)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			step(line);
	}
	fail("/steps ended without a verdict");
}
