#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check tools/ itself, and print TAP: unit tests, syntax and style.

usage: check-tools.py

It takes seconds, and needs no kernel tree.
"""
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from tap import Tap                                     # noqa: E402
from worktree import sh                                 # noqa: E402

PYTHON, SHELL = '#!/usr/bin/python3', '#!/bin/sh'
# E101, W191: tabs in C and shell text; W503, W504: where a line breaks at an
# operator
STYLE = ('pycodestyle', '--ignore=E101,W191,W503,W504')


def find_scripts(first_line):
    """Return the files of tools/ that start with this line."""
    return [path for path in sorted(HERE.iterdir())
            if path.is_file() and
            path.read_text(encoding='utf-8').startswith(first_line)]


def check(tap, what, *command):
    """Run a command; it must succeed and print no complaint."""
    run = sh(*command, cwd=HERE)
    tap.result(run.returncode == 0, what, run.stdout + run.stderr)


def main():
    tap = Tap()
    scripts = find_scripts(PYTHON)
    modules = sorted({*scripts, *HERE.glob('*.py')})
    for path in scripts:
        tap.result(os.access(path, os.X_OK), f'{path.name} is executable')
    for path in sorted(HERE.glob('*_test.py')):
        check(tap, path.name, path)
    for path in find_scripts(SHELL):
        check(tap, f'syntax of {path.name}', 'sh', '-n', path)
    check(tap, 'pyflakes is quiet', 'pyflakes3', *modules)
    check(tap, 'pycodestyle is quiet', *STYLE, *modules)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
