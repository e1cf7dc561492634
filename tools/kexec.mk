# SPDX-License-Identifier: GPL-2.0-only
# kexec, and the tests of our part of it that need no guest.

.PHONY: kexec kexec-tree check-host

HOST_TESTS := $(patsubst kexec-tools-patch/tests/%.c,build/host/%, \
	$(wildcard kexec-tools-patch/tests/*_test.c))
HOST_PURE := $(addprefix kexec-tools-patch/kexec/, kdump-cmdline.c \
	kdump-elf.c kdump-iomem.c kdump-packed.c kdump-place.c kdump-ranges.c \
	kdump-stub.c kdump-text.c kdump-uki.c)
HOST_i386 := $(addprefix kexec-tools-patch/kexec/arch/i386/, \
	kdump-bzimage.c kdump-map.c)
HOST_ppc64 := $(addprefix kexec-tools-patch/kexec/arch/ppc64/, \
	kdump-fdt.c kdump-tree.c kdump-usable.c kdump-vmlinux.c)
CHECKS += check-host

kexec: ## build/ARCH/kexec/sbin/kexec: the tool that loads the capture kernel
	@tools/kexec.sh $(CURDIR)/$(OUT)/kexec

kexec-tree: ## build/kexec/tree: the patched source of kexec-tools
	@tools/kexec.sh --tree $(CURDIR)/$(OUT)/kexec

check-host: kexec $(HOST_TESTS) ## unit tests of kexec -p and kdump-gdb.py
	@prove --exec '' $(HOST_TESTS) kexec-tools-patch/analyse/gdb_test.py
	@prove --exec '' kexec-tools-patch/tests/purgatory_test :: $(OUT)/kexec

build/host/%: HOST_ARCH := i386
build/host/tree_test build/host/vmlinux_test: HOST_ARCH := ppc64
build/host/tree_test build/host/vmlinux_test: HOST_LIBRARY := \
	-Wno-sign-compare $(addprefix build/kexec/tree/kexec/libfdt/, \
	fdt.c fdt_ro.c fdt_rw.c fdt_sw.c fdt_wip.c)

build/host/tree_cpu_test: HOST_ARCH := ppc64
build/host/tree_cpu_test: HOST_LIBRARY := -Wno-sign-compare \
	-Ikexec-tools-patch/purgatory/include \
	kexec-tools-patch/purgatory/arch/ppc64/kdump-tree-cpu.c \
	$(addprefix build/kexec/tree/kexec/libfdt/, \
	fdt.c fdt_ro.c fdt_rw.c fdt_sw.c fdt_wip.c)
build/host/tree_cpu_test: $(addprefix kexec-tools-patch/purgatory/, \
	arch/ppc64/kdump-tree-cpu.c include/kdump-tree-cpu.h)

build/host/%: kexec-tools-patch/tests/%.c \
		$(wildcard kexec-tools-patch/tests/*.h) \
		$(HOST_PURE) $(HOST_i386) $(HOST_ppc64) \
		kexec-tools-patch/kexec/kdump.h \
		kexec-tools-patch/kexec/arch/i386/kdump-x86.h \
		kexec-tools-patch/kexec/arch/ppc64/kdump-ppc64.h \
		include/linux/kdump_format.h | kexec-tree
	@mkdir -p $(@D)
	@gcc -g -O1 -Wall -Wextra -Werror -fsanitize=address,undefined \
		-fno-sanitize-recover=all -Iinclude -Ikexec-tools-patch/kexec \
		-Ikexec-tools-patch/kexec/arch/$(HOST_ARCH) \
		-Ikexec-tools-patch/kexec/arch/$(HOST_ARCH)/include \
		-Ibuild/kexec/tree/kexec/libfdt \
		-o $@ $< $(HOST_PURE) $(HOST_$(HOST_ARCH)) $(HOST_LIBRARY)
