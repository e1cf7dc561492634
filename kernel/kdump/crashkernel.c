// SPDX-License-Identifier: GPL-2.0-only
/*
 * RESERVE: the grammar of crashkernel=.
 *
 *	size[KMG][@offset]
 *	start-[end]:size[,start-[end]:size...][@offset]
 *	size[KMG],high
 *	size[KMG],low
 *
 * Runs in the kernel and in the boot stub before it, so crashkernel.h restricts
 * what this code may use.  Policy is in reserve.c.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/overflow.h>

#include "crashkernel.h"
#include "crashkernel_parse.h"

struct ram_range {
	u64 start;	/* first size of RAM it is meant for */
	u64 end;	/* first size it is not meant for; U64_MAX: open */
	u64 size;	/* what to reserve then */
};

static bool cursor_contains(const struct cursor *c, char wanted)
{
	const char *p;

	for (p = c->at; p < c->end; p++)
		if (*p == wanted)
			return true;
	return false;
}

static bool value_equals(const struct crashkernel_value *v, const char *word)
{
	unsigned int i;

	for (i = 0; i < v->len; i++)
		if (v->text[i] != word[i])	/* stops at the NUL, too */
			return false;
	return !word[i];
}

/* The value of a digit; 99, which is a digit in no base, for anything else. */
static unsigned int digit_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	return 99;
}

/* 0x is hexadecimal and a leading 0 octal, as for every size in the kernel. */
static unsigned int parse_base(struct cursor *c)
{
	if (c->end - c->at < 2 || *c->at != '0')
		return 10;
	if ((c->at[1] | 0x20) == 'x') {
		c->at += 2;
		return 16;
	}
	if (digit_value(c->at[1]) >= 10)
		return 10;
	c->at++;
	return 8;
}

static enum crashkernel_error parse_unit(struct cursor *c, u64 *value)
{
	static const char units[] = "kmgtpe";
	unsigned int i;

	if (cursor_at_end(c))
		return CRASHKERNEL_OK;
	for (i = 0; units[i]; i++) {
		if ((*c->at | 0x20) != units[i])
			continue;
		c->at++;
		if (*value > U64_MAX >> (10 * (i + 1)))
			return CRASHKERNEL_TOO_BIG;
		*value <<= 10 * (i + 1);
		return CRASHKERNEL_OK;
	}
	return CRASHKERNEL_OK;
}

/* Does a character follow that may stand behind a number? */
static bool cursor_at_delimiter(const struct cursor *c)
{
	return cursor_at_end(c) || cursor_sees(c, '@') ||
	       cursor_sees(c, '-') || cursor_sees(c, ':') ||
	       cursor_sees(c, ',');
}

enum crashkernel_error crashkernel_parse_amount(struct cursor *c, u64 *value)
{
	unsigned int base = parse_base(c), digit;
	const char *first = c->at;
	u64 number = 0;

	for (; !cursor_at_end(c); c->at++) {
		digit = digit_value(*c->at);
		if (digit >= base)
			break;
		if (check_mul_overflow(number, (u64)base, &number) ||
		    check_add_overflow(number, (u64)digit, &number))
			return CRASHKERNEL_TOO_BIG;
	}
	if (c->at == first)
		return CRASHKERNEL_BAD_NUMBER;
	*value = number;
	return parse_unit(c, value);
}

/* Parse a whole number; return @missing if there is none at all. */
static enum crashkernel_error parse_number(struct cursor *c,
					   enum crashkernel_error missing,
					  u64 *value)
{
	enum crashkernel_error error;

	if (cursor_at_delimiter(c))
		return missing;
	error = crashkernel_parse_amount(c, value);
	if (!error && !cursor_at_delimiter(c))
		return CRASHKERNEL_BAD_UNIT;
	return error;
}

static enum crashkernel_error parse_size(struct cursor *c, u64 *size)
{
	enum crashkernel_error error;

	error = parse_number(c, CRASHKERNEL_NO_SIZE, size);
	if (!error && !*size)
		return CRASHKERNEL_ZERO_SIZE;
	return error;
}

/* Parse start-[end]:size */
static enum crashkernel_error parse_range(struct cursor *c, struct ram_range *r)
{
	enum crashkernel_error error;

	error = parse_number(c, CRASHKERNEL_NO_START, &r->start);
	if (error)
		return error;
	if (!parse_char(c, '-'))
		return CRASHKERNEL_NO_DASH;
	r->end = U64_MAX;
	if (!cursor_at_end(c) && !cursor_sees(c, ':')) {
		error = parse_number(c, CRASHKERNEL_NO_COLON, &r->end);
		if (error)
			return error;
	}
	if (!parse_char(c, ':'))
		return CRASHKERNEL_NO_COLON;
	if (r->end <= r->start)
		return CRASHKERNEL_EMPTY_RANGE;
	return parse_size(c, &r->size);
}

