/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: call RTAS, to end the machine.
 *
 * kdump_rtas(args, base, entry): RTAS runs in big endian with 32 bits, which
 * the machine is switched to on the way.  It does not come back; if it does,
 * it waits here, at an instruction in its own byte order.
 */
#include "ppc64_asm.h"

	.machine ppc64
	.text
	.globl DOTSYM(kdump_rtas)
DOTSYM(kdump_rtas):
	bl	1f
	.byte	0x48, 0, 0, 0		/* b . */
1:	mfmsr	6
	clrldi	6,6,1			/* clear MSR_SF */
	clrrdi	6,6,1			/* clear MSR_LE */
	mtsrr0	5
	mtsrr1	6
	rfid
	b	.
