# SPDX-License-Identifier: GPL-2.0-only
"""Runs with a kernel that watches itself (make strict).

It must find nothing: neither on its console, nor in the log that the dump
holds, nor when it is asked, at the end of a life, for memory that leaked.
"""
import dataclasses
import re

# How many times as slow as the others it is; percent of memory that is filled
# in spite of that; MiB of memory that it wants to capture in; and what a guest
# needs for that to be free, wherever the kernel has been put
SLOW, FILL, ROOM, ENOUGH = 10, 3, 512, 1280

COMPLAINT = re.compile(
    # But for the page fault that many a crash begins with
    'BUG: (?!kernel NULL pointer|unable to handle)|kernel BUG at|WARNING: |'
    'trying to register non-static key|unreferenced object|'
    'kmemleak: .*(?:disabled|suspected)')

# The first kernel needs no disk, and half a minute to find out about its
# interrupts.  A busy build machine is no soft lockup.
APPEND = ' initcall_blacklist=virtio_pci_driver_init nosoftlockup'

# A leak is an object that nothing points to, in two scans and older than 5 s.
# Whoever has found a wrong lock or has no room to go on watches no more.
LEAKS = '/sys/kernel/debug/kmemleak'
AT_THE_END = ["run grep 'debug_locks: *1' /proc/lockdep_stats",
              f'run sleep 6; for i in 1 2; do echo scan > {LEAKS}; done',
              f'run ! grep . {LEAKS}']


def watched(scenario):
    """The same scenario for such a kernel, which is the capture kernel as
    well if the scenario says so."""
    changes = {'slow': SLOW, 'fill': min(scenario.fill, FILL),
               'append': scenario.append + APPEND,
               'loaded': scenario.loaded + AT_THE_END}
    if scenario.strict == 'both':
        changes |= {'image': 'system', 'crashkernel': f'{ROOM}M',
                    'memory': max(scenario.memory + ROOM, ENOUGH),
                    'saved': scenario.saved + AT_THE_END}
    return dataclasses.replace(scenario, **changes)


def complaints(path):
    """The first lines that such a kernel should not have written."""
    lines = path.read_text(errors='replace').splitlines()
    return [f'{path.name}: {line.strip()}'
            for line in lines if COMPLAINT.search(line)][:3]
