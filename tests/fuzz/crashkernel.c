// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz RESERVE: crashkernel= in a command line, and as a value.
 *
 * The text is in memory of exactly its size, so that the sanitizer finds a read
 * beyond its end.
 */
#include "../../kernel/kdump/crashkernel.h"

static void check_value(enum crashkernel_kind kind,
			const struct crashkernel_value *value)
{
	static const u64 rams[] = { 0, 1 << 20, 1ULL << 30, U64_MAX };
	enum crashkernel_error error;
	size_t i;

	for (i = 0; i < sizeof(rams) / sizeof(rams[0]); i++) {
		struct crashkernel_area area = { 0x55, 0x55, false };

		error = crashkernel_parse(kind, value, rams[i], &area);
		must(error < CRASHKERNEL_ERRORS);
		must(*crashkernel_explain(error));
		if (error) {
			must(area.size == 0x55 && area.offset == 0x55);
			continue;
		}
		must(area.size || kind == CRASHKERNEL_LOW);
		must(!area.fixed || kind == CRASHKERNEL_MAIN);
		must(area.fixed || !area.offset);
		must(area.offset + area.size >= area.size);
	}
}

static void check_text(const uint8_t *data, size_t size)
{
	struct crashkernel_value value = { NULL, size };
	char *text = malloc(size ? size : 1);
	int kind;

	memcpy(text, data, size);
	value.text = text;
	for (kind = 0; kind < CRASHKERNEL_KINDS; kind++)
		check_value(kind, &value);
	free(text);
}

static void check_cmdline(const uint8_t *data, size_t size)
{
	struct crashkernel_options options = { };
	char *line = malloc(size + 1);
	int kind;

	memcpy(line, data, size);
	line[size] = '\0';
	crashkernel_find(line, &options);
	for (kind = 0; kind < CRASHKERNEL_KINDS; kind++) {
		const struct crashkernel_value *value = &options.last[kind];

		if (!value->text)
			continue;
		must(value->text >= line);
		must(value->text + value->len <= line + strlen(line));
		check_value(kind, value);
	}
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_text(data, size);
	check_cmdline(data, size);
	return 0;
}
