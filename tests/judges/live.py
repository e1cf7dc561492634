# SPDX-License-Identifier: GPL-2.0-only
"""Judge what tools see of a kernel that runs."""
import struct

from harness.toolbox import LOOK

from . import analyse, crash, vmcoreinfo
from .elfcore import Core

EHDR, PHDR = 64, 56             # bytes in ELF64


def check_with_crash(outcome, tools, name):
    said = crash.run_crash(outcome, tools.vmlinux, name, ('sys', 'log'), None,
                           f'crash.{name}')
    if f'RELEASE: {outcome.facts["release"]}' in said['sys']:
        return []
    return [f'crash does not open {name}']


def move_headers(path):
    """Move the program headers right behind the ELF header, where makedumpfile
    1.7.2 expects them. QEMU 7.2 puts section headers there."""
    path.chmod(0o600)
    with path.open('r+b') as file:
        head = bytearray(file.read(EHDR))
        phoff, = struct.unpack_from('<Q', head, 32)
        count, = struct.unpack_from('<H', head, 56)
        file.seek(phoff)
        table = file.read(count * PHDR)
        struct.pack_into('<QQ', head, 32, EHDR, 0)
        struct.pack_into('<HHH', head, 58, 0, 0, 0)
        file.seek(0)
        file.write(head + table)


def check_with_makedumpfile(outcome, name):
    """makedumpfile finds the log, and filters."""
    move_headers(outcome.directory / name)
    log, less = (outcome.directory / f'guest.{what}'
                 for what in ('dmesg', 'less'))
    said = analyse.run_tool(
        ['sh', '-c', 'makedumpfile -f --dump-dmesg "$0" "$1" && '
         'makedumpfile -f -d 31 "$0" "$2"', name, log.name, less.name],
        outcome.directory, 'makedumpfile.guest')
    if log.exists() and less.exists() and \
            outcome.facts['release'] in log.read_text(errors='replace'):
        return []
    return [f'makedumpfile: {said.strip()[-200:]}']


def check_guest_memory(outcome, tools):
    """crash, drgn and makedumpfile open what dump-guest-memory has written."""
    core = Core(outcome.directory / 'guest.elf')
    out = analyse.check_release(core, outcome)
    out += vmcoreinfo.check_keys(core.vmcoreinfo(), tools.config)
    out += check_with_crash(outcome, tools, 'guest.elf')
    said = analyse.run_tool(['/usr/bin/python3', '-c', LOOK, 'guest.paged',
                             tools.vmlinux], outcome.directory, 'drgn.guest')
    if f'release {outcome.facts["release"]}' not in said:
        out.append(f'drgn: {said.strip().splitlines()[-1:]}')
    return out + check_with_makedumpfile(outcome, 'guest.elf')
