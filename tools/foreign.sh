#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Unpack Debian packages of another architecture, and their dependencies.
#
# usage: foreign.sh DEBIAN-ARCH DIR [PACKAGE...]
#
# DIR becomes a root file system without any configuration.  Its programs run
# through its own ld.so on this machine, and in guests.  apt gets a state of its
# own and only this machine's package sources, so that nothing is installed here
# and dpkg does not learn of the architecture.
set -eu

arch=$1
dir=$2
shift 2

fail() {
	echo "foreign: $*" >&2
	exit 1
}

[ $# != 0 ] && [ "$(cat "$dir/made" 2>/dev/null)" != "$*" ] || exit 0
echo "  foreign: $* of $arch"
rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
work=$(cd "$dir/apt" && pwd)
: >"$work/status"

apt() {
	apt-get -q -y -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o Dir::State="$work" -o Dir::State::lists="$work/lists" \
		-o Dir::State::status="$work/status" \
		-o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@" \
		>"$work/log" 2>&1 </dev/null
}

apt update || echo "foreign: apt-get update reports problems; continuing" >&2
apt install --no-install-recommends --download-only "$@" || {
	tail -n 5 "$work/log" >&2
	fail "apt-get could not fetch $* of $arch"
}
for deb in "$work"/cache/archives/*.deb; do
	dpkg-deb -x "$deb" "$dir"
done
# Absolute links must point into DIR.
find "$dir" -type l -lname '/*' | while read -r link; do
	ln -sfnr "$dir$(readlink "$link")" "$link"
done
rm -rf "$work"
echo "$*" >"$dir/made"
