# SPDX-License-Identifier: GPL-2.0-only
"""RESERVE: the smallest reservation that gives a whole dump.

A dump is whole if every page of it equals the RAM file.
"""
import sys

from harness.target import ARCH

MEMORY = 512
SIZE, AT = ARCH.crashkernel.split('@')
# MiB: too little for any kernel, and enough for each of them
NONE, ENOUGH = 4, int(SIZE.rstrip('M'))
PLACES = {'vmlinux': f'{{}}M@{AT}'}
if ARCH.image.endswith('bzImage'):
    PLACES = {'bzImage': '{}M', **PLACES}


def can_capture(side, image, size):
    outcome = side.run(f'a dump from {size} MB', image=image, memory=MEMORY,
                       crashkernel=PLACES[image].format(size), save=['cp'])
    return not outcome.problems


def find_smallest(side, image):
    """Return the smallest size in MiB that gives a whole dump."""
    low, high = NONE, ENOUGH
    while high - low > 1:
        middle = (low + high) // 2
        if can_capture(side, image, middle):
            high = middle
        else:
            low = middle
    if high == ENOUGH:
        sys.exit(f'bench: {side.name}: {image}: no dump from less than '
                 f'{ENOUGH} MB')
    return high


def rows(sides, table):
    table.heading(f'smallest crashkernel= for a dump of {MEMORY} MB')
    for image in PLACES:
        table.like_upstream(image, [find_smallest(side, image)
                                    for side in sides], '{} MB')
    table.row('the initrd, part of it', [side.initrd_mib() for side in sides],
              '{:.1f} MB')
