# SPDX-License-Identifier: GPL-2.0-only
"""Scenarios with a kernel that watches itself (make strict).

That kernel must report nothing: not on its console, not in the log in the dump,
and not when it looks for memory leaks at its end.
"""
import dataclasses
import re

# How many times slower than the others the kernel is
SLOW = 10
# Percent of memory that it can fill in reasonable time
FILL = 3
# MiB: its reservation when it captures, and the memory of a guest that has room
# for it wherever KASLR puts the kernel
ROOM, ENOUGH = 512, 1280

COMPLAINT = re.compile(
    # Except the page faults with which crashes begin
    'BUG: (?!kernel NULL pointer|unable to handle)|kernel BUG at|WARNING: |'
    'trying to register non-static key|unreferenced object|'
    'kmemleak: .*(?:disabled|suspected)')

# The system kernel needs no disk, and would take half a minute to set up the
# disk's interrupts. A busy host must not look like a soft lockup.
APPEND = ' initcall_blacklist=virtio_pci_driver_init nosoftlockup'

# kmemleak reports an object as leaked if it is older than 5 s and nothing
# points to it in two scans. lockdep turns itself off (debug_locks: 0) when it
# has reported something or has no memory left.
LEAKS = '/sys/kernel/debug/kmemleak'
AT_THE_END = ["run grep 'debug_locks: *1' /proc/lockdep_stats",
              f'run sleep 6; for i in 1 2; do echo scan > {LEAKS}; done',
              f'run ! grep . {LEAKS}']


def watch(scenario):
    """Return the scenario for a kernel that watches itself, and that captures
    as well if the scenario says so."""
    changes = {'slow': SLOW, 'fill': min(scenario.fill, FILL),
               'append': scenario.append + APPEND,
               'loaded': scenario.loaded + AT_THE_END}
    if scenario.strict == 'both':
        changes |= {'image': 'system', 'crashkernel': f'{ROOM}M',
                    'memory': max(scenario.memory + ROOM, ENOUGH),
                    'saved': scenario.saved + AT_THE_END}
    return dataclasses.replace(scenario, **changes)


def find_complaints(path):
    """Return the first lines of a log in which the kernel reports something."""
    lines = path.read_text(errors='replace').splitlines()
    return [f'{path.name}: {line.strip()}'
            for line in lines if COMPLAINT.search(line)][:3]
