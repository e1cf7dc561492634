# SPDX-License-Identifier: GPL-2.0-only
# Fuzzers, on the host, of the code that reads untrusted input.

.PHONY: fuzz

FUZZ := build/fuzz
FUZZ_RUNS := 30000
FUZZ_SEED := 1
FUZZERS := core notes crashkernel stub image
CHECKS += fuzz

FUZZ_core := tests/fuzz/vmcore_check.c fs/proc/vmcore_layout.c \
	fs/proc/vmcore_notes.c kernel/kdump/core_header.c
FUZZ_notes := $(FUZZ_core)
FUZZ_crashkernel := kernel/kdump/crashkernel.c
FUZZ_stub := kernel/kdump/crashkernel.c
FUZZ_image := $(addprefix kexec-tools-patch/kexec/, kdump-elf.c kdump-packed.c \
	kdump-place.c kdump-ranges.c kdump-text.c kdump-uki.c \
	arch/i386/kdump-bzimage.c)

# Headers of the kernel that tests/fuzz/host.h replaces
FUZZ_EMPTY := $(addprefix linux/, align compiler minmax overflow range sizes slab sort) \
	asm/e820/types misc error efi ../string

fuzz: $(FUZZERS:%=$(FUZZ)/%.fuzzer) ## fuzz the parsers, FUZZ_RUNS=30000 inputs each
	@tests/fuzz/seeds $(FUZZ)/seeds
	@tests/fuzz/run $(FUZZ) $(FUZZ_RUNS) $(FUZZ_SEED) $(FUZZERS)

# This fuzzer includes the source that it tests.
$(FUZZ)/stub.fuzzer: $(wildcard arch/x86/boot/compressed/crashkernel.[ch])

.SECONDEXPANSION:
$(FUZZ)/%.fuzzer: tests/fuzz/%.c $$(FUZZ_$$*) \
		$(wildcard tests/fuzz/*.h include/linux/kdump*.h fs/proc/*.h \
		kernel/kdump/*.h kexec-tools-patch/kexec/*.h)
	@mkdir -p $(FUZZ)/include/linux $(FUZZ)/include/asm/e820
	@touch $(FUZZ_EMPTY:%=$(FUZZ)/include/%.h)
	@clang -g -O1 -Wall -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -I$(FUZZ)/include -Iinclude \
		-Ikexec-tools-patch/kexec \
		-Ikexec-tools-patch/kexec/arch/x86_64/include \
		-include tests/fuzz/host.h \
		-o $@ $< $(FUZZ_$*)
