# SPDX-License-Identifier: GPL-2.0-only
"""tests/run --wait: a guest stands still, and a person looks at it."""
import os
import select
import sys
import termios
import tty

from .target import ARCH

LEAVE = b'\x1d'                 # Ctrl-]

HOW = '''
{name}: {verdict}.
The guest waits. This terminal is its console; a guest that gave a verdict runs
a shell there (press Enter). Ctrl-], or the end of the input, ends the guest.
    all that the console showed:  {folder}/console.log
    gdb:                          cd {folder}
                                  {gdb} {vmlinux} -ex 'target remote gdb'
'''


def relay(console):
    """Connect the terminal with the console until one of them ends."""
    there, here = console.fileno(), sys.stdin.fileno()
    while True:
        ready = select.select([there, here], [], [])[0]
        if there in ready:
            data = os.read(there, 4096)
            if not data:
                return
            os.write(sys.stdout.fileno(), data)
        if here in ready:
            data = os.read(here, 4096)
            if not data or LEAVE in data:
                return
            console.sendall(data)


def hand_over(guest, name, vmlinux, problem):
    """Let a person use the guest until they leave it."""
    verdict = problem or 'all is well'
    if not guest.runs:
        print(f'\n{name}: {verdict}.\nThe machine is gone: QEMU has ended.')
        return
    print(HOW.format(name=name, verdict=verdict, folder=guest.directory,
                     gdb=ARCH.gdb, vmlinux=vmlinux), flush=True)
    was = termios.tcgetattr(sys.stdin) if sys.stdin.isatty() else None
    with guest.connect('console') as console:
        try:
            if was:
                tty.setraw(sys.stdin)
            relay(console)
        finally:
            if was:
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, was)
    print(f'\n{name}: the guest is ended.')
