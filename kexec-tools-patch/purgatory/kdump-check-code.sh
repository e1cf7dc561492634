#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# LOAD: refuse a purgatory that uses vector or floating-point registers.
#
# Purgatory runs with the registers and the control registers of a kernel that
# crashed, so such an instruction may fault there, and nothing handles the fault.
# The x87 is not checked: 16-bit code and data of the x86 purgatory look like
# instructions of it.
#
# usage: kdump-check-code.sh OBJDUMP FILE
set -eu

objdump=$1 file=$2

fail() {
	echo "purgatory: $*" >&2
	exit 1
}

code=$("$objdump" -d --no-show-raw-insn "$file") ||
	fail "$objdump cannot disassemble $file"
case $code in
*elf*-powerpc*) vector='[[:space:],](vs|v|f)[0-9]+([[:space:],]|$)' ;;
*elf*-x86-64* | *elf*-i386*) vector='%([xyzt]?mm[0-9]|k[0-7])' ;;
*) fail "no check for the machine of $file" ;;
esac
# Without comments, and without the targets of branches.
found=$(echo "$code" | sed -n \
	's/ *#.*//; s/[0-9a-f]* <.*//; s/^ *[0-9a-f]*:[[:space:]]*//p' |
	grep -E "$vector" | sed 's/[[:space:]]\+/ /g; q')
[ -z "$found" ] ||
	fail "its code uses a vector or floating-point register: $found;" \
		"it may fault after a crash; keep the flags of" \
		"purgatory/kdump.mk when setting CFLAGS"
