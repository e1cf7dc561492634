// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the crash image is damaged: say so, and reset the machine.
 *
 * Purgatory runs this on one CPU, with interrupts off and in real mode.  RTAS
 * resets the machine.  Without RTAS (bare metal) the machine stands still.
 */
#include <endian.h>
#include <stdint.h>
#include <purgatory.h>
#include <linux/kdump_purgatory.h>

/* The timebase of all server processors runs at 512 MHz. */
#define TICKS_PER_SECOND	512000000UL
#define SECONDS			5

/* Set by kexec -p, so not in .bss; zero if the machine has no RTAS. */
unsigned long kdump_rtas_base __attribute__((section(".data")));
unsigned long kdump_rtas_entry __attribute__((section(".data")));
unsigned int kdump_rtas_reboot __attribute__((section(".data")));

/* The argument block of an RTAS call; big endian. */
struct rtas_args {
	uint32_t token;
	uint32_t arguments;
	uint32_t results;
	uint32_t value[16];
};

void kdump_rtas(struct rtas_args *args, unsigned long base,
		unsigned long entry);

static unsigned long read_ticks(void)
{
	unsigned long now;

	asm volatile("mftb %0" : "=r" (now));
	return now;
}

/* Leave time to read the message. */
static void wait_seconds(void)
{
	unsigned long start = read_ticks();

	while (read_ticks() - start < SECONDS * TICKS_PER_SECOND)
		;
}

/* For a kernel loaded with kexec -l, purgatory waits for ever, as upstream. */
void kdump_give_up(void)
{
	struct rtas_args args = {
		.token = htobe32(kdump_rtas_reboot),
		.results = htobe32(1),
	};

	if (!kdump_backup_size)
		return;
	printf("kdump: the crash image was damaged after it was loaded, its "
	       "digest is wrong; there will be no dump\n");
	if (!kdump_rtas_reboot)
		return;
	printf("kdump: the machine is reset in 5 seconds\n");
	wait_seconds();
	kdump_rtas(&args, kdump_rtas_base, kdump_rtas_entry);
}
