#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compile what uses kdump with the configurations of others, and print TAP.

usage: check-config.py [CONFIGURATION...]

CONFIGURATION is one of CONFIGURATIONS below; by default all are checked: those
of Debian's kernels, from the package linux-config-6.1, and allmodconfig.  A
file of build/tree that the configuration has is compiled if it is ours, is
changed by baseline/ or a hook, includes a header of ours, or contains a name
from one.  Then symbols are compared: what a file wants of ours must be there,
and be exported if a module wants it; and what ours want must be defined in a
file that is built in.
"""
import argparse
import functools
import lzma
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import arch                                             # noqa: E402
import baseline                                         # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import ROOT, sh                           # noqa: E402

ARCH = arch.X86_64
TREE = ROOT / 'build/tree'
BUILD = ARCH.build / 'config'
DEBIAN = 'usr/src/linux-config-6.1/config.amd64_none_{}.xz'
CONFIGURATIONS = ('cloud-amd64', 'amd64', 'allmodconfig')

# Options that only make the files larger, slower to compile, or that need
# programs which are not installed
WITHOUT = """CONFIG_DEBUG_INFO_NONE=y
CONFIG_SYSTEM_TRUSTED_KEYS=""
""" + ''.join(f'# CONFIG_{name} is not set\n' for name in """
    DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT DEBUG_INFO_DWARF4 DEBUG_INFO_DWARF5
    DEBUG_INFO_BTF GCC_PLUGINS GCOV_KERNEL KASAN KCOV KCSAN UBSAN
    MODULE_SIG RUST""".split())

# Folders that Makefiles name instead of Kbuild files
MORE_FOLDERS = ('arch/x86/lib', 'arch/x86/pci', 'arch/x86/power',
                'arch/x86/video')
PLACES = """arch/x86 block certs crypto drivers fs include init io_uring ipc
    kernel lib mm net samples security sound usr virt""".split()
# Not part of vmlinux, and not of a module
APART = ('arch/x86/boot/', 'arch/x86/purgatory/')

# Prints what a folder of the tree contributes: objects built in, objects of
# modules, folders below it.
FOLDER = """
include include/config/auto.conf
include $(srctree)/scripts/Kbuild.include
src := $(dir)
obj := $(dir)
include $(or $(wildcard $(srctree)/$(dir)/Kbuild),$(srctree)/$(dir)/Makefile)
include $(srctree)/scripts/Makefile.lib
all: ; @:
$(info built-in $(real-obj-y) $(filter %.o,$(lib-y)))
$(info module $(real-obj-m))
$(info folder $(subdir-ym))
"""

CALLED = re.compile(r'(?m)^(?!\s|#|\*)[\w *]*?\b(\w+)\(')
DATA = re.compile(r'(?m)^extern [^;(]*?(\w+)(?:\[\])?;')
# Symbols that the compiler, the linker or a macro makes
MADE = re.compile(r'__(SC[KT]__|tracepoint_|start_|stop_|x86_indirect|fentry|'
                  r'sanitizer|asan|kstrtab|this_module|UNIQUE|crc_|stack_chk)|'
                  r'_GLOBAL_OFFSET_TABLE_')


def fetch(name):
    """Return Debian's configuration NAME as text."""
    path = BUILD / DEBIAN.format(name)
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        run = sh('apt-get', 'download', 'linux-config-6.1', cwd=BUILD)
        for package in BUILD.glob('linux-config-6.1_*.deb'):
            sh('dpkg-deb', '-x', package, BUILD)
            package.unlink()
        if not path.exists():
            sys.exit(f'check-config: no linux-config-6.1: {run.stderr}')
    return lzma.decompress(path.read_bytes()).decode()


