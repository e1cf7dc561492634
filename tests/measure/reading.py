# SPDX-License-Identifier: GPL-2.0-only
"""CAPTURE: how fast old memory is read, and what that costs in memory.

Each figure is a share of what the same kernel does by the same means with its
own memory: read() of old memory against read() of a file in tmpfs in the same
blocks, mmap() of old memory against memcpy() of memory of the program.  Both
take turns in one guest, because the shares last and the MB/s drift with the
machine.
"""

# name in tests/guest/bench.c, its limit, what it is, our goal
WAYS = (
    ('read-4k', 'tmpfs-4k', 'read() of 4 KiB', 0.7),
    ('read-64k', 'tmpfs-64k', 'read() of 64 KiB', 0.9),
    ('read-1024k', 'tmpfs-1024k', 'read() of 1 MiB', 0.9),
    ('mmap-4096k', 'memcpy', 'mmap() of 4 MiB and memcpy()', 0.85),
)
LIMITS = (
    ('tmpfs-4k', 'read() of 4 KiB from tmpfs'),
    ('tmpfs-64k', 'read() of 64 KiB from tmpfs'),
    ('tmpfs-1024k', 'read() of 1 MiB from tmpfs'),
    ('memcpy', 'memcpy()'),
)
COSTS = (
    ('read-kib', 'read() of all of it', 1024),
    ('mmap-kib', 'mmap() of all of it, 4 MiB at a time', 1024),
    ('at-once-kib', 'mmap() of all of it at once', None),
)

# Room for a limit, 192 MiB, beside the kernel
ROOM = '320M'


def measure(side):
    """Return {name: figure} of one guest."""
    outcome = side.measure('reading', patience=600, memory=1024,
                           image='bzImage', crashkernel=ROOM,
                           capture=['tell bench bench | tr "\\n" " "'])
    words = outcome.facts['bench'].split()
    return dict(zip(words[::2], map(float, words[1::2])))


def rows(sides, table):
    found = [measure(side) for side in sides]
    table.heading('reading old memory, as a share of its limit')
    for name, limit, what, goal in WAYS:
        table.row(what, [f[name] / f[limit] for f in found], '{:.2f}',
                  at_least=goal)
    table.heading('the limits: memory of the same kernel')
    for name, what in LIMITS:
        table.row(what, [f[name] for f in found], '{:.0f} MB/s')
    table.heading(f'memory it costs, of {found[0]["mib"]:.0f} MiB')
    for name, what, goal in COSTS:
        table.row(what, [f[name] for f in found], '{:.0f} KiB', at_most=goal)
