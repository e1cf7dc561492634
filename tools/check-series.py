#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check the series that tools/series.py writes, and print TAP.

usage: check-series.py [--whole] [ARCH...]

Without ARCH the check is about those of "make check-series".  It shows that
  - git am over the baseline gives build/tree, byte for byte;
  - after each patch the files it touches compile for the first ARCH, with the
    options on and off, and need nothing that a later patch brings;
  - at the end of the series they also compile in its VARIANTS, and for each
    other ARCH with the options on;
  - sparse and checkpatch are quiet.
With --whole each ARCH is checked as the first one, and all kernels are linked.
"""
import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import arch                                             # noqa: E402
import kernel                                           # noqa: E402
import series                                           # noqa: E402
import tree                                             # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import TREE, check_out, sh                # noqa: E402

# What checkpatch wants of patches for the kernel's list and does not apply to
# these, and ARCH_DEFINES, which is about headers for user space
IGNORE = 'FILE_PATH_CHANGES,GIT_COMMIT_ID,ARCH_DEFINES'
# Names that <linux/elf.h> and C give
NOT_OURS = re.compile(r'CamelCase: <(Elf\w*(##\w+)?|[EPN]hdr|_Static_assert)>')

BOOT = 'arch/x86/boot/compressed/'
# The boot code extracts addresses from a vmlinux; any vmlinux will do.
VMLINUX = arch.ARCH.build / 'system/vmlinux'
# What CONFIG_KEXEC switches on
KEXEC = ('kernel/kexec', 'arch/x86/kernel/machine_kexec',
         'arch/powerpc/kexec/', 'arch/powerpc/platforms/pseries/kexec')
# Code of an architecture outside of its folder
ELSEWHERE = {'drivers/firmware/efi/libstub/x86-stub.c': 'arch/x86/'}

# Configurations in which the kernel differs: fragments over series-on.config.
# The boot code is the same in all of them.
VARIANTS = {'i386': ('series-no-apic', 'series-no-ioapic')}
# Files that not every side has
NEEDS = {'arch/x86/kernel/apic/apic.c': 'CONFIG_X86_LOCAL_APIC',
         'arch/x86/kernel/kdump_file.c': 'CONFIG_KDUMP_FILE',
         'arch/x86/kernel/kexec-bzimage64.c': 'CONFIG_KEXEC_FILE',
         'arch/x86/platform/uv/uv_nmi.c': 'CONFIG_X86_UV',
         'arch/x86/purgatory/kdump.c': 'CONFIG_KEXEC_FILE',
         'arch/x86/purgatory/purgatory.c': 'CONFIG_KEXEC_FILE',
         'arch/x86/xen/enlighten.c': 'CONFIG_XEN',
         'drivers/acpi/numa/srat.c': 'CONFIG_ACPI_NUMA',
         'drivers/base/memory.c': 'CONFIG_MEMORY_HOTPLUG',
         'drivers/firmware/qemu_fw_cfg.c': 'CONFIG_FW_CFG_SYSFS',
         'drivers/hv/hv_common.c': 'CONFIG_HYPERV',
         'kernel/irq/affinity.c': 'CONFIG_SMP',
         'kernel/kdump/load_file.c': 'CONFIG_KDUMP_FILE',
         'kernel/kexec_file.c': 'CONFIG_KEXEC_FILE'}


@dataclasses.dataclass(frozen=True)
class Side:
    """An architecture and a configuration of it."""
    arch: arch.Arch
    on: bool                # the options of the series
    variant: str = ''

    def __str__(self):
        return f'{self.arch.name}, ' + (
            self.variant or f'options {"on" if self.on else "off"}')

    @property
    def out(self):
        name = self.variant or f'series-{"on" if self.on else "off"}'
        return self.arch.build / name

    @property
    def fragments(self):
        names = ['check', 'series']
        names += ['series-on'] if self.on else []
        names += [self.variant] if self.variant else []
        return kernel.find_fragments(*names, arch=self.arch)

    @property
    def source(self):
        return self.arch.source

    def lacks(self, path):
        config = (self.out / 'config.whole').read_text()
        return path in NEEDS and f'\n{NEEDS[path]}=y\n' not in config

    def compiles(self, path, ours):
        """Tell whether it compiles PATH; OURS is new with the series."""
        if not path.endswith(('.c', '.S')):
            return False
        if ELSEWHERE.get(path, self.source) != self.source:
            return False
        if path.startswith('arch/') and (
                not path.startswith(self.source) or
                path.endswith(f'_{96 - self.arch.bits}.c')):
            return False
        if self.lacks(path) or self.variant and path.startswith(BOOT):
            return False
        return self.on or not ours and not path.startswith(KEXEC)


# --- git am ------------------------------------------------------------------

def apply_mails(tap, repo):
    """Apply the series with git am; the result must be build/tree."""
    tap.result(not (why := check_out('baseline')), 'baseline checks out', why)
    mails = sorted(str(path) for path in series.OUT.glob('*.patch'))
    git = ['git', '-C', TREE, '-c', 'user.name=kdump',
           '-c', 'user.email=kdump@tree']
    run = sh(*git, 'am', '-q', *mails)
    if not tap.result(run.returncode == 0, 'git am applies the series',
                      run.stdout + run.stderr):
        sh(*git, 'am', '--abort')
        return
    mailed = sh(*git, 'rev-parse', 'HEAD').stdout.strip()
    left = series.compare(repo, mailed)
    tap.result(not left, 'baseline + git am is build/tree, byte for byte',
               '\n'.join(left))


# --- compiling ---------------------------------------------------------------

# The boot code's Makefile has no rule for a single object, so add one.  Its
# name starts with a dot, so that it is not the default goal of other makes.
BOOT_RULE = f'.boot: ; $(Q)$(MAKE) $(build)={BOOT[:-1]} '


def make(side, *targets):
    """Run make in the build folder; if it fails, return its last output."""
    run = sh('make', '-s', '-rR', '--no-print-directory', '-j2', '-C',
             side.out, *side.arch.make_args, *targets)
    return '' if run.returncode == 0 else (run.stdout + run.stderr)[-4000:]


def configure(side):
    try:
        kernel.configure(TREE, side.out, side.fragments, side.arch)
        shutil.copy(side.out / '.config', side.out / 'config.whole')
        (side.out / 'vmlinux').unlink(missing_ok=True)
        (side.out / 'vmlinux').symlink_to(VMLINUX)
    except SystemExit as error:
        return f'{side}: {error}'
    return ''


def find_touched(repo, base, commit):
    return repo.run('diff-tree', '-r', '--name-only', '--diff-filter=AM', base,
                    commit).split()


def list_objects(side, paths):
    """Return the objects of PATHS that this side compiles."""
    ours = set(tree.list_overlay())
    return [f'{path[:-2]}.o' for path in paths
            if side.compiles(path, path in ours)]


def compile_objects(side, made):
    boot = [name for name in made if name.startswith(BOOT)]
    rest = [name for name in made if name not in boot]
    # With "prepare" among them, make would start anew for each object.
    why = make(side, *(rest or ['prepare']))
    if boot and not why:
        why = make(side, 'init/version-timestamp.o') or \
            make(side, f'--eval={BOOT_RULE}{" ".join(boot)}', '.boot')
    return why


def compile_patch(side, paths):
    """Compile what a patch touched, if this side has any of it."""
    made, config = list_objects(side, paths), side.out / '.config'
    if any(pathlib.PurePath(path).name.startswith('Kconfig')
           for path in paths):
        config.unlink(missing_ok=True)
    if not made:
        return ''
    if not config.exists():
        shutil.copy(side.out / 'config.whole', config)
        if why := make(side, 'olddefconfig'):
            return why
    return compile_objects(side, made)


def list_symbols(side, paths):
    """Return what the kernel's objects of PATHS want, and what they have."""
    files = [side.out / name for name in list_objects(side, paths)
             if not name.startswith(BOOT)]
    run = sh('nm', '-P', *[file for file in files if file.exists()])
    lines = [line.split() for line in run.stdout.splitlines() if ' ' in line]
    have = {words[0] for words in lines if words[1] not in 'Uwv'}
    return {words[0] for words in lines if words[1] == 'U'} - have, have


