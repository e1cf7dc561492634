#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The architectures: what tools and tests must know of them to build and run.

usage: arch.py [FIELD...]       prints fields of the chosen row, or the names
                                of those that "make check" is about

The environment variable ARCH chooses the row, as "make ARCH=i386" sets it;
without it that is the first.  What is built goes to build/ARCH.
"""
import dataclasses
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Arch:
    name: str               # as ARCH= of "make" here has it
    debian: str             # as Debian calls it
    linux: str              # as ARCH= of the kernel's make has it
    cc: str                 # compiles programs for guests, statically linked
    host: str               # --host= of configure, and Debian's libraries
    foreign: str            # Debian packages unpacked to build/ARCH/root,
                            # where this machine's own are for another one
    qemu: str
    machine: str            # of QEMU; {loaded_at}: an address for the kernel
    cpu: str                # that a scenario has if it names none
    append: str             # to every command line, the console first
    crashkernel: str        # what a scenario reserves if it says nothing
    low: int                # bytes from 0 that are backed up
    image: str              # of a kernel's build, what a boot loader starts
    source: str             # what the kernel's tree has for it alone
    bits: int               # of an address
    low_end: int            # where memory for a reservation ends, and where
    high_end: int           # with ,high
    analyse: tuple          # tools that understand its dumps
    order: str = '<'        # of bytes, as struct calls it
    cross: str = ''         # before the names of the compiler and its tools
    tiny: str = ''          # the kernel's own file of the smallest options
    early: str = ''         # for messages before the console is there
    harmless: str = ' '     # no warning, though it says so
    kaslr: bool = False     # kernels are moved
    hole: bool = False      # QEMU leaves one for PCI below 4 GiB of memory
    gdb: str = 'gdb'
    gdb_options: tuple = () # of kexec -p, for a dump that gdb opens
    busybox: str = ''       # version to compile, where Debian has no programs
    runner: str = ''        # what starts a program of root here
    crash_moved: tuple = () # options of crash for a kernel that was moved;
                            # none: it cannot open such a dump
    crash_finds: bool = True        # crash finds the CPU that crashed
    gdb_finds: bool = True          # so does gdb
    gdb_modules: bool = True        # kdump-gdb.py knows its page tables
    crash_offline: bool = True      # crash says how many CPUs are offline
    crash_symbols: tuple = ()       # what crash misses in vmlinux, and where

    @property
    def build(self):
        return ROOT / 'build' / self.name

    @property
    def make_args(self):
        """What the kernel's make must be told."""
        args = [f'ARCH={self.linux}', f'CROSS_COMPILE={self.cross}']
        if shutil.which('ccache'):
            args += [f'CC=ccache {self.cross}gcc', 'HOSTCC=ccache gcc']
        return args

    @property
    def root(self):
        """Where Debian's programs for this architecture are."""
        own = self.debian == X86_64.debian
        return pathlib.Path('/') if own else self.build / 'root'

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


# The interrupt of the timer is tried for 40 ms, of which a busy build machine
# may give the guest none.
X86 = {'machine': 'pc', 'hole': True, 'kaslr': True, 'low': 0xa0000,
       'crashkernel': '64M@16M', 'source': 'arch/x86/',
       'tiny': 'arch/x86/configs/tiny.config',
       'image': 'arch/x86/boot/bzImage', 'early': 'earlyprintk=serial,ttyS0',
       'append': 'console=ttyS0,115200 no_timer_check'}

X86_64 = Arch(
    name='x86_64', debian='amd64', linux='x86_64', cc='gcc',
    host='x86_64-linux-gnu', foreign='', qemu='qemu-system-x86_64', cpu='max',
    bits=64, low_end=4 << 30, high_end=64 << 40, **X86,
    analyse=('crash', 'gdb', 'drgn', 'readelf', 'log', 'makedumpfile',
             'every level'),
    # Whether crash sees by itself that the kernel was moved depends on the
    # order of its symbols.
    crash_moved=('--kaslr', 'auto'))

# gcc-multilib, which would bring asm/, cannot be installed beside cross
# compilers; the headers are the same as those of x86_64.  drgn does not unwind
# 32-bit stacks.  crash 8.0.2 looks for system calls by older names, and takes
# the direct mapping to begin within 32 MB below the kernel.  On a busy machine
# the kernel is wrong about the frequency of coreduo's TSC.  Without pse36 QEMU
# takes physical addresses to have 32 bits, and for PAE as well.
I386 = Arch(
    name='i386', debian='i386', linux='i386', host='i386-linux-gnu',
    cc='gcc -m32 -isystem /usr/include/x86_64-linux-gnu '
       '-D_FILE_OFFSET_BITS=64',
    foreign='busybox-static crash kexec-tools makedumpfile',
    qemu='qemu-system-x86_64', cpu='coreduo,+pse36',
    bits=32, low_end=512 << 20, high_end=512 << 20,
    **{**X86, 'append': X86['append'] + ' tsc=unstable'},
    analyse=('crash', 'gdb', 'readelf', 'log'),
    gdb_options=('--elf32-core-headers',),
    runner='{root}/lib/ld-linux.so.2 --library-path '
           '{root}/lib/i386-linux-gnu:{root}/usr/lib/i386-linux-gnu',
    crash_finds=False,
    crash_symbols=(('sys_open', '__ia32_sys_open'),
                   ('sys_fork', '__ia32_sys_fork')))

# Started without the firmware of the machine, which takes 4 s.  QEMU puts the
# initrd behind the kernel, and the kernel moves to 0 from wherever it is; the
# memory between is free for a reservation.
PPC64LE = Arch(
    name='ppc64le', debian='ppc64el', linux='powerpc',
    cross='powerpc64le-linux-gnu-', cc='powerpc64le-linux-gnu-gcc',
    host='powerpc64le-linux-gnu',
    foreign='busybox-static crash kexec-tools makedumpfile',
    qemu='qemu-system-ppc64', cpu='POWER9',
    machine='pseries,x-vof=on,kernel-addr={loaded_at}',
    append='console=hvc0', harmless='WARNING: nvram corruption detected',
    image='vmlinux', crashkernel='128M@32M', low=0x10000,
    source='arch/powerpc/', bits=64, low_end=768 << 20, high_end=768 << 20,
    analyse=('crash', 'gdb', 'readelf', 'log'), gdb='gdb-multiarch',
    gdb_finds=False, gdb_modules=False, crash_offline=False,
    runner='qemu-ppc64le-static -L {root}')

# The same, big endian.  Debian 12 has no programs for it, and so no crash.
PPC64 = dataclasses.replace(
    PPC64LE, name='ppc64', debian='ppc64', order='>',
    cross='powerpc64-linux-gnu-', cc='powerpc64-linux-gnu-gcc',
    host='powerpc64-linux-gnu', foreign='', busybox='1.35.0', runner='',
    analyse=('gdb', 'readelf'))

ARCHES = {arch.name: arch for arch in (X86_64, I386, PPC64LE, PPC64)}
# What "make check" is about if ARCH= names none: it has to end some day
CHECKED = [name for name in ARCHES if name != PPC64.name]


def chosen():
    name = os.environ.get('ARCH') or X86_64.name
    if name not in ARCHES:
        sys.exit(f'there is no ARCH={name}; there are {", ".join(ARCHES)}')
    return ARCHES[name]


ARCH = chosen()

if __name__ == '__main__':
    print(*(getattr(ARCH, name) for name in sys.argv[1:]) if sys.argv[1:]
          else CHECKED)
