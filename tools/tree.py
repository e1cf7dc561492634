#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Make the kernel tree: upstream minus baseline/, plus our files and hooks.

usage: tree.py [TREE]           TREE is build/tree if it is not given

KERNEL_TARBALL=FILE takes another archive than that of Debian's package.
FORCE=1 discards edits inside the tree.  KEEP_GOING=1 makes a tree even if an
entry of baseline/ does not fit.

The tree contains a private git repository.  Its history shows how the tree was
made: "upstream", "baseline" (both are tags), one commit for our files, and one
commit for each hook of patches/series.  The next run computes a new history
and checks it out, so only files whose content changed get a new time.
"""
import contextlib
import dataclasses
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import baseline

ROOT = pathlib.Path(__file__).resolve().parent.parent
TREE = ROOT / 'build/tree'
PATCHES = ROOT / 'patches'
BASELINE = ROOT / 'baseline'
OVERLAY = ('arch', 'include', 'kernel', 'fs', 'drivers', 'Documentation/kdump')
MOVED = {'Kconfig': 'kernel/kdump/Kconfig'}
LEFTOVERS = ('~', '.orig', '.rej', '.swp')


def say(text):
    print(f'tree: {text}', flush=True)


def die(text):
    sys.exit(f'tree: {text}')


# --- git, as a store of trees ------------------------------------------------

class Repo:
    """The private repository of one tree."""

    IDENTITY = {f'GIT_{who}_{what}': value
                for who in ('AUTHOR', 'COMMITTER')
                for what, value in (('NAME', 'kdump'), ('EMAIL', 'kdump@tree'),
                                    ('DATE', '2000-01-01T00:00:00Z'))}

    def __init__(self, tree):
        self.tree = tree

    def try_run(self, *args, index=None, work=None, text=None):
        """Run git; return the finished process, whatever its status."""
        env = {**os.environ, **self.IDENTITY,
               'GIT_DIR': str(self.tree / '.git'),
               'GIT_WORK_TREE': str(work or self.tree)}
        if index:
            env['GIT_INDEX_FILE'] = str(index)
        return subprocess.run(
            ['git', '-c', 'core.compression=1', *args],
            cwd=work or self.tree, env=env, input=text, capture_output=True,
            text=True, check=False)

    def run(self, *args, **more):
        """Run git; return its stripped output, or exit if it fails."""
        run = self.try_run(*args, **more)
        if run.returncode:
            die(f'git {" ".join(args[:3])}: {run.stderr.strip()}')
        return run.stdout.strip()

    def has(self, rev):
        return self.try_run('rev-parse', '-q', '--verify', rev).returncode == 0

    @contextlib.contextmanager
    def stage(self, rev, paths):
        """Yield a scratch folder with PATHS of REV, and an index of REV."""
        with tempfile.TemporaryDirectory(dir=self.tree.parent) as scratch:
            work = pathlib.Path(scratch, 't')
            index = pathlib.Path(scratch, 'index')
            work.mkdir()
            self.run('read-tree', rev, index=index)
            known = self.run('ls-files', '--', *paths, index=index, work=work)
            if paths and known:
                self.run('checkout-index', '-f', '--stdin', index=index,
                         work=work, text=known + '\n')
            yield work, index

    def commit(self, parent, message, work, index, paths):
        """Commit PATHS as they are in WORK on top of PARENT."""
        self.run('update-index', '--add', '--remove', '--stdin',
                 index=index, work=work, text='\n'.join(paths) + '\n')
        tree = self.run('write-tree', index=index, work=work)
        return self.run('commit-tree', tree, '-p', parent, '-F', '-',
                        text=message)


# --- upstream ----------------------------------------------------------------

def find_tarball():
    """Return the source archive; install Debian's package if it is missing."""
    chosen = os.environ.get('KERNEL_TARBALL')
    if chosen:
        return pathlib.Path(chosen)
    folder, pattern = pathlib.Path('/usr/src'), 'linux-source-6.1.tar.*'
    if not list(folder.glob(pattern)):
        subprocess.run([ROOT / 'tools/packages', 'source'], check=False)
    found = sorted(folder.glob(pattern))
    if not found:
        die(f'{folder}/{pattern} is missing, and installing linux-source-6.1 '
            'did not bring it: install the package or set KERNEL_TARBALL')
    return found[-1]


def unpack(archive, tree):
    say(f'unpacking {archive}')
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    subprocess.run(['tar', '-xf', archive, '-C', tree,
                    '--strip-components=1'], check=True)
    repo = Repo(tree)
    repo.run('init', '-q')
    # Every command in the tree or in a worktree of it would wait for gc.
    repo.run('config', 'gc.auto', '0')
    with (tree / '.git/info/exclude').open('a') as file:
        file.write('.scmversion\n.checkpatch-camelcase*\n')
    (tree / '.scmversion').touch()
    repo.run('add', '-A', '-f', '.')
    repo.run('commit', '-q', '-m', 'upstream')
    repo.run('tag', 'upstream')


def describe_archive(archive):
    """Return a line that differs for another archive or a newer one."""
    stat = archive.stat()
    return f'{archive.absolute()} {stat.st_size} {int(stat.st_mtime)}'


def update_upstream(tree):
    archive = find_tarball()
    stamp, mark = tree / '.git/tarball', describe_archive(archive)
    if not stamp.exists() or stamp.read_text() != mark:
        unpack(archive, tree)
        stamp.write_text(mark)


