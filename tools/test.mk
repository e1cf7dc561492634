# SPDX-License-Identifier: GPL-2.0-only
# The demo, and the tests in guests.  "make check" runs the targets in CHECKS;
# if a target prints no TAP, tools/tap makes one result of it.

.PHONY: demo check check-harness scenarios ports kunit reserve strangers guest

BUILT := $(OUT)
GUEST := $(BUILT)/guest
CHECKS += check-harness kunit reserve scenarios strangers

demo: ## the main job: a crash, and a dump that gdb, crash and drgn open
	@tools/demo.py

check: ## the tests of every day
	@for arch in $(ARCHES); do ARCH=$$arch tools/packages || exit; done
	@prove --verbose --timer --exec tools/tap $(sort $(CHECKS))

# What guests need beside busybox and kexec
guest: root system $(GUEST)/init $(GUEST)/bench $(GUEST)/files \
		$(GUEST)/readers $(GUEST)/segments $(GUEST)/update.so
	@mkdir -p $(GUEST)/modules
	@cp -u tests/modules/Makefile tests/modules/*.[ch] $(GUEST)/modules/
	@$(MAKE) -s -C build/tree O=$(CURDIR)/$(BUILT)/system \
		ARCH=$$(tools/arch.py linux) \
		CROSS_COMPILE=$$(tools/arch.py cross) \
		M=$(CURDIR)/$(GUEST)/modules modules
	@cp $(GUEST)/modules/kdump_*.ko $(GUEST)/

$(GUEST)/%: tests/guest/%.c
	@mkdir -p $(@D)
	@$$(tools/arch.py cc) -static -s -O2 -Wall -Wextra -Werror -o $@ $(filter %.c,$^)

$(GUEST)/%.so: tests/guest/%.c
	@mkdir -p $(@D)
	@$$(tools/arch.py cc) -shared -fPIC -O2 -Wall -Wextra -Werror -o $@ $<

$(GUEST)/readers: tests/guest/readers_ways.c tests/guest/readers.h

scenarios: guest kexec capture ## crash guests in all ways
	@tests/run

ports: guest kexec ## the crash guests that depend on the architecture
	@tests/run --ports

check-harness: ## check that the tests' own checks can fail
	@tests/harness_test.py

reserve: guest capture kexec ## guests with generated values of crashkernel=
	@tests/reserve

strangers: guest kexec ## our kexec on Debian's own kernels, on x86_64
	@tests/strangers

kunit: guest kexec ## unit tests of the kernel code, in a guest
	@tests/kunit
