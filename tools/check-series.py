#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check the series that tools/series.py writes.

    tools/check-series.py [--whole] [ARCH...]    TAP, for prove

git am over the baseline gives build/tree byte for byte; every prefix compiles
what it touches, for each ARCH (those of "make check", if none is named) with the
options on and off; checkpatch and sparse are quiet.  With --whole the
kernels of the whole series are linked, too.
"""

import os
import pathlib
import re
import shutil
import sys
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import arch                                             # noqa: E402
import kernel                                           # noqa: E402
import series                                           # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import TREE, check_out, sh                # noqa: E402

# What checkpatch asks of patches for the kernel's list, not of these, and of
# headers that user space does not share
IGNORE = "FILE_PATH_CHANGES,GIT_COMMIT_ID,ARCH_DEFINES"
# Names of <linux/elf.h> and of C are not ours to change
NOT_OURS = re.compile(r"CamelCase: <(Elf\w*(##\w+)?|[EPN]hdr|_Static_assert)>")

# The boot code asks for addresses of a vmlinux; any will do.
VMLINUX = arch.ARCH.build / "system/vmlinux"
# What CONFIG_KEXEC switches
KEXEC = ("kernel/kexec", "arch/x86/kernel/machine_kexec",
         "arch/powerpc/kexec/", "arch/powerpc/platforms/pseries/kexec")
# What is of an architecture, but not in its folder
ELSEWHERE = {"drivers/firmware/efi/libstub/x86-stub.c": "arch/x86/"}


class Side(namedtuple("Side", ("arch", "on"))):
    """An architecture, with the options on or off."""

    def __str__(self):
        return "%s, options %s" % (self.arch.name, "on" if self.on else "off")

    @property
    def out(self):
        return self.arch.build / ("series-on" if self.on else "series-off")

    @property
    def fragments(self):
        names = ["check", "series"] + ["series-on"] * self.on
        return kernel.fragments(*names, arch=self.arch)

    def has(self, path, ours):
        """Whether it compiles PATH; OURS is new with the series."""
        if not path.endswith((".c", ".S")):
            return False
        if ELSEWHERE.get(path, self.arch.source) != self.arch.source:
            return False
        if path.startswith("arch/") and (
                not path.startswith(self.arch.source) or
                path.endswith("_%d.c" % (96 - self.arch.bits))):
            return False
        return self.on or not ours and not path.startswith(KEXEC)


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


def make(side, *targets):
    """Run make in the build folder; the end of its output if it fails."""
    run = sh("make", "-s", "-rR", "--no-print-directory", "-j2", "-C",
             str(side.out), *side.arch.make_args, *targets)
    return "" if run.returncode == 0 else (run.stdout + run.stderr)[-4000:]


def configure(side):
    try:
        kernel.configure(TREE, side.out, side.fragments, side.arch)
        (side.out / ".config").replace(side.out / "config.whole")
        (side.out / "vmlinux").unlink(missing_ok=True)
        (side.out / "vmlinux").symlink_to(VMLINUX)
    except SystemExit as e:
        return str(e)
    return ""


def touched(repo, base, commit):
    run = repo.run("diff-tree", "-r", "--name-only", "--diff-filter=AM", base,
                   commit)
    return run.split()


def objects(side, paths):
    """The objects of PATHS that this side has."""
    ours = set(tree.overlay())
    return [p[:-2] + ".o" for p in paths if side.has(p, p in ours)]


def compile_prefix(side, paths):
    """Compile what a patch touched; nothing to compile, nothing to do."""
    made, config = objects(side, paths), side.out / ".config"
    if any(os.path.basename(path).startswith("Kconfig") for path in paths):
        config.unlink(missing_ok=True)
    if not made:
        return ""
    why = ""
    if not config.exists():
        shutil.copy(side.out / "config.whole", config)
        why = make(side, "olddefconfig")
    boot = [o for o in made if o.startswith(BOOT)]
    rest = [o for o in made if o not in boot]
    why = why or make(side, "prepare", *rest)
    if boot and not why:
        why = make(side, "init/version-timestamp.o") or \
            make(side, "--eval=" + BOOT_RULE + " ".join(boot), ".boot")
    return why


def symbols(side, paths):
    """What the kernel's objects of PATHS want of others, and what they have."""
    files = [side.out / o for o in objects(side, paths)
             if not o.startswith(BOOT)]
    run = sh("nm", "-P", *[str(f) for f in files if f.exists()])
    lines = [l.split() for l in run.stdout.splitlines() if " " in l]
    have = {l[0] for l in lines if l[1] not in "Uwv"}
    return {l[0] for l in lines if l[1] == "U"} - have, have


