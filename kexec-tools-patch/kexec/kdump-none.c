// SPDX-License-Identifier: GPL-2.0-only
/*
 * LOAD: kexec -p on an architecture that has no struct kdump_arch.
 */
#include "kexec.h"
#include "kdump.h"

int kdump_main(const struct kdump_request *UNUSED(request))
{
	fprintf(stderr, "kexec: -p is not there for this architecture, only for x86\n");
	return 1;
}

int kdump_print_reserved(void)
{
	return kdump_main(NULL);
}

bool kdump_outside_digest(const void *UNUSED(mem))
{
	return false;
}
