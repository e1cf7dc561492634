# SPDX-License-Identifier: GPL-2.0-only
# Packages, and the kernels of build/x86_64.

.PHONY: packages system capture capture-up clean

packages: ## install the Debian packages that are missing (as root)
	@tools/packages

system: tree ## build/x86_64/system: the kernel that crashes
	@tools/kernel.py system

capture: tree ## build/x86_64/capture: the kernel that saves the dump
	@tools/kernel.py capture

capture-up: tree ## build/x86_64/capture-up: the same for one CPU at 16 MB
	@tools/kernel.py capture-up

clean: ## remove everything that was built
	rm -rf build
