#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""One checkout beside build/tree for what must look at other commits of it.

    tools/worktree.py COMMIT FOLDER      another one, that stays as it is

All checks share it, so that the compiler cache serves them all.
"""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / "build/worktree"


def sh(*args, **more):
    return subprocess.run(args, text=True, capture_output=True, check=False,
                          **more)


def check_out(commit, folder=TREE):
    """Put COMMIT into the worktree; returns an error or nothing."""
    here = ["git", "-C", str(folder)]
    tree = ["git", "-C", str(ROOT / "build/tree")]
    if (folder / ".git").exists() and sh(*here, "rev-parse",
                                         "HEAD").returncode == 0:
        run = sh(*here, "checkout", "-q", "-f", "--detach", commit)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        sh(*tree, "worktree", "prune")
        run = sh(*tree, "worktree", "add", "-f", "--detach", str(folder),
                 commit)
    if run.returncode:
        return run.stderr
    (folder / ".scmversion").touch()
    return ""


if __name__ == "__main__":
    sys.exit(check_out(sys.argv[1], pathlib.Path(sys.argv[2]).resolve())
             or 0)
