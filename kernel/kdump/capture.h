/* SPDX-License-Identifier: GPL-2.0-only */
/* CAPTURE: the grammar of elfcorehdr=, for capture.c and its tests. */
#ifndef _KDUMP_CAPTURE_H
#define _KDUMP_CAPTURE_H

#include <linux/types.h>

/**
 * elfcorehdr_parse() - parse the value of elfcorehdr=
 * @arg: ``address`` or ``size@address``, numbers as memparse() reads them
 * @addr: physical address of the core header, written on success
 * @size: bytes that it may have, written on success; 0: not told
 *
 * Context: Any.
 * Return: 0 or -EINVAL.
 */
int elfcorehdr_parse(const char *arg, u64 *addr, u64 *size);

#endif /* _KDUMP_CAPTURE_H */
