# SPDX-License-Identifier: GPL-2.0-only
"""Read an ELF dump: segments, notes, registers, VMCOREINFO.

This reader shares no code with the tools that the checks judge, nor with the
kernel, so that it does not share their mistakes.
"""
import mmap
import struct
from collections import namedtuple

from .machine import MACHINES

PT_LOAD, PT_NOTE, NT_PRSTATUS = 1, 4, 1
NT_KDUMP_CPU = 0x4b440001       # kdump_format.h

Segment = namedtuple('Segment', 'vaddr paddr offset filesz memsz')
Note = namedtuple('Note', 'name type desc')


class Core:
    """A dump file, mapped."""

    def __init__(self, path):
        with open(path, 'rb') as stream:
            self.data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        if self.data[:4] != b'\x7fELF':
            raise ValueError(
                f'{path} is not an ELF file: {self.data[:16].hex()}')
        self.wide = self.data[4] == 2
        self.order = {1: '<', 2: '>'}[self.data[5]]
        header = self.unpack('HHIQQQIHHH' if self.wide else 'HHIIIIIHHH', 16)
        if header[0] != 4:
            raise ValueError(f'{path} has e_type {header[0]}, not ET_CORE')
        self.machine = MACHINES[header[1]]
        self.loads, self.notes = [], []
        phoff, phentsize, phnum = header[4], header[8], header[9]
        for i in range(phnum):
            kind, segment = self.program_header(phoff + i * phentsize)
            if kind == PT_LOAD:
                self.loads.append(segment)
            elif kind == PT_NOTE:
                self.read_notes(segment)

    def unpack(self, form, at, data=None):
        return struct.unpack_from(self.order + form,
                                  self.data if data is None else data, at)

    def program_header(self, at):
        if self.wide:
            kind, _, offset, vaddr, paddr, filesz, memsz, _ = \
                self.unpack('IIQQQQQQ', at)
        else:
            kind, offset, vaddr, paddr, filesz, memsz, _, _ = \
                self.unpack('IIIIIIII', at)
        return kind, Segment(vaddr, paddr, offset, filesz, memsz)

    def read_notes(self, segment):
        at, end = segment.offset, segment.offset + segment.filesz
        while at + 12 <= end:
            namesz, descsz, kind = self.unpack('III', at)
            if not namesz:
                break
            name = self.data[at + 12:at + 12 + namesz].rstrip(b'\0').decode()
            at += 12 + (namesz + 3) // 4 * 4
            self.notes.append(Note(name, kind, self.data[at:at + descsz]))
            at += (descsz + 3) // 4 * 4

    def vmcoreinfo(self):
        """Return VMCOREINFO as a dictionary."""
        for note in self.notes:
            if note.name == 'VMCOREINFO':
                lines = note.desc.rstrip(b'\0').decode().splitlines()
                return dict(line.split('=', 1) for line in lines
                            if '=' in line)
        return {}

    def kernel_offset(self):
        """Return how far KASLR moved the kernel."""
        return int(self.vmcoreinfo().get('KERNELOFFSET', '0'), 16)

    def registers(self):
        """Return [(pid, {register: value})] of the NT_PRSTATUS notes, except
        notes that are cut off."""
        m = self.machine
        form = f'{len(m.names)}{m.word}'
        return [(self.unpack('i', m.pid, note.desc)[0],
                 dict(zip(m.names, self.unpack(form, m.regs, note.desc))))
                for note in self.notes
                if note.name == 'CORE' and note.type == NT_PRSTATUS
                and len(note.desc) >= m.prstatus]

    def cpu_flags(self):
        """Return [(CPU, KDUMP_CPU_* bits)] of the NT_KDUMP_CPU notes."""
        return [self.unpack('II', 0, note.desc) for note in self.notes
                if note.name == 'KDUMP' and note.type == NT_KDUMP_CPU]

    def offset_of(self, paddr):
        """Return the file offset of a physical address, or None."""
        for s in self.loads:
            if s.paddr <= paddr < s.paddr + s.filesz:
                return s.offset + paddr - s.paddr
        return None

    def read(self, paddr, size):
        at = self.offset_of(paddr)
        return None if at is None else self.data[at:at + size]
