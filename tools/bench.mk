# SPDX-License-Identifier: GPL-2.0-only
# Measurements, and upstream's kernels to measure beside ours.

.PHONY: bench upstream

UPSTREAM := $(OUT)/upstream

bench: guest capture kexec upstream ## our figures beside upstream's
	@tests/bench

upstream: tree ## build/ARCH/upstream: the kernels of Debian's tree as it came
	@tools/worktree.py upstream build/upstream
	@tools/kernel.py upstream-system --tree build/upstream \
		--out $(UPSTREAM)/system
	@tools/kernel.py upstream-capture --tree build/upstream \
		--out $(UPSTREAM)/capture
