# SPDX-License-Identifier: GPL-2.0-only
"""CAPTURE: how fast old memory is read, and what that costs in memory.

All figures of a side are taken one after the other in one guest, and held
against memcpy of as much memory in that same guest: the shares last, the MB/s
drift with the machine.
"""

# name in tests/guest/bench.c, what it is, our goal
WAYS = (
    ('read-4k', 'read() of 4 KiB', 0.35),
    ('read-64k', 'read() of 64 KiB', 0.75),
    ('read-1m', 'read() of 1 MiB', 0.85),
    ('mmap-4m', 'mmap() of 4 MiB and copy', 0.85),
)
COSTS = (
    ('read-kib', 'read() of all of it', 1024),
    ('mmap-kib', 'mmap() of all of it, 4 MiB at a time', 1024),
    ('at-once-kib', 'mmap() of all of it at once', None),
)

# Memcpy wants as much memory as is read, 192 MiB.
ROOM = '320M'


def figures(side):
    outcome = side.measure('reading', patience=600, memory=1024,
                           image='bzImage', crashkernel=ROOM,
                           capture=['tell bench bench | tr "\\n" " "'])
    words = outcome.facts['bench'].split()
    return dict(zip(words[::2], map(float, words[1::2])))


def rows(sides, table):
    found = [figures(side) for side in sides]
    table.heading('reading old memory, as a share of memcpy')
    for name, what, goal in WAYS:
        table.row(what, [f[name] / f['memcpy'] for f in found], '{:.2f}',
                  at_least=goal)
    table.row('memcpy in that kernel', [f['memcpy'] for f in found],
              '{:.0f} MB/s')
    table.heading(f'memory it costs, of {found[0]["mib"]:.0f} MiB')
    for name, what, goal in COSTS:
        table.row(what, [f[name] for f in found], '{:.0f} KiB', at_most=goal)
