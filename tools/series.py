#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Write build/series: patches for git am, in the order of patches/series.

A patch consists of a message, hooks into existing files, and files of ours;
patches/series names them.  Our Makefiles grow with the series: an object is
left out until the patch that brings its source.
"""
import dataclasses
import pathlib
import re
import shutil
import subprocess
import textwrap

import baseline
import tree

OUT = tree.ROOT / 'build/series'
OBJECTS = re.compile(r'^([\w$()./-]+)[ \t]*(\+=|:=)[ \t]*(.*)$')


@dataclasses.dataclass(frozen=True)
class Commit:
    """A patch of the series, as a commit."""
    stage: str
    name: str
    id: str


# --- messages ----------------------------------------------------------------

def make_message(text, name):
    """Return the commit message of a patch, its subject first."""
    head = tree.split_patch(text)[0]
    match = re.match(r'Subject: (?:\[PATCH[^]]*\] )?(.+)\n\n?', head)
    if not match or 'Signed-off-by:' not in head:
        tree.die(f'patches/{name} does not start with Subject: or is not '
                 'signed off')
    return f'{match[1]}\n\n{wrap(head[match.end():].strip())}\n'


def wrap(text):
    """Fill the plain paragraphs of TEXT to the width that checkpatch wants."""
    plain = re.compile(r'(?!.*^[\s*-])(?!\S+-by: )', re.M | re.S)
    return '\n\n'.join(textwrap.fill(p, 72, break_on_hyphens=False)
                       if plain.match(p) else p for p in text.split('\n\n'))


# --- our files ---------------------------------------------------------------

def has_source(folder, word, exists, composites):
    """Tell whether the object or folder WORD of FOLDER/Makefile exists."""
    if word.endswith('/'):
        return any(path.startswith(folder + word) for path in exists)
    if not word.endswith('.o'):
        return True
    stem = word[:-2]
    return not {f'{folder}{stem}.c', f'{folder}{stem}.S'}.isdisjoint(exists) \
        or stem in composites


def grow_makefile(text, path, exists):
    """Return the Makefile TEXT for a tree with only EXISTS of our files."""
    folder, composites, out = f'{pathlib.PurePath(path).parent}/', set(), []
    lines = text.replace('\\\n', ' ').split('\n')
    for _ in range(2):          # a composite may stand below its user
        out = []
        for line in lines:
            match = OBJECTS.match(line)
            if not match or 'flags' in match[1]:
                out.append(line)
                continue
            words = [word for word in match[3].split()
                     if has_source(folder, word, exists, composites)]
            if not words:
                continue
            whole = words == match[3].split()
            out.append(line if whole else
                       line[:match.start(3)] + ' '.join(words))
            part = re.match(r'(\w+)-(?:y|objs|\$\(\w+\))$', match[1])
            if part and part[1] != 'obj':
                composites.add(part[1])
    return '\n'.join(out)


def place_files(work, ours, there):
    """Copy our files THERE into WORK; return their paths."""
    tree.copy_overlay(work, {new: ours[new] for new in there})
    for new in there if set(there) != set(ours) else ():
        if pathlib.PurePath(new).name == 'Makefile':
            text = ours[new].read_text(encoding='utf-8')
            (work / new).write_text(grow_makefile(text, new, there),
                                    encoding='utf-8')
    return sorted(there)


def find_ours(name, ours):
    """Return the path in the tree of a file that patches/series names."""
    path = tree.MOVED.get(name, name)
    if path not in ours:
        tree.die(f'patches/series names {name}, which does not exist')
    return path


# --- the series --------------------------------------------------------------

def commit_patches(repo, base):
    """Make one commit per patch on BASE; return them in order."""
    ours, patches = tree.list_overlay(), tree.read_series()
    hooked = {path for patch in patches
              for path in tree.hooked_paths(patch.text)}
    made, there, commit = [], set(), base
    with repo.stage(base, sorted(hooked | {'Makefile'})) as (work, index):
        version = baseline.kernel_version(work)
        for patch in patches:
            text = patch.text
            if tree.hooked_paths(text):
                tree.apply_hook(work, patch.name, text, version)
            there |= {find_ours(name, ours) for name in patch.files}
            changed = place_files(work, ours, there) + tree.hooked_paths(text)
            commit = repo.commit(commit, make_message(text, patch.name), work,
                                 index, changed)
            made.append(Commit(patch.stage, patch.name, commit))
    return made


def ask_git(*args):
    return subprocess.run(['git', '-C', tree.ROOT, *args], text=True,
                          capture_output=True, check=False).stdout.strip()


def set_identity():
    """Give the patches the name of the user and the date of this project."""
    answers = {'NAME': ask_git('config', 'user.name'),
               'EMAIL': ask_git('config', 'user.email'),
               'DATE': ask_git('log', '-1', '--format=%cI')}
    for what, value in answers.items():
        for who in ('AUTHOR', 'COMMITTER') if value else ():
            tree.Repo.IDENTITY[f'GIT_{who}_{what}'] = value


def compare(repo, last):
    """Return the paths in which the series and build/tree differ."""
    head = repo.run('rev-parse', 'HEAD')
    return repo.run('diff-tree', '-r', '--name-only', last, head).split()


def write_patches(repo, made):
    """Write build/series/*.patch and a list with the stages as headings."""
    shutil.rmtree(OUT, ignore_errors=True)
    repo.run('format-patch', '-q', '-o', str(OUT), f'baseline..{made[-1].id}')
    lines, stage = [], None
    for path, commit in zip(sorted(OUT.iterdir()), made):
        if commit.stage != stage:
            stage = commit.stage
            lines.append(f'# {stage}\n')
        lines.append(f'{path.name}\n')
    (OUT / 'series').write_text(''.join(lines), encoding='utf-8')


def write():
    """Write the series; return the repository and the commits."""
    set_identity()
    repo = tree.Repo(tree.TREE)
    made = commit_patches(repo, 'baseline')
    if not made:
        tree.die('patches/series names no patch')
    repo.run('tag', '-f', 'series', made[-1].id)
    write_patches(repo, made)
    return repo, made


def main():
    repo, made = write()
    left = compare(repo, made[-1].id)
    if left:
        tree.die('no patch of patches/series brings\n  ' + '\n  '.join(left))
    print(f'series: {len(made)} patches in build/series')


if __name__ == '__main__':
    main()
