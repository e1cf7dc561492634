# SPDX-License-Identifier: GPL-2.0-only
# Every task of the project; tools/*.mk hold them by concern.

.DEFAULT_GOAL := help

# A row of tools/arch.py; what is built for it goes to build/ARCH.
export ARCH ?= x86_64
OUT := build/$(ARCH)
.PHONY: help

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile $(wildcard tools/*.mk) | \
		sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

include $(wildcard tools/*.mk)

# The other checks are about x86_64, or about no architecture.
ifneq ($(ARCH),x86_64)
CHECKS := kunit scenarios
endif
