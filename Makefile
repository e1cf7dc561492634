# SPDX-License-Identifier: GPL-2.0-only
# Every task of the project; tools/*.mk hold them by concern.

.DEFAULT_GOAL := help

# Rows of tools/arch.py; what is built for one goes to build/ARCH.  Without
# ARCH= "make check" and "make check-series" are about these, and other tasks
# about the first.
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

# Checks of another row than the first.  Among those of all rows there are only
# its scenarios that tell about an architecture.
ifneq ($(ARCH),$(firstword $(ROWS)))
CHECKS := kunit scenarios
endif
OTHERS := $(foreach arch,$(filter-out $(ARCH),$(ARCHES)),\
	$(arch)/kunit $(arch)/ports)

.PHONY: $(OTHERS)
$(OTHERS):
	@$(MAKE) --no-print-directory ARCH=$(@D) $(@F)
