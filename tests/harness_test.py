#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The checks must be able to fail: damage their input, one thing at a time.

A small dump and the RAM that it was made from are written to a folder; each
test damages one of them and expects the complaint.
"""
import importlib.machinery
import importlib.util
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import crashkernel, drive, e820, hostside   # noqa: E402
from harness import saving, scenario, strict         # noqa: E402
from harness.drive import Drive, Outcome             # noqa: E402
from harness.guest import DISKS, Machine, Ram        # noqa: E402
from harness.header import NOTES                     # noqa: E402
from harness.initramfs import Archive                # noqa: E402
from harness.ranges import Range, subtract           # noqa: E402
from harness.saving import slice_of                  # noqa: E402
from harness.scenario import Scenario, load_all      # noqa: E402
from judges import analyse, checks, crash            # noqa: E402
from judges import filtered, gdb, oracle, vmcoreinfo # noqa: E402
from judges.elfcore import Core                      # noqa: E402
from judges.machine import MACHINES                  # noqa: E402

MIB = 1 << 20
RAM_SIZE = 4 * MIB
RESERVED = Range(2 * MIB, 3 * MIB)
SYSTEM_RAM = [Range(0x1000, 0x9f000), Range(MIB, RAM_SIZE)]


def load_program(name):
    """Import a program of tests/, which has no .py in its name."""
    loader = importlib.machinery.SourceFileLoader(name, str(HERE / name))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def page_content(paddr):
    return struct.pack('<Q', paddr ^ 0x1234567) * 512


def prstatus(pid, rip, rsp):
    regs = dict.fromkeys(range(27), 0)
    regs.update({16: rip, 17: 0x10, 19: rsp})
    return (bytes(32) + struct.pack('<i', pid)).ljust(112, b'\0') + \
        struct.pack('<27Q', *regs.values()) + bytes(8)


def prstatus32(pid, eip, esp):
    regs = [0] * 17
    regs[12:16] = eip, 0x60, 0, esp
    return (bytes(24) + struct.pack('<i', pid)).ljust(72, b'\0') + \
        struct.pack('<17I', *regs) + bytes(4)


def note(name, kind, desc):
    text = name.encode() + b'\0'
    return struct.pack('<III', len(text), len(desc), kind) + \
        text.ljust(-(-len(text) // 4) * 4, b'\0') + \
        desc.ljust(-(-len(desc) // 4) * 4, b'\0')


def write_core(path, loads, notes, ram):
    """loads: [(paddr, size)]; the content comes from ram."""
    count = len(loads) + 1
    at = 64 + 56 * count
    phdrs = struct.pack('<IIQQQQQQ', 4, 0, at, 0, 0, len(notes), len(notes), 4)
    offset = -(-(at + len(notes)) // 4096) * 4096
    body = b''
    for paddr, size in loads:
        phdrs += struct.pack('<IIQQQQQQ', 1, 7, offset + len(body),
                             paddr, paddr, size, size, 4096)
        body += ram[paddr:paddr + size]
    ehdr = b'\x7fELF\x02\x01\x01'.ljust(16, b'\0') + struct.pack(
        '<HHIQQQIHHHHHH', 4, 62, 1, 0, 64, 0, 0, 64, 56, count, 0, 0, 0)
    path.write_bytes((ehdr + phdrs + notes).ljust(offset, b'\0') + body)


class DumpCase(unittest.TestCase):
    loads = [(0, 0xa0000), (MIB, MIB), (3 * MIB, MIB)]

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.ram = b''.join(page_content(p)
                            for p in range(0, RAM_SIZE, 4096))
        (self.path / 'ram').write_bytes(self.ram)
        self.low = self.ram[:oracle.LOW_END]
        self.pieces = [(0, RAM_SIZE, self.path / 'ram', 0)]

    def tearDown(self):
        self.folder.cleanup()

    def complaints(self, loads=None, ram=None, low_may_differ=0):
        write_core(self.path / 'core', loads or self.loads, b'',
                   ram or self.ram)
        memory = oracle.Memory(self.pieces, self.low)
        report = oracle.compare(Core(self.path / 'core'), memory, SYSTEM_RAM,
                                [RESERVED])
        return oracle.describe(report, low_may_differ)

    def flipped(self, at):
        ram = bytearray(self.ram)
        ram[at] ^= 1
        return bytes(ram)


class OracleTest(DumpCase):
    def test_equal(self):
        self.assertEqual(self.complaints(), [])

    def test_one_bit_differs(self):
        for at in (MIB, MIB + 4095, 2 * MIB - 1, RAM_SIZE - 1):
            text, = self.complaints(ram=self.flipped(at))
            self.assertIn(f'1 of {160 + 512} pages differ', text)
            self.assertIn(f'{at & ~4095:#x}', text)

    def test_low_memory_is_compared_with_the_snapshot(self):
        text, = self.complaints(ram=self.flipped(0x9dfff))
        self.assertIn('0x9d000', text)
        self.assertEqual(self.complaints(ram=self.flipped(0x9dfff),
                                         low_may_differ=1), [])
        self.assertTrue(self.complaints(ram=self.flipped(MIB),
                                        low_may_differ=1))

    def test_missing_memory(self):
        text, = self.complaints(self.loads[:2])
        self.assertIn('0x300000-0x3fffff is in no PT_LOAD', text)
        text, = self.complaints([(0, 0xa0000), (MIB, MIB - 4096),
                                 (3 * MIB, MIB)])
        self.assertIn('0x1ff000-0x1fffff', text)

    def test_shown_reservation(self):
        text, = self.complaints([(0, 0xa0000), (MIB, 3 * MIB)])
        self.assertIn('0x200000-0x2fffff, which is not memory', text)

    def test_no_memory_at_all(self):
        self.assertTrue(any('no memory at all' in c
                            for c in self.complaints([(0, 0)])))

    def test_swapped_pages(self):
        ram = bytearray(self.ram)
        ram[MIB:MIB + 4096], ram[MIB + 4096:MIB + 8192] = \
            ram[MIB + 4096:MIB + 8192], ram[MIB:MIB + 4096]
        text, = self.complaints(ram=bytes(ram))
        self.assertIn('2 of', text)

    def test_raw_memory(self):
        memory = oracle.Memory(self.pieces, self.low)
        shown = subtract(SYSTEM_RAM, [RESERVED])
        whole = bytearray(self.ram)
        whole[oracle.LOW_END:MIB] = bytes(MIB - oracle.LOW_END)
        whole[2 * MIB:3 * MIB] = bytes(MIB)
        for start, size in ((0, RAM_SIZE), (100, 5000), (3 * MIB + 7, 9),
                            (2 * MIB - 10, 20), (MIB, 0)):
            self.assertIsNone(oracle.find_difference(
                whole[start:start + size], start, memory, shown))
        whole[3 * MIB + 5] ^= 1
        self.assertEqual(oracle.find_difference(
            whole[MIB:], MIB, memory, shown), 3 * MIB)

    def test_slices(self):
        self.assertEqual(slice_of('oldmem bs=64k skip=3 count=2'),
                         (3 << 16, 2 << 16))
        self.assertEqual(slice_of('oldmem bs=1000 count=7'), (0, 7000))

    def test_subtract(self):
        whole = [Range(10, 20)]
        for hole, rest in (((0, 10), [(10, 20)]), ((20, 30), [(10, 20)]),
                           ((5, 15), [(15, 20)]), ((15, 25), [(10, 15)]),
                           ((12, 15), [(10, 12), (15, 20)]),
                           ((10, 20), []), ((0, 30), [])):
            self.assertEqual(subtract(whole, [Range(*hole)]), rest)


class ContentTest(DumpCase):
    TOKEN = 'kdump-token-0123'

    def core(self, notes=b'', ram=None):
        write_core(self.path / 'core', self.loads, notes, ram or self.ram)
        return Core(self.path / 'core')

    def outcome(self, **values):
        return Outcome(self.path, None, **values)

    def test_token(self):
        ram = bytearray(self.ram)
        ram[3 * MIB:3 * MIB + 16] = self.TOKEN.encode()
        core = self.core(ram=bytes(ram))
        self.assertEqual(analyse.check_token(core, self.outcome(
            token=(3 * MIB, 0, self.TOKEN))), [])
        self.assertTrue(analyse.check_token(core, self.outcome(
            token=(3 * MIB + 4096, 0, self.TOKEN))))
        self.assertTrue(analyse.check_token(core, self.outcome(
            token=(2 * MIB, 0, self.TOKEN))))

    def test_low_pattern(self):
        ram, seed = bytearray(self.ram), 0xfeedfacecafebeef
        for at in range(0x10000, 0x90000, 8):
            word = seed ^ at * 0x9e3779b97f4a7c15 & 2 ** 64 - 1
            ram[at:at + 8] = word.to_bytes(8, 'little')
        out = self.outcome(low_pattern=(0x10000, 0x90000, seed))
        core = self.core(ram=bytes(ram))
        self.assertEqual(analyse.check_low_pattern(core, out), [])
        ram[0x8f000] ^= 1
        text, = analyse.check_low_pattern(self.core(ram=bytes(ram)), out)
        self.assertIn('1 pages, the first at 0x8f000', text)

    def test_release(self):
        core = self.core(note('VMCOREINFO', 0, b'OSRELEASE=6.1.1\n'))
        self.assertEqual(analyse.check_release(core, self.outcome(
            facts={'release': '6.1.1'})), [])
        self.assertTrue(analyse.check_release(core, self.outcome(
            facts={'release': '6.1.2'})))

    def test_keys(self):
        config = self.path / 'config'
        config.write_text('CONFIG_NUMA=y\nCONFIG_X86_PAE=y\n'
                          '# CONFIG_PRINTK is not set\n')
        wanted = vmcoreinfo.list_keys(config.read_text())
        self.assertIn('SYMBOL(node_data)', wanted)
        self.assertIn('CONFIG_X86_PAE', wanted)
        self.assertNotIn('SYMBOL(contig_page_data)', wanted)
        self.assertNotIn('SYMBOL(prb)', wanted)
        info = dict.fromkeys(wanted, '1')
        self.assertEqual(vmcoreinfo.check_keys(info, config), [])
        del info['SIZE(page)']
        self.assertEqual(vmcoreinfo.check_keys(info, config),
                         ['VMCOREINFO lacks SIZE(page)'])

    def test_time(self):
        crashed = note('KDUMP', 0x4b440001, struct.pack('<4I', 0, 1, 0, 0))

        def judge(text):
            info = note('VMCOREINFO', 0, text.encode())
            return analyse.check_time(self.core(crashed + info))
        self.assertEqual(judge(f'CRASHTIME={time.time():.0f}\n'), [])
        self.assertTrue(judge('CRASHTIME=0\n'))
        self.assertTrue(judge('OSRELEASE=6.1.1\n'))

    def registers(self, *notes, machine=62, text=0xffffffff81000000):
        symbols = ((text, '_text'), (text + (16 << 20), '_etext'))
        saved, analyse.read_symbols = analyse.read_symbols, \
            lambda *_: symbols
        try:
            core = self.core(b''.join(note('CORE', 1, n) for n in notes))
            core.machine = MACHINES[machine]
            return analyse.check_registers(core, '', Scenario('x', 'x', cpus=2))
        finally:
            analyse.read_symbols = saved

    def test_registers(self):
        good = prstatus(1, 0xffffffff81000100, 0xffffffff82603e00)
        self.assertEqual(self.registers(good, good), [])
        self.assertIn('1 NT_PRSTATUS', self.registers(good)[0])
        lost = prstatus(1, 0x1234, 0xffffffff82603e00)
        self.assertIn('rip 0x1234', self.registers(good, lost)[0])
        empty = prstatus(0, 0, 0)
        self.assertEqual(len(self.registers(good, empty)), 2)

    def test_registers_of_i386(self):
        i386 = {'machine': 3, 'text': 0xc1000000}
        good = prstatus32(1, 0xc1000100, 0xc1603e00)
        self.assertEqual(self.registers(good, good, **i386), [])
        self.assertIn('1 NT_PRSTATUS', self.registers(good, **i386)[0])
        lost = prstatus32(1, 0x1234, 0xc1603e00)
        self.assertIn('eip 0x1234', self.registers(good, lost, **i386)[0])
        lost = prstatus32(1, 0xc1000100, 0x1234)
        self.assertIn('esp 0x1234', self.registers(good, lost, **i386)[0])

    def marks(self, *flags, **values):
        core = self.core(b''.join(
            note('KDUMP', 0x4b440001, struct.pack('<IIII', cpu, bits, 0, 0))
            for cpu, bits in enumerate(flags)))
        return analyse.check_marks(core, Scenario('x', 'x', **values))

    def test_marks(self):
        self.assertEqual(self.marks(0, 1), [])
        self.assertEqual(self.marks(1, 2, 2, silent=2), [])
        for flags, silent in (((0, 0), 0), ((1, 1), 0), ((), 0), ((1, 2), 0),
                              ((1, 0), 1), ((1, 2, 2), 1)):
            self.assertEqual(len(self.marks(*flags, silent=silent)), 1)

    def test_cpus_that_flap(self):
        row = Scenario('x', 'x', cpus=3, cpus_flap=True)
        self.assertEqual([checks.settle_cpus(row, n).cpus_in_dump
                          for n in (1, 2, 3, 4)], [2, 2, 3, 3])

    def test_catalogue(self):
        run = {name for s in load_all().values()
               if s.trigger.startswith('lkdtm:')
               for name in s.trigger[6:].split('/')}
        row = Scenario('x', 'x', loaded=['run echo SURVIVED'],
                       excused={'EXCUSED': 'why'})
        listed = run | {'SURVIVED', 'EXCUSED'}
        self.assertEqual(checks.check_catalogue(row, listed), [])
        for wrong in (listed | {'NEW'}, listed - {'EXCUSED'},
                      listed - {'EXCEPTION'}):
            self.assertEqual(len(checks.check_catalogue(row, wrong)), 1)


class CrashTest(unittest.TestCase):
    """Some complaints of crash do not count."""

    SAID = ('PID: 1  CPU: 0\n    [exception RIP: {}+432]\n'
            'bt: cannot transition from exception stack\n'
            'PID: 2  CPU: 1\n    [exception RIP: do_idle+1]\n')

    def test_switch(self):
        for function, counts in (('__schedule', False), ('do_idle', True),
                                 ('__switch_to_asm', False),
                                 ('schedule_timeout', True)):
            said = crash.leave_out_switches(self.SAID.format(function))
            self.assertEqual('cannot transition' in said, counts, function)

    def test_other_cpu(self):
        said = self.SAID.format('__schedule') + 'bt: cannot transition\n'
        self.assertIn('cannot transition', crash.leave_out_switches(said))


class FilterTest(unittest.TestCase):
    """Sets of pages that makedumpfile keeps: bit 0 is the token."""
    ALL = 0b1111_1111
    OUTCOME = Outcome(pathlib.Path('.'), None, token=(0, 0, 'x'),
                      facts={'filled': str(3 * 4096)})
    GOOD = {0: ALL, 8: 0b1111_1000, 16: 0b0000_1111, 31: 0b0000_1000}

    def test_runs(self):
        self.assertEqual(list(filtered.find_runs(0b11_0111_0010)),
                         [(1, 2), (4, 7), (8, 10)])
        self.assertEqual(list(filtered.find_runs(0)), [])

    def test_rules(self):
        self.assertEqual(
            filtered.check_rules(self.GOOD, self.ALL, self.OUTCOME), [])
        for level, pages, words in (
                (31, 0b0001_1000, 'level 31 keeps pages that level 16'),
                (0, 0b0111_1111, 'level 0 leaves out'),
                (8, 0b1111_1001, 'level 8 keeps pages of user space'),
                (8, 0b1111_1100, 'level 8 keeps pages of user space'),
                (16, 0b0000_1110, 'level 16 leaves out the token'),
                (16, self.ALL, 'level 16 keeps free pages'),
                (1, 0b1_1111_1111, 'does not have')):
            text = filtered.check_rules({**self.GOOD, level: pages}, self.ALL,
                                        self.OUTCOME)
            self.assertTrue(any(words in line for line in text), text)


class ThreadsTest(DumpCase):
    """gdb shows each CPU."""
    SAID = ('Thread 2 (LWP 4194305):\nrip   0x10  0x10 <f>\nrsp 0x20  0x20\n'
            'rbp 0x0 0\nrbx 0x0 0\nr12 0x0 0\nr15 0x0 0\n\n'
            'Thread 1 (process 1):\nrip   0x30  0x30 <g>\nrsp 0x40  0x40\n'
            'rbp 0x0 0\nrbx 0x0 0\nr12 0x0 0\nr15 0x0 0\n')

    def core(self, *notes):
        write_core(self.path / 'core', self.loads,
                   b''.join(note('CORE', 1, n) for n in notes), self.ram)
        return Core(self.path / 'core')

    def test_threads(self):
        good = (prstatus(4194305, 0x10, 0x20), prstatus(1, 0x30, 0x40))
        self.assertEqual(gdb.check_threads(self.core(*good), self.SAID), [])
        for bad in (prstatus(1, 0x31, 0x40), prstatus(1, 0x30, 0x41),
                    prstatus(2, 0x30, 0x40)):
            core = self.core(good[0], bad)
            self.assertEqual(len(gdb.check_threads(core, self.SAID)), 1)

    def test_idle(self):
        core = self.core(prstatus(4194305, 0, 0), prstatus(1, 0, 0))
        row = Scenario('x', 'x', idle=1)
        said = 'Thread 2 (LWP 4194305):\n#3 do_idle () at x.c:1\n'
        self.assertEqual(gdb.check_idle(core, said, row), [])
        self.assertEqual(gdb.check_idle(core, said.replace(
            'do_idle', 'sysvec_apic_timer_interrupt'), row), [])
        self.assertEqual(len(gdb.check_idle(core, said.replace(
            'do_idle', 'vfs_write'), row)), 1)
        self.assertEqual(len(gdb.check_idle(core, '', row)), 1)
        row.idle = 2
        self.assertEqual(len(gdb.check_idle(core, said, row)), 1)


class VerdictTest(unittest.TestCase):
    """How a run ended, compared with how it should end."""

    def judge(self, expect, stage, end, captured=False):
        run = Drive(Scenario('x', 'x', expect=expect), None, None,
                    Outcome(pathlib.Path('.'), None, end=end))
        run.stage, run.captured = stage, captured
        return run.judge()

    def test_good_ends(self):
        for args in (('dump', 'capture', 'pass', True),
                     ('absent', 'capture', 'pass', True),
                     ('no crash', 'system', 'pass'),
                     ('reset', 'crash', 'lost: QEMU ended with status 0')):
            self.assertIsNone(self.judge(*args), args)

    def test_failures_have_their_own_words(self):
        for args, words in (
                (('dump', 'crash', 'silence'), 'the capture never came'),
                (('dump', 'capture', 'silence', True), 'no verdict'),
                (('dump', 'system', 'silence'), 'no verdict'),
                (('dump', 'crash', 'lost: QEMU ended with status 0'),
                 'the guest was lost'),
                (('reset', 'crash', 'silence'), 'the capture never came'),
                (('reset', 'capture', 'pass', True), 'must not'),
                (('dump', 'system', 'pass'), 'expected dump'),
                (('dump', 'capture', 'failed: no space', True), 'no space')):
            self.assertIn(words, self.judge(*args) or '', args)


class StrictTest(unittest.TestCase):
    """A kernel that watches itself must not say this."""

    def complaints(self, text):
        with tempfile.NamedTemporaryFile('w') as log:
            log.write(f'Linux version 6.1\n[ 1.0] {text}\nthe end\n')
            log.flush()
            return strict.find_complaints(pathlib.Path(log.name))

    def test_complaints(self):
        for text in ('BUG: KASAN: slab-out-of-bounds in f+0x1/0x2',
                     'BUG: sleeping function called from invalid context',
                     'BUG: MAX_LOCKDEP_CHAINS too low!',
                     'WARNING: possible recursive locking detected',
                     'WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2',
                     'INFO: trying to register non-static key.',
                     'kernel BUG at mm/x.c:1!',
                     'kmemleak: Kernel memory leak detector disabled',
                     'kmemleak: 3 new suspected memory leaks (see ...)'):
            self.assertTrue(self.complaints(text), text)

    def test_silence(self):
        for text in ('BUG: kernel NULL pointer dereference, address: 0',
                     'BUG: unable to handle page fault for address: 1',
                     'kmemleak: Kernel memory leak detector initialized'):
            self.assertEqual(self.complaints(text), [], text)

    def test_scenarios(self):
        rows = [s for s in load_all().values() if s.strict]
        self.assertGreater(len(rows), 10)
        for row in rows:
            self.assertIn(strict.AT_THE_END[-1], strict.watch(row).loaded)
            self.assertEqual(strict.watch(row).saved != [],
                             row.strict == 'both')


class CrashkernelTest(unittest.TestCase):
    """tests/reserve knows what a boot must reserve."""

    line = '[    0.000000] crashkernel={}: {}'

    def boot(self, text='64M@16M', says='reserved 64M at 0x1000000', **other):
        values = {
            'size': 64 * MIB, 'ram': [(MIB, 512 * MIB)],
            'reserved': [(16 * MIB, 80 * MIB)],
            'kernel': (96 * MIB, 112 * MIB), 'initrd': (480 * MIB, 510 * MIB),
            **other}
        return crashkernel.Boot(self.line.format(text, says), **values)

    def judge(self, *text, offset=16 * MIB, **other):
        value = crashkernel.Value('64M@16M', size=64 * MIB, offset=offset)
        return crashkernel.judge(value, self.boot(*text, **other))

    def test_place(self):
        self.assertFalse(self.judge())
        self.assertTrue(self.judge(size=0))
        self.assertTrue(self.judge(reserved=[]))
        self.assertTrue(self.judge(reserved=[(16 * MIB, 79 * MIB)]))
        self.assertTrue(self.judge(reserved=[(17 * MIB, 81 * MIB)]))
        self.assertTrue(self.judge('64M'))
        self.assertTrue(self.judge('64M@16M', 'nothing is reserved: ...'))
        self.assertTrue(self.judge(ram=[(MIB, 64 * MIB)]))
        self.assertTrue(self.judge(initrd=(79 * MIB, 99 * MIB)))

    def test_choice(self):
        self.assertFalse(self.judge(offset=None))
        for place in ((17, 81), (96, 160), (448, 512), (512, 576)):
            reserved = [tuple(x * MIB for x in place)]
            self.assertTrue(self.judge(offset=None, reserved=reserved))

    def test_two_parts(self):
        value = crashkernel.Value('3200M', size=3200 * MIB)
        says = 'reserved 3200M at 0x100000000{}, and below 4G 256M'
        good = {'size': 3200 * MIB,
                'ram': [(MIB, 3072 * MIB), (4096 * MIB, 8192 * MIB)],
                'reserved': [(2048 * MIB, 2304 * MIB),
                             (4096 * MIB, 7296 * MIB)]}
        why = ', because it does not fit below 4G'
        for complaint, changes, reason in (
                (False, {}, why), (True, {}, ''),
                (True, {'reserved': good['reserved'][1:]}, why),
                (True, {'ram': [(MIB, 4000 * MIB), good['ram'][1]]}, why)):
            boot = self.boot('3200M', says.format(reason), **good | changes)
            self.assertEqual(bool(crashkernel.judge(value, boot)), complaint)

    def test_refusal(self):
        value = crashkernel.Value('64Q', refused='no unit')
        refusal = '64Q', 'nothing is reserved: it is no unit'
        nothing = {'size': 0, 'reserved': []}
        for complaint, boot in (
                (False, self.boot(*refusal, **nothing)),
                (True, self.boot(*refusal)),
                (True, self.boot('64Q', 'nothing is reserved', **nothing)),
                (True, self.boot('64M', refusal[1], **nothing))):
            self.assertEqual(bool(crashkernel.judge(value, boot)), complaint)

    def test_two_lines(self):
        boot = self.boot()
        boot.log += ' ' + boot.log
        value = crashkernel.Value('64M@16M', size=64 * MIB, offset=16 * MIB)
        self.assertTrue(crashkernel.judge(value, boot))


class KunitTest(unittest.TestCase):
    LOG = ('KTAP version 1\n1..2\n    KTAP version 1\n    # Subtest: good\n'
           '    1..1\n    ok 1 case\nok 1 good\n    # Subtest: bad\n    1..2\n'
           '    ok 1 one\n    # two: EXPECTATION FAILED at x.c:1\n'
           '    not ok 2 two\nnot ok 2 bad\n')

    def test_parse(self):
        kunit = load_program('kunit')
        results = kunit.parse(self.LOG)
        self.assertEqual(results['good'], (True, 1, []))
        self.assertEqual(results['bad'][:2], (False, 2))
        self.assertEqual(len(results['bad'][2]), 2)

    def test_missing_suites(self):
        kunit = load_program('kunit')
        kunit.print = lambda *_: None
        results = kunit.parse(self.LOG)
        self.assertEqual(kunit.report(['good'], results, None), 0)
        self.assertEqual(kunit.report(['bad'], results, None), 1)
        self.assertEqual(kunit.report(['good', 'gone'], results, None), 1)
        self.assertEqual(kunit.report([], results, None), 1)


class ScenarioTest(unittest.TestCase):
    """Groups, templates and what is wrong with them."""

    GROUP = '[on.pc]\nonly = ["x86_64"]\n'
    PANIC = '[like.panic]\ntrigger = "panic"\nloaded = ["a", "b"]\n'

    def load(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / 'load.toml'
            path.write_text(text)
            return scenario.Collection([path]).scenarios()

    def test_template(self):
        rows = self.load(
            '[defaults]\nfill = 5\ncpus = 3\n' + self.PANIC +
            '[like.more]\nlike = "panic"\nloaded = ["...", "c"]\n'
            '[x]\nabout = "x"\nlike = "more"\ncpus = 4\n'
            'loaded = ["0", "...", "d"]\n'
            '[y]\nabout = "y"\nlike = "x"\nloaded = ["e"]\n')
        x, y = rows['x'], rows['y']
        self.assertEqual(list(rows), ['x', 'y'])
        self.assertEqual((x.trigger, x.fill, x.cpus), ('panic', 5, 4))
        self.assertEqual(x.loaded, ['0', 'a', 'b', 'c', 'd'])
        self.assertEqual((y.about, y.cpus, y.loaded), ('y', 4, ['e']))

    def test_group(self):
        row = self.load(self.GROUP + '[x]\nabout = "x"\non = "pc"\n'
                        'because = "why"\n')['x']
        self.assertEqual((row.only, row.because), (['x86_64'], 'why'))

    def test_what_is_wrong(self):
        for text, words in (
                ('[x]\nabout = "x"\nlike = "y"\n', 'neither a template'),
                ('[x]\nabout = "x"\nlike = "x"\n', 'x -> x: .*circle'),
                ('[like.a]\nlike = "b"\n[like.b]\nlike = "a"\n'
                 '[x]\nlike = "a"\n', 'x -> a -> b -> a: .*circle'),
                ('[x]\nabout = "x"\non = "y"\n', 'no group'),
                (self.GROUP + '[x]\nabout = "x"\non = "pc"\n', 'because'),
                ('[x]\nabout = "x"\nbecause = "why"\n', 'because'),
                ('[x]\nabout = "x"\ncpu_count = 2\n', 'unknown key'),
                ('[like.a]\ncpu_count = 2\n', 'unknown key'),
                (self.PANIC + '[panic]\nabout = "x"\n', 'there are two'),
                ('[x]\nabout = "x"\n[y]\nlike = "x"\n', 'y: "about"'),
                ('[x]\nabout = "x"\nexpect = "no"\n', 'expect is one'),
                ('[x]\nabout = "x"\nstrict = "no"\n', 'strict is one')):
            self.assertRaisesRegex(ValueError, words, self.load, text)


class ConsoleTest(unittest.TestCase):
    """The capture kernel must be quiet, unless a scenario says otherwise."""

    BOOT = 'Linux version 6.1\n'
    OOPS = 'Oops: 0000\nWARNING: CPU: 0\nkernel BUG at mm/x.c:1!\n'

    def complaints(self, text, **values):
        with tempfile.TemporaryDirectory() as folder:
            outcome = Outcome(pathlib.Path(folder), None)
            (outcome.directory / 'console.log').write_text(text)
            drive.check_console(Scenario('x', 'x', **values), outcome)
            return outcome.problems

    def test_quiet(self):
        noisy = self.BOOT + self.OOPS + self.BOOT
        self.assertEqual(self.complaints(noisy), [])
        self.assertEqual(len(self.complaints(noisy + self.OOPS)), 3)
        self.assertEqual(self.complaints(noisy + self.OOPS, quiet=False), [])
        self.assertEqual(len(self.complaints(noisy + 'BUG: bad page\n',
                                             expect='absent')), 1)
        self.assertEqual(self.complaints(self.BOOT + self.OOPS,
                                         expect='reset'), [])
        self.assertEqual(self.complaints(noisy + 'DEBUG: \n'[2:]), [
            'the capture kernel says "BUG:"'])

    def test_text(self):
        text = self.BOOT + 'first\n' + self.BOOT + 'second\n'
        self.assertEqual(self.complaints(text, console=[
            'first', 'second', '!first', '!third']), [])
        self.assertEqual(len(self.complaints(text, console=[
            'third', '!second'])), 2)
        self.assertEqual(len(self.complaints(text, expect='reset')), 1)


class ScriptTest(unittest.TestCase):
    """The saved command can be run again."""

    def test_script(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            for name in ('kernel', 'initrd'):
                (path / name).touch()
            machine = Machine(
                Ram(path, 64 * MIB, 1), 1, 'max', path / 'kernel',
                path / 'initrd', "a=1 'b' $c -- d", [path / 'disk'],
                prepare=[['truncate', '--size=4096', str(path / 'disk')]])
            # Instead of QEMU, print the words.
            machine.command, command = lambda *args: [
                'printf', '%s\\n', *command(*args)[1:]], machine.command
            machine.write_script(path / 'command')
            words = subprocess.run([path / 'command'], check=True, text=True,
                                   stdout=subprocess.PIPE).stdout
            self.assertIn("\na=1 'b' $c -- d\n", words)
            self.assertRegex(words, r'mem-path=/dev/shm/kdump-\w+/node0,')
            self.assertEqual((path / 'disk').stat().st_size, 4096)
            (path / 'initrd').unlink()
            done = subprocess.run([path / 'command'], capture_output=True,
                                  text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn('initrd is gone', done.stderr)


class ReadmeTest(unittest.TestCase):
    """tests/README.md names everything that a scenario can say, and no more."""

    def setUp(self):
        # A section has the first column of its table, {heading: names}.
        self.tables = {}
        for section in re.split(r'^## ', (HERE / 'README.md').read_text(),
                                flags=re.M)[1:]:
            heading = section.splitlines()[0]
            cells = re.findall(r'^\| ((?:[^|\\]|\\.)*) \|', section, re.M)
            self.tables[heading] = re.findall(r'`([^`]*)`', ' '.join(cells))

    def check(self, heading, wanted):
        names = [re.sub('[ :=][A-Z].*', '', name)   # without arguments
                 for name in self.tables[heading]]
        self.assertEqual(sorted(set(names)), sorted(wanted))
        self.assertEqual(len(names), len(set(names)), names)

    def test_keys(self):
        self.check('Keys', scenario.KEYS)

    def test_steps(self):
        source = (HERE / 'guest/init.c').read_text()
        table = source[source.index('} verbs[] = {'):]
        self.check('Steps', re.findall(r'{ "([a-z-]+)", ', table))

    def test_triggers(self):
        source = (HERE / 'guest/init.c').read_text()
        found = re.findall(r'str\w*cmp\(way, "([a-z]+):?"', source)
        self.check('Triggers', set(found))

    def test_host_actions(self):
        self.check('Host actions', [*hostside.ACTIONS, *hostside.AFTER])

    def test_notes(self):
        self.check('Notes', NOTES)

    def test_ways_to_save(self):
        self.check('Ways to save', [*saving.WAYS, 'oldmem', 'makedumpfile'])

    def test_others(self):
        self.check('Ends', scenario.ENDS)
        self.check('Images', drive.IMAGES)
        self.check('Disks', DISKS)
        self.check('Tools', checks.TOOLS)
        self.check('Programs in the guest',
                   {path.stem for path in (HERE / 'guest').glob('*.c')} -
                   {'init', 'readers_ways'})

    def test_module(self):
        sources = [path.read_text() for path in
                   (HERE / 'modules').glob('*.c')]
        text = '\n'.join(sources)
        self.check('Module parameters',
                   re.findall(r'^module_param\((\w+),', text, re.M))
        tables = re.findall(r'struct way (\w+)\[\] = {(.*?)};', text, re.S)
        for heading, word in (('how', 'crash_ways'), ('others', 'other_ways'),
                              ('does', 'fault_ways')):
            ways = [name for table, body in tables if table.endswith(word)
                    for name in re.findall(r'"([a-z-]+)"', body)]
            self.check(f'Values of {heading}', ways)


class PartsTest(unittest.TestCase):
    def test_scenarios_load(self):
        self.assertGreater(len(load_all()), 20)
        self.assertGreater(len(load_all(everywhere=True)), len(load_all()))
        self.assertGreater(sum(s.port for s in load_all().values()), 5)

    def test_about_a_type_of_lkdtm(self):
        about = {name: s.about for name, s in load_all(everywhere=True).items()}
        self.assertIn('WRITE_RO', about['lkdtm-write-ro'])
        self.assertIn('INT_TASKLET_ENTRY', about['lkdtm-int-tasklet-entry'])
        self.assertEqual(about['oops-pid1'], 'an oops of PID 1')

    def test_firmware_map(self):
        self.assertEqual(e820.parse('nvs 0x1000 0x100'),
                         [(0x1000, 0x100, 4)])
        self.assertEqual(e820.parse('reserved 0x1000 0x100 2 0x400'),
                         [(0x1000, 0x100, 2), (0x1400, 0x100, 2)])
        with tempfile.TemporaryDirectory() as name:
            kernel = pathlib.Path(name) / 'kernel'
            kernel.write_bytes(bytes(0x300))
            copy, options = e820.add(['ram 0x1000 0x100'], kernel,
                                     pathlib.Path(name))
            place, = struct.unpack_from('<Q', copy.read_bytes(), 0x250)
            self.assertIn(f'addr={place:#x},', options[1])
            data = (pathlib.Path(name) / 'setup_data').read_bytes()
        self.assertEqual(struct.unpack('<QII', data[:16]), (0, 1, 20))

    def test_memory_layout(self):
        ram = Ram('/x', 6144 * MIB, 1)
        self.assertEqual([(p, s, o) for p, s, _, o in ram.pieces],
                         [(0, 3 << 30, 0), (4 << 30, 3 << 30, 3 << 30)])
        ram = Ram('/x', 6144 * MIB, 2)
        self.assertEqual([(p, s, f.name, o) for p, s, f, o in ram.pieces],
                         [(0, 3 << 30, 'node0', 0),
                          (4 << 30, 3 << 30, 'node1', 0)])
        ram = Ram('/x', 1024 * MIB, 2)
        self.assertEqual(ram.locate(600 * MIB),
                         (pathlib.Path('/x/node1'), 88 * MIB))
        self.assertRaises(ValueError, ram.locate, 1024 * MIB)

    def test_archive(self):
        archive = Archive()
        archive.data('dir/file', b'content')
        archive.symlink('link', 'dir/file')
        with tempfile.NamedTemporaryFile() as out:
            archive.write(out.name)
            with open(out.name, 'rb') as back:
                names = subprocess.run(
                    ['busybox', 'cpio', '-t'], check=True, stdin=back,
                    text=True, capture_output=True).stdout.split()
        self.assertEqual(names, ['dir', 'dir/file', 'link'])


if __name__ == '__main__':
    unittest.main()
