/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kdump: the contract between the stages of a dump.
 *
 *	RESERVE  ->  LOAD  ->  CRASH  ->  CAPTURE  ->  ANALYSE
 *
 * Each stage hands the next one thing: a reservation, an armed crash image, a
 * jump, old memory, a file.  Every section below says what its stage offers;
 * the bytes that cross from one kernel to the other are in kdump_format.h.
 */
#ifndef _LINUX_KDUMP_H
#define _LINUX_KDUMP_H

#include <linux/ioport.h>
#include <linux/kdump_format.h>
#include <linux/types.h>

struct kexec_segment;
struct kimage;
struct page;
struct pt_regs;
struct task_struct;

/* ------------------------------------------------------------- RESERVE -- */

/*
 * The reservation.  Empty (start == end == 0) when there is none; otherwise
 * both ends are page-aligned, the end inclusive.  Written at boot and, under
 * the kexec lock, when the reservation shrinks.
 */
extern struct resource crashk_res;
extern struct resource crashk_low_res;

/* ---------------------------------------------------------------- LOAD -- */

/* --------------------------------------------------------------- CRASH -- */

/* ------------------------------------------------------------- CAPTURE -- */

#endif /* _LINUX_KDUMP_H */
