# SPDX-License-Identifier: GPL-2.0-only
"""One checkout beside build/tree for what must look at other commits of it.

All checks share it, so that the compiler cache serves them all.
"""

import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / "build/worktree"


def sh(*args, **more):
    return subprocess.run(args, text=True, capture_output=True, check=False,
                          **more)


def check_out(commit):
    """Put COMMIT into the worktree; returns an error or nothing."""
    here = ["git", "-C", str(TREE)]
    tree = ["git", "-C", str(ROOT / "build/tree")]
    if (TREE / ".git").exists() and sh(*here, "rev-parse",
                                       "HEAD").returncode == 0:
        run = sh(*here, "checkout", "-q", "-f", "--detach", commit)
    else:
        shutil.rmtree(TREE, ignore_errors=True)
        sh(*tree, "worktree", "prune")
        run = sh(*tree, "worktree", "add", "-f", "--detach", str(TREE), commit)
    if run.returncode:
        return run.stderr
    (TREE / ".scmversion").touch()
    return ""


def make_args():
    args = ["ARCH=x86_64"]
    if sh("which", "ccache").returncode == 0:
        args += ["CC=ccache gcc", "HOSTCC=ccache gcc"]
    return args
