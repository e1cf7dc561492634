#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that baseline/ and the hooks fit other 6.1 trees, and print TAP.

usage: check-trees.py [VERSION...]

Without VERSION the check is about every linux-source-6.1 that apt offers.  It
downloads them to build/sources, and unpacks only the files that change.
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import baseline                                         # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import sh                                 # noqa: E402

PACKAGE = 'linux-source-6.1'
SOURCES = tree.ROOT / 'build/sources'


def list_versions():
    out = sh('apt-cache', 'madison', PACKAGE).stdout
    return sorted({line.split('|')[1].strip() for line in out.splitlines()})


def find_archive(folder):
    return next((folder / 'usr/src').glob('*.tar.*'), None)


def fetch(version):
    """Return the archive of VERSION, downloaded if needed, or an error."""
    folder = SOURCES / version
    if found := find_archive(folder):
        return found, ''
    folder.mkdir(parents=True, exist_ok=True)
    run = sh('apt-get', 'download', f'{PACKAGE}={version}', cwd=folder)
    for package in folder.glob('*.deb'):
        sh('dpkg', '-x', package, folder)
        package.unlink()
    return find_archive(folder), run.stderr


def unpack(archive, paths, folder):
    """Unpack those of PATHS that the archive has."""
    names = '\n'.join(f'{PACKAGE}/{path}' for path in paths)
    subprocess.run(['tar', '-xf', archive, '-C', folder, '-T', '-',
                    '--strip-components=1'], input=names, text=True,
                   stderr=subprocess.DEVNULL, check=False)


def try_archive(archive):
    """Return the version of a kernel, and what does not fit it."""
    patches = tree.read_series()
    paths = {*baseline.list_paths(tree.BASELINE), 'Makefile'}
    for patch in patches:
        paths.update(tree.hooked_paths(patch.text))
    with tempfile.TemporaryDirectory(dir=tree.ROOT / 'build') as folder:
        work = pathlib.Path(folder)
        unpack(archive, sorted(paths), work)
        version = baseline.kernel_version(work)
        bad = baseline.apply(work, tree.BASELINE)
        tree.copy_overlay(work, tree.list_overlay())
        for patch in patches:
            try:
                if tree.hooked_paths(patch.text):
                    tree.apply_hook(work, patch.name, patch.text, version)
            except SystemExit as error:
                bad.append(str(error))
    return version, '\n'.join(bad)


def main(argv):
    tap = Tap()
    for version in argv[1:] or list_versions():
        archive, why = fetch(version)
        if not archive:
            tap.result(False, f'{PACKAGE} {version} downloads', why)
            continue
        linux, why = try_archive(archive)
        tap.result(not why, f'baseline and hooks fit linux {linux} '
                   f'({version})', why)
    tap.result(tap.count > 0, 'there are versions to check')
    return tap.end()


if __name__ == '__main__':
    sys.exit(main(sys.argv))
