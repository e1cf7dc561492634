#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The architectures: what tools and tests must know to build and run for them.

usage: arch.py [FIELD...]       prints fields of the chosen row; without FIELD,
                                the names of the rows of "make soak"

The environment variable ARCH chooses the row, as "make ARCH=i386" sets it; by
default it is the first one.  Builds go to build/ARCH.
"""
import dataclasses
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True)
class Arch:
    """A row.  The names of other projects' fields tell whose word it is."""
    name: str               # ARCH= of "make" in this repository
    debian: str             # Debian's name
    linux: str              # ARCH= of the kernel's make
    cc: str                 # compiles static programs for guests
    host: str               # --host= of configure, and Debian's library folder
    # Debian packages to unpack to build/ARCH/root, if this machine's own
    # programs are for another architecture
    foreign: str
    qemu: str
    machine: str            # of QEMU; {loaded_at} is the kernel's address
    cpu: str                # of QEMU, unless a scenario names one
    append: str             # on every command line, with the console first
    crashkernel: str        # what a scenario reserves unless it says otherwise
    low: int                # bytes at address 0 that kexec backs up
    image: str              # of a kernel's build: the file for a boot loader
    source: str             # folder of the architecture's own kernel code
    bits: int               # of an address
    low_end: int            # end of the memory where a reservation can be
    high_end: int           # the same with ,high
    analyse: tuple          # tools that understand the dumps
    order: str = '<'        # of bytes, as struct spells it
    cross: str = ''         # prefix of the compiler's and binutils' names
    tiny: str = ''          # the kernel's own fragment of the smallest options
    early: str = ''         # for messages before the console starts
    harmless: str = ' '     # a message that says "warning" and is none
    kaslr: bool = False     # the kernel moves at boot
    hole: bool = False      # QEMU leaves a hole for PCI below 4 GiB
    gdb: str = 'gdb'
    gdb_options: tuple = ()         # of kexec -p, to get a dump for gdb
    busybox: str = ''       # version to compile, if Debian has no programs
    runner: str = ''        # starts a program of root on this machine
    # Options of crash for a kernel that moved at boot; if there are none,
    # crash cannot open such a dump.
    crash_moved: tuple = ()
    crash_finds: bool = True        # crash finds the CPU that crashed
    gdb_finds: bool = True          # gdb finds it, too
    gdb_modules: bool = True        # kdump-gdb.py knows the page tables
    crash_offline: bool = True      # crash counts the offline CPUs
    # Symbols that crash misses in vmlinux, each with the one to take
    crash_symbols: tuple = ()

    @property
    def build(self):
        return ROOT / 'build' / self.name

    @property
    def make_args(self):
        """Arguments of the kernel's make."""
        args = [f'ARCH={self.linux}', f'CROSS_COMPILE={self.cross}']
        if shutil.which('ccache'):
            args += [f'CC=ccache {self.cross}gcc', 'HOSTCC=ccache gcc']
        return args

    @property
    def root(self):
        """The folder with Debian's programs for this architecture."""
        own = self.debian == X86_64.debian
        return pathlib.Path('/') if own else self.build / 'root'

    def find(self, name, *folders):
        """Return the path of Debian's program or library NAME."""
        for folder in folders or ('usr/bin', 'bin', 'usr/sbin', 'sbin'):
            path = self.root / folder / name
            if path.exists():
                return path
        raise FileNotFoundError(f'{self.root} has no {name}')

    def command(self, name):
        """Return the command that runs Debian's program NAME here."""
        runner = self.runner.format(root=self.root).split()
        return [*runner, str(self.find(name))]

    def library(self, name):
        return self.find(name, f'lib/{self.host}', f'usr/lib/{self.host}')


# no_timer_check: the kernel tests the timer interrupt for 40 ms, and in that
# time a busy machine may not run the guest at all.
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
    # Whether crash detects by itself that the kernel moved depends on the
    # order of the kernel's symbols.
    crash_moved=('--kaslr', 'auto'))

# cc: gcc-multilib, which would provide asm/, conflicts with cross compilers,
# but x86_64 has the same headers.  analyse: drgn does not unwind 32-bit
# stacks.  crash_*: crash 8.0.2 looks for older names of system calls, and
# assumes that the direct mapping starts at most 32 MB below the kernel.
# append: on a busy machine the kernel measures a wrong frequency for coreduo's
# TSC.  cpu: QEMU limits physical addresses to 32 bits without pse36, even with
# PAE.
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

# machine: x-vof avoids the machine's own firmware, which takes 4 s.  QEMU puts
# the initrd behind the kernel, and the kernel copies itself to address 0 from
# wherever it is loaded.  The memory between is free for a reservation.
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

# Big endian.  Debian 12 has no programs for it, so crash is missing, too.
PPC64 = dataclasses.replace(
    PPC64LE, name='ppc64', debian='ppc64', order='>',
    cross='powerpc64-linux-gnu-', cc='powerpc64-linux-gnu-gcc',
    host='powerpc64-linux-gnu', foreign='', busybox='1.35.0', runner='',
    analyse=('gdb', 'readelf'))

ARCHES = {arch.name: arch for arch in (X86_64, I386, PPC64LE, PPC64)}
# The rows of "make soak" without ARCH=; all of them would take too long.
CHECKED = [name for name in ARCHES if name != PPC64.name]


def choose():
    name = os.environ.get('ARCH') or X86_64.name
    if name not in ARCHES:
        sys.exit(f'there is no ARCH={name}; there are {", ".join(ARCHES)}')
    return ARCHES[name]


ARCH = choose()

if __name__ == '__main__':
    print(*(getattr(ARCH, name) for name in sys.argv[1:]) if sys.argv[1:]
          else CHECKED)
