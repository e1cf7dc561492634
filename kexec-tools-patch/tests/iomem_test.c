// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: "Crash kernel" in /proc/iomem, well-formed and not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ranges.h"

static const struct {
	const char *name;
	const char *text;
	int err;
	const char *found;
} rows[] = {
	{ "a machine with a reservation",
	  "00000000-00000fff : Reserved\n"
	  "00001000-0009fbff : System RAM\n"
	  "00100000-3ffdffff : System RAM\n"
	  "  01000000-04ffffff : Crash kernel\n"
	  "  05000000-05ffffff : Kernel code\n", 0, "1000000-5000000" },
	{ "no reservation", "00001000-0009fbff : System RAM\n", 0, "" },
	{ "nothing at all", "", 0, "" },
	{ "low and high",
	  "  ae000000-bdffffff : Crash kernel\n"
	  "  1af000000-1beffffff : Crash kernel\n", 0,
	  "ae000000-be000000 1af000000-1bf000000" },
	{ "out of order",
	  "  1af000000-1beffffff : Crash kernel\n"
	  "  ae000000-bdffffff : Crash kernel\n", 0,
	  "ae000000-be000000 1af000000-1bf000000" },
	{ "no newline at the end", "01000000-04ffffff : Crash kernel", 0,
	  "1000000-5000000" },
	{ "one byte", "01000000-01000000 : Crash kernel\n", 0,
	  "1000000-1000001" },
	{ "starts at zero", "00000000-00ffffff : Crash kernel\n", 0,
	  "0-1000000" },
	{ "addresses hidden", "00000000-00000000 : Crash kernel\n", -EACCES,
	  "" },
	{ "backwards", "04ffffff-01000000 : Crash kernel\n", -EINVAL, "" },
	{ "to the end of the address space",
	  "01000000-ffffffffffffffff : Crash kernel\n", -EINVAL, "" },
	{ "a number too big for 64 bits",
	  "01000000-1ffffffffffffffff : Crash kernel\n", 0, "" },
	{ "a name that begins alike",
	  "01000000-04ffffff : Crash kernel low\n", 0, "" },
	{ "a name that ends alike",
	  "01000000-04ffffff : My Crash kernel\n", 0, "" },
	{ "an empty name", "01000000-04ffffff : \n", 0, "" },
	{ "no name", "01000000-04ffffff\n", 0, "" },
	{ "no end", "01000000- : Crash kernel\n", 0, "" },
	{ "no start", "-04ffffff : Crash kernel\n", 0, "" },
	{ "a sign", "-1-+4 : Crash kernel\n", 0, "" },
	{ "no blanks", "01000000-04ffffff:Crash kernel\n", 0, "" },
	{ "not a number", "abcxyz-04ffffff : Crash kernel\n", 0, "" },
	{ "noise before", "\n\n:\n- : \n  01000000-04ffffff : Crash kernel\n",
	  0, "1000000-5000000" },
};

/* A good text may be cut off anywhere. */
static void test_truncated(void)
{
	const char *text = rows[0].text;
	struct kdump_ranges found;
	size_t len, whole = strlen(text);
	unsigned int hits = 0;

	for (len = 0; len <= whole; len++) {
		char *cut = strndup(text, len);

		found = (struct kdump_ranges){ NULL, 0 };
		if (!kdump_iomem_parse(cut, "Crash kernel", &found))
			hits += found.count;
		kdump_ranges_free(&found);
		free(cut);
	}
	ok(hits == whole + 1 - (strstr(text, "kernel\n") + 6 - text),
	   "a reservation is found once its line is there: %u", hits);
}

int main(void)
{
	struct kdump_ranges found;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		found = (struct kdump_ranges){ NULL, 0 };
		err = kdump_iomem_parse(rows[i].text, "Crash kernel", &found);
		ok(err == rows[i].err &&
		   ranges_are(&found, NULL, rows[i].found), "%s",
		   rows[i].name);
		kdump_ranges_free(&found);
	}
	test_truncated();
	return tap_end();
}
