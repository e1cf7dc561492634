# SPDX-License-Identifier: GPL-2.0-only
"""What makedumpfile keeps of a dump: the right pages, with the right contents.

Dumps are read with libkdumpfile, but for ELF that was filtered: 0.5.1 misses
pages there, where a PT_LOAD has less of a page than another one.  Of no ELF file
does it tell right which pages there are: it leaves out what follows a PT_LOAD
that lies inside of another one.  A set of pages is an int, a bit for each 4 KB,
whatever the pages of the kernel are.
"""
import re

from . import oracle
from .analyse import tool
from .elfcore import Core
from .saving import level_of

PAGE = 4096
CHUNK = 256                     # pages that are read at a time
ALL_LEVELS = tuple(range(32))
# Every kind of page that a level leaves out, alone and together
LEVELS = (0, 1, 2, 4, 8, 16, 31)
USER, FREE = 8, 16

ONE_FILE = 'makedumpfile {options} -d {level} {dump} filtered'
# Other ways to filter than with -l, each to the file "filtered"
FORMATS = (
    *(ONE_FILE.replace('{options}', options) for options in
      ('', '-c', '-E', '--non-mmap -l', '--num-threads 2 -l')),
    'makedumpfile -F -c -d {level} {dump} | makedumpfile -R filtered',
    'makedumpfile --split --splitblock-size 64 -l -d {level} {dump} half1 half2 '
    '&& makedumpfile --reassemble half1 half2 filtered; rm half1 half2',
)


def runs(bits):
    """Yield (first, end) of each run of ones."""
    for found in re.finditer('1+', format(bits, 'b')[::-1]):
        yield found.span()


def pages_of(core):
    """Return the pages of an ELF file."""
    out = 0
    for r in oracle.covered(core):
        first, end = r.start // PAGE, r.end // PAGE
        out |= (1 << end) - (1 << first)
    return out


def widened(bits, times):
    """The same set with a number of bits for each."""
    out = 0
    for first, end in runs(bits):
        out |= (1 << end * times) - (1 << first * times)
    return out


class Dump:
    """A dump in any format; the pages of ELF must be given."""

    def __init__(self, path, kept=0):
        # "make demo" reads this file before it has installed packages.
        import kdumpfile
        self.physical = kdumpfile.KDUMP_MACHPHYSADDR
        self.file = kdumpfile.kdumpfile(str(path))
        self.kept = kept or self.page_map()

    def page_map(self):
        last = self.file.attr['max_pfn'] - 1
        kept = int.from_bytes(
            self.file.attr['file.pagemap'].get_bits(0, last), 'little')
        return widened(kept, self.file.attr['arch.page_size'] // PAGE)

    def read(self, page, count):
        return self.file.read(self.physical, page * PAGE, count * PAGE)

    def differences(self, memory):
        """Return the addresses of the pages that are not as in RAM."""
        different = []
        for first, end in runs(self.kept):
            for page in range(first, end, CHUNK):
                self.compare(page, min(CHUNK, end - page), memory, different)
        return different

    def compare(self, page, count, memory, different):
        data, done = self.read(page, count), 0
        while done < len(data):
            paddr = page * PAGE + done
            ram, at, left = memory.piece(paddr)
            size = min(left, len(data) - done)
            oracle.compare_chunk(data, done, ram, at, size, paddr, different)
            done += size


class FilteredElf:
    """A dump that makedumpfile -E wrote."""

    def __init__(self, path):
        self.core = Core(path)
        self.kept = pages_of(self.core)

    def differences(self, memory):
        different = []
        for segment in self.core.loads:
            oracle.compare_segment(self.core, segment, memory, different)
        return different


def held(path, memory, kind=Dump):
    """Return (pages, complaints) of a dump."""
    dump = kind(path)
    different = dump.differences(memory)
    if different:
        return dump.kept, [f'{path.name}: {len(different)} pages differ from '
                           f'the RAM file, the first at {different[0]:#x}']
    if not dump.kept:
        return 0, [f'{path.name}: there are no pages in it']
    return dump.kept, []


def kind_of(command):
    """How to read what an invocation of makedumpfile writes."""
    return FilteredElf if '-E' in command else Dump


def zero_pages(bits, memory):
    """Those of a set of pages that hold nothing but zeroes."""
    out, nothing = 0, bytes(PAGE)
    for first, end in runs(bits):
        for page in range(first, end):
            ram, at, _ = memory.piece(page * PAGE)
            if ram[at:at + PAGE] == nothing:
                out |= 1 << page
    return out


def agrees(command, pages, wanted, memory):
    """Does a way to filter keep the same pages as another one?

    Files of ELF have no pages of zeroes, and keep small groups of others.
    """
    if kind_of(command) is FilteredElf:
        missing = wanted & ~pages
        return not missing & ~zero_pages(missing, memory)
    return pages == wanted


def rules(kept, everything, outcome):
    """What is true of the sets of pages that levels keep, {level: set}."""
    out = [f'level {a} keeps pages that level {b} leaves out'
           for a in kept for b in kept if a & b == b and kept[a] & ~kept[b]]
    out += [f'level {level} keeps pages that the dump does not have'
            for level in kept if kept[level] & ~everything]
    lost = {level: (everything & ~bits).bit_count()
            for level, bits in kept.items()}
    if lost.get(0):
        out.append(f'level 0 leaves out {lost[0]} pages')
    filled = int(outcome.facts['filled']) // PAGE
    token = outcome.token[0] // PAGE
    out += [f'level {level} keeps pages of user space'
            for level in kept if level & USER and
            (lost[level] < filled or kept[level] >> token & 1)]
    out += [f'level {level} leaves out the token'
            for level in kept if not level & USER and not
            kept[level] >> token & 1]
    return out + [f'level {level} keeps free pages' for level in kept
                  if level & FREE and lost[level] * 4 <
                  everything.bit_count()]


def run(outcome, command, memory):
    """Run makedumpfile on a saved dump; return (pages, complaints)."""
    target = outcome.directory / 'filtered'
    target.unlink(missing_ok=True)
    said = tool(['sh', '-c', command], outcome.directory, 'makedumpfile.txt')
    if not target.exists():
        return 0, [f'{command}: {said.strip()[-200:]}']
    pages, complaints = held(target, memory, kind_of(command))
    target.unlink()
    return pages, [f'{command}: {c}' for c in complaints]


def levels(core, outcome, dump, wanted):
    """Filter a saved dump at these levels, in every format at the last."""
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    everything, out = held(outcome.directory / dump, memory,
                           lambda path: Dump(path, pages_of(core)))
    kept = {}
    for level in wanted:
        command = ONE_FILE.format(options='-l', level=level, dump=dump)
        kept[level], more = run(outcome, command, memory)
        out += more
    for form in FORMATS:
        command = form.format(level=level, dump=dump)
        pages, more = run(outcome, command, memory)
        out += more
        if not agrees(command, pages, kept[level], memory):
            out.append(f'{command}: keeps other pages than -l')
    return out + rules(kept, everything, outcome)


def agree(kept, outcome):
    """What ways to filter in the capture kernel kept, {way: pages}."""
    out, by_level = [], {}
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    for way, pages in kept.items():
        wanted = by_level.setdefault(level_of(way), pages)
        if not agrees(way, pages, wanted, memory):
            out.append(f'{way}: keeps other pages than another way')
    if 0 in by_level:
        out += rules(by_level, by_level[0], outcome)
    return out
