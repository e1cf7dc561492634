/* SPDX-License-Identifier: GPL-2.0-only */
/* kdump tests: shared by the parts of the module. */
#ifndef _KDUMP_CRASH_H
#define _KDUMP_CRASH_H

/* A way to do something, by its name in a parameter of the module. */
struct way {
	const char *name;
	void (*go)(void);
};

extern const struct way crash_ways[];	/* for "how" */
extern const struct way other_ways[];	/* for "others" */
extern const struct way fault_ways[];	/* for "does" */

/* More of them, which only this architecture has */
extern const struct way arch_crash_ways[];
extern const struct way arch_other_ways[];

void kdump_crash_panic(void);
void kdump_crash_oops(void);
void kdump_crash_together(void);

/* Called on a CPU in an interrupt: arrive, and spin. */
void kdump_crash_spin(void *unused);

/* A CPU has arrived; wait until all other CPUs have. */
void kdump_crash_arrive(void);
void kdump_crash_wait_for_others(void);

int fault_at(const char *symbol, const struct way *does);
int fault_behind(const char *symbol, const struct way *does);
int fault_in_notifier(const struct way *does);
int fake_nmi_reason(unsigned char reason);

/* Are exactly so many pages of the reservation writable? */
int check_writable(int pages);

#endif /* _KDUMP_CRASH_H */
