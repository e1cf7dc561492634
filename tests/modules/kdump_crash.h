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

/* Look a way up; the table ends with an entry without a name. */
const struct way *find_way(const struct way *ways, const char *name);

void kdump_crash_panic(void);
void kdump_crash_oops(void);
void kdump_crash_together(void);

int fault_at(const char *symbol, const struct way *does);
int fault_behind(const char *symbol, const struct way *does);
int fault_in_notifier(const struct way *does);
int fake_nmi_reason(unsigned char reason);

#endif /* _KDUMP_CRASH_H */
