// SPDX-License-Identifier: GPL-2.0-only
/*
 * kdump tests: kexec -p with damaged files, and with what is no file.
 *
 * usage: files KERNEL COUNT SEED
 *
 * The files are made from a good KERNEL, a vmlinux or a bzImage. They are cut off
 * at every border that its headers name and at COUNT random lengths; they have
 * headers of other machines and formats; COUNT times they have a random byte.
 * Folders, devices and pipes take the place of the kernel and of the initrd.
 * kexec must refuse each in one line, with the words that belong to it, and the
 * image that is armed must stay armed. A file that lost only bytes that nobody
 * needs must load.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_NAME	"/tmp/kernel"
#define SMALL		"/tmp/small"	/* a file system without room */
#define OUTPUT		"/tmp/kexec-said"
#ifdef __powerpc__
#define CONSOLE		"console=hvc0"
#else
#define CONSOLE		"console=ttyS0,115200"
#endif
#define HEAD		4096		/* bytes from the start that change */
#define LENGTHS		1024
#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static const char *kernel;
static const uint8_t *image;		/* the good kernel */
static size_t image_len;
static size_t needed;			/* bytes of it that are loaded */
static int fd;				/* FILE_NAME */
static unsigned int calls;

#define die(...) do {							\
	printf("files: " __VA_ARGS__);					\
	printf("\n");							\
	exit(1);							\
} while (0)

static uint64_t draw(uint64_t below)
{
	static uint64_t seed;

	if (!seed)
		seed = below;
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed * 0x2545f4914f6cdd1dULL >> 16) % below;
}

/* ------------------------------------------------------------- the calls -- */

