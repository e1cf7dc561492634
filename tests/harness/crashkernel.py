# SPDX-License-Identifier: GPL-2.0-only
"""Values of crashkernel=, right and wrong, and the reservation of each.

The generator records what each value means, so that nothing here parses a
value: a Value knows the size and the place that its text asks for, or words of
the refusal. judge() then compares a boot with it, by its memory map.
"""
import dataclasses
import random
import re

from .target import ARCH

K, M, G, T = 1 << 10, 1 << 20, 1 << 30, 1 << 40
PAGE, PLACE_ALIGN = 4 * K, 16 * M
# The highest address of a capture kernel, and with ,high
LOW_END, HIGH_END = ARCH.low_end, ARCH.high_end
LOW_DEFAULT = 256 * M if HIGH_END > LOW_END else 0
# How much the kernel allocates before it looks for a place, at most
OTHER = 64 * M

# Where the ranges of a list begin and end. The firmware keeps less than 128 MB
# of a machine's memory. Rounded up to 128 MB, RAM is the machine's memory again,
# so a range may begin or end just there.
STEP = 128 * M
BORDERS = [0, M, 64 * M, 300 * M, 480 * M, 512 * M, 600 * M, G, 3 * G, 7 * G,
           9 * G, T]

# The lines of distributions and of reports, and what they reserve: MB of a
# machine, value, size
UBUNTU = '2G-4G:320M,4G-32G:512M,32G-64G:1024M,64G-128G:2048M,128G-:4096M'
KNOWN = [
    (2048, UBUNTU, 320 * M), (4096, UBUNTU, 512 * M), (6144, UBUNTU, 512 * M),
    (40960, UBUNTU, 1024 * M),
    (2048, '2G-4G:320M,4G-:512M', 320 * M),
    (4096, '1G-4G:64M,4G-:128M', 128 * M),
    (7168, '3200M', 3200 * M), (7168, '4G-:3200M', 3200 * M)]


@dataclasses.dataclass
class Value:
    text: str                       # behind the crashkernel= that counts
    line: str = ''                  # all of the command line's, if more
    refused: str = ''               # words of the refusal
    size: int = 0
    offset: int = None              # None: the kernel chooses
    high: bool = False
    low: int = LOW_DEFAULT

    def __post_init__(self):
        self.line = self.line or self.text


@dataclasses.dataclass
class Boot:
    """What a guest reported."""
    log: str                        # lines about crashkernel=
    size: int                       # kexec_crash_size
    ram: list                       # [(start, end)]
    reserved: list                  # [(start, end)]
    kernel: tuple                   # (start, end)
    initrd: tuple                   # (start, end)


def write_size(size):
    """Return a size as the kernel writes it: with the largest unit that divides
    it."""
    return next(f'{size // scale}{unit}' for scale, unit in
                ((T, 'T'), (G, 'G'), (M, 'M')) if size % scale == 0)


def touch(a, b):
    return a[0] < b[1] and b[0] < a[1]


def inside(a, ranges):
    return any(start <= a[0] and a[1] <= end for start, end in ranges)


