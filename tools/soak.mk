# SPDX-License-Identifier: GPL-2.0-only
# The campaign that takes too long for "make check".

.PHONY: soak

soak: guest kexec $(KERNELS) ## for a night: everything, many times; goes on where it was cut off
	@tests/run --soak
	@tests/reserve --count 100 --seed 2
	@tools/check-series.py --whole
	@$(MAKE) --no-print-directory fuzz FUZZ_RUNS=1000000 FUZZ_SEED=0
