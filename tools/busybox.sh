#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Compile busybox for guests, if Debian has no programs for the architecture.  The
# source is Debian's package, configured as busybox-static is.
#
# usage: busybox.sh DIR        writes DIR/bin/busybox
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
out=$1

fail() {
	echo "busybox: $*" >&2
	exit 1
}

build() {
	cp "$tree/debian/config/pkg/static" "$tree/.config"
	yes '' | make -C "$tree" oldconfig
	make -C "$tree" -j"$(nproc)" CROSS_COMPILE="$cross" busybox
}

version=$("$root/tools/arch.py" busybox)
[ -n "$version" ] && [ ! -x "$out/bin/busybox" ] || exit 0
cross=$("$root/tools/arch.py" cross)
mkdir -p "$out"
tree=$out/busybox/src
echo "  busybox: compiling $version"
"$root/tools/source.sh" "$out/busybox" busybox "$version" >"$out/log" 2>&1 &&
	MAKEFLAGS='' build >>"$out/log" 2>&1 || {
	tail -n 15 "$out/log" >&2
	fail "the build failed; the whole log is $out/log"
}
install -D "$tree/busybox" "$out/bin/busybox"
rm -rf "$out/busybox"
