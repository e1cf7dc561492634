/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LOAD: call RTAS, to reset the machine.
 *
 * kdump_rtas(args, base, entry): RTAS runs in big endian and in 32-bit mode, so
 * MSR_LE and MSR_SF are cleared with the jump.  RTAS should not return.  If it
 * does, the CPU is still big endian, and the return address holds a big-endian
 * branch to itself.
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
