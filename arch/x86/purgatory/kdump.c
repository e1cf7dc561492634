// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD on x86: what purgatory does for a crash image once it has checked the
 * digest.
 *
 * Purgatory runs this on one CPU, with interrupts off and memory mapped one to
 * one; on i386 and x86_64.  It is built twice, for the kernel's purgatory and
 * for that of kexec-tools, so it includes nothing that only one of them has.
 */
#include <linux/kdump_purgatory.h>

#define SERIAL_DATA		0
#define SERIAL_STATUS		5
#define SERIAL_EMPTY		0x20

#define VGA_MISC		0x3cc
#define VGA_GRAPHICS		0x3ce
#define VGA_GRAPHICS_MODE	6
#define VGA_TEXT_MASK		0x0d	/* text mode, place of memory */
#define VGA_TEXT_B8000		0x0c
#define VGA_MEMORY		0xb8000UL
#define VGA_WHITE_ON_RED	0x4f00

#define RTC_INDEX		0x70
#define RTC_DATA		0x71
#define RTC_SECONDS		0
#define ABSENT			0xff	/* read from a port without a device */

#define KEYBOARD		0x64
#define KEYBOARD_FULL		0x02
#define KEYBOARD_RESET		0xfe
#define CHIPSET			0xcf9
#define CHIPSET_RESET		0x06

/* A write to this port takes a microsecond, less in a guest; no effect. */
#define DELAY			0x80

/* Longer than any port needs for a character at 1200 baud. */
#define SERIAL_POLLS		20000
#define KEYBOARD_POLLS		20000
/* Most of a minute, in case the clock stands still. */
#define CLOCK_POLLS		20000000
#define SECONDS			5

static unsigned char read_port(unsigned short port)
{
	unsigned char value;

	asm volatile("inb %1, %0" : "=a" (value) : "Nd" (port));
	return value;
}

static void write_port(unsigned char value, unsigned short port)
{
	asm volatile("outb %0, %1" : : "a" (value), "Nd" (port));
}

void kdump_backup(void)
{
	unsigned long from = 0, to = kdump_backup_to;
	unsigned long bytes = kdump_backup_size;

	asm volatile("rep movsb"
		     : "+S" (from), "+D" (to), "+c" (bytes)
		     :
		     : "memory");
}

static const char text[] =
	"kdump: the crash image was damaged after it was loaded, its digest is wrong; "
	"there will be no dump, the machine is reset in 5 seconds";

/* The port is as the crashed kernel has set it up. */
static void print_serial(char ch)
{
	unsigned int polls = SERIAL_POLLS;

	while (polls-- &&
	       !(read_port(serial_base + SERIAL_STATUS) & SERIAL_EMPTY))
		write_port(0, DELAY);
	write_port(ch, serial_base + SERIAL_DATA);
}

static int screen_shows_text(void)
{
	if (read_port(VGA_MISC) == ABSENT)
		return 0;
	write_port(VGA_GRAPHICS_MODE, VGA_GRAPHICS);
	return (read_port(VGA_GRAPHICS + 1) & VGA_TEXT_MASK) == VGA_TEXT_B8000;
}

static void print_screen(void)
{
	unsigned long at = VGA_MEMORY;
	const char *ch;

	for (ch = text; *ch; ch++, at += 2)
		asm volatile("movw %w0, (%1)"
			     :
			     : "r" (VGA_WHITE_ON_RED | *ch), "r" (at)
			     : "memory");
}

static void print_message(void)
{
	const char *ch;

	if (screen_shows_text())
		print_screen();
	if (read_port(serial_base + SERIAL_STATUS) == ABSENT)
		return;
	print_serial('\r');
	print_serial('\n');
	for (ch = text; *ch; ch++)
		print_serial(*ch);
	print_serial('\r');
	print_serial('\n');
}

static unsigned char read_clock(void)
{
	write_port(RTC_SECONDS, RTC_INDEX);
	return read_port(RTC_DATA);
}

/* Leave time to read the message. */
static void wait_seconds(void)
{
	unsigned int polls = CLOCK_POLLS, seconds = 0;
	unsigned char last = read_clock(), now;

	while (polls-- && seconds < SECONDS) {
		write_port(0, DELAY);
		now = read_clock();
		seconds += now != last;
		last = now;
	}
}

/* Keyboard controller, chipset, triple fault: no machine has all of them. */
static void reset_machine(void)
{
	/* Limit and base of an empty interrupt table; at most 10 bytes */
	static const unsigned short no_handlers[5];
	unsigned int polls = KEYBOARD_POLLS;

	while (polls-- && read_port(KEYBOARD) & KEYBOARD_FULL)
		write_port(0, DELAY);
	write_port(KEYBOARD_RESET, KEYBOARD);
	for (polls = KEYBOARD_POLLS; polls; polls--)
		write_port(0, DELAY);
	write_port(CHIPSET_RESET & ~0x4, CHIPSET);
	write_port(CHIPSET_RESET, CHIPSET);
	for (polls = KEYBOARD_POLLS; polls; polls--)
		write_port(0, DELAY);
	asm volatile("lidt %0; int3" : : "m" (no_handlers[0]));
}

/* For a kernel loaded with kexec -l, purgatory waits for ever, as upstream. */
void kdump_give_up(void)
{
	if (!kdump_backup_size)
		return;
	print_message();
	wait_seconds();
	reset_machine();
}
