/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RESERVE: what the grammar of crashkernel= shares with the x86 boot stub,
 * which reads mem= and memmap= by the same rules.
 *
 * Pure: see crashkernel.h.
 */
#ifndef _KDUMP_CRASHKERNEL_PARSE_H
#define _KDUMP_CRASHKERNEL_PARSE_H

#include "crashkernel.h"

/* The rest of a value that is being parsed. */
struct cursor {
	const char *at;
	const char *end;
};

static inline bool cursor_at_end(const struct cursor *c)
{
	return c->at == c->end;
}

static inline bool cursor_sees(const struct cursor *c, char wanted)
{
	return !cursor_at_end(c) && *c->at == wanted;
}

/* Move behind the character @wanted, if it comes next. */
static inline bool parse_char(struct cursor *c, char wanted)
{
	if (!cursor_sees(c, wanted))
		return false;
	c->at++;
	return true;
}

/**
 * crashkernel_parse_amount() - parse digits and a unit
 * @c: moves behind them
 * @value: written on success
 *
 * Any character may follow.
 */
enum crashkernel_error crashkernel_parse_amount(struct cursor *c, u64 *value);

/**
 * crashkernel_next_option() - find an option of the command line
 * @cmdline: where to look; moves behind the option
 * @name: name of the option
 * @value: its value, without quotes; written on success
 *
 * Words behind "--" are not for the kernel.
 *
 * Return: whether there was such an option.
 */
bool crashkernel_next_option(const char **cmdline, const char *name,
			     struct crashkernel_value *value);

#endif /* _KDUMP_CRASHKERNEL_PARSE_H */