class Build:
    """One configuration, and what of it is compiled."""

    def __init__(self, name):
        self.name = name
        self.out = BUILD / name

    def make(self, *targets, **env):
        return subprocess.run(
            ['make', '-s', '-k', f'-j{os.cpu_count()}', '-C', TREE,
             f'O={self.out}', *ARCH.make_args, *targets], text=True,
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, 'MAKEFLAGS': '', **env})

    def configure(self):
        self.out.mkdir(parents=True, exist_ok=True)
        less = self.out / 'without'
        less.write_text(WITHOUT)
        if self.name == 'allmodconfig':
            return self.make('allmodconfig', KCONFIG_ALLCONFIG=str(less))
        (self.out / '.config').write_text(fetch(self.name) + WITHOUT)
        return self.make('olddefconfig')

    @functools.lru_cache(None)
    def folder(self, name):
        """Return the objects built in, those of modules, and the folders."""
        run = subprocess.run(
            ['make', '-s', '-rR', '-f', '-', '-I', TREE, f'srctree={TREE}',
             f'dir={name}', 'objtree=.', 'CC=gcc', 'LD=ld', 'SRCARCH=x86',
             'ARCH=x86', 'BITS=64', 'CONFIG_SHELL=sh', 'need-builtin=1',
             'all'],
            cwd=self.out, input=FOLDER, text=True, capture_output=True,
            check=False)
        if run.returncode:
            sys.exit(f'check-config: {name}: {run.stderr}')
        found = {'built-in': set(), 'module': set(), 'folder': set()}
        for line in run.stdout.splitlines():
            kind, *names = line.split()
            if kind in found:
                found[kind] |= set(names)
        return found

    @functools.lru_cache(None)
    def reaches(self, name):
        """Tell whether the build descends into the folder NAME."""
        if '/' not in name or name in MORE_FOLDERS or name == 'arch/x86':
            return (TREE / name / 'Makefile').exists() or name == 'arch/x86'
        above = os.path.dirname(name)
        while above != 'arch' and above:
            if self.reaches(above) and name in self.folder(above)['folder']:
                return True
            above = os.path.dirname(above)
        return False

    def kind(self, path):
        """Return 'built-in', 'module' or None for the source file PATH."""
        place, made = os.path.dirname(path), os.path.splitext(path)[0] + '.o'
        while place not in ('', 'arch'):
            if (TREE / place / 'Makefile').exists() or \
                    (TREE / place / 'Kbuild').exists():
                if self.reaches(place):
                    for kind in ('built-in', 'module'):
                        if made in self.folder(place)[kind]:
                            return kind
            place = os.path.dirname(place)
        return None

    def compile(self, paths):
        """Return the complaint of the first compilation, if one fails."""
        run = self.make(*sorted(f'{path[:-2]}.o' for path in paths))
        return (run.stdout + run.stderr)[-6000:] if run.returncode else ''

    def symbols(self, paths):
        """Return what the objects of PATHS want, and what they define."""
        files = [self.out / f'{path[:-2]}.o' for path in paths]
        run = sh('nm', '-P', *[file for file in files if file.exists()])
        lines = [line.split() for line in run.stdout.splitlines()
                 if ' ' in line]
        have = {words[0] for words in lines if words[1] not in 'Uwv'}
        return {words[0] for words in lines if words[1] == 'U'} - have, have


def find_headers():
    """Return our headers that other files include."""
    return [path for path in tree.list_overlay() if path.endswith('.h')
            and '/include/' in f'/{path}']


def find_names():
    """Return the names that our headers declare."""
    names = set()
    for path in find_headers():
        text = re.sub(r'(?s)/\*.*?\*/', '', (TREE / path).read_text())
        names |= {m[1] for m in [*CALLED.finditer(text),
                                 *DATA.finditer(text)]}
    return {name for name in names
            if name[0] != '_' or name == '__crash_kexec'}


def find_changed():
    """Return the files that baseline/ or a hook changes."""
    hooks = {path for hook in (ROOT / 'patches').glob('*.patch')
             for path in tree.hooked_paths(hook.read_text())}
    return hooks | set(baseline.list_paths(baseline.DATA))