# --- baseline ----------------------------------------------------------------

def hash_files(paths):
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path).encode() + b'\0' + path.read_bytes())
    return digest.hexdigest()


def commit_baseline(repo):
    """Return the commit "baseline"; make it anew if its data changed."""
    inputs = [path for path in BASELINE.iterdir()
              if not path.name.startswith('allow')]
    inputs += [ROOT / 'tools' / name
               for name in ('baseline.py', 'csource.py', 'cedit.py')]
    mark = f'baseline\n\n{hash_files(inputs)}'
    if repo.has('baseline') and \
            repo.run('log', '-1', '--format=%B', 'baseline') == mark:
        return 'baseline'
    say("taking upstream's kdump out")
    paths = baseline.list_paths(BASELINE) + ['Makefile']
    with repo.stage('upstream', paths) as (work, index):
        complaints = baseline.apply(work, BASELINE)
        if complaints:
            report = '\n  '.join(
                ['baseline does not fit linux '
                 f'{baseline.kernel_version(work)}:', *complaints])
            mark += ' in part'
            (say if os.environ.get('KEEP_GOING') else die)(report)
        known = repo.run('ls-files', '--', *paths, index=index, work=work)
        commit = repo.commit('upstream', mark, work, index, known.split('\n'))
    repo.run('tag', '-f', 'baseline', commit)
    return 'baseline'


# --- overlay and hooks -------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Patch:
    """A line of patches/series."""
    stage: str              # the heading above it
    name: str               # of the file in patches/
    files: list             # ours that enter the tree with it

    @property
    def text(self):
        return (PATCHES / self.name).read_text(encoding='utf-8')


def list_overlay():
    """Return {path in the tree: path here} of our files."""
    files = {new: ROOT / old for old, new in MOVED.items()
             if (ROOT / old).exists()}
    for top in OVERLAY:
        for path in (ROOT / top).rglob('*'):
            if path.is_file() and not path.name.endswith(LEFTOVERS):
                files[str(path.relative_to(ROOT))] = path
    return files


def read_series():
    """Return the patches of patches/series, in order."""
    path, stage, found = PATCHES / 'series', '', []
    if not path.exists():
        return []
    text = path.read_text(encoding='utf-8').replace('\\\n', ' ')
    for line in text.split('\n'):
        title = re.match(r'# ([A-Z]+)$', line)
        if title:
            stage = title[1]
        elif line.strip() and not line.startswith('#'):
            name, *files = line.split()
            found.append(Patch(stage, name, files))
    return found


def split_patch(text):
    """Return the message of a patch and its hooks."""
    parts = re.split(r'(?m)^(?:---\n|(?=diff --git ))', text, maxsplit=1)
    return parts[0], parts[1] if parts[1:] else ''


def hooked_paths(text):
    """Return the existing files that the hooks of a patch change."""
    return sorted(set(re.findall(r'(?m)^(?:\+\+\+ b|--- a)/(\S+)', text)))


def copy_overlay(work, files):
    for new, old in files.items():
        target = work / new
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(old, target)


def apply_hook(work, name, text, version):
    """Apply a hook: its line numbers may be wrong, its context must match."""
    env = {**os.environ, 'GIT_CEILING_DIRECTORIES': str(work.parent)}
    run = subprocess.run(
        ['git', 'apply', '-p1', '--recount', '--whitespace=nowarn', '-'],
        cwd=work, env=env, input=text, capture_output=True, text=True,
        check=False)
    if run.returncode:
        die(f'hook patches/{name} does not fit linux {version}:\n'
            f'{run.stderr.strip()}')


def commit_patched(repo, base):
    """Commit our files and then each hook on BASE; return the last commit."""
    files, patches = list_overlay(), read_series()
    paths = {path for patch in patches for path in hooked_paths(patch.text)}
    with repo.stage(base, sorted(paths | {'Makefile'})) as (work, index):
        version = baseline.kernel_version(work)
        copy_overlay(work, files)
        commit = repo.commit(base, 'our files', work, index, sorted(files))
        for patch in patches:
            hooked = hooked_paths(patch.text)
            if not hooked:
                continue
            apply_hook(work, patch.name, patch.text, version)
            commit = repo.commit(commit, f'hook {patch.name}', work, index,
                                 hooked)
    return commit


def update(repo, commit):
    """Check COMMIT out; files that stay the same keep their times."""
    if repo.run('rev-parse', 'HEAD') == commit and \
            not repo.run('diff', '--name-only', 'HEAD'):
        say('up to date')
        return
    how = ['-f'] if os.environ.get('FORCE') else []
    run = repo.try_run('checkout', '-q', '--detach', *how, commit)
    if run.returncode:
        die('this would overwrite edits inside the tree; keep them with '
            f'tools/refresh-hook, or discard them with FORCE=1:\n{run.stderr}')
    kept = repo.run('diff', '--name-only', 'HEAD').split()
    say(f'{os.path.relpath(repo.tree)} is linux '
        f'{baseline.kernel_version(repo.tree)} with kdump' +
        (f'; edits kept in {", ".join(kept)}' if kept else ''))


def main(argv):
    tree = pathlib.Path(argv[1]).absolute() if argv[1:] else TREE
    tree.parent.mkdir(parents=True, exist_ok=True)
    with open(f'{tree}.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        update_upstream(tree)
        repo = Repo(tree)
        update(repo, commit_patched(repo, commit_baseline(repo)))


if __name__ == '__main__':
    main(sys.argv)
