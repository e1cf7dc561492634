# SPDX-License-Identifier: GPL-2.0-only
# The kernel tree, what is taken out of it, and the series made from it.

.PHONY: tree check-tools baseline-check series check-series check-trees
CHECKS += check-tools check-series baseline-check

tree: ## build/tree: Debian's linux-source-6.1 with our kdump for upstream's
	@tools/tree.py

baseline-check: tree ## that nothing of upstream's kdump is left, and kexec works
	@tools/check-baseline.py

series: tree ## build/series: patches for git am
	@tools/series.py

check-series: system ## that every prefix of the series builds, and its style
	@tools/check-series.py $(ARCHES)

check-trees: ## that baseline and hooks fit every 6.1 that apt offers
	@tools/check-trees.py

check-tools: ## that things are taken out by name as baseline/ means it
	@tools/baseline_test.py
