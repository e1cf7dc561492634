# SPDX-License-Identifier: GPL-2.0-only
"""Ranges of physical addresses."""
from collections import namedtuple

Range = namedtuple('Range', 'start end')        # end is not included


def subtract(ranges, holes):
    """Return ranges without holes; both are sorted lists of Range."""
    for hole in holes:
        rest = []
        for r in ranges:
            if hole.end <= r.start or r.end <= hole.start:
                rest.append(r)
                continue
            if r.start < hole.start:
                rest.append(Range(r.start, hole.start))
            if hole.end < r.end:
                rest.append(Range(hole.end, r.end))
        ranges = rest
    return ranges
