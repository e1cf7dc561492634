// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the crash image is damaged: say so, and reset the machine.
 *
 * Purgatory runs this on one CPU, with interrupts off and memory mapped one to
 * one; on i386 and x86_64.  Nobody may be there to reset a machine that hangs,
 * so every wait is bounded, and a device that is missing is skipped.
 */
#include <stdbool.h>
#include <stdint.h>
#include <arch/io.h>
#include <kdump-backup.h>
#include <kdump-give-up.h>

#define SERIAL_DATA		0
#define SERIAL_STATUS		5
#define SERIAL_EMPTY		0x20

#define VGA_MISC		0x3cc
#define VGA_GRAPHICS		0x3ce
#define VGA_GRAPHICS_MODE	6
#define VGA_TEXT_MASK		0x0d	/* text mode, place of memory */
#define VGA_TEXT_B8000		0x0c
#define VGA_MEMORY		0xb8000
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

extern uint16_t serial_base;

static const char text[] =
	"kdump: the crash image was damaged after it was loaded, its digest is "
	"wrong; there will be no dump, the machine is reset in 5 seconds";

/* The port is the one of --serial, as the crashed kernel has set it up. */
static void print_serial(char ch)
{
	unsigned int polls = SERIAL_POLLS;

	while (polls-- && !(inb(serial_base + SERIAL_STATUS) & SERIAL_EMPTY))
		outb(0, DELAY);
	outb(ch, serial_base + SERIAL_DATA);
}

static bool screen_shows_text(void)
{
	if (inb(VGA_MISC) == ABSENT)
		return false;
	outb(VGA_GRAPHICS_MODE, VGA_GRAPHICS);
	return (inb(VGA_GRAPHICS + 1) & VGA_TEXT_MASK) == VGA_TEXT_B8000;
}

static void print_message(void)
{
	volatile uint16_t *screen = (volatile uint16_t *)VGA_MEMORY;
	const char *ch;

	if (screen_shows_text())
		for (ch = text; *ch; ch++)
			*screen++ = VGA_WHITE_ON_RED | *ch;
	if (inb(serial_base + SERIAL_STATUS) == ABSENT)
		return;
	print_serial('\r');
	print_serial('\n');
	for (ch = text; *ch; ch++)
		print_serial(*ch);
	print_serial('\r');
	print_serial('\n');
}

static uint8_t read_clock(void)
{
	outb(RTC_SECONDS, RTC_INDEX);
	return inb(RTC_DATA);
}

/* Leave time to read the message. */
static void wait_seconds(void)
{
	unsigned int polls = CLOCK_POLLS, seconds = 0;
	uint8_t last = read_clock(), now;

	while (polls-- && seconds < SECONDS) {
		outb(0, DELAY);
		now = read_clock();
		seconds += now != last;
		last = now;
	}
}

/* Keyboard controller, chipset, triple fault: no machine has all of them. */
static void reset_machine(void)
{
	static const struct {
		uint16_t limit;
		unsigned long base;
	} __attribute__((packed)) no_handlers = { 0, 0 };
	unsigned int polls = KEYBOARD_POLLS;

	while (polls-- && inb(KEYBOARD) & KEYBOARD_FULL)
		outb(0, DELAY);
	outb(KEYBOARD_RESET, KEYBOARD);
	for (polls = KEYBOARD_POLLS; polls; polls--)
		outb(0, DELAY);
	outb(CHIPSET_RESET & ~0x4, CHIPSET);
	outb(CHIPSET_RESET, CHIPSET);
	for (polls = KEYBOARD_POLLS; polls; polls--)
		outb(0, DELAY);
	asm volatile("lidt %0; int3" : : "m" (no_handlers));
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
