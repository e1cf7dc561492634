# SPDX-License-Identifier: GPL-2.0-only
"""One checkout beside build/tree for what must look at other commits of it.

All checks share it, so that the compiler cache serves them all.
"""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / "build/worktree"


def sh(*args, **more):
    return subprocess.run(args, text=True, capture_output=True, check=False,
                          **more)


def check_out(commit):
    """Put COMMIT into the worktree; returns an error or nothing."""
    git = ["git", "-C", str(ROOT / "build/tree")]
    if not (TREE / ".git").exists() or sh(*git, "rev-parse").returncode or \
            sh("git", "-C", str(TREE), "rev-parse").returncode:
        sh(*git, "worktree", "prune")
        run = sh(*git, "worktree", "add", "-f", "--detach", str(TREE), commit)
    else:
        run = sh("git", "-C", str(TREE), "checkout", "-q", "-f", "--detach",
                 commit)
    if run.returncode:
        return run.stderr
    (TREE / ".scmversion").touch()
    return ""


def make_args():
    args = ["ARCH=x86_64"]
    if sh("which", "ccache").returncode == 0:
        args += ["CC=ccache gcc", "HOSTCC=ccache gcc"]
    return args