/*
 * Parse the list of ranges to its end.  The first range that covers @ram
 * counts.  If @ram is not known (0), the largest size counts.
 */
static enum crashkernel_error parse_ranges(struct cursor *c, u64 ram, u64 *size)
{
	enum crashkernel_error error;
	struct ram_range r;

	*size = 0;
	do {
		error = parse_range(c, &r);
		if (error)
			return error;
		if (!ram)
			*size = max(*size, r.size);
		else if (!*size && ram >= r.start && ram < r.end)
			*size = r.size;
	} while (parse_char(c, ','));
	return CRASHKERNEL_OK;
}

static enum crashkernel_error parse_offset(struct cursor *c,
					   struct crashkernel_area *area)
{
	enum crashkernel_error error;
	u64 end;

	if (!parse_char(c, '@'))
		return CRASHKERNEL_OK;
	error = parse_number(c, CRASHKERNEL_NO_OFFSET, &area->offset);
	if (error)
		return error;
	area->fixed = true;
	if (check_add_overflow(area->offset, area->size, &end))
		return CRASHKERNEL_BEYOND;
	return CRASHKERNEL_OK;
}

static enum crashkernel_error parse_main(struct cursor *c, u64 ram,
					 struct crashkernel_area *area)
{
	enum crashkernel_error error;
	bool ranges = cursor_contains(c, ':') || cursor_contains(c, '-');

	if (ranges)
		error = parse_ranges(c, ram, &area->size);
	else
		error = parse_size(c, &area->size);
	if (!error)
		error = parse_offset(c, area);
	if (error)
		return error;
	if (cursor_sees(c, ',') && ranges)
		return CRASHKERNEL_EARLY_OFFSET;
	if (cursor_sees(c, ','))
		return area->fixed ? CRASHKERNEL_SUFFIX_OFFSET :
				     CRASHKERNEL_BAD_SUFFIX;
	if (!cursor_at_end(c))
		return CRASHKERNEL_TRAILING;
	return area->size ? CRASHKERNEL_OK : CRASHKERNEL_NO_MATCH;
}

static enum crashkernel_error parse_suffixed(struct cursor *c,
					     enum crashkernel_kind kind,
					     struct crashkernel_area *area)
{
	enum crashkernel_error error;

	if (cursor_contains(c, ':') || cursor_contains(c, '-'))
		return CRASHKERNEL_SUFFIX_RANGES;
	if (cursor_contains(c, '@'))
		return CRASHKERNEL_SUFFIX_OFFSET;
	error = parse_number(c, CRASHKERNEL_NO_SIZE, &area->size);
	if (error)
		return error;
	/* The comma before ",high" or ",low" */
	parse_char(c, ',');
	if (c->end - c->at != (kind == CRASHKERNEL_HIGH ? 4 : 3))
		return CRASHKERNEL_TRAILING;
	if (!area->size && kind != CRASHKERNEL_LOW)
		return CRASHKERNEL_ZERO_SIZE;
	return CRASHKERNEL_OK;
}

/**
 * crashkernel_parse - parse a value
 * @kind: the kind crashkernel_find() filed it under
 * @value: its text
 * @ram: what crashkernel_round_ram() says, which decides between ranges; 0: not
 *	 known, then the largest size that a range asks for is the answer
 * @area: result, written only on success
 *
 * Return: CRASHKERNEL_OK or what is wrong with the value.
 */
enum crashkernel_error crashkernel_parse(enum crashkernel_kind kind,
					 const struct crashkernel_value *value,
					 u64 ram, struct crashkernel_area *area)
{
	struct cursor c = { value->text, value->text + value->len };
	struct crashkernel_area found = { };
	enum crashkernel_error error;

	if (cursor_at_end(&c))
		return CRASHKERNEL_EMPTY;
	if (kind == CRASHKERNEL_MAIN)
		error = parse_main(&c, ram, &found);
	else
		error = parse_suffixed(&c, kind, &found);
	if (!error)
		*area = found;
	return error;
}

/* ------------------------------------------------------ the command line -- */

static bool is_blank(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r') || ch == (char)0xa0;
}

