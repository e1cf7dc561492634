#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# LOAD: build kexec.  Take Debian's source, remove what kexec-tools-patch/baseline
# names, add our files and hooks, and run its own configure and make.
#
# usage: kexec.sh [--tree] OUT
#
# The result is OUT/sbin/kexec, with the scripts that run it at boot and the
# script for gdb: OUT/sbin, lib and share have the layout of /usr/local, OUT/etc
# that of /etc.  With --tree only the source is laid out.  The tree is made anew
# when anything it is made from has changed; files that stay the same keep their
# time stamps, so that make builds only what has changed.
set -eu

version=2.0.25
root=$(cd "$(dirname "$0")/.." && pwd)
patch=$root/kexec-tools-patch
work=$root/build/kexec
tree=$work/tree

fail() {
	echo "kexec: $*" >&2
	exit 1
}

source_there() {
	[ -d "$work/src" ] &&
		[ "$(cat "$work/source" 2>/dev/null)" = "$version ${KEXEC_TARBALL:-}" ]
}

get_source() {
	source_there && return
	echo "  kexec: fetching the source of kexec-tools $version"
	mkdir -p "$work"
	TARBALL=${KEXEC_TARBALL:-} \
		"$root/tools/source.sh" "$work" kexec-tools "$version"
	echo "$version ${KEXEC_TARBALL:-}" >"$work/source"
}

# The digests of everything that the tree is made from.
fingerprint() {
	cat "$work/source"
	cd "$root/kexec-tools-patch"
	find baseline hooks kexec purgatory ../tools/baseline.py \
		../tools/csource.py ../tools/cedit.py ../tools/kexec.sh \
		../include/linux/kdump_format.h \
		../include/linux/kdump_purgatory.h \
		../arch/x86/purgatory/kdump.c -type f |
		LC_ALL=C sort | xargs sha256sum
}

apply_hooks() {
	sed 's/#.*//' "$patch/hooks/series" | while read -r hook; do
		[ -n "$hook" ] || continue
		(cd "$1" && patch -s -p1 -N -F0 -r - --no-backup-if-mismatch \
			<"$patch/hooks/$hook") ||
			fail "hook kexec-tools-patch/hooks/$hook does not fit" \
				"kexec-tools $version"
	done
}

make_tree() {
	new=$work/new
	rm -rf "$new"
	cp -a "$work/src" "$new"
	"$root/tools/baseline.py" "$new" "$patch/baseline" ||
		fail "kexec-tools-patch/baseline does not fit kexec-tools $version"
	# The source package has a config.h, which hides that of configure.
	echo '#include_next <config.h>' >"$new/include/config.h"
	cp -r "$patch/kexec" "$patch/purgatory" "$new/"
	mkdir -p "$new/include/linux"
	cp "$root/include/linux/kdump_format.h" \
		"$root/include/linux/kdump_purgatory.h" "$new/include/linux/"
	cp "$root/arch/x86/purgatory/kdump.c" "$new/purgatory/arch/i386/"
	apply_hooks "$new"
	mkdir -p "$tree"
	rsync -rlpc --delete "$new/" "$tree/"
	rm -rf "$new"
}

lay_tree() {
	get_source
	if [ "$(fingerprint)" != "$(cat "$work/made" 2>/dev/null)" ]; then
		rm -f "$work/made"
		make_tree
		fingerprint >"$work/made"
	fi
}

# kexec for another architecture is linked statically, because the guests of that
# architecture have no libraries.
configure() {
	cc=$("$root/tools/arch.py" cc)
	set -- --without-xen
	[ "$cc" = gcc ] || set -- "$@" LDFLAGS=-static CC="$cc" BUILD_CC=gcc \
		--host="$("$root/tools/arch.py" host)"
	"$tree/configure" "$@"
}

build() {
	mkdir -p "$1"
	cd "$1"
	[ Makefile -nt "$tree/configure" ] || configure >configure.log 2>&1 ||
		fail "configure failed: $(tail -n 3 configure.log)"
	# ARCH has another meaning in the Makefile of kexec-tools.
	MAKEFLAGS='' make -s -j"$(nproc)" BUILD_PREFIX=. MANDIR=share/man \
		./sbin/kexec share/man/man8/kexec.8 ./sbin/vmcore-dmesg \
		share/man/man8/vmcore-dmesg.8 >make.log 2>&1 || {
		tail -n 20 make.log >&2
		fail "make failed; the whole log is $1/make.log"
	}
	install -D -m 644 "$patch/analyse/kdump-gdb.py" share/kdump/kdump-gdb.py
	echo "  kexec: $1/sbin/kexec"
}

add_boot() {
	boot=$patch/boot
	install -D -m 755 "$boot/kdump" "$1/sbin/kdump"
	install -D -m 755 "$boot/kdump.init" "$1/etc/init.d/kdump"
	install -D -m 644 "$boot/kdump.default" "$1/etc/default/kdump"
	install -D -m 644 "$boot/kdump.service" \
		"$1/lib/systemd/system/kdump.service"
	install -D -m 644 "$boot/kdump.8" "$1/share/man/man8/kdump.8"
}

only_tree=
if [ "${1:-}" = --tree ]; then
	only_tree=y
	shift
fi
[ $# = 1 ] || fail "usage: kexec.sh [--tree] OUT"
case $1 in
/*) out=$1 ;;
*) out=$PWD/$1 ;;
esac
mkdir -p "$work"
exec 9>"$work/lock"
flock 9
lay_tree
[ -z "$only_tree" ] || exit 0
build "$out"
add_boot "$out"
