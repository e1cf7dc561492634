# SPDX-License-Identifier: GPL-2.0-only
"""Compare a dump with the RAM file of the guest that made it.

They must agree for this reason: the crashed kernel writes nothing after its
jump, and the capture kernel may write to two places only. One is its
reservation, which no dump shows; the other is low memory (640 KB on x86), which
was backed up before. So each page of the dump above low memory must equal the
RAM file after the machine was switched off, and each page of low memory must
equal the snapshot that was taken just before the crash. There are no
exceptions.
"""
import mmap
from collections import namedtuple

from harness.ranges import Range, subtract
from harness.target import ARCH

PAGE = 4096
LOW_END = ARCH.low
CHUNK = 1 << 20

Report = namedtuple('Report', 'pages low_pages different missing surplus')


def map_file(path):
    with open(path, 'rb') as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


class Memory:
    """The machine's memory as the dump must show it."""

    def __init__(self, pieces, low):
        maps = {}
        self.pieces = []
        for start, size, path, offset in pieces:
            data = maps.setdefault(path, None) or map_file(path)
            maps[path] = data
            self.pieces.append((start, size, data, offset))
        self.low = low

    def piece(self, paddr):
        """Return (bytes-like, offset in it, bytes left), or None."""
        if paddr < len(self.low):
            return self.low, paddr, len(self.low) - paddr
        for start, size, data, offset in self.pieces:
            if start <= paddr < start + size:
                return data, offset + paddr - start, start + size - paddr
        return None


def find_difference(data, start, memory, shown):
    """Return the address of the first page of raw old memory that differs, or
    None. Memory that is in no range of shown reads as zeroes."""
    at = 0
    while at < len(data):
        paddr = start + at
        size = min(PAGE - paddr % PAGE, len(data) - at)
        wanted = bytes(size)
        if paddr < LOW_END or any(r.start <= paddr < r.end for r in shown):
            source, offset, _ = memory.piece(paddr)
            wanted = source[offset:offset + size]
        if data[at:at + size] != wanted:
            return paddr
        at += size
    return None


def compare_chunk(a, at_a, b, at_b, size, paddr, different):
    """Compare size bytes; append the addresses of pages that differ."""
    if a[at_a:at_a + size] == b[at_b:at_b + size]:
        return
    for i in range(0, size, PAGE):
        n = min(PAGE, size - i)
        if a[at_a + i:at_a + i + n] != b[at_b + i:at_b + i + n]:
            different.append(paddr + i)


def compare_segment(core, segment, memory, different):
    """Compare one PT_LOAD; return the addresses that are not RAM."""
    done, nowhere = 0, []
    while done < segment.filesz:
        paddr = segment.paddr + done
        found = memory.piece(paddr)
        if not found:
            nowhere.append(paddr)
            done += PAGE
            continue
        data, offset, left = found
        size = min(CHUNK, left, segment.filesz - done)
        compare_chunk(core.data, segment.offset + done, data, offset, size,
                      paddr, different)
        done += size
    return nowhere


def list_covered(core):
    """Return the physical ranges the dump shows, merged."""
    out = []
    for s in sorted(core.loads, key=lambda s: s.paddr):
        r = Range(s.paddr, s.paddr + s.filesz)
        if out and r.start <= out[-1].end:
            out[-1] = Range(out[-1].start, max(out[-1].end, r.end))
        elif r.start < r.end:
            out.append(r)
    return out


def compare(core, memory, system_ram, reserved):
    """Compare a Core with Memory.

    system_ram and reserved are lists of Range from /proc/iomem of the crashed
    kernel. In the report, missing is memory that no PT_LOAD shows, and surplus
    is what a PT_LOAD shows although it is not memory of the crashed kernel.
    """
    different, nowhere = [], []
    for segment in core.loads:
        nowhere += compare_segment(core, segment, memory, different)
    shown = list_covered(core)
    wanted = subtract(system_ram, reserved)
    pages = sum(r.end - r.start for r in shown) // PAGE
    low = sum(min(r.end, LOW_END) - r.start for r in shown
              if r.start < LOW_END) // PAGE
    # The backup shows all low memory, even pages of the firmware.
    low_area = [Range(0, LOW_END)]
    surplus = [r for r in subtract(subtract(shown, wanted), low_area)
               if r.end - r.start >= PAGE]
    surplus += [Range(p, p + PAGE) for p in nowhere]
    return Report(pages, low, sorted(set(different)),
                  subtract(wanted, shown), surplus)


def describe(report, low_may_differ=0, may_miss=(), may_differ=0):
    """Return a list of complaints about a report; an empty list is a pass.

    low_may_differ: how many pages of low memory may differ; may_differ: how
    many pages anywhere; may_miss: ranges that the dump need not show.
    """
    out = []
    different = report.different
    if low_may_differ:
        low = [p for p in different if p < LOW_END]
        if len(low) <= low_may_differ:
            different = [p for p in different if p >= LOW_END]
    if len(different) > may_differ:
        first = ', '.join(f'{p:#x}' for p in different[:8])
        out.append(f'{len(different)} of {report.pages} pages differ from '
                   f'the RAM file, the first at {first}')
    for r in subtract(report.missing, may_miss)[:4]:
        out.append(f'memory {r.start:#x}-{r.end - 1:#x} is in no PT_LOAD')
    for r in report.surplus[:4]:
        out.append(f'a PT_LOAD shows {r.start:#x}-{r.end - 1:#x}, which is '
                   'not memory of the crashed kernel')
    if not report.pages:
        out.append('the dump shows no memory at all')
    return out
