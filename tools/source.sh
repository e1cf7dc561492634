#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Download a source package of Debian and unpack it.
#
# usage: source.sh DIR PACKAGE VERSION
#
# DIR/src becomes the source tree with Debian's patches.  The package comes from
# the archives of this machine's apt sources: apt gets only a copy of them, in
# which "deb" is changed to "deb-src".  With TARBALL=FILE a tar archive is
# unpacked instead.
set -eu

dir=$1
package=$2
version=$3

fail() {
	echo "source: $*" >&2
	exit 1
}

# One-line sources start with the type; deb822 sources have a Types field.
copy_sources() {
	mkdir -p "$1/parts"
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$file" ] || continue
		sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" \
			>"$1/parts/$(basename "$file" .list).list"
	done
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -f "$file" ] || continue
		sed 's/^Types:.*/Types: deb-src/I' "$file" \
			>"$1/parts/$(basename "$file")"
	done
}

fetch() {
	private=$1
	set -- -o Dir::Etc::sourcelist=/dev/null \
		-o Dir::Etc::sourceparts="$private/parts" \
		-o Dir::State::lists="$private/lists" \
		-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
		-o APT::Sandbox::User=root \
		-o APT::Get::Only-Source=true
	mkdir -p "$private/lists/partial"
	apt-get -qq "$@" update ||
		echo "source: apt-get update reports problems; continuing" >&2
	name=$(apt-cache "$@" showsrc "$package" 2>/dev/null |
		awk -v want="$version" '
			/^Version:/ { v = $2; u = v
				      sub(/^[0-9]+:/, "", u)
				      sub(/-[^-]*$/, "", u)
				      if (u == want) last = v }
			END { print last }')
	[ -n "$name" ] || fail "apt finds no source package of $package" \
		"$version; check that the Debian archive is reachable, or" \
		"give a tar archive of it in TARBALL=, see tools/source.sh"
	(cd "$private" && apt-get -qq "$@" source "$package=$name") ||
		fail "apt-get source $package=$name failed"
	mv "$private/$package-$version" "$private/src"
}

rm -rf "$dir/src" "$dir/fetch"
mkdir -p "$dir/fetch"
if [ -n "${TARBALL:-}" ]; then
	[ -r "$TARBALL" ] || fail "cannot read $TARBALL"
	mkdir "$dir/fetch/src"
	tar -xf "$TARBALL" -C "$dir/fetch/src" --strip-components=1
else
	command -v dpkg-source >/dev/null ||
		fail "dpkg-source is missing; install the package dpkg-dev"
	copy_sources "$dir/fetch"
	fetch "$(cd "$dir/fetch" && pwd)"
fi
mv "$dir/fetch/src" "$dir/src"
rm -rf "$dir/fetch"
