#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write the kernel series: patches for git am, in the order of patches/series.

    tools/series.py                      to build/series, from build/tree

A patch is a message, hooks into existing files and files of ours, as one line
of patches/series says.  Our Makefiles grow with the series: until a source is
there, its object is left out.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import baseline
import tree

OUT = os.path.join(tree.ROOT, "build/series")
OUT_PATH = pathlib.Path(OUT)
_OBJECTS = re.compile(r"^([\w$()./-]+)[ \t]*(\+=|:=)[ \t]*(.*)$")


def message(text, name):
    """The commit message of a hook file, its subject first."""
    head = re.split(r"(?m)^(?:---\n|diff --git )", text, 1)[0]
    m = re.match(r"Subject: (?:\[PATCH[^]]*\] )?(.+)\n\n?", head)
    if not m or "Signed-off-by:" not in head:
        tree.die("patches/%s does not start with Subject: or is not signed "
                 "off" % name)
    return m.group(1) + "\n\n" + wrapped(head[m.end():].strip()) + "\n"


def wrapped(text):
    """TEXT with its plain paragraphs filled to what checkpatch likes."""
    plain = re.compile(r"(?!.*^[\s*-])(?!\S+-by: )", re.M | re.S)
    return "\n\n".join(textwrap.fill(p, 72, break_on_hyphens=False)
                       if plain.match(p) else p for p in text.split("\n\n"))


def has_source(folder, word, exists, composites):
    """Whether the object or folder WORD of a Makefile in FOLDER is there."""
    if word.endswith("/"):
        return any(p.startswith(folder + word) for p in exists)
    if not word.endswith(".o"):
        return True
    stem = folder + word[:-2]
    return stem + ".c" in exists or stem + ".S" in exists or \
        word[:-2] in composites


def grown(text, path, exists):
    """The Makefile TEXT for a tree where of our files only EXISTS is there."""
    folder, composites, out = os.path.dirname(path) + "/", set(), []
    lines = text.replace("\\\n", " ").split("\n") if "\\\n" in text \
        else text.split("\n")
    for _ in range(2):
        out = []
        for line in lines:
            m = _OBJECTS.match(line)
            if not m or "flags" in m.group(1):
                out.append(line)
                continue
            words = [w for w in m.group(3).split()
                     if has_source(folder, w, exists, composites)]
            if not words:
                continue
            whole = words == m.group(3).split()
            out.append(line if whole else
                       line[:m.start(3)] + " ".join(words))
            part = re.match(r"(\w+)-(?:y|objs|\$\(\w+\))$", m.group(1))
            if part and part.group(1) != "obj":
                composites.add(part.group(1))
    return "\n".join(out)


def place(work, ours, there):
    """Copy our files THERE into WORK; return what that changes."""
    for new in sorted(there):
        target = os.path.join(work, new)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(ours[new], target)
        if os.path.basename(new) == "Makefile":
            with open(ours[new], encoding="utf-8") as f:
                text = f.read()
            if set(there) != set(ours):
                text = grown(text, new, there)
            with open(target, "w", encoding="utf-8") as f:
                f.write(text)
    return sorted(there)


def in_tree(name, ours):
    """The path in the tree of a file as patches/series names it."""
    path = tree.MOVED.get(name, name)
    if path not in ours:
        tree.die("patches/series names %s, which is not there" % name)
    return path


def commits(repo, base):
    """One commit per patch on BASE; returns [(heading, hook, commit)]."""
    ours, plan = tree.overlay(), tree.series()
    texts = {name: tree.hook_text(name) for _, name, _ in plan}
    hooked = sorted({p for t in texts.values() for p in tree.hook_paths(t)})
    made, there, commit = [], set(), base
    with repo.stage(base, hooked + ["Makefile"]) as (work, index):
        version = baseline.kernel_version(work)
        for heading, name, files in plan:
            text = texts[name]
            if tree.hook_paths(text):
                tree.apply_hook(work, name, text, version)
            there |= {in_tree(f, ours) for f in files}
            changed = place(work, ours, there) + tree.hook_paths(text)
            commit = repo.commit(commit, message(text, name), work, index,
                                 changed)
            made.append((heading, name, commit))
    return made


def identity():
    """Patches carry the name of who makes them and this project's date."""
    git = ["git", "-C", tree.ROOT]
    for what in ("name", "email"):
        value = subprocess.run(git + ["config", "user." + what], text=True,
                               capture_output=True, check=False).stdout.strip()
        for who in ("AUTHOR", "COMMITTER") if value else ():
            tree.Repo.IDENTITY["GIT_%s_%s" % (who, what.upper())] = value
    date = subprocess.run(git + ["log", "-1", "--format=%cI"], text=True,
                          capture_output=True, check=False).stdout.strip()
    for who in ("AUTHOR", "COMMITTER") if date else ():
        tree.Repo.IDENTITY["GIT_%s_DATE" % who] = date


def missing(repo, last):
    """Paths in which the series and build/tree differ."""
    head = repo.run("rev-parse", "HEAD")
    return repo.run("diff-tree", "-r", "--name-only", last, head).split()


def write(repo, made):
    """build/series/*.patch, and a list with the stages as headings."""
    shutil.rmtree(OUT, ignore_errors=True)
    repo.run("format-patch", "-q", "-o", OUT, "baseline.." + made[-1][2])
    heading = None
    with open(os.path.join(OUT, "series"), "w", encoding="utf-8") as f:
        for name, (stage, _, _) in zip(sorted(os.listdir(OUT)), made):
            if stage != heading:
                f.write("# %s\n" % stage)
                heading = stage
            f.write(name + "\n")


def make():
    """Write the series; returns the repository and the commits."""
    identity()
    repo = tree.Repo(os.path.join(tree.ROOT, "build/tree"))
    made = commits(repo, "baseline")
    if not made:
        tree.die("patches/series names no patch")
    repo.run("tag", "-f", "series", made[-1][2])
    write(repo, made)
    return repo, made


def main():
    repo, made = make()
    left = missing(repo, made[-1][2])
    if left:
        tree.die("no patch of patches/series brings\n  " + "\n  ".join(left))
    print("series: %d patches in build/series" % len(made))


if __name__ == "__main__":
    main()
