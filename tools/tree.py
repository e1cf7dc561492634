#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Lay the kernel tree out: upstream minus baseline/, plus our files and hooks.

    tools/tree.py [TREE]                 default: build/tree

KERNEL_TARBALL=FILE takes another linux-source than the installed package.
FORCE=1 throws edits made inside the tree away.  KEEP_GOING=1 makes a tree
although an entry of baseline/ does not fit.

The tree holds a private git repository.  Its history is the way the tree was
made: "upstream", "baseline" (both tagged), then one commit for our files and
one for each hook of patches/series.  A second run computes the new history
and checks it out, so that only files whose content changed are touched.
"""

import contextlib
import fcntl
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import baseline

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OVERLAY = ("arch", "include", "kernel", "fs", "drivers", "Documentation/kdump")
MOVED = {"Kconfig": "kernel/kdump/Kconfig"}


def say(text):
    print("tree: " + text, flush=True)


def die(text):
    sys.exit("tree: " + text)


# --- git, as a store of trees ----------------------------------------------

class Repo:
    """The private repository of one tree."""

    IDENTITY = {"GIT_%s_%s" % (who, what): value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "kdump"), ("EMAIL", "kdump@tree"),
                                    ("DATE", "2000-01-01T00:00:00Z"))}

    def __init__(self, tree):
        self.tree = tree

    def run(self, *args, index=None, work=None, text=None, check=True):
        env = dict(os.environ, **self.IDENTITY)
        env["GIT_DIR"] = os.path.join(self.tree, ".git")
        env["GIT_WORK_TREE"] = work or self.tree
        if index:
            env["GIT_INDEX_FILE"] = index
        run = subprocess.run(
            ["git", "-c", "core.compression=1", *args],
            cwd=work or self.tree, env=env, input=text,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            check=False)
        if check and run.returncode:
            die("git %s: %s" % (" ".join(args[:3]), run.stderr.strip()))
        return run.stdout.strip() if check else run

    def has(self, rev):
        return self.run("rev-parse", "-q", "--verify", rev,
                        check=False).returncode == 0

    @contextlib.contextmanager
    def stage(self, rev, paths):
        """A scratch folder with PATHS of REV and an index of all of REV."""
        with tempfile.TemporaryDirectory(dir=os.path.dirname(self.tree)) as d:
            work, index = os.path.join(d, "t"), os.path.join(d, "index")
            os.mkdir(work)
            self.run("read-tree", rev, index=index)
            known = self.run("ls-files", "--", *paths, index=index, work=work)
            if paths and known:
                self.run("checkout-index", "-f", "--stdin", index=index,
                         work=work, text=known + "\n")
            yield work, index

    def commit(self, parent, message, work, index, paths):
        """A commit on PARENT with PATHS as they are in WORK now."""
        text = "\n".join(paths) + "\n"
        self.run("update-index", "--add", "--remove", "--stdin",
                 index=index, work=work, text=text)
        tree = self.run("write-tree", index=index, work=work)
        return self.run("commit-tree", tree, "-p", parent, "-F", "-",
                        text=message)


# --- upstream ---------------------------------------------------------------

def tarball():
    """The source archive to use; the package is installed if missing."""
    chosen = os.environ.get("KERNEL_TARBALL")
    if chosen:
        return chosen
    pattern = "/usr/src/linux-source-6.1.tar.*"
    if not glob.glob(pattern):
        subprocess.run([os.path.join(ROOT, "tools/packages"), "source"],
                       check=False)
    found = sorted(glob.glob(pattern))
    if not found:
        die("there is no %s and installing linux-source-6.1 did not bring it: "
            "install the package or set KERNEL_TARBALL" % pattern)
    return found[-1]


def unpack(archive, tree):
    say("unpacking " + archive)
    shutil.rmtree(tree, ignore_errors=True)
    os.makedirs(tree)
    subprocess.run(["tar", "-xf", archive, "-C", tree,
                    "--strip-components=1"], check=True)
    repo = Repo(tree)
    repo.run("init", "-q")
    # Whoever works in it, a worktree included, would wait for that.
    repo.run("config", "gc.auto", "0")
    with open(os.path.join(tree, ".git/info/exclude"), "a") as f:
        f.write(".scmversion\n.checkpatch-camelcase*\n")
    open(os.path.join(tree, ".scmversion"), "w").close()
    repo.run("add", "-A", "-f", ".")
    repo.run("commit", "-q", "-m", "upstream")
    repo.run("tag", "upstream")


def fingerprint(archive):
    s = os.stat(archive)
    return "%s %d %d" % (os.path.abspath(archive), s.st_size, s.st_mtime)


def upstream(tree):
    archive = tarball()
    stamp = os.path.join(tree, ".git", "tarball")
    mark = fingerprint(archive)
    if not os.path.exists(stamp) or open(stamp).read() != mark:
        unpack(archive, tree)
        with open(stamp, "w") as f:
            f.write(mark)


# --- baseline ---------------------------------------------------------------

def digest(paths):
    h = hashlib.sha256()
    for p in sorted(paths):
        with open(p, "rb") as f:
            h.update(p.encode() + b"\0" + f.read())
    return h.hexdigest()


def baseline_commit(repo):
    """The commit "baseline", made anew if its data changed."""
    data = os.path.join(ROOT, "baseline")
    inputs = [p for p in glob.glob(data + "/*") if "/allow" not in p]
    inputs += [os.path.join(ROOT, "tools", p)
               for p in ("baseline.py", "csource.py", "cedit.py")]
    mark = "baseline\n\n" + digest(inputs)
    if repo.has("baseline") and \
            repo.run("log", "-1", "--format=%B", "baseline") == mark:
        return "baseline"
    say("taking upstream's kdump out")
    paths = baseline.paths(data) + ["Makefile"]
    with repo.stage("upstream", paths) as (work, index):
        complaints = baseline.apply(work, data)
        if complaints:
            report = "baseline does not fit linux %s:\n  %s" % (
                baseline.kernel_version(work), "\n  ".join(complaints))
            mark += " in part"
            (say if os.environ.get("KEEP_GOING") else die)(report)
        known = repo.run("ls-files", "--", *paths, index=index, work=work)
        commit = repo.commit("upstream", mark, work, index, known.split("\n"))
    repo.run("tag", "-f", "baseline", commit)
    return "baseline"


# --- overlay and hooks ------------------------------------------------------

def overlay():
    """Our files: {path in the tree: path here}."""
    files = {new: os.path.join(ROOT, old) for old, new in MOVED.items()
             if os.path.exists(os.path.join(ROOT, old))}
    for top in OVERLAY:
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in names:
                full = os.path.join(folder, name)
                if not name.endswith(("~", ".orig", ".rej", ".swp")):
                    files[os.path.relpath(full, ROOT)] = full
    return files


def series():
    """patches/series: [(heading, hook, [our files])]."""
    path, heading, found = os.path.join(ROOT, "patches/series"), "", []
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        text = f.read().replace("\\\n", " ")
    for line in text.split("\n"):
        title = re.match(r"# ([A-Z]+)$", line)
        if title:
            heading = title.group(1)
        elif line.strip() and not line.startswith("#"):
            words = line.split()
            found.append((heading, words[0], words[1:]))
    return found


def hook_text(name):
    with open(os.path.join(ROOT, "patches", name), encoding="utf-8") as f:
        return f.read()


def hook_paths(text):
    return sorted(set(re.findall(r"(?m)^(?:\+\+\+ b|--- a)/(\S+)", text)))


def copy_overlay(work, files):
    for new, old in files.items():
        target = os.path.join(work, new)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(old, target)


def apply_hook(work, name, text, version):
    """Apply one hook; it may move, but its context must be there."""
    env = dict(os.environ, GIT_CEILING_DIRECTORIES=os.path.dirname(work))
    run = subprocess.run(
        ["git", "apply", "-p1", "--recount", "--whitespace=nowarn", "-"],
        cwd=work, env=env, input=text, capture_output=True, text=True,
        check=False)
    if run.returncode:
        die("hook patches/%s does not fit linux %s:\n%s"
            % (name, version, run.stderr.strip()))


def patched_commit(repo, base):
    """Baseline plus our files plus every hook, a commit each."""
    files, hooks = overlay(), [(n, hook_text(n)) for _, n, _ in series()]
    paths = sorted({p for _, t in hooks for p in hook_paths(t)} | {"Makefile"})
    with repo.stage(base, paths) as (work, index):
        version = baseline.kernel_version(work)
        copy_overlay(work, files)
        commit = repo.commit(base, "our files", work, index, sorted(files))
        for name, text in hooks:
            if not hook_paths(text):
                continue
            apply_hook(work, name, text, version)
            commit = repo.commit(commit, "hook " + name, work, index,
                                 hook_paths(text))
    return commit


def update(repo, commit):
    """Check COMMIT out; files that stay the same keep their times."""
    if repo.run("rev-parse", "HEAD") == commit and \
            not repo.run("diff", "--name-only", "HEAD"):
        return say("up to date")
    how = ["-f"] if os.environ.get("FORCE") else []
    run = repo.run("checkout", "-q", "--detach", *how, commit, check=False)
    if run.returncode:
        die("edits inside the tree would be lost; keep them with "
            "tools/refresh-hook, or FORCE=1:\n" + run.stderr)
    kept = repo.run("diff", "--name-only", "HEAD")
    say("%s is linux %s with kdump%s" % (
        os.path.relpath(repo.tree), baseline.kernel_version(repo.tree),
        "; edits kept in " + ", ".join(kept.split()) if kept else ""))
    return None


def main(argv):
    tree = os.path.abspath(argv[1] if len(argv) > 1
                           else os.path.join(ROOT, "build/tree"))
    os.makedirs(os.path.dirname(tree), exist_ok=True)
    with open(tree + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        upstream(tree)
        repo = Repo(tree)
        base = baseline_commit(repo)
        update(repo, patched_commit(repo, base))


if __name__ == "__main__":
    main(sys.argv)
