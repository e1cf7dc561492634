# SPDX-License-Identifier: GPL-2.0-only
#
# LOAD: the source files of kexec -p.  kexec/Makefile includes this list.

KDUMP_SRCS = kexec/kdump.c kexec/kdump-cmdline.c kexec/kdump-elf.c	\
	kexec/kdump-file.c kexec/kdump-iomem.c kexec/kdump-options.c kexec/kdump-packed.c	\
	kexec/kdump-place.c kexec/kdump-ranges.c kexec/kdump-segments.c kexec/kdump-stub.c	\
	kexec/kdump-system.c kexec/kdump-text.c kexec/kdump-uki.c

x86_KDUMP = kexec/arch/i386/kdump-bzimage.c kexec/arch/i386/kdump-map.c	\
	kexec/arch/i386/kdump-x86.c

i386_KDUMP = $(x86_KDUMP)
x86_64_KDUMP = $(x86_KDUMP)
ppc64_KDUMP = kexec/arch/ppc64/kdump-fdt.c				\
	kexec/arch/ppc64/kdump-ppc64.c kexec/arch/ppc64/kdump-tree.c	\
	kexec/arch/ppc64/kdump-usable.c kexec/arch/ppc64/kdump-vmlinux.c

KEXEC_SRCS_base += $(KDUMP_SRCS) $($(ARCH)_KDUMP)
dist += kexec/kdump.mk kexec/kdump.h kexec/arch/i386/kdump-x86.h	\
	kexec/arch/ppc64/kdump-ppc64.h include/linux/kdump_format.h
