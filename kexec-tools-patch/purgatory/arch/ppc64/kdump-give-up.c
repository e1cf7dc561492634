// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: the crash image is damaged: say so, and reset the machine.
 *
 * Purgatory runs this on one CPU, with interrupts off and without translation
 * of addresses.  The machine has crashed and nobody may be there to help it.
 * RTAS resets it; where there is none (bare metal), it stands still.
 */
#include <endian.h>
#include <stdint.h>
#include <purgatory.h>
#include <kdump-backup.h>
#include <kdump-give-up.h>

/* All processors of the server kind count time at 512 MHz. */
#define TICKS_PER_SECOND	512000000UL
#define SECONDS			5

/* Set by kexec -p; zero if the machine has no RTAS. */
unsigned long kdump_rtas_base __attribute__((section(".data")));
unsigned long kdump_rtas_entry __attribute__((section(".data")));
unsigned int kdump_rtas_reboot __attribute__((section(".data")));

/* What RTAS is called with, in big endian. */
struct rtas_args {
	uint32_t token;
	uint32_t arguments;
	uint32_t results;
	uint32_t value[16];
};

void kdump_rtas(struct rtas_args *args, unsigned long base,
		unsigned long entry);

static unsigned long ticks(void)
{
	unsigned long now;

	asm volatile("mftb %0" : "=r" (now));
	return now;
}

/* Time to read it. */
static void rest(void)
{
	unsigned long start = ticks();

	while (ticks() - start < SECONDS * TICKS_PER_SECOND)
		;
}

/* A kernel that was loaded with kexec -l keeps waiting for ever, as it does. */
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
	rest();
	kdump_rtas(&args, kdump_rtas_base, kdump_rtas_entry);
}
