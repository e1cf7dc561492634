// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD and CRASH: the state of the crash image.
 *
 * Runs in the system kernel.  kdump_armed_settle(), kdump_armed_fire(),
 * kdump_armed_mend(), kdump_armed_backup() and kexec_crash_loaded() belong to the
 * crash path: they run in any context and take no locks.  The rest runs in
 * process context.
 */
#include <linux/atomic.h>
#include <linux/crash_core.h>
#include <linux/export.h>
#include <linux/kdump.h>
#include <linux/kdump_arch.h>
#include <linux/string.h>

#include "armed.h"

/**
 * enum armed_state - what lies in the reservation
 * @ARMED_NONE: nothing that could be started
 * @ARMED_BUSY: somebody who holds the kexec lock is writing to it
 * @ARMED_READY: a complete crash image
 * @ARMED_FIRED: a crash has taken the image; nothing may touch it any more
 *
 * A crash can only go from READY to FIRED, by one compare-and-exchange.  So it
 * needs no lock, and if several CPUs crash at once, exactly one succeeds.
 * Rebuilding the core header of a READY image needs no BUSY: at every moment
 * the header is complete.
 */
enum armed_state {
	ARMED_NONE,
	ARMED_BUSY,
	ARMED_READY,
	ARMED_FIRED,
};

static atomic_t armed_state = ATOMIC_INIT(ARMED_NONE);

/* Written while the state is ARMED_BUSY. */
static struct kdump_image *armed_image;

struct kdump_image *kdump_armed_image(void)
{
	return armed_image;
}

int kdump_armed_begin(void)
{
	int state = armed_image ? ARMED_READY : ARMED_NONE;

	return atomic_try_cmpxchg(&armed_state, &state, ARMED_BUSY) ? 0 :
								      -EBUSY;
}

void kdump_armed_end(struct kdump_image *image)
{
	armed_image = image;
	atomic_set_release(&armed_state, image ? ARMED_READY : ARMED_NONE);
}

void kdump_armed_settle(void)
{
	unsigned int msecs;

	for (msecs = 0; msecs < 1000; msecs++) {
		if (atomic_read(&armed_state) != ARMED_BUSY)
			return;
		kdump_arch_wait();
	}
}

struct kimage *kdump_armed_fire(void)
{
	int ready = ARMED_READY;

	kdump_armed_settle();
	if (!atomic_try_cmpxchg(&armed_state, &ready, ARMED_FIRED))
		return NULL;
	return armed_image->kimage;
}

void kdump_armed_mend(const struct kimage *kimage)
{
	if (kimage->kdump->vmcoreinfo)
		memcpy(vmcoreinfo_note, kimage->kdump->vmcoreinfo,
		       VMCOREINFO_NOTE_SIZE);
}

int kexec_crash_loaded(void)
{
	return atomic_read(&armed_state) == ARMED_READY;
}
EXPORT_SYMBOL_GPL(kexec_crash_loaded);

phys_addr_t kdump_armed_backup(const struct kimage *kimage)
{
	const struct kdump_stub *stub = &kimage->kdump->stub;

	return stub->backup_size ? stub->backup_to : 0;
}