/* Parse the next word; blanks between double quotes belong to it. */
static const char *parse_word(const char *at, struct crashkernel_value *word)
{
	bool quoted = false;

	while (is_blank(*at))
		at++;
	word->text = at;
	for (; *at && (quoted || !is_blank(*at)); at++)
		if (*at == '"')
			quoted = !quoted;
	word->len = at - word->text;
	return at;
}

static void value_strip_quotes(struct crashkernel_value *v)
{
	if (!v->len || *v->text != '"')
		return;
	v->text++;
	v->len--;
	if (v->len && v->text[v->len - 1] == '"')
		v->len--;
}

/* Turn a word into the value behind the = if it is option @name. */
static bool value_strip_name(struct crashkernel_value *word, const char *name)
{
	unsigned int i;

	for (i = 0; name[i]; i++)
		if (i == word->len || word->text[i] != name[i])
			return false;
	if (i < word->len && word->text[i++] != '=')
		return false;
	word->text += i;
	word->len -= i;
	return true;
}

bool crashkernel_next_option(const char **cmdline, const char *name,
			     struct crashkernel_value *value)
{
	for (;;) {
		*cmdline = parse_word(*cmdline, value);
		if (!value->len || value_equals(value, "--"))
			return false;
		value_strip_quotes(value);
		if (!value_strip_name(value, name))
			continue;
		value_strip_quotes(value);
		return true;
	}
}

/* The word behind the last comma decides. */
static enum crashkernel_kind value_kind(const struct crashkernel_value *v)
{
	struct crashkernel_value suffix = { v->text + v->len, 0 };

	while (suffix.len < v->len && suffix.text[-1] != ',') {
		suffix.text--;
		suffix.len++;
	}
	if (suffix.len == v->len)
		return CRASHKERNEL_MAIN;
	if (value_equals(&suffix, "high"))
		return CRASHKERNEL_HIGH;
	if (value_equals(&suffix, "low"))
		return CRASHKERNEL_LOW;
	return CRASHKERNEL_MAIN;
}

/**
 * crashkernel_find - collect the crashkernel= options of a command line
 * @cmdline: ends with a NUL; must outlive @options
 * @options: updated: an option found here replaces an earlier one of its kind
 */
void crashkernel_find(const char *cmdline, struct crashkernel_options *options)
{
	struct crashkernel_value value;

	while (crashkernel_next_option(&cmdline, "crashkernel", &value))
		options->last[value_kind(&value)] = value;
}

/**
 * crashkernel_explain - put a refusal into words
 * @error: any value of the enum
 *
 * Return: what is wrong and how to write it instead, to stand behind a colon.
 */
const char *crashkernel_explain(enum crashkernel_error error)
{
	switch (error) {
	case CRASHKERNEL_EMPTY:
		return "no value is given; write crashkernel=64M, for example";
	case CRASHKERNEL_NO_SIZE:
		return "a size is missing; write 64M, for example";
	case CRASHKERNEL_ZERO_SIZE:
		return "a size is zero; leave crashkernel= out to reserve nothing";
	case CRASHKERNEL_NO_OFFSET:
		return "no address follows the @; write 64M@16M or just 64M";
	case CRASHKERNEL_BAD_NUMBER:
		return "something that is not a number stands where one must be";
	case CRASHKERNEL_BAD_UNIT:
		return "a number is followed by something that is no unit; K, M, G and T are";
	case CRASHKERNEL_TOO_BIG:
		return "a number does not fit into 64 bits";
	case CRASHKERNEL_BEYOND:
		return "offset and size together do not fit into 64 bits";
	case CRASHKERNEL_NO_START:
		return "a range has no start; write 0-2G:64M, for example";
	case CRASHKERNEL_NO_DASH:
		return "a range has no '-'; write 2G-:64M for 2G and more";
	case CRASHKERNEL_NO_COLON:
		return "a range has no ':' and size; write 512M-2G:64M, for example";
	case CRASHKERNEL_EMPTY_RANGE:
		return "a range ends where it starts or before";
	case CRASHKERNEL_NO_MATCH:
		return "no range covers the size of RAM; add one, such as 0-:64M";
	case CRASHKERNEL_EARLY_OFFSET:
		return "an offset goes for all ranges; write it once, behind the last";
	case CRASHKERNEL_BAD_SUFFIX:
		return "only ,high or ,low may follow a size";
	case CRASHKERNEL_SUFFIX_OFFSET:
		return "an offset leaves no choice for ,high or ,low; use one or the other";
	case CRASHKERNEL_SUFFIX_RANGES:
		return "ranges do not go with ,high or ,low; use one or the other";
	case CRASHKERNEL_TRAILING:
		return "something follows where it should end";
	default:
		return "nothing is wrong";
	}
}
