# SPDX-License-Identifier: GPL-2.0-only
#
# LOAD: flags that keep vector code out of purgatory.  purgatory/Makefile includes
# this file.  The compiler's own default may be -march=x86-64-v3.

i386_PURGATORY_EXTRA_CFLAGS += -mgeneral-regs-only
x86_64_PURGATORY_EXTRA_CFLAGS += -mgeneral-regs-only
ppc64_PURGATORY_EXTRA_CFLAGS += -mno-altivec -mno-vsx

PURGATORY_CHECK = $(srcdir)/purgatory/kdump-check-code.sh
dist += purgatory/kdump.mk purgatory/kdump-check-code.sh
