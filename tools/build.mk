# SPDX-License-Identifier: GPL-2.0-only
# Packages, and the kernels of build/ARCH.

.PHONY: packages root system system-4g system-server capture capture-up clean

packages: ## install the Debian packages that are missing (as root)
	@tools/packages

root: ## build/ARCH/root: Debian's programs, for guests of another architecture
	@tools/foreign.sh "$$(tools/arch.py debian)" $(OUT)/root \
		$$(tools/arch.py foreign)
	@tools/busybox.sh $(OUT)/root

system: tree ## build/ARCH/system: the kernel that crashes
	@tools/kernel.py system

system-4g: tree ## build/ARCH/system-4g: the same without PAE, up to 4 GB of memory
	@tools/kernel.py system-4g

system-server: tree ## build/ARCH/system-server: the same with drivers of servers
	@tools/kernel.py system-server

capture: tree ## build/ARCH/capture: the kernel that saves the dump
	@tools/kernel.py capture

capture-up: tree ## build/ARCH/capture-up: the same, not relocatable
	@tools/kernel.py capture-up

clean: ## remove everything that was built
	rm -rf build