def find_early(side, wants):
    """Return the patches that use what a later one brings.

    Linking after each patch would tell too, but would take an hour.
    """
    ours = list_symbols(side, tree.list_overlay())[1]
    return [f'{name} wants {", ".join(sorted(want & ours))}'
            for name, want in wants if want & ours]


def check_patches(tap, repo, made, sides):
    before, sofar = 'baseline', set()
    wants = {side: [] for side in sides if side.on}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for commit in made:
            paths = find_touched(repo, before, commit.id)
            check_out(commit.id)
            whys = pool.map(lambda side: compile_patch(side, paths), sides)
            for side, why in zip(sides, whys):
                tap.result(not why, f'{commit.name}: {side}', why)
            before = commit.id
            sofar.update(paths)
            for side in wants:
                wants[side].append((commit.name, list_symbols(side, sofar)[0]))
    for side in wants:
        early = find_early(side, wants[side])
        tap.result(not early, 'no patch uses what a later one brings: '
                   f'{side.arch.name}', '\n'.join(early))


def check_end(tap, repo, last, sides):
    """Compile at the end of the series what any patch touched."""
    paths = find_touched(repo, 'baseline', last)
    for side in sides:
        why = configure(side)
        if not why:
            why = compile_objects(side, list_objects(side, paths))
        tap.result(not why, f'the whole series compiles: {side}', why)


