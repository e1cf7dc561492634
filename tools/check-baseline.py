#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that baseline/ leaves a working kernel without kdump, and print TAP.

usage: check-baseline.py [--whole]

The commit "baseline" of build/tree is checked out beside it and searched for
what belongs to kdump. With --whole it is also built, and booted under QEMU,
where stock kexec-tools start a second kernel.
"""
import argparse
import pathlib
import re
import secrets
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'tests')]
sys.dont_write_bytecode = True

import arch                                             # noqa: E402
import kernel                                           # noqa: E402
import vocabulary                                       # noqa: E402
from harness.initramfs import Archive                   # noqa: E402
from tap import Tap                                     # noqa: E402
from worktree import TREE, check_out, sh                # noqa: E402

ARCH = arch.X86_64
OUT = ARCH.build / 'baseline'
IMAGE = OUT / ARCH.image
FRAGMENTS = kernel.find_fragments('check', 'baseline', arch=ARCH)
SYMBOLS = re.compile(r'kdump|crash_kexec|kexec_(should_crash|crash_)|crashk_|'
                     r'crash_(save|notes|shrink|smp)|vmcore|oldmem|elfcorehdr|'
                     r'crashkernel|crash_shutdown|crash_setup_regs')

# PID 1 of both kernels.  The second one finds TOKEN on its command line.
INIT = """#!/bin/sh
mount -t proc proc /proc
if grep -q second /proc/cmdline; then
	echo "second kernel: $(cat /proc/cmdline)"
	poweroff -f
fi
for word in $(cat /proc/cmdline); do
	case $word in token=*) token=$word;; esac
done
kexec -l /bzImage --initrd=/initrd.img \\
	--append="console=ttyS0 panic=-1 second $token" && echo loaded
kexec -p /bzImage && echo "crash image loaded"
kexec -e
"""


def build():
    """Build bzImage; return the end of the log if that fails."""
    try:
        kernel.configure(TREE, OUT, FRAGMENTS, ARCH)
        kernel.build('baseline kernel', TREE, OUT, ['bzImage'], ARCH)
    except SystemExit as error:
        return str(error)
    return ''


def find_symbols():
    """Return kdump's symbols in vmlinux, or say that it has none at all."""
    names = [line.split()[-1] for line in
             sh('nm', OUT / 'vmlinux').stdout.splitlines()]
    if not names:
        return 'no symbols in vmlinux'
    return '\n'.join(sorted(filter(SYMBOLS.search, names)))


def make_initramfs(path):
    second = Archive()
    second.busybox()
    second.symlink('bin/poweroff', 'busybox')
    second.directory('proc')
    second.device('dev/console', 5, 1)
    second.data('init', INIT.encode(), 0o755)
    second.write(path.with_name('second.img'), compress=True)
    first = second
    first.program('/sbin/kexec')
    first.data('bzImage', IMAGE.read_bytes())
    first.data('initrd.img', path.with_name('second.img').read_bytes())
    first.write(path)


def boot():
    """Run a guest; return its token and what its console said."""
    initrd, log = OUT / 'first.img', OUT / 'console.log'
    make_initramfs(initrd)
    token = f'token={secrets.token_hex(8)}'
    command = [ARCH.qemu, '-accel', 'tcg,thread=multi', '-cpu', ARCH.cpu,
               '-smp', '2', '-m', '512', '-display', 'none', '-no-reboot',
               '-monitor', 'none', '-serial', f'file:{log}',
               '-kernel', IMAGE, '-initrd', initrd, '-append',
               f'console=ttyS0 panic=-1 {token}']
    log.write_text('')
    qemu = subprocess.Popen(command)
    end = time.monotonic() + 90
    while qemu.poll() is None and time.monotonic() < end:
        time.sleep(0.2)
    qemu.kill()
    qemu.wait()
    return token, log.read_text(errors='replace')


def check_guest(tap):
    token, log = boot()
    tap.result('loaded' in log, 'boots, and kexec -l loads a kernel', log)
    tap.result(re.search(rf'second kernel: .*\bsecond {token}', log),
               'kexec -e starts it', log)
    tap.result('crash image loaded' not in log, 'kexec -p is refused', log)


def check_words(tap):
    found, unused = vocabulary.search(TREE)
    tap.result(not found, 'no word of kdump but those of baseline/allow*.txt',
               '\n'.join(map(str, found)))
    for rule in unused:
        tap.note(f'baseline/allow*.txt: nothing needs {rule}')


def check_kernel(tap):
    if tap.result(not (why := build()), 'builds for x86_64', why):
        why = find_symbols()
        tap.result(not why, 'no symbol of kdump is in vmlinux', why)
        check_guest(tap)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--whole', action='store_true',
                        help='build and boot it, too')
    args = parser.parse_args()
    tap = Tap()
    if tap.result(not (why := check_out('baseline')), 'baseline checks out',
                  why):
        check_words(tap)
        if args.whole:
            check_kernel(tap)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
