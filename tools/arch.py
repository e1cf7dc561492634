#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The architectures: what tools and tests must know of them to build and run.

usage: arch.py FIELD            prints a field of the chosen row

The environment variable ARCH chooses the row, as "make ARCH=i386" sets it;
without it that is x86_64.  What is built goes to build/ARCH.
"""
import dataclasses
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Arch:
    name: str               # as ARCH= of the kernel's make has it
    debian: str             # as Debian calls it
    cc: str                 # compiles programs for guests, statically linked
    host: str               # --host= of configure, and Debian's libraries
    foreign: str            # Debian packages unpacked to build/ARCH/root,
                            # where this machine's own are for another one
    qemu: str
    cpu: str                # that a scenario has if it names none
    append: str             # to every command line, beside the console
    tiny: str               # the kernel's own file of the smallest options
    image: str              # of a kernel's build, what a boot loader starts
    analyse: tuple          # tools that understand its dumps
    gdb_options: tuple = () # of kexec -p, for a dump that gdb opens
    runner: str = ''        # what starts a program of root here
    crash_moved: tuple = () # options of crash for a kernel that was moved;
                            # none: it cannot open such a dump
    crash_finds: bool = True        # crash finds the CPU that crashed
    crash_symbols: tuple = ()       # what crash misses in vmlinux, and where

    @property
    def build(self):
        return ROOT / 'build' / self.name

    @property
    def root(self):
        """Where Debian's programs for this architecture are."""
        return self.build / 'root' if self.foreign else pathlib.Path('/')

    def find(self, name, *folders):
        """Return where Debian's program or library of this name is."""
        for folder in folders or ('usr/bin', 'bin', 'usr/sbin', 'sbin'):
            path = self.root / folder / name
            if path.exists():
                return path
        raise FileNotFoundError(f'{self.root} has no {name}')

    def command(self, name):
        """Return the words that run Debian's program here."""
        runner = self.runner.format(root=self.root).split()
        return [*runner, str(self.find(name))]

    def library(self, name):
        return self.find(name, f'lib/{self.host}', f'usr/lib/{self.host}')


X86_64 = Arch(
    name='x86_64', debian='amd64', cc='gcc', host='x86_64-linux-gnu',
    foreign='', qemu='qemu-system-x86_64', cpu='max', append='',
    tiny='arch/x86/configs/tiny.config', image='arch/x86/boot/bzImage',
    analyse=('crash', 'gdb', 'drgn', 'readelf', 'log', 'makedumpfile',
             'every level'),
    # Whether crash sees by itself that the kernel was moved depends on the
    # order of its symbols.
    crash_moved=('--kaslr', 'auto'))

# gcc-multilib, which would bring asm/, cannot be installed beside cross
# compilers; the headers are the same as those of x86_64.  drgn does not unwind
# 32-bit stacks.  crash 8.0.2 looks for system calls by older names, and takes
# the direct mapping to begin within 32 MB below the kernel.  On a busy machine
# the kernel is wrong about the frequency of coreduo's TSC.
I386 = Arch(
    name='i386', debian='i386', host='i386-linux-gnu',
    cc='gcc -m32 -isystem /usr/include/x86_64-linux-gnu '
       '-D_FILE_OFFSET_BITS=64',
    foreign='busybox-static crash kexec-tools makedumpfile',
    qemu='qemu-system-i386', cpu='coreduo', append='tsc=unstable',
    tiny='arch/x86/configs/tiny.config', image='arch/x86/boot/bzImage',
    analyse=('crash', 'gdb', 'readelf', 'log'),
    gdb_options=('--elf32-core-headers',),
    runner='{root}/lib/ld-linux.so.2 --library-path '
           '{root}/lib/i386-linux-gnu:{root}/usr/lib/i386-linux-gnu',
    crash_finds=False,
    crash_symbols=(('sys_open', '__ia32_sys_open'),
                   ('sys_fork', '__ia32_sys_fork')))

ARCHES = {arch.name: arch for arch in (X86_64, I386)}


def chosen():
    name = os.environ.get('ARCH') or X86_64.name
    if name not in ARCHES:
        sys.exit(f'there is no ARCH={name}; there are {", ".join(ARCHES)}')
    return ARCHES[name]


ARCH = chosen()

if __name__ == '__main__':
    print(getattr(ARCH, sys.argv[1]))