static const char *read_output(void)
{
	static char text[4096];
	int out = open(OUTPUT, O_RDONLY);
	ssize_t got = read(out, text, sizeof(text) - 1);

	close(out);
	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void exec_kexec(const char *file, const char *initrd)
{
	char option[8192];
	int out = open(OUTPUT, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	dup2(out, 1);
	dup2(out, 2);
	snprintf(option, sizeof(option), "--initrd=%s", initrd);
	alarm(60);
	execl("/bin/kexec", "kexec", "-p", file, option,
	      "--append=" CONSOLE " panic=1 nr_cpus=1", NULL);
	_exit(127);
}

/* Run kexec -p; return its exit status. Its output is in OUTPUT. */
static int load(const char *file, const char *initrd)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		exec_kexec(file, initrd);
	waitpid(pid, &status, 0);
	calls++;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

static bool is_armed(void)
{
	char state = '?';
	int file = open("/sys/kernel/kexec_crash_loaded", O_RDONLY);

	if (read(file, &state, 1) != 1)
		state = '?';
	close(file);
	return state == '1';
}

static bool is_one_line(const char *text)
{
	return !strncmp(text, "kexec: ", 7) &&
	       strchr(text, '\n') == text + strlen(text) - 1;
}

/* kexec must refuse, with one of @words, which are separated by '|'. */
static void expect_refusal(const char *what, const char *file,
			   const char *initrd, const char *words)
{
	int status = load(file, initrd);
	const char *text = read_output();
	char one[256];
	bool found = false;

	while (*words && !found) {
		size_t len = strcspn(words, "|");

		snprintf(one, sizeof(one), "%.*s", (int)len, words);
		found = strstr(text, one);
		words += len + (words[len] == '|');
	}
	if (status != 1 || !found || !is_one_line(text))
		die("%s: exit status %d, and kexec says: %s", what, status,
		    text);
	if (!is_armed())
		die("%s: nothing is armed any more", what);
}

static void expect_success(const char *what, const char *file)
{
	int status = load(file, "/capture-initrd");

	if (status || !is_armed())
		die("%s: exit status %d, and kexec says: %s", what, status,
		    read_output());
}

static void expect_kernel_refusal(const char *what, const char *words)
{
	expect_refusal(what, FILE_NAME, "/capture-initrd", words);
}

/* ----------------------------------------------------------- cut-off files -- */

static size_t length[LENGTHS];
static unsigned int lengths;

/* Add lengths around a border: before it, at it and behind it. */
static void add_border(uint64_t at)
{
	int i;

	for (i = -1; i <= 1; i++)
		if (at + i < needed && lengths < LENGTHS)
			length[lengths++] = at + i;
}

static bool is_elf(void)
{
	return !memcmp(image, ELFMAG, SELFMAG);
}

static void add_elf_borders(void)
{
	const Elf64_Ehdr *ehdr = (const void *)image;
	const Elf64_Phdr *phdr = (const void *)(image + ehdr->e_phoff);
	int i;

	add_border(EI_NIDENT);
	add_border(sizeof(*ehdr));
	for (i = 0; i < ehdr->e_phnum; i++) {
		uint64_t end = phdr[i].p_offset + phdr[i].p_filesz;

		if (phdr[i].p_type == PT_LOAD && end > needed)
			needed = end;
	}
	for (i = 0; i < ehdr->e_phnum; i++) {
		add_border(ehdr->e_phoff + (i + 1) * sizeof(*phdr));
		if (phdr[i].p_type == PT_LOAD) {
			add_border(phdr[i].p_offset);
			add_border(phdr[i].p_offset + phdr[i].p_filesz);
		}
	}
}

static void add_bzimage_borders(void)
{
	size_t setup = (image[0x1f1] + 1) * 512;
	uint32_t paragraphs;

	memcpy(&paragraphs, image + 0x1f4, 4);
	needed = setup + paragraphs * 16UL;
	add_border(0x1f1);
	add_border(0x202 + image[0x201]);
	add_border(0x290);
	add_border(512);
	add_border(setup);
	add_border(needed);
}

static int longer_first(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? 1 : -(x > y);
}

static void try_cut_off(unsigned int count)
{
	char what[64];
	unsigned int i;

	add_border(0);
	add_border(4);
	if (is_elf())
		add_elf_borders();
	else
		add_bzimage_borders();
	while (count-- && lengths < LENGTHS)
		length[lengths++] = draw(needed);
	if (ftruncate(fd, needed))
		die("cannot cut off the file: %s", strerror(errno));
	expect_success("the whole of what is loaded", FILE_NAME);
	qsort(length, lengths, sizeof(length[0]), longer_first);
	for (i = 0; i < lengths; i++) {
		snprintf(what, sizeof(what), "%zu of %zu bytes", length[i],
			 needed);
		if (ftruncate(fd, length[i]))
			die("cannot cut off the file: %s", strerror(errno));
		expect_kernel_refusal(what, length[i] ?
				      "truncated|not a kernel" : "is empty");
	}
}

/* -------------------------------------------------------- changed headers -- */

struct change {
	unsigned int at;
	unsigned int size;
	uint64_t value;
	const char *words;		/* of the refusal; NULL: it loads */
};

static const struct change elf_changes[] = {
	{ 0, 1, 0x7e, "not a kernel" },
	{ EI_CLASS, 1, 0, "neither 32 nor 64 bits" },
	{ EI_CLASS, 1, 3, "neither 32 nor 64 bits" },
	{ EI_CLASS, 1, ELFCLASS32, "not a kernel" },
	{ EI_DATA, 1, 0, "byte order" },
	{ EI_DATA, 1, ELFDATA2MSB, "byte order" },
	{ 16, 2, ET_REL, "an object file" },
	{ 16, 2, ET_DYN, "user space or a shared object" },
	{ 16, 2, ET_CORE, "a core dump" },
	{ 18, 2, EM_386, "another architecture" },
	{ 18, 2, EM_PPC, "another architecture" },
	{ 18, 2, EM_PPC64, "another architecture" },
	{ 18, 2, EM_S390, "another architecture" },
	{ 18, 2, EM_ARM, "another architecture" },
	{ 18, 2, EM_AARCH64, "another architecture" },
	{ 18, 2, EM_RISCV, "another architecture" },
	{ 24, 8, 0, "entry point" },
	{ 24, 8, -1ULL, "entry point" },
	{ 32, 8, -1ULL, "truncated" },
	{ 32, 8, 1ULL << 63, "truncated" },
	{ 54, 2, 0, "program headers" },
	{ 54, 2, sizeof(Elf32_Phdr), "program headers" },
	{ 56, 2, 0, "no program headers" },
	{ 56, 2, 0xffff, "truncated|PT_LOAD|not a kernel|impossible" },
};

static const struct change bzimage_changes[] = {
	{ 0x1f1, 1, 0xff, "truncated" },
	{ 0x1f4, 4, 0, "truncated" },
	{ 0x1f4, 4, 0xffffffff, "truncated" },
	{ 0x1fe, 2, 0, "not a kernel" },
	{ 0x202, 4, 0, "not a kernel" },
	{ 0x206, 2, 0x209, "boot protocol 2.09" },
	{ 0x211, 1, 0, "zImage" },
	{ 0x230, 4, 0, "impossible alignment" },
	{ 0x230, 4, 3, "impossible alignment" },
	{ 0x234, 1, 0, NULL },		/* it was linked to 16 MB */
	{ 0x236, 2, 0, NULL },		/* as that of a 32-bit kernel */
	{ 0x238, 4, 10, "shorten --append" },
	{ 0x260, 4, 0xffffffff, "too small" },
};

static void put(const void *bytes, size_t size, size_t at)
{
	if (pwrite(fd, bytes, size, at) != (ssize_t)size)
		die("cannot change the file: %s", strerror(errno));
}

static void restore(size_t from)
{
	put(image + from, image_len - from, from);
}

static void try_changes(const struct change *changes, size_t count)
{
	char what[64];
	size_t i;

	for (i = 0; i < count; i++) {
		const struct change *c = &changes[i];

		snprintf(what, sizeof(what), "%#llx at %#x",
			 (unsigned long long)c->value, c->at);
		put(&c->value, c->size, c->at);
		if (c->words)
			expect_kernel_refusal(what, c->words);
		else
			expect_success(what, FILE_NAME);
		put(image + c->at, c->size, c->at);
	}
}

/* Try the same kernel as a 32-bit file of @machine. */
static void try_32_bit(uint16_t machine, uint8_t data, const char *words)
{
	const Elf64_Ehdr *wide = (const void *)image;
	Elf32_Ehdr ehdr = {
		.e_type = wide->e_type, .e_machine = machine,
		.e_version = EV_CURRENT, .e_entry = wide->e_entry,
		.e_phoff = sizeof(ehdr), .e_ehsize = sizeof(ehdr),
		.e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 1,
	};
	Elf32_Phdr phdr = {
		.p_type = PT_LOAD, .p_paddr = 16 << 20, .p_vaddr = 0xc1000000,
		.p_filesz = HEAD, .p_memsz = HEAD,
	};

	memcpy(ehdr.e_ident, image, EI_NIDENT);
	ehdr.e_ident[EI_CLASS] = ELFCLASS32;
	ehdr.e_ident[EI_DATA] = data;
	put(&ehdr, sizeof(ehdr), 0);
	put(&phdr, sizeof(phdr), sizeof(ehdr));
	if (words)
		expect_kernel_refusal("a 32-bit vmlinux", words);
	else
		expect_success("a 32-bit vmlinux", FILE_NAME);
	put(image, HEAD, 0);
}

/* kexec may load or refuse; an image is armed afterwards in any case. */
static void try_random_bytes(unsigned int count)
{
	while (count--) {
		unsigned int at = draw(is_elf() ? 400 : 0x290);
		uint8_t value = draw(256);
		int status;

		put(&value, 1, at);
		status = load(FILE_NAME, "/capture-initrd");
		if (status && (status != 1 || !is_one_line(read_output())))
			die("%#x at %#x: exit status %d, and kexec says: %s",
			    value, at, status, read_output());
		if (!is_armed())
			die("%#x at %#x: nothing is armed", value, at);
		put(image + at, 1, at);
	}
}

/* ------------------------------------------------------ what is no file -- */

static const struct {
	const char *path;
	const char *words;
} odd[] = {
	{ "", "cannot open" },
	{ "/nothing", "No such file" },
	{ "/nothing/below", "No such file" },
	{ "/init/below", "Not a directory" },
	{ "/tmp/dangling", "No such file" },
	{ "/tmp/loop", "symbolic links" },
	{ "/", "is a folder" },
	{ "/tmp", "is a folder" },
	{ "/proc/self/fd", "is a folder" },
	{ "/dev/null", "not a regular file" },
	{ "/dev/zero", "not a regular file" },
	{ "/dev/mem", "not a regular file" },
	{ "/dev/null", "not a regular file" },
	{ "/tmp/pipe", "not a regular file" },
	{ "/tmp/empty", "is empty" },
	{ "/proc/iomem", "is empty" },
	{ "/sys/kernel/vmcoreinfo", "cannot read" },
	{ SMALL "/hole", "cannot be read" },
};

static void make_odd(void)
{
	if (symlink("/nothing", "/tmp/dangling") ||
	    symlink("/tmp/loop", "/tmp/loop") || mkfifo("/tmp/pipe", 0600) ||
	    mknod("/tmp/empty", S_IFREG | 0600, 0) || mkdir(SMALL, 0700) ||
	    mount("small", SMALL, "tmpfs", 0, "size=16k") ||
	    mknod(SMALL "/hole", S_IFREG | 0600, 0) ||
	    truncate(SMALL "/hole", 1 << 20))
		die("cannot make files: %s", strerror(errno));
}

static void try_odd(void)
{
	static char long_name[300];
	char what[64];
	size_t i;

	make_odd();
	for (i = 0; i < COUNT(odd); i++) {
		snprintf(what, sizeof(what), "kernel %s", odd[i].path);
		expect_refusal(what, odd[i].path, "/capture-initrd",
			       strcmp(odd[i].path, SMALL "/hole") ?
			       odd[i].words : "cannot be read|not a kernel");
		/* For kexec an empty --initrd= means no initrd. */
		if (!*odd[i].path)
			continue;
		snprintf(what, sizeof(what), "initrd %s", odd[i].path);
		expect_refusal(what, kernel, odd[i].path, odd[i].words);
	}
	memset(long_name, 'x', sizeof(long_name) - 1);
	expect_refusal("a long name", long_name, "/capture-initrd",
		       "too long");
	expect_refusal("a long name", kernel, long_name, "too long");
	expect_refusal("a large initrd", kernel, "/tmp/large",
		       "too small|too large");
}

/* ------------------------------------------------------------------- main -- */

static void open_kernel(void)
{
	struct stat stat;
	int file = open(kernel, O_RDONLY);

	fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0700);
	if (file < 0 || fd < 0 || fstat(file, &stat))
		die("cannot open %s", kernel);
	image_len = stat.st_size;
	image = mmap(NULL, image_len, PROT_READ, MAP_PRIVATE, file, 0);
	if (image == MAP_FAILED || mknod("/tmp/large", S_IFREG | 0600, 0) ||
	    truncate("/tmp/large", 4LL << 30))
		die("no memory");
	restore(0);
}

int main(int argc, char **argv)
{
	unsigned int count;

	if (argc != 4)
		die("usage: files KERNEL COUNT SEED");
	kernel = argv[1];
	count = atoi(argv[2]);
	draw(atoi(argv[3]));
	open_kernel();
	try_cut_off(count);
	restore(0);
	if (is_elf()) {
		try_changes(elf_changes, COUNT(elf_changes));
		try_32_bit(EM_PPC, ELFDATA2LSB, "another architecture");
		try_32_bit(EM_ARM, ELFDATA2LSB, "another architecture");
		try_32_bit(EM_PPC, ELFDATA2MSB, "byte order");
		try_32_bit(EM_386, ELFDATA2LSB, NULL);
	} else {
		try_changes(bzimage_changes, COUNT(bzimage_changes));
	}
	try_random_bytes(count);
	try_odd();
	expect_success("the good kernel", kernel);
	printf("files: %u files\n", calls);
	return 0;
}
