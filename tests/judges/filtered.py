# SPDX-License-Identifier: GPL-2.0-only
"""Does makedumpfile keep the right pages of a dump, with the right contents?

libkdumpfile reads the dumps, with two exceptions. It does not read filtered ELF
files: version 0.5.1 misses pages there if one PT_LOAD has less of a page than
another PT_LOAD. It does not list the pages of any ELF file: it leaves out the
pages behind a PT_LOAD that lies inside another PT_LOAD. A set of pages is an
int with a bit for each 4 KB, whatever the page size of the kernel is.
"""
import re

from harness.saving import level_of

from . import oracle
from .analyse import run_tool
from .elfcore import Core

PAGE = 4096
CHUNK = 256                     # pages per read
ALL_LEVELS = tuple(range(32))
# Levels that leave out each kind of page alone, and all kinds together
LEVELS = (0, 1, 2, 4, 8, 16, 31)
USER, FREE = 8, 16

ONE_FILE = 'makedumpfile {options} -d {level} {dump} filtered'
# Ways to filter other than with -l; each writes the file "filtered"
FORMATS = (
    *(ONE_FILE.replace('{options}', options) for options in
      ('', '-c', '-E', '--non-mmap -l', '--num-threads 2 -l')),
    'makedumpfile -F -c -d {level} {dump} | makedumpfile -R filtered',
    'makedumpfile --split --splitblock-size 64 -l -d {level} {dump} '
    'half1 half2 && makedumpfile --reassemble half1 half2 filtered; '
    'rm half1 half2',
)


def find_runs(bits):
    """Yield (first, end) of each run of ones."""
    for found in re.finditer('1+', format(bits, 'b')[::-1]):
        yield found.span()


def list_pages(core):
    """Return the set of pages in an ELF file."""
    out = 0
    for r in oracle.list_covered(core):
        first, end = r.start // PAGE, r.end // PAGE
        out |= (1 << end) - (1 << first)
    return out


def widen(bits, times):
    """Return the set with each bit repeated a number of times."""
    out = 0
    for first, end in find_runs(bits):
        out |= (1 << end * times) - (1 << first * times)
    return out


class Dump:
    """A dump in any format; for ELF kept is the set of pages in it."""

    def __init__(self, path, kept=0):
        # "make demo" imports this file before it installs packages.
        import kdumpfile
        self.physical = kdumpfile.KDUMP_MACHPHYSADDR
        self.file = kdumpfile.kdumpfile(str(path))
        self.kept = kept or self.page_map()

    def page_map(self):
        last = self.file.attr['max_pfn'] - 1
        kept = int.from_bytes(
            self.file.attr['file.pagemap'].get_bits(0, last), 'little')
        return widen(kept, self.file.attr['arch.page_size'] // PAGE)

    def read(self, page, count):
        return self.file.read(self.physical, page * PAGE, count * PAGE)

    def differences(self, memory):
        """Return the addresses of the pages that differ from RAM."""
        different = []
        for first, end in find_runs(self.kept):
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
        self.kept = list_pages(self.core)

    def differences(self, memory):
        different = []
        for segment in self.core.loads:
            oracle.compare_segment(self.core, segment, memory, different)
        return different


def compare_file(path, memory, kind=Dump):
    """Compare a dump with RAM; return (pages in it, complaints)."""
    dump = kind(path)
    different = dump.differences(memory)
    if different:
        return dump.kept, [f'{path.name}: {len(different)} pages differ from '
                           f'the RAM file, the first at {different[0]:#x}']
    if not dump.kept:
        return 0, [f'{path.name}: it has no pages']
    return dump.kept, []


def choose_reader(command):
    """Return the class that reads the file that makedumpfile writes."""
    return FilteredElf if '-E' in command else Dump


def find_zero_pages(bits, memory):
    """Return the pages of a set that hold only zeroes."""
    out, nothing = 0, bytes(PAGE)
    for first, end in find_runs(bits):
        for page in range(first, end):
            ram, at, _ = memory.piece(page * PAGE)
            if ram[at:at + PAGE] == nothing:
                out |= 1 << page
    return out


def agrees(command, pages, wanted, memory):
    """Does a way to filter keep the same pages as another way?

    A filtered ELF file leaves out pages of zeroes, and keeps small groups of
    pages that another file leaves out.
    """
    if choose_reader(command) is FilteredElf:
        missing = wanted & ~pages
        return not missing & ~find_zero_pages(missing, memory)
    return pages == wanted


def check_rules(kept, everything, outcome):
    """Check what must hold for the pages that levels keep, {level: set}."""
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


def run_makedumpfile(outcome, command, memory):
    """Filter a saved dump; return (pages that are left, complaints)."""
    target = outcome.directory / 'filtered'
    target.unlink(missing_ok=True)
    said = run_tool(['sh', '-c', command], outcome.directory,
                    'makedumpfile.txt')
    if not target.exists():
        return 0, [f'{command}: {said.strip()[-200:]}']
    pages, complaints = compare_file(target, memory, choose_reader(command))
    target.unlink()
    return pages, [f'{command}: {c}' for c in complaints]


def check_levels(core, outcome, dump, wanted):
    """Filter a saved dump at these levels, and at the last of them in every
    format."""
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    everything, out = compare_file(outcome.directory / dump, memory,
                                   lambda path: Dump(path, list_pages(core)))
    kept = {}
    for level in wanted:
        command = ONE_FILE.format(options='-l', level=level, dump=dump)
        kept[level], more = run_makedumpfile(outcome, command, memory)
        out += more
    for form in FORMATS:
        command = form.format(level=level, dump=dump)
        pages, more = run_makedumpfile(outcome, command, memory)
        out += more
        if not agrees(command, pages, kept[level], memory):
            out.append(f'{command}: keeps other pages than -l')
    return out + check_rules(kept, everything, outcome)


def check_agreement(kept, outcome):
    """Compare the pages that ways to filter in the capture kernel kept, {way:
    pages}."""
    out, by_level = [], {}
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    for way, pages in kept.items():
        wanted = by_level.setdefault(level_of(way), pages)
        if not agrees(way, pages, wanted, memory):
            out.append(f'{way}: keeps other pages than another way')
    if 0 in by_level:
        out += check_rules(by_level, by_level[0], outcome)
    return out
