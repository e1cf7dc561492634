# SPDX-License-Identifier: GPL-2.0-only
# Every task of the project.  tools/*.mk group them by subject.

.DEFAULT_GOAL := help

# Rows of tools/arch.py.  What is built for a row goes to build/ARCH.  Without
# ARCH=, "make check-series" and "make soak" work on all rows, and other tasks
# on the first row.
ROWS := $(shell tools/arch.py)
ifndef ARCHES
export ARCHES := $(or $(ARCH),$(ROWS))
endif
export ARCH ?= $(firstword $(ROWS))
OUT := build/$(ARCH)
.PHONY: help

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile $(wildcard tools/*.mk) | \
		sed -E 's/^([a-z0-9-]+):.*## /  make \1\t/' | expand -t 24

include $(wildcard tools/*.mk)

# With ARCH= of another row, "make check" runs its unit tests and scenarios.
ifneq ($(ARCH),$(firstword $(ROWS)))
CHECKS := kunit scenarios
endif
