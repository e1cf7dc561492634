/* SPDX-License-Identifier: GPL-2.0-only */
/* kdump tests: the parts of the module. */
#ifndef _KDUMP_CRASH_H
#define _KDUMP_CRASH_H

/* One way to do something, by the name that a parameter has for it. */
struct way {
	const char *name;
	void (*go)(void);
};

extern const struct way crash_ways[];	/* "how" */
extern const struct way other_ways[];	/* "others" */
extern const struct way fault_ways[];	/* "does" */

/* Of the architecture */
extern const struct way arch_crash_ways[];
extern const struct way arch_other_ways[];

void kdump_crash_panic(void);
void kdump_crash_oops(void);
void kdump_crash_together(void);

/* Called on a CPU as an interrupt; each says that it is there. */
void kdump_crash_spin(void *unused);
void kdump_crash_arrive(void);
void kdump_crash_wait_for_others(void);

int fault_at(const char *symbol, const struct way *does);
int fault_behind(const char *symbol, const struct way *does);
int fault_in_notifier(const struct way *does);
int fake_nmi_reason(unsigned char reason);

#endif /* _KDUMP_CRASH_H */
