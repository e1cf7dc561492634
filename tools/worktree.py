#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check out a commit of build/tree beside it.

usage: worktree.py COMMIT FOLDER

The checks share one such folder, build/worktree: the compiler cache works by
path, so that what one check compiled serves them all.
"""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / 'build/worktree'


def sh(*args, **more):
    """Run a command; return the finished process, whatever its status."""
    return subprocess.run(args, text=True, capture_output=True, check=False,
                          **more)


def check_out(commit, folder=TREE):
    """Put COMMIT into FOLDER; return an error message, or ''."""
    here = ['git', '-C', folder]
    tree = ['git', '-C', ROOT / 'build/tree']
    if (folder / '.git').exists() and \
            sh(*here, 'rev-parse', 'HEAD').returncode == 0:
        run = sh(*here, 'checkout', '-q', '-f', '--detach', commit)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        sh(*tree, 'worktree', 'prune')
        run = sh(*tree, 'worktree', 'add', '-f', '--detach', folder, commit)
    if run.returncode:
        return run.stderr
    (folder / '.scmversion').touch()
    return ''


if __name__ == '__main__':
    sys.exit(check_out(sys.argv[1], pathlib.Path(sys.argv[2]).resolve()) or 0)
