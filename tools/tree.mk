# SPDX-License-Identifier: GPL-2.0-only
# The kernel tree and the series made from it.

.PHONY: tree

tree: ## build/tree: Debian's linux-source-6.1 with our kdump for upstream's
	@tools/tree.py