def check_whole(tap, sides):
    for side in sides:
        (side.out / 'vmlinux').unlink()
        why = make(side, pathlib.PurePath(side.arch.image).name)
        tap.result(not why, f'the whole series links: {side}', why)


# --- checkpatch, sparse ------------------------------------------------------

def run_checkpatch(mail):
    run = sh(TREE / 'scripts/checkpatch.pl', '--strict', '--terse',
             '--no-summary', '--ignore', IGNORE, mail, cwd=TREE)
    return [line for line in run.stdout.splitlines()
            if not NOT_OURS.search(line)]


def check_style(tap):
    mails = sorted(series.OUT.glob('*.patch'))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for mail, said in zip(mails, pool.map(run_checkpatch, mails)):
            tap.result(not said, f'checkpatch --strict: {mail.name}',
                       '\n'.join(line.split('/')[-1] for line in said))


def run_sparse(tap, side):
    """Run sparse on every object of ours that the options switch on."""
    ours = [path for path in tree.list_overlay() if path.endswith('.c')
            and not path.startswith(BOOT)]
    run = sh('make', '-s', '-k', 'C=2', 'CHECK=sparse', f'O={side.out}',
             *side.arch.make_args, *sorted(list_objects(side, ours)), cwd=TREE)
    names = re.compile('|'.join(map(re.escape, ours)))
    bad = [line for line in (run.stdout + run.stderr).splitlines()
           if names.search(line) and re.search(r': (warning|error):', line)]
    tap.result(run.returncode == 0 and not bad,
               f'sparse is quiet on our code: {side.arch.name}',
               '\n'.join(bad) or run.stderr[-2000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--whole', action='store_true',
                        help='each ARCH after each patch, and link')
    parser.add_argument('arch', nargs='*', help=', '.join(arch.ARCHES))
    args = parser.parse_args()
    arches = [arch.ARCHES[name] for name in args.arch or arch.CHECKED]
    whole = arches if args.whole else arches[:1]
    patched = [Side(row, on) for row in whole for on in (True, False)]
    ended = [Side(row, True, variant) for row in whole
             for variant in VARIANTS.get(row.name, ())]
    ended += [Side(row, True) for row in arches if row not in whole]
    tap = Tap()
    repo, made = series.write()
    left = series.compare(repo, made[-1].id)
    tap.result(not left, 'every file of ours is in a patch', '\n'.join(left))
    apply_mails(tap, repo)
    check_out(made[-1].id)
    whys = [why for why in map(configure, patched) if why]
    if tap.result(not whys, 'the options on and off', '\n'.join(whys)):
        # Made anew when the first patch brings the options
        for side in patched:
            (side.out / '.config').unlink()
        check_patches(tap, repo, made, patched)
        check_end(tap, repo, made[-1].id, ended)
        for side in patched + ended:
            if side.on and not side.variant:
                run_sparse(tap, side)
        if args.whole:
            check_whole(tap, patched + ended)
    check_style(tap)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
