#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that baseline/ and the hooks fit every linux-source-6.1 there is.

    tools/check-trees.py [VERSION...]    TAP, for prove

The versions (default: all that apt offers) are downloaded to build/sources;
of each archive only the files that are changed are unpacked.
"""

import glob
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import baseline                                         # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import sh                                 # noqa: E402

PACKAGE = 'linux-source-6.1'
SOURCES = ROOT / 'build/sources'


def versions():
    out = sh('apt-cache', 'madison', PACKAGE).stdout
    return sorted({l.split('|')[1].strip() for l in out.splitlines()})


def archive(version):
    """The source archive of VERSION, downloaded if it is not here."""
    folder = SOURCES / version
    found = glob.glob(str(folder / 'usr/src/*.tar.*'))
    if found:
        return found[0], ''
    folder.mkdir(parents=True, exist_ok=True)
    run = sh('apt-get', 'download', '%s=%s' % (PACKAGE, version), cwd=folder)
    for deb in folder.glob('*.deb'):
        sh('dpkg', '-x', str(deb), str(folder))
        deb.unlink()
    found = glob.glob(str(folder / 'usr/src/*.tar.*'))
    return (found[0], '') if found else (None, run.stderr)


def unpack(source, paths, folder):
    """PATHS of an archive, those that it has."""
    names = '\n'.join('linux-source-6.1/' + p for p in paths)
    subprocess.run(['tar', '-xf', source, '-C', folder, '-T', '-',
                    '--strip-components=1'], input=names, text=True,
                   stderr=subprocess.DEVNULL, check=False)


def fits(source):
    """What does not fit the archive, as text."""
    data = str(ROOT / 'baseline')
    hooks = [(n, tree.hook_text(n)) for _, n, _ in tree.series()]
    paths = set(baseline.paths(data)) | {'Makefile'}
    paths |= {p for _, t in hooks for p in tree.hook_paths(t)}
    with tempfile.TemporaryDirectory(dir=ROOT / 'build') as folder:
        unpack(source, sorted(paths), folder)
        version = baseline.kernel_version(folder)
        bad = baseline.apply(folder, data)
        tree.copy_overlay(folder, tree.overlay())
        for name, text in hooks:
            try:
                if tree.hook_paths(text):
                    tree.apply_hook(folder, name, text, version)
            except SystemExit as e:
                bad.append(str(e))
    return version, '\n'.join(bad)


def main(argv):
    tap = Tap()
    for version in argv[1:] or versions():
        source, why = archive(version)
        if not source:
            tap.result(False, '%s %s can be had' % (PACKAGE, version), why)
            continue
        linux, why = fits(source)
        tap.result(not why, 'baseline and hooks fit linux %s (%s)'
                   % (linux, version), why)
    tap.result(tap.count > 0, 'there are versions to check')
    return tap.end()


if __name__ == '__main__':
    sys.exit(main(sys.argv))
