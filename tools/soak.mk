# SPDX-License-Identifier: GPL-2.0-only
# Tests that take too long for "make check".

.PHONY: soak strict

# The kernels that scenarios start beside the system kernel
KERNELS := $(filter capture capture-up system-4g system-server,\
	$(basename $(notdir $(foreach folder,$(ARCH) $(shell tools/arch.py linux),\
		$(wildcard configs/$(folder)/*.config)))))

# On each other architecture: the unit tests, and the scenarios that depend on it
PORTS := $(foreach arch,$(filter-out $(ARCH),$(ARCHES)),\
	$(arch)/kunit $(arch)/ports)

STRICT := $(OUT)/strict
STRICT_RUN := --strict --kernels $(STRICT) --programs $(STRICT)/guest \
	--output $(STRICT)/tests

soak: guest kexec $(KERNELS) ## test everything many times, for a night; an interrupted run resumes
	@tests/run --soak
	@tests/reserve --count 100 --seed 2
	@tests/boot/rootfs build/boot
	@tests/boot/run
	@tools/check-baseline.py --whole
	@tests/strangers --all
	@tools/check-series.py --whole $(ARCHES)
	@$(MAKE) --no-print-directory $(PORTS)
	@$(MAKE) --no-print-directory fuzz FUZZ_RUNS=1000000 FUZZ_SEED=0
	@$(if $(wildcard configs/$(ARCH)/strict.config), \
		$(MAKE) --no-print-directory strict)

.PHONY: $(PORTS)
$(PORTS):
	@$(MAKE) --no-print-directory ARCH=$(@D) $(@F)

strict: capture kexec ## run scenarios with KASAN, lockdep and kmemleak
	@tools/kernel.py strict --out $(STRICT)/system
	@ln -sfn ../capture $(STRICT)/capture
	@$(MAKE) --no-print-directory guest BUILT=$(STRICT)
	@tests/kunit $(STRICT_RUN)
	@tests/run $(STRICT_RUN) $(SCENARIOS)
