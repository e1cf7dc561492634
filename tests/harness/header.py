# SPDX-License-Identifier: GPL-2.0-only
"""Rewrite the core header of the armed image, as an attacker might.

A change is FIELD=VALUE. FIELD is one of these:
  e.MEMBER       a member of the ELF header
  ident.N        a byte of e_ident
  load0.MEMBER   a member of the first PT_LOAD; load-1 is the last one
  note0.MEMBER   a member of the first PT_NOTE
VALUE is a Python expression, which may use these names:
  was            the value so far
  header         the address of the core header
  reserved       the address of the reservation
  spare          the address of the table that is not in use
  end            the end of RAM

NOTES has lists of notes by name. One of them is written to the spare table, and
the PT_NOTE of CPU 1 then points there.
"""
import struct

from .target import ARCH

ET_CORE, PT_LOAD, PT_NOTE = 4, 1, 4
NAMES = {'load': PT_LOAD, 'note': PT_NOTE}

# member: offset, format
EHDR = {'type': (16, 'H'), 'machine': (18, 'H'), 'version': (20, 'I'),
        'phoff': (32, 'Q'), 'ehsize': (52, 'H'), 'phentsize': (54, 'H'),
        'phnum': (56, 'H')}
PHDR = {'type': (0, 'I'), 'flags': (4, 'I'), 'offset': (8, 'Q'),
        'vaddr': (16, 'Q'), 'paddr': (24, 'Q'), 'filesz': (32, 'Q'),
        'memsz': (40, 'Q'), 'align': (48, 'Q')}


def pack(form, *values):
    return struct.pack(ARCH.order + form, *values)


def note(name, kind, desc, name_size=None, desc_size=None):
    """Return a note, which may lie about its sizes."""
    head = pack('III', len(name) if name_size is None else name_size,
                len(desc) if desc_size is None else desc_size, kind)
    return head + name.ljust(-(-len(name) // 4) * 4, b'\0') + \
        desc.ljust(-(-len(desc) // 4) * 4, b'\0')


def cpu_note(runs, count=None):
    return note(b'KDUMP\0', 0x4b440001, pack(
        'IIII', 1, 0, len(runs) if count is None else count, 0) +
        b''.join(pack('QQQ', *run) for run in runs))


STACK = 0xffffc90000000000
MARK = note(b'MARK\0', 7, b'here')

# Notes of an attacker. The first note is good, and must not be lost.
NOTES = {
    'name-too-long': MARK + note(b'CORE\0', 1, bytes(336), name_size=64000),
    'name-of-4-gb': MARK + note(b'CORE\0', 1, bytes(336),
                                name_size=2 ** 32 - 1),
    'contents-too-long': MARK + note(b'CORE\0', 1, bytes(336),
                                     desc_size=64000),
    'contents-of-4-gb': MARK + note(b'CORE\0', 1, bytes(336),
                                    desc_size=2 ** 32 - 1),
    'both-wrap': MARK + note(b'CORE\0', 1, bytes(336), 2 ** 31, 2 ** 31),
    'no-name': MARK + note(b'', 1, bytes(336)),
    'no-contents': MARK + note(b'CORE\0', 1, b'') * 20,
    'cut-off': MARK + note(b'CORE\0', 1, bytes(336))[:-4],
    'header-cut-off': MARK + note(b'CORE\0', 1, bytes(336))[:8],
    'small-registers': MARK + note(b'CORE\0', 1, bytes(36)) + cpu_note([]),
    'many-runs': MARK + cpu_note([(STACK, 0x100000, 4096)] * 33),
    'more-runs-than-there-are': MARK + cpu_note([], 32),
    'runs-outside': MARK + cpu_note([
        (STACK, 2 ** 52 - 4096, 8192), (STACK, 2 ** 64 - 4096, 4096),
        (STACK, 0x100000, 2 ** 64 - 4096), (2 ** 64 - 4096, 0x100000, 8192),
        (STACK, 0x100001, 4096), (STACK, 0x100000, 0),
        (STACK, 0x100000, 2 ** 40)]),
}


class Header:
    """The core header in the RAM of a guest."""

    def __init__(self, ram, at, reserved):
        self.ram, self.at = ram, at
        phoff = self.get(at, EHDR['phoff'])
        phnum = self.get(at, EHDR['phnum'])
        self.table = range(at + phoff, at + phoff + phnum * 56, 56)
        # The header has two tables, and e_phoff points to the one in use.
        first = at + 64
        self.spare = first + phnum * 56 if phoff == 64 else first
        self.names = {'header': at, 'reserved': reserved,
                      'spare': self.spare,
                      'end': max(p[0] + p[1] for p in ram.pieces)}

    def get(self, base, field):
        form = ARCH.order + field[1]
        return struct.unpack(form, self.ram.read(base + field[0],
                                                 struct.calcsize(form)))[0]

    def phdr(self, name):
        """Return the address of a program header: load0, note-1."""
        kind = NAMES[name[:4]]
        return [p for p in self.table
                if self.get(p, PHDR['type']) == kind][int(name[4:])]

    def field(self, what, member):
        if what == 'ident':
            return self.at, (int(member), 'B')
        if what == 'e':
            return self.at, EHDR[member]
        return self.phdr(what), PHDR[member]

    def change(self, text):
        name, _, value = text.partition('=')
        base, field = self.field(*name.split('.'))
        self.names['was'] = self.get(base, field)
        number = eval(value, {'__builtins__': {}}, self.names)
        size = 8 * struct.calcsize('=' + field[1])
        self.ram.write(base + field[0],
                       pack(field[1], number % 2 ** size))

    def replace_notes(self, name):
        """Let the PT_NOTE of CPU 1 point to a list of NOTES."""
        notes, phdr = NOTES[name], self.phdr('note1')
        if len(notes) > len(self.table) * 56:
            raise ValueError(f'there is no room for the notes {name}')
        self.ram.write(self.spare, notes)
        self.ram.write(phdr + 8, pack('Q', self.spare))
        self.ram.write(phdr + 32, pack('QQ', len(notes), len(notes)))
