# SPDX-License-Identifier: GPL-2.0-only
"""ANALYSE with gdb: a kernel that KASLR has moved, and its modules.

    gdb -x kdump-gdb.py vmlinux vmcore

VMCOREINFO in the dump says where the kernel was; this command moves the
symbols of vmlinux there.  Then

    (gdb) kdump-modules FOLDER

reads the symbols of the loaded modules from FOLDER/.../NAME.ko.

The script runs inside gdb 13, for dumps of x86_64 in ELF64 and of i386 in
ELF32.  The memory of modules is in vmalloc space, and the dump has it by its
physical address only.  So the script finds it through the kernel's page tables
and gives it to gdb as a file of its own.
"""
import collections
import contextlib
import mmap
import pathlib
import re
import struct
import tempfile

import gdb

PT_LOAD, PT_NOTE = 1, 4
PAGE = 4096
PRESENT, HUGE = 0x1, 0x80
ADDRESS = 0x000ffffffffff000
# More than any kernel has; a damaged list may be endless.
MODULES_MAX = 10000
SHF_ALLOC = 2

# ELF files of a machine
Machine = collections.namedtuple('Machine', (
    'number',       # e_machine
    'ehdr',         # bytes of an ELF header
    'word',         # format of an address, as struct.pack() has it
    'load',         # where p_paddr, p_filesz and p_offset are in a PT_LOAD
    'link_offset',  # virtual minus physical address of the kernel as linked
    'nowhere'))     # an address where nothing is, for sections without memory

# By ELF class; gdb opens no other combination as a dump
MACHINES = {
    1: Machine(3, 52, 'I', (12, 16, 4), 0xc0000000, 0x80000000),
    2: Machine(62, 64, 'Q', (24, 32, 8), 0xffffffff80000000,
               0x8000000000000000),
}


def section_header(machine, *fields):
    """Name, type, flags, address, offset, size, link, info, align, entry."""
    w = machine.word
    return struct.pack(f'<II{w}{w}{w}{w}II{w}{w}', *fields)


