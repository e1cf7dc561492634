#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Build one of the project's kernels.

usage: kernel.py KIND [--tree DIR] [--out DIR] [--config-only]

KIND is a row of KINDS below.  The tree's own merge_config.sh merges fragments
over tinyconfig: configs/common.config, and then those of the kind.  A fragment
is every file of its name in configs/, in the folder for the kernel's ARCH, and
in the folder for ours; only x86_64 has a boot.config.  An option that does not
get the value it was asked for is an error.  The build goes to build/ARCH/KIND,
its log to build/ARCH/KIND.log.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from arch import ARCH, ROOT

IMAGE = pathlib.Path(ARCH.image).name

# kind: a name for people, fragments over common.config, make targets
KINDS = {
    'system': ('system kernel', ['boot', 'system'], [IMAGE, 'modules']),
    'strict': ('system kernel with KASAN and lockdep',
               ['boot', 'system', 'strict'], [IMAGE, 'modules']),
    'system-4g': ('system kernel without PAE', ['system', 'system-4g'],
                  [IMAGE]),
    'system-server': ('system kernel for a server',
                      ['boot', 'system', 'system-server'], [IMAGE]),
    'capture': ('capture kernel', ['capture'], [IMAGE]),
    'capture-up': ('capture kernel for one CPU at 16 MB', ['capture-up'],
                   ['vmlinux']),
    'upstream-system': ("upstream's system kernel",
                        ['boot', 'system', 'upstream', 'upstream-system'],
                        [IMAGE]),
    'upstream-capture': ("upstream's capture kernel",
                         ['capture', 'upstream'], [IMAGE]),
}

ASKED = re.compile(r'^(?:(CONFIG_\w+)=(.*)|# (CONFIG_\w+) is not set)$', re.M)


def die(text):
    sys.exit(f'kernel.py: {text}')


def find_fragments(*names, arch=ARCH):
    """Return the files with these names in configs/ and its folders."""
    folders = dict.fromkeys(('', arch.linux, arch.name))
    paths = [ROOT / 'configs' / folder / f'{name}.config'
             for name in names for folder in folders]
    return [path for path in paths if path.exists()]


def parse_options(text):
    """Return {symbol: value} of a .config; an unset symbol has value 'n'."""
    return {m[1] or m[3]: m[2] if m[1] else 'n' for m in ASKED.finditer(text)}


def check_options(paths, config):
    """Exit if an option of the fragments lacks its value in .config."""
    have, asked, bad = parse_options(config.read_text()), {}, []
    for path in paths:                  # a later fragment wins
        for symbol, value in parse_options(path.read_text()).items():
            asked[symbol] = value, path
    for symbol, (value, path) in asked.items():
        got = have.get(symbol, 'n')
        if got != value:
            bad.append(f'  {path.relative_to(ROOT)}: asked for '
                       f'{symbol}={value}, got {got}')
    if bad:
        die('these options did not get the value asked for; add what they '
            'depend on to the fragment, or remove them:\n' + '\n'.join(bad))


def configure(tree, out, paths, arch=ARCH):
    """Merge the fragments; write .config only if its content changes."""
    out.mkdir(parents=True, exist_ok=True)
    merged = out / '.config.merged'
    env = dict(os.environ, KCONFIG_CONFIG=str(merged), MAKEFLAGS='',
               **dict(arg.split('=', 1) for arg in arch.make_args))
    run = subprocess.run(
        ['scripts/kconfig/merge_config.sh', '-n', '-O', str(out),
         'kernel/configs/tiny.config', *arch.tiny.split(),
         *map(str, paths)],
        cwd=tree, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    if run.returncode:
        die('merge_config.sh failed:\n' + run.stdout[-3000:])
    check_options(paths, merged)
    config = out / '.config'
    if not config.exists() or config.read_bytes() != merged.read_bytes():
        shutil.copyfile(merged, config)
    for path in out.glob('.config.merged*'):
        path.unlink()


class Progress:
    """Shows steps: a terminal sees one line change, a log gets a few lines."""

    def __init__(self, what, expected):
        self.what, self.expected = what, expected
        self.tty = sys.stdout.isatty()
        self.start = self.shown = time.monotonic()
        self.done = 0

    def step(self):
        self.done += 1
        now = time.monotonic()
        if now - self.shown >= (0.5 if self.tty else 20):
            self.shown = now
            self.show()

    def show(self):
        seconds = int(time.monotonic() - self.start)
        of = f' of about {self.expected}' if self.done <= self.expected else ''
        line = (f'  {self.what}: {self.done}{of} steps, '
                f'{seconds // 60}:{seconds % 60:02} min')
        print(f'\r{line}\x1b[K' if self.tty else line,
              end='' if self.tty else '\n', flush=True)

    def end(self, verb):
        seconds = time.monotonic() - self.start
        print(('\r\x1b[K' if self.tty else '') +
              f'  {self.what}: {verb} in {seconds:.0f} s', flush=True)


def build(what, tree, out, targets, arch=ARCH):
    log = out.with_name(out.name + '.log')
    count = out / '.steps'
    expected = int(count.read_text()) if count.exists() else 0
    progress = Progress(what, expected)
    command = ['make', '-C', str(tree), f'O={out}',
               f'-j{os.cpu_count() + 1}', *arch.make_args, *targets]
    # "make -s" may have started this program, but the steps are needed here.
    env = dict(os.environ, MAKEFLAGS='')
    with log.open('w') as record:
        make = subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True,
                                env=env, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        for line in make.stdout:
            record.write(line)
            if re.match(r'\s+[A-Z0-9_\[\] ]+\s+\S', line):
                progress.step()
    if make.wait():
        progress.end('failed')
        tail = log.read_text().splitlines()[-25:]
        die(f'the build of the {what} failed; the end of {log}:\n  ' +
            '\n  '.join(tail))
    if progress.done > expected:
        count.write_text(str(progress.done))
    progress.end('built' if progress.done > 40 else 'up to date')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('kind', choices=KINDS)
    parser.add_argument('--tree', type=pathlib.Path,
                        default=ROOT / 'build' / 'tree')
    parser.add_argument('--out', type=pathlib.Path)
    parser.add_argument('--config-only', action='store_true')
    args = parser.parse_args()
    what, names, targets = KINDS[args.kind]
    out = (args.out or ARCH.build / args.kind).resolve()
    if not (args.tree / 'Kbuild').exists():
        die(f'no kernel tree in {args.tree}; run "make tree"')
    found = find_fragments('common', *names)
    if found[-1].name != f'{names[-1]}.config':
        die(f'there is no {what} for {ARCH.name}')
    configure(args.tree, out, found)
    if not args.config_only:
        build(what, args.tree, out, targets)


if __name__ == '__main__':
    main()