class Generator:
    """Makes values for a machine; memory is in bytes, initrd a (start, end)."""

    def __init__(self, seed, memory, initrd):
        self.random = random.Random(seed)
        self.memory, self.initrd = memory, initrd
        assert memory % STEP == 0

    def number(self, value):
        """Write a number in one of the ways that the kernel reads."""
        ways = [str(value), hex(value), hex(value).upper().replace('X', 'x')]
        if value:
            ways.append(f'0{value:o}')
        for shift, unit in ((10, 'K'), (20, 'M'), (30, 'G'), (40, 'T')):
            if value and value % (1 << shift) == 0:
                ways += [f'{value >> shift}{unit}',
                         f'{value >> shift}{unit.lower()}',
                         f'{value >> shift:#x}{unit}'] * 2
        return self.random.choice(ways)

    def size(self):
        """Draw a size, in most cases one that the kernel can reserve."""
        choice = self.random.choice
        return choice([choice([16, 32, 48, 64, 100, 128]) * M] * 6 + [
            PAGE, 33 * M + PAGE, 40 * M + 1, self.memory - 8 * M,
            self.memory // 2, self.memory // 4 * 3, self.memory + M, 8 * T])

    def offset(self, size):
        """Draw an offset: anywhere, or close to memory that is in use."""
        start, end = (self.initrd[0] // M * M, -(-self.initrd[1] // M) * M)
        return self.random.choice([
            16 * M, 16 * M, self.random.randrange(1, self.memory // M) * M,
            0, M, 15 * M, 16 * M + PAGE, start - size, start - size + M,
            start, end, self.memory - size, self.memory - size + M,
            self.memory, 3584 * M, LOW_END, HIGH_END - size,
            HIGH_END, self.random.randrange(2 ** 20) * M])

    def plain(self):
        size = self.size()
        return self.with_low(Value(self.number(size), size=size))

    def fixed(self):
        size = self.size()
        offset = max(self.offset(size), 0)
        return Value(f'{self.number(size)}@{self.number(offset)}', size=size,
                     offset=offset)

    def ranges(self):
        """Draw a list of ranges, with or without an offset."""
        borders = sorted(self.random.sample(BORDERS, 5))
        parts, wanted = [], 0
        for start, end in zip(borders, borders[1:]):
            if self.random.random() < .3:
                continue
            size = self.size()
            parts.append(f'{self.number(start)}-{self.number(end)}:'
                         f'{self.number(size)}')
            if start <= self.memory < end:
                wanted = size
        last = self.size()
        parts.append(f'{self.number(borders[-1])}-:{self.number(last)}')
        if self.memory >= borders[-1]:
            wanted = last
        text = ','.join(parts)
        if not wanted:
            return Value(text, refused='no range covers')
        if self.random.random() < .5:
            return self.with_low(Value(text, size=wanted))
        return Value(f'{text}@{self.number(16 * M)}', size=wanted,
                     offset=16 * M)

    def high(self):
        size = self.size()
        return self.with_low(Value(f'{self.number(size)},high', size=size,
                                   high=True), .7)

    def with_low(self, value, often=.3):
        """Add a size of the low part, or leave it at the default."""
        if self.random.random() < often:
            value.low = self.random.choice([0, 16 * M, 96 * M])
            value.line += f' crashkernel={self.number(value.low)},low'
        return value

    def wrong(self):
        """Draw a value that makes no sense."""
        a, b, c = (self.number(x * M) for x in
                   sorted(self.random.sample(range(1, 512), 3)))
        text, words = self.random.choice([
            ('', 'no value is given'), (f'@{a}', 'a size is missing'),
            (',', 'a size is missing'),
            (f'{self.number(0)}@{a}', 'a size is zero'),
            (f'{a}@', 'no address follows the @'),
            ('auto', 'not a number'), (f'+{a}', 'not a number'),
            (f'{a}@x', 'not a number'), ('0x', 'not a number'),
            ('09M', 'not a number'), (f'{a}B', 'is no unit'),
            (f'{a}@{b}Q', 'is no unit'), ('1.5G', 'is no unit'),
            (f'{2 ** 64}', 'does not fit into 64 bits'),
            (f'{a}@{2 ** 54}K', 'does not fit into 64 bits'),
            (f'{a}@{hex(2 ** 64 - PAGE)}', 'offset and size together'),
            (f'-{b}:{a}', 'a range has no start'),
            (f'{a}-{b}:{a},', 'a range has no start'),
            (f'{b}:{a}', "a range has no '-'"),
            (f'{a}-{b}', "a range has no ':'"),
            (f'{b}-{a}:{c}', 'ends where it starts or before'),
            (f'{a}-{a}:{c}', 'ends where it starts or before'),
            (f'{a}-{b}:', 'a size is missing'),
            (f'0-{b}:{a}@{c},{b}-:{a}', 'an offset goes for all ranges'),
            (f'{a},hgih', 'only ,high or ,low'),
            (f'{a},', 'only ,high or ,low'),
            (f'{a}@{b},high', 'leaves no choice'),
            (f'{a}-:{b},high', 'do not go with'),
            (f'{a}@{b}@{c}', 'something follows'),
            (f'{a},low', 'only goes with another one')])
        return Value(text, refused=words)

    def value(self):
        value = self.random.choice(
            [self.plain] * 2 + [self.fixed] * 5 + [self.ranges] * 3 +
            [self.high] * 2 + [self.wrong] * 4)()
        # Of several values the last one counts.
        if ',' not in value.line and self.random.random() < .1:
            value.line = f'{self.wrong().text or 0} crashkernel={value.line}'
        return value


# -------------------------------------------------------------- the verdict --

def objections(value, boot):
    """Return words of the log that say why the kernel cannot reserve it."""
    ram = sum(end - start for start, end in boot.ram)
    out = []
    if value.size % PAGE:
        out.append('the size is not a multiple of 4K')
    if value.size >= ram:
        out.append('or more; ask for less')
    if value.offset is None or out:
        return out
    place = value.offset, value.offset + value.size
    if value.offset % M:
        out.append('the offset is not a multiple of 1M')
    if value.offset < M:
        out.append('memory below 1M')
    if place[1] > HIGH_END:
        out.append(f'beyond {write_size(HIGH_END)}')
    if not inside(place, boot.ram):
        out += ['there is no RAM at', 'RAM ends at']
    if touch(place, boot.initrd):
        out.append('the initrd')
    return out


def largest_room(taken, ram, below=HIGH_END):
    """Return the size of the largest aligned area that is not taken."""
    best = 0
    for start, end in ram:
        at = max(start, M)
        for used in sorted([*taken, (min(end, below), HIGH_END)]):
            if used[1] <= at:
                continue
            at = -(-at // PLACE_ALIGN) * PLACE_ALIGN
            best = max(best, min(used[0], end, below) - at)
            at = used[1]
    return best


def check_place(value, boot, place):
    """The kernel has chosen the place: return what is wrong with it."""
    out = []
    if not inside(place, boot.ram):
        out.append('it is not all in RAM')
    if place[0] % PLACE_ALIGN:
        out.append('it is not aligned')
    if touch(place, boot.initrd) or touch(place, boot.kernel):
        out.append('it overlaps the initrd or the kernel')
    if place[1] > HIGH_END:
        out.append(f'it is above {write_size(HIGH_END)}')
    below = largest_room([boot.initrd, boot.kernel], boot.ram, LOW_END)
    if not value.high and value.size <= below - OTHER and \
            place[1] > LOW_END:
        out.append(f'it is above {write_size(LOW_END)}')
    if ('it does not fit below' in boot.log) != \
            (not value.high and place[0] >= LOW_END):
        out.append(f'the log is wrong about {write_size(LOW_END)}')
    above = largest_room([], [r for r in boot.ram if r[0] >= LOW_END])
    if value.high and value.size <= above - OTHER and place[0] < LOW_END:
        out.append(f'it is below {write_size(LOW_END)}')
    return out


def judge_reserved(value, boot):
    places = sorted(boot.reserved)
    main = places.pop()
    out = []
    if main[1] - main[0] != value.size or boot.size != value.size:
        out.append(f'{main[1] - main[0]} bytes are reserved, and '
                   f'kexec_crash_size has {boot.size}, not {value.size}')
    if value.offset is None:
        out += check_place(value, boot, main)
    elif main[0] != value.offset:
        out.append(f'it is at {main[0]:#x}')
    low = value.low if main[0] >= LOW_END else 0
    if sum(end - start for start, end in places) != low or \
            any(end > LOW_END for _, end in places):
        out.append(f'the low part should have {low} bytes')
    if ': reserved ' not in boot.log:
        out.append('the log does not say so')
    return out


def shortages(value, boot):
    """Return words of the log that say why there may be no room, since the
    kernel allocates memory itself."""
    taken = [boot.initrd, boot.kernel]
    if value.offset is not None:
        # The boot stub moves the kernel out of the way if it finds room.
        place = value.offset, value.offset + value.size
        room = largest_room([place, boot.initrd], boot.ram)
        return ['the running kernel itself'] if room < 2 * OTHER else []
    out = []
    if largest_room(taken, boot.ram) < value.size + OTHER:
        out.append('no free area of')
    if largest_room(taken, boot.ram, LOW_END) < value.low + OTHER:
        out.append('no free area for the low part')
    return out


def judge_refused(value, boot):
    words = [value.refused] if value.refused else \
        objections(value, boot) or shortages(value, boot)
    out = [] if boot.size == 0 else [f'kexec_crash_size is {boot.size}']
    if not any(word in boot.log for word in words):
        out.append(f'nothing is reserved, expected one of {words}')
    return out


def judge(value, boot):
    """Return what is wrong with a boot."""
    if len(boot.log.split('crashkernel=')) < 2 or \
            len(re.findall(r'\] *crashkernel=', boot.log)) != 1:
        return ['there should be one line in the log']
    if f'crashkernel={value.text}: ' not in boot.log:
        return ['the log shows another value']
    if not boot.reserved:
        return judge_refused(value, boot)
    if value.refused or objections(value, boot):
        return [f'it is reserved at {boot.reserved[-1][0]:#x}']
    return judge_reserved(value, boot)
