# SPDX-License-Identifier: GPL-2.0-only
# Benchmarks, and upstream's kernels to compare with.

.PHONY: bench upstream

UPSTREAM := $(OUT)/upstream

bench: guest capture kexec upstream ## measure our kdump and upstream's
	@tests/bench

upstream: tree ## build/ARCH/upstream: the kernels of Debian's unchanged tree
	@tools/worktree.py upstream build/upstream
	@tools/kernel.py upstream-system --tree build/upstream \
		--out $(UPSTREAM)/system
	@tools/kernel.py upstream-capture --tree build/upstream \
		--out $(UPSTREAM)/capture
