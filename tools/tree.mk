# SPDX-License-Identifier: GPL-2.0-only
# The kernel tree, the series made from it, and the checks of both.

.PHONY: tree series check-baseline check-series check-tools check-trees \
	check-config
CHECKS += check-baseline check-series check-tools

tree: ## build/tree: Debian's linux-source-6.1 with our kdump in place of upstream's
	@tools/tree.py

series: tree ## build/series: patches for git am
	@tools/series.py

check-baseline: tree ## check that nothing of upstream's kdump is left
	@tools/check-baseline.py

check-series: system ## check that the series compiles after every patch, and its style
	@tools/check-series.py $(ARCHES)

check-config: tree ## compile what uses kdump with Debian's configurations and allmodconfig
	@tools/check-config.py

check-tools: ## check tools/: unit tests and style
	@tools/check-tools.py

check-trees: ## check that baseline/ and the hooks fit every 6.1 that apt offers
	@tools/check-trees.py