def grep(pattern, *options):
    """Return what git prints for files of the tree that match PATTERN."""
    return sh('git', '-C', TREE, 'grep', '-E', *options, '-e', pattern, '--',
              *(f'{place}/*.[cS]' for place in PLACES)).stdout.splitlines()


def find_users(names):
    """Return the sources that are ours, are changed, or use ours."""
    changed = [path for path in {*tree.list_overlay(), *find_changed()}
               if path.endswith(('.c', '.S')) and (TREE / path).exists()]
    words = r'\b(' + '|'.join(sorted(names)) + r')\b'
    include = r'#[[:space:]]*include[[:space:]]+<(linux/(kdump[a-z_]*|' \
        r'crash_core|crash_dump)|asm/kdump)\.h>'
    return sorted(path for path in {*changed, *grep(words, '-l'),
                                    *grep(include, '-l')}
                  if not path.startswith(APART))


DEFINED = re.compile(r'(EXPORT|SYM|DEFINE)[A-Z_0-9]*\(|[A-Za-z_][^;]*\(|'
                     r'(?!extern)[A-Za-z_][^(]*[=;[]|\s*\w+ = ')


def find_undefined(build, wants):
    """Return the symbols of WANTS that no file built in seems to define.

    The names are searched for in the sources, because compiling all that could
    define them would take as long as a whole kernel.
    """
    wants = {name for name in wants if not MADE.match(name)}
    words = build.out / 'wants'
    words.write_text('\n'.join(sorted(wants)))
    run = subprocess.run(
        ['grep', '-rwF', '-f', words, '--include=*.[cS]', '--include=*.lds.S',
         '--include=vmlinux.lds.h', *PLACES], cwd=TREE, text=True,
        capture_output=True, check=False, env={**os.environ, 'LC_ALL': 'C'},
        errors='replace')
    for line in run.stdout.splitlines():
        path, _, text = line.partition(':')
        if not DEFINED.match(text):
            continue
        names = wants.intersection(re.findall(r'\w+', text))
        if names and ('lds' in path or build.kind(path) == 'built-in'):
            wants -= names
    return sorted(wants)


def check(tap, name, names, users):
    build = Build(name)
    run = build.configure()
    if not tap.result(run.returncode == 0, f'{name}: the configuration',
                      run.stderr):
        return
    run = build.make('prepare')
    if not tap.result(run.returncode == 0, f'{name}: the headers',
                      run.stderr[-3000:]):
        return
    kinds = {path: build.kind(path) for path in users}
    builtin = [path for path in users if kinds[path] == 'built-in']
    modules = [path for path in users if kinds[path] == 'module']
    why = build.compile(builtin + modules)
    tap.result(not why, f'{name}: {len(builtin)} files of the kernel and '
               f'{len(modules)} of modules compile', why)
    wants, have = build.symbols(builtin)
    lost = sorted(wants & names)
    tap.result(not lost, f'{name}: what the kernel uses of ours is there',
               '\n'.join(lost))
    wants = build.symbols(modules)[0] & names
    lost = sorted(word for word in wants if f'__ksymtab_{word}' not in have)
    tap.result(not lost, f'{name}: the {len(wants)} symbols that modules use '
               'of ours are exported', '\n'.join(lost))
    ours = set(tree.list_overlay())
    wants = build.symbols([path for path in builtin if path in ours])[0]
    lost = find_undefined(build, wants - have)
    tap.result(not lost, f'{name}: the {len(wants)} symbols that ours use are '
               'defined', '\n'.join(lost))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('name', nargs='*', metavar='CONFIGURATION',
                        help=', '.join(CONFIGURATIONS))
    args = parser.parse_args()
    names = find_names()
    users = find_users(names)
    tap = Tap()
    for name in args.name or CONFIGURATIONS:
        if name not in CONFIGURATIONS:
            sys.exit(f'check-config: no configuration {name}')
        check(tap, name, names, users)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
