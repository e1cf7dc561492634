# SPDX-License-Identifier: GPL-2.0-only
#
# LOAD: what kexec -p is built from.  Included by kexec/Makefile; an
# architecture that has a struct kdump_arch adds its files to $(ARCH)_KDUMP.

KDUMP_SRCS = kexec/kdump.c kexec/kdump-cmdline.c kexec/kdump-elf.c	\
	kexec/kdump-iomem.c kexec/kdump-options.c kexec/kdump-place.c	\
	kexec/kdump-ranges.c kexec/kdump-stub.c kexec/kdump-system.c	\
	kexec/kdump-text.c

x86_KDUMP = $(KDUMP_SRCS) kexec/arch/i386/kdump-bzimage.c	\
	kexec/arch/i386/kdump-map.c kexec/arch/i386/kdump-x86.c

i386_KDUMP = $(x86_KDUMP)
x86_64_KDUMP = $(x86_KDUMP)

KEXEC_SRCS_base += $(or $($(ARCH)_KDUMP),kexec/kdump-none.c)
dist += kexec/kdump.mk kexec/kdump.h kexec/arch/i386/kdump-x86.h	\
	include/linux/kdump_format.h
