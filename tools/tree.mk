# SPDX-License-Identifier: GPL-2.0-only
# The kernel tree, what is taken out of it, and the series made from it.

.PHONY: tree baseline-check
CHECKS += baseline-check

tree: ## build/tree: Debian's linux-source-6.1 with our kdump for upstream's
	@tools/tree.py

baseline-check: tree ## that nothing of upstream's kdump is left, and kexec works
	@tools/check-baseline.py
