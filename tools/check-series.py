#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check the series that tools/series.py writes.

    tools/check-series.py                TAP, for prove

git am over the baseline gives build/tree byte for byte; every prefix compiles
what it touches with the options on and off; checkpatch and sparse are quiet.
"""

import os
import pathlib
import re
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import kernel                                           # noqa: E402
import series                                           # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import TREE, check_out, make_args, sh     # noqa: E402

SIDES = ("on", "off")
# What checkpatch asks of patches for the kernel's list, not of these
IGNORE = "FILE_PATH_CHANGES,GIT_COMMIT_ID"
# Names of <linux/elf.h> and of C are not ours to change
NOT_OURS = re.compile(r"CamelCase: <(Elf\w*(##\w+)?|[EPN]hdr|_Static_assert)>")


def out(side):
    return ROOT / "build/x86_64" / ("series-" + side)


def make(side, *targets):
    """Run make in the worktree; the end of its output if it fails."""
    run = sh("make", "-s", "-j%d" % (os.cpu_count() or 1), "O=%s" % out(side),
             *make_args(), *targets, cwd=TREE)
    return "" if run.returncode == 0 else (run.stdout + run.stderr)[-4000:]


# --- git am -----------------------------------------------------------------

def apply_mails(tap, repo):
    """git am on the baseline; the tree must be build/tree's."""
    tap.result(not (why := check_out("baseline")), "baseline checks out", why)
    mails = sorted(str(p) for p in series.OUT_PATH.glob("*.patch"))
    git = ["git", "-C", str(TREE), "-c", "user.name=kdump",
           "-c", "user.email=kdump@tree"]
    run = sh(*git, "am", "-q", *mails)
    if not tap.result(run.returncode == 0, "git am applies the series",
                      run.stdout + run.stderr):
        sh(*git, "am", "--abort")
        return
    mailed = sh(*git, "rev-parse", "HEAD").stdout.strip()
    left = series.missing(repo, mailed)
    tap.result(not left, "baseline + git am is build/tree, byte for byte",
               "\n".join(left))


# --- every prefix -----------------------------------------------------------

def prepare(tap, last):
    """Configure and build the whole series once with options on and off."""
    check_out(last)
    for side in SIDES:
        fragments = [ROOT / "configs" / (name + ".config") for name in
                     (["check", "series-on"] if side == "on" else ["check"])]
        why = ""
        try:
            kernel.configure(TREE, out(side), fragments, make_args())
            shutil.copy(out(side) / ".config", out(side) / "config.whole")
        except SystemExit as e:
            why = str(e)
        why = why or make(side, "bzImage")
        if not tap.result(not why, "the whole series builds with its options "
                          + side, why):
            return False
    return True


def touched(repo, base, commit):
    run = repo.run("diff-tree", "-r", "--name-only", "--diff-filter=AM", base,
                   commit)
    return run.split()


def targets(paths):
    """The folders to build for PATHS; boot code needs the whole image."""
    if any(p.startswith("arch/x86/boot/") for p in paths):
        return ["bzImage"]
    folders = sorted({os.path.dirname(p) + "/" for p in paths
                      if p.endswith((".c", ".S"))})
    return [f for f in folders if (TREE / f / "Makefile").exists() and
            not any(f != g and f.startswith(g) for g in folders)]


def compile_prefix(side, fresh, sofar):
    """Build what the prefix touched; boot code only where it changed."""
    shutil.copy(out(side) / "config.whole", out(side) / ".config")
    boot = [p for p in fresh if p.startswith("arch/x86/boot/")]
    rest = [p for p in sofar if not p.startswith("arch/x86/boot/")]
    return make(side, "olddefconfig") or \
        make(side, *(targets(boot) or targets(rest) or ["prepare"]))


def check_prefixes(tap, repo, made):
    before, sofar = "baseline", set()
    for _, name, commit in made:
        fresh = touched(repo, before, commit)
        sofar |= set(fresh)
        why = check_out(commit)
        for side in SIDES:
            why = why or compile_prefix(side, fresh, sofar)
            tap.result(not why, "%s: options %s" % (name, side), why)
        before = commit


# --- checkpatch, sparse -----------------------------------------------------

def checkpatch(tap):
    for mail in sorted(series.OUT_PATH.glob("*.patch")):
        run = sh(str(TREE / "scripts/checkpatch.pl"), "--strict", "--terse",
                 "--no-summary", "--ignore", IGNORE, str(mail), cwd=TREE)
        said = [l for l in run.stdout.splitlines() if not NOT_OURS.search(l)]
        tap.result(not said, "checkpatch --strict: " + mail.name,
                   "\n".join(l.split("/")[-1] for l in said))


def sparse(tap):
    """Sparse over every object of ours that the options switch on."""
    ours = [p for p in tree.overlay() if p.endswith(".c")
            and not p.startswith("arch/x86/boot/")]
    objects = [p[:-2] + ".o" for p in ours
               if p.startswith(("arch/x86", "kernel", "fs", "drivers"))]
    run = sh("make", "-s", "-k", "C=2", "CHECK=sparse", "O=%s" % out("on"),
             *make_args(), *sorted(objects), cwd=TREE)
    names = re.compile("|".join(re.escape(p) for p in ours))
    bad = [l for l in (run.stdout + run.stderr).splitlines()
           if names.search(l) and re.search(r": (warning|error):", l)]
    tap.result(run.returncode == 0 and not bad, "sparse is quiet on our code",
               "\n".join(bad) or run.stderr[-2000:])


def main():
    tap = Tap()
    repo, made = series.make()
    left = series.missing(repo, made[-1][2])
    tap.result(not left, "every file of ours is in a patch", "\n".join(left))
    apply_mails(tap, repo)
    if prepare(tap, made[-1][2]):
        check_prefixes(tap, repo, made)
        sparse(tap)
    checkpatch(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