def too_early(side, wants):
    """To link every prefix would take an hour.  What would be missing?"""
    ours = symbols(side, tree.overlay())[1]
    return ["%s wants %s" % (name, ", ".join(sorted(want & ours)))
            for name, want in wants if want & ours]


def check_prefixes(tap, repo, made, sides):
    before, sofar = "baseline", set()
    wants = {side: [] for side in sides if side.on}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _, name, commit in made:
            paths = touched(repo, before, commit)
            check_out(commit)
            whys = pool.map(lambda side: compile_prefix(side, paths), sides)
            for side, why in zip(sides, whys):
                tap.result(not why, "%s: %s" % (name, side), why)
            before = commit
            sofar.update(paths)
            for side in wants:
                wants[side].append((name, symbols(side, sofar)[0]))
    for side in wants:
        late = too_early(side, wants[side])
        tap.result(not late, "no prefix wants what a later patch brings: %s" %
                   side.arch.name, "\n".join(late))


def check_whole(tap, sides):
    for side in sides:
        (side.out / "vmlinux").unlink()
        why = make(side, pathlib.Path(side.arch.image).name)
        tap.result(not why, "the whole series links: " + str(side), why)


# --- checkpatch, sparse -----------------------------------------------------

def checkpatch_one(mail):
    run = sh(str(TREE / "scripts/checkpatch.pl"), "--strict", "--terse",
             "--no-summary", "--ignore", IGNORE, str(mail), cwd=TREE)
    return [l for l in run.stdout.splitlines() if not NOT_OURS.search(l)]


def checkpatch(tap):
    mails = sorted(series.OUT_PATH.glob("*.patch"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mail, said in zip(mails, pool.map(checkpatch_one, mails)):
            tap.result(not said, "checkpatch --strict: " + mail.name,
                       "\n".join(l.split("/")[-1] for l in said))


def sparse(tap, side):
    """Sparse over every object of ours that the options switch on."""
    ours = [p for p in tree.overlay() if p.endswith(".c")
            and not p.startswith(BOOT)]
    run = sh("make", "-s", "-k", "C=2", "CHECK=sparse", "O=%s" % side.out,
             *side.arch.make_args, *sorted(objects(side, ours)), cwd=TREE)
    names = re.compile("|".join(re.escape(p) for p in ours))
    bad = [l for l in (run.stdout + run.stderr).splitlines()
           if names.search(l) and re.search(r": (warning|error):", l)]
    tap.result(run.returncode == 0 and not bad,
               "sparse is quiet on our code: %s" % side.arch.name,
               "\n".join(bad) or run.stderr[-2000:])


def main():
    names = [a for a in sys.argv[1:] if a != "--whole"] or arch.CHECKED
    sides = [Side(arch.ARCHES[name], on) for name in names
             for on in (True, False)]
    tap = Tap()
    repo, made = series.make()
    left = series.missing(repo, made[-1][2])
    tap.result(not left, "every file of ours is in a patch", "\n".join(left))
    apply_mails(tap, repo)
    check_out(made[-1][2])
    whys = [why for why in map(configure, sides) if why]
    if tap.result(not whys, "the options of all sides", "\n".join(whys)):
        check_prefixes(tap, repo, made, sides)
        for side in sides:
            if side.on:
                sparse(tap, side)
        if "--whole" in sys.argv[1:]:
            check_whole(tap, sides)
    checkpatch(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
