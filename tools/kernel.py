#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Build one of the project's kernels.

usage: kernel.py KIND [--tree DIR] [--out DIR] [--config-only]

KIND is a row of KINDS below.  The configuration is tinyconfig with
configs/common.config and the kind's fragments merged over it by the tree's own
merge_config.sh: what configs/ has by each name, and its folders for the kernel's
ARCH and for ours; boot.config only x86_64 has.  An option that was asked for and
did not stick is an error.  The build goes to build/ARCH/KIND, its log to
build/ARCH/KIND.log.
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

# kind: what a person calls it, fragments over common.config, make targets
KINDS = {
    'system': ('system kernel', ['boot', 'system'], [IMAGE, 'modules']),
    'strict': ('system kernel that watches itself',
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


def fragments(*names, arch=ARCH):
    """Return the files of these names in configs/ and the folders of ARCH."""
    folders = dict.fromkeys(('', arch.linux, arch.name))
    paths = [ROOT / 'configs' / folder / f'{name}.config'
             for name in names for folder in folders]
    return [path for path in paths if path.exists()]


def options(text):
    """Return {symbol: value} of a .config; an unset symbol has value 'n'."""
    return {m[1] or m[3]: m[2] if m[1] else 'n' for m in ASKED.finditer(text)}


def check(paths, config):
    """Complain about every asked option that the merged .config lacks."""
    have, asked, bad = options(config.read_text()), {}, []
    for path in paths:                  # the last word counts
        for symbol, value in options(path.read_text()).items():
            asked[symbol] = value, path
    for symbol, (value, path) in asked.items():
        got = have.get(symbol, 'n')
        if got != value:
            bad.append(f'  {path.relative_to(ROOT)}: asked for '
                       f'{symbol}={value}, got {got}')
    if bad:
        die('these options did not stick; name what they depend on in the '
            'fragment, or take them out:\n' + '\n'.join(bad))


def configure(tree, out, paths, arch=ARCH):
    """Merge the fragments; touch .config only if its content changes."""
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
    check(paths, merged)
    config = out / '.config'
    if not config.exists() or config.read_bytes() != merged.read_bytes():
        shutil.copyfile(merged, config)
    for path in out.glob('.config.merged*'):
        path.unlink()


class Progress:
    """One line that is rewritten on a terminal, a line now and then in a log."""

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
               f'-j{os.cpu_count()}', *arch.make_args, *targets]
    # A make that calls us may be silent; this one must tell its steps.
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
    found = fragments('common', *names)
    if found[-1].name != f'{names[-1]}.config':
        die(f'there is no {what} for {ARCH.name}')
    configure(args.tree, out, found)
    if not args.config_only:
        build(what, args.tree, out, targets)


if __name__ == '__main__':
    main()
