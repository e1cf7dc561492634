#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check the series that tools/series.py writes.

    tools/check-series.py [--whole]      TAP, for prove

git am over the baseline gives build/tree byte for byte; every prefix compiles
what it touches with the options on and off; checkpatch and sparse are quiet.
With --whole the kernel of the whole series is linked, too.
"""

import os
import pathlib
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

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


SYSTEM = ROOT / "build/x86_64/system/vmlinux"


def out(side):
    return ROOT / "build/x86_64" / ("series-" + side)


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

# The boot code has no rule for one object; lend it one.  The dot keeps it from
# being the default of the makes below.
BOOT = "arch/x86/boot/compressed/"
BOOT_RULE = ".boot: ; $(Q)$(MAKE) $(build)=%s " % BOOT[:-1]
# What CONFIG_KEXEC switches
KEXEC = "kernel/kexec"


def make(side, *targets):
    """Run make in the build folder; the end of its output if it fails."""
    run = sh("make", "-s", "-rR", "--no-print-directory", "-j2", "-C",
             str(out(side)), *make_args(), *targets)
    return "" if run.returncode == 0 else (run.stdout + run.stderr)[-4000:]


def configure(side):
    names = ["check", "series"] + ["series-on"] * (side == "on")
    try:
        kernel.configure(TREE, out(side), [ROOT / "configs" / (name + ".config")
                                           for name in names], make_args())
        shutil.copy(out(side) / ".config", out(side) / "config.whole")
        # The boot code asks for addresses of a vmlinux; any will do.
        (out(side) / "vmlinux").unlink(missing_ok=True)
        (out(side) / "vmlinux").symlink_to(SYSTEM)
    except SystemExit as e:
        return str(e)
    return ""


def touched(repo, base, commit):
    run = repo.run("diff-tree", "-r", "--name-only", "--diff-filter=AM", base,
                   commit)
    return run.split()


def objects(side, paths):
    """The objects of PATHS that this side of x86_64 has."""
    off = set(tree.overlay())
    return [p[:-2] + ".o" for p in paths
            if p.endswith((".c", ".S")) and not p.endswith("_32.c")
            and (side == "on" or p not in off and not p.startswith(KEXEC))]


def compile_prefix(side, paths):
    shutil.copy(out(side) / "config.whole", out(side) / ".config")
    made = objects(side, paths)
    boot = [o for o in made if o.startswith(BOOT)]
    rest = [o for o in made if o not in boot]
    why = make(side, "olddefconfig") or make(side, "prepare", *rest)
    if boot and not why:
        why = make(side, "init/version-timestamp.o") or \
            make(side, "--eval=" + BOOT_RULE + " ".join(boot), ".boot")
    return why


def symbols(paths):
    """What the kernel's objects of PATHS want of others, and what they have."""
    files = [out("on") / o for o in objects("on", paths)
             if not o.startswith("arch/x86/boot/")]
    run = sh("nm", "-P", *[str(f) for f in files if f.exists()])
    lines = [l.split() for l in run.stdout.splitlines() if " " in l]
    have = {l[0] for l in lines if l[1] not in "Uwv"}
    return {l[0] for l in lines if l[1] == "U"} - have, have


def check_prefixes(tap, repo, made):
    before, sofar, wants = "baseline", set(), []
    with ThreadPoolExecutor() as sides:
        for _, name, commit in made:
            paths = touched(repo, before, commit)
            check_out(commit)
            whys = sides.map(lambda side: compile_prefix(side, paths), SIDES)
            for side, why in zip(SIDES, whys):
                tap.result(not why, "%s: options %s" % (name, side), why)
            before = commit
            sofar.update(paths)
            wants.append((name, symbols(sofar)[0]))
    # To link every prefix would take an hour.  What else could be missing?
    ours = symbols(tree.overlay())[1]
    late = ["%s wants %s" % (name, ", ".join(sorted(want & ours)))
            for name, want in wants if want & ours]
    tap.result(not late, "no prefix wants what a later patch brings",
               "\n".join(late))


def check_whole(tap):
    for side in SIDES:
        (out(side) / "vmlinux").unlink()
        why = make(side, "bzImage")
        tap.result(not why, "the whole series links, options " + side, why)


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
    check_out(made[-1][2])
    whys = [why for why in map(configure, SIDES) if why]
    if tap.result(not whys, "the options of both sides", "\n".join(whys)):
        check_prefixes(tap, repo, made)
        sparse(tap)
        if "--whole" in sys.argv[1:]:
            check_whole(tap)
    checkpatch(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