class Dump:
    """An ELF core file by physical and by virtual address."""

    def __init__(self, path):
        with open(path, 'rb') as stream:
            self.data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self.machine = MACHINES.get(self.data[4])
        if self.data[:4] != b'\x7fELF' or not self.machine or \
                self.field('H', 18) != self.machine.number:
            raise gdb.GdbError(f'{path} is not a dump that gdb can open; it '
                               'opens ELF64 of x86_64 and ELF32 of i386')
        self.loads, self.info = [], {}
        m = self.machine
        at = self.field(m.word, 32 if m.word == 'Q' else 28)
        size, count = (self.field('H', m.ehdr - n) for n in (10, 8))
        for header in range(at, at + count * size, size):
            kind = self.field('I', header)
            paddr, filesz, offset = (self.field(m.word, header + n)
                                     for n in m.load)
            if kind == PT_LOAD:
                self.loads.append((paddr, filesz, offset))
            elif kind == PT_NOTE:
                self.read_notes(offset, offset + filesz)
        if 'KERNELOFFSET' not in self.info:
            raise gdb.GdbError(f'{path} has no VMCOREINFO, or none that says '
                               'where the kernel was')

    def field(self, kind, at):
        return struct.unpack_from('<' + kind, self.data, at)[0]

    def read_notes(self, at, end):
        """Find VMCOREINFO."""
        while at + 12 <= end:
            name_size, size, _ = struct.unpack_from('<III', self.data, at)
            name = self.data[at + 12:at + 12 + name_size].rstrip(b'\0')
            at += 12 + (name_size + 3) // 4 * 4
            if name == b'VMCOREINFO':
                text = self.data[at:at + size].decode(errors='replace')
                self.info = dict(line.split('=', 1)
                                 for line in text.splitlines() if '=' in line)
            at += (size + 3) // 4 * 4

    def number(self, key):
        return int(self.info.get(f'NUMBER({key})', '0'))

    def physical(self, paddr, size):
        """Read memory that does not cross a page."""
        for start, length, offset in self.loads:
            if start <= paddr and paddr + size <= start + length:
                at = offset + paddr - start
                return self.data[at:at + size]
        raise gdb.MemoryError(f'no memory at {paddr:#x} in the dump')

    def levels(self):
        """Return the shift of each page table level, and bytes of an entry."""
        if self.machine.word == 'I':
            pae = self.info.get('CONFIG_X86_PAE') == 'y'
            return ((30, 21, 12), 8) if pae else ((22, 12), 4)
        top = 48 if self.number('pgtable_l5_enabled') else 39
        return range(top, 11, -9), 8

    def translate(self, vaddr):
        """Walk the kernel's page tables."""
        table = int(self.info['SYMBOL(swapper_pg_dir)'], 16) - \
            self.machine.link_offset + self.number('phys_base')
        address = ADDRESS & ~self.number('sme_mask')
        shifts, size = self.levels()
        for shift in shifts:
            index = (vaddr >> shift) % (PAGE // size)
            entry = int.from_bytes(
                self.physical(table + index * size, size), 'little')
            if not entry & PRESENT:
                raise gdb.MemoryError(f'nothing is mapped at {vaddr:#x}')
            table = entry & address
            if shift < 39 and entry & HUGE:
                break
        offset = vaddr & (1 << shift) - 1
        return (table & ~((1 << shift) - 1)) + offset

    def read(self, vaddr, size):
        """Read memory of the kernel by its virtual address."""
        out = bytearray()
        while len(out) < size:
            at = vaddr + len(out)
            some = min(PAGE - at % PAGE, size - len(out))
            out += self.physical(self.translate(at), some)
        return bytes(out)

    def string(self, vaddr):
        out = b''
        while b'\0' not in out:
            out += self.read(vaddr + len(out), 8 - (vaddr + len(out)) % 8)
        return out[:out.index(b'\0')].decode(errors='replace')

    def value(self, vaddr, kind):
        """Return the memory at a virtual address as a gdb.Value."""
        return gdb.Value(self.read(int(vaddr), kind.sizeof), kind)


class Module:
    """A loaded module: its name, memory and sections."""

    def __init__(self, dump, value):
        self.name = value['name'].string()
        self.areas = [(int(value[name]['base']), int(value[name]['size']))
                      for name in ('core_layout', 'init_layout')
                      if value[name]['size']]
        self.sections = dict(self.read_sections(dump, value['sect_attrs']))
        if 'percpu' in value.type.keys() and value['percpu_size']:
            self.sections['.data..percpu'] = int(value['percpu'])

    def read_sections(self, dump, pointer):
        """Yield (name, address), as /sys/module/NAME/sections has them."""
        kind = pointer.type.target()
        one = kind['attrs'].type.target()
        first = int(pointer) + kind['attrs'].bitpos // 8
        for i in range(int(dump.value(pointer, kind)['nsections'])):
            section = dump.value(first + i * one.sizeof, one)
            name = dump.string(int(section['battr']['attr']['name']))
            address = int(section['address'])
            # The kernel frees sections of the init part once it has run.
            there = any(start <= address < start + size
                        for start, size in self.areas)
            yield name, address if there else dump.machine.nowhere


def read_module(dump, value):
    """Return a list of one module; an empty one if it was not complete yet."""
    try:
        return [Module(dump, value)]
    except gdb.MemoryError as error:
        print(f'{value["name"].string()}: left out, its sections cannot be '
              f'read: {error}')
        return []


def loaded_modules(dump):
    """Return all modules on the kernel's list."""
    kind = gdb.lookup_type('struct module')
    if 'sect_attrs' not in kind.keys():
        raise gdb.GdbError('the kernel did not keep the addresses of sections '
                           '(CONFIG_KALLSYMS)')
    link = kind['list'].bitpos // 8
    head = gdb.parse_and_eval('(unsigned long)&modules')
    list_head = gdb.lookup_type('struct list_head')
    out, at = [], dump.value(head, list_head)['next']
    try:
        for _ in range(MODULES_MAX):
            if int(at) == int(head):
                break
            value = dump.value(int(at) - link, kind)
            out += read_module(dump, value)
            at = value['list']['next']
    except gdb.MemoryError as error:
        print(f'the list of modules is damaged: {error}')
    return out


def file_sections(machine, path):
    """Return {name of a section: is it loaded?} of a module's file."""
    data, w = path.read_bytes(), machine.word
    at, = struct.unpack_from(f'<{w}', data, 40 if w == 'Q' else 32)
    size, count, names = struct.unpack_from('<HHH', data, machine.ehdr - 6)
    headers = [struct.unpack_from(f'<II{w}{w}{w}', data, at + i * size)
               for i in range(count)]
    start = headers[names][4]
    return {data[start + name:data.index(b'\0', start + name)].decode():
            flags & SHF_ALLOC for name, _, flags, _, _ in headers}


def read_areas(dump, modules):
    """Yield (address, content) of modules' memory; skip what is missing."""
    for module in modules:
        for start, size in module.areas:
            try:
                content = dump.read(start, size)
            except gdb.MemoryError as error:
                print(f'{module.name}: its memory from {start:#x} is left '
                      f'out: {error}')
                continue
            yield start, content


def memory_file(dump, modules):
    """Return an ELF file of the modules' memory, a section per area."""
    names = b'\0.memory\0.names\0'
    m = dump.machine
    at = m.ehdr
    headers, body = [(0,) * 10], b''
    for start, content in read_areas(dump, modules):
        headers.append((1, 1, 2, start, at + len(body), len(content), 0, 0, 1,
                        0))
        body += content
    headers.append((9, 3, 0, 0, at + len(body), len(names), 0, 0, 1, 0))
    body += names
    table = b''.join(section_header(m, *header) for header in headers)
    ehdr = dump.data[:7].ljust(16, b'\0') + struct.pack(
        f'<HHI{m.word}{m.word}{m.word}IHHHHHH', 2, m.number, 1, 0, 0,
        at + len(body), 0, m.ehdr, 0, 0, len(table) // len(headers),
        len(headers), len(headers) - 1)
    return ehdr + body + table


def execute_quietly(command):
    gdb.execute(command, from_tty=False, to_string=True)


def quoted(path):
    return re.sub(r'([\\\'" ])', r'\\\1', str(path))


class KdumpModules(gdb.Command):
    """Read the symbols of the loaded modules.
kdump-modules FOLDER
FOLDER and the folders below it are searched for NAME.ko of each module."""

    def __init__(self, dump):
        super().__init__('kdump-modules', gdb.COMMAND_FILES,
                         gdb.COMPLETE_FILENAME)
        self.dump = dump
        self.modules = None
        self.folder = tempfile.TemporaryDirectory(prefix='kdump-')

    def find_modules(self):
        """Find the modules and let gdb see their memory, the first time only.

        gdb must get the memory before the files of the modules, because their
        data sections hold the values from before the module was loaded.
        """
        if self.modules is not None:
            return
        self.modules = {m.name: m for m in loaded_modules(self.dump)}
        path = pathlib.Path(self.folder.name) / 'memory'
        path.write_bytes(memory_file(self.dump, self.modules.values()))
        execute_quietly(f'add-symbol-file {quoted(path)}')

    def load(self, module, path):
        """Give every section an address, or gdb would place it at 0."""
        there = file_sections(self.dump.machine, path)
        if not module.sections.keys() <= there.keys():
            print(f'{module.name}: {path} is not the file that was loaded')
            return
        nowhere = self.dump.machine.nowhere
        sections = ' '.join(f'-s {name} {module.sections.get(name, nowhere)}'
                            for name, loaded in there.items() if loaded)
        execute_quietly(f'add-symbol-file {quoted(path)} {sections}')
        print(f'{module.name}: {path}')

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if len(words) != 1 or not pathlib.Path(words[0]).is_dir():
            raise gdb.GdbError('usage: kdump-modules FOLDER')
        self.find_modules()
        files = {path.stem.replace('-', '_'): path
                 for path in pathlib.Path(words[0]).rglob('*.ko')}
        for name in sorted(set(files) & set(self.modules)):
            self.load(self.modules.pop(name), files[name])
        if self.modules:
            print('no file for ' + ', '.join(sorted(self.modules)))


def core_file():
    said = gdb.execute('info files', to_string=True)
    found = re.search(r"^Local core dump file:\s*`(.*)', file type", said,
                      re.M)
    if not found:
        raise gdb.GdbError('open a dump first: '
                           'gdb -x kdump-gdb.py vmlinux vmcore')
    return found[1]


def place_kernel(dump):
    """Move the symbols of vmlinux, if it is the file of this kernel."""
    vmlinux = gdb.current_progspace().filename
    if not vmlinux:
        raise gdb.GdbError('open vmlinux as well: '
                           'gdb -x kdump-gdb.py vmlinux vmcore')
    have = gdb.lookup_objfile(vmlinux).build_id
    want = dump.info.get('BUILD-ID')
    if have and want and have != want:
        raise gdb.GdbError(f'{vmlinux} is of another build than the kernel '
                           f'that crashed, {dump.info.get("OSRELEASE")} with '
                           f'build ID {want}')
    offset = dump.info['KERNELOFFSET']
    execute_quietly(f'symbol-file -o 0x{offset} {quoted(vmlinux)}')
    print(f'kdump: the kernel had been moved by 0x{offset}')
    with contextlib.suppress(gdb.error):
        gdb.execute('frame')


try:
    DUMP = Dump(core_file())
    place_kernel(DUMP)
    KdumpModules(DUMP)
except gdb.GdbError as problem:
    gdb.write(f'kdump: {problem}\n', gdb.STDERR)
