# SPDX-License-Identifier: GPL-2.0-only
"""Everything that is checked of a dump that was saved."""
import dataclasses
import re
import time

from . import analyse, crash, filtered, gdb, oracle, saving, strict
from .elfcore import Core
from .guest import MIB
from .scenario import load_all
from .target import ARCH


def hold_against_ram(core, scenario, outcome):
    """The oracle; also says how much it compared."""
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    system_ram = outcome.ranges('System RAM')
    reserved = outcome.ranges('Crash kernel')
    report = oracle.compare(core, memory, system_ram, reserved)
    outcome.facts['pages'] = report.pages
    plugged = [oracle.Range(start, start + size)
               for start, size, *_ in outcome.ram.plugged]
    out = oracle.describe(report, scenario.low_may_differ,
                          plugged if scenario.memory_flaps else (),
                          scenario.may_differ)
    # What the guest calls RAM must be what the machine has.
    have = sum(piece[1] for piece in outcome.ram.pieces)
    named = sum(r.end - r.start for r in system_ram)
    if named < have - 2 * MIB:
        out.append(f'the guest\'s /proc/iomem has {named >> 20} MiB of '
                   f'{have >> 20}')
    if not scenario.low_may_differ and \
            report.low_pages < oracle.LOW_END // oracle.PAGE * 15 // 16:
        out.append(f'only {report.low_pages} pages of low memory')
    return out


def with_cpus(scenario, found):
    """One CPU comes and goes: take what the dump has, if it makes sense."""
    up = min(max(found, scenario.cpus - 1), scenario.cpus)
    return dataclasses.replace(scenario, cpus_up=up)


def by_drgn(core, scenario, tools, outcome, dump):
    debug_files = [tools.vmlinux, tools.programs / 'kdump_crash.ko']
    if not scenario.trigger.startswith('module'):
        debug_files.pop()
    return analyse.drgn(core, outcome, debug_files, scenario, dump)


# What a scenario's key "tools" may name
TOOLS = {
    'crash': lambda core, scenario, tools, outcome, dump:
        crash.crash(outcome, tools.vmlinux, scenario, dump, core),
    'gdb': lambda core, scenario, tools, outcome, dump:
        gdb.gdb(core, outcome, tools, scenario, dump),
    'drgn': by_drgn,
    'readelf': lambda core, scenario, tools, outcome, dump:
        analyse.readers_of_elf(outcome, dump),
    'log': lambda core, scenario, tools, outcome, dump:
        analyse.log(outcome, dump),
    'makedumpfile': lambda core, scenario, tools, outcome, dump:
        filtered.levels(core, outcome, dump, filtered.LEVELS),
    'every level': lambda core, scenario, tools, outcome, dump:
        filtered.levels(core, outcome, dump, filtered.ALL_LEVELS),
}


def understands(name, core):
    """Can this tool open dumps of the architecture, and of a moved kernel?"""
    return name in ARCH.analyse and (
        name != 'crash' or ARCH.crash_moved or not core.kernel_offset())


def elf_dump(scenario, tools, outcome, path):
    core = Core(path)
    vmlinux = tools.vmlinux
    out = []
    # Debian's kexec for 32 bits takes ELF32 where memory is not above 4 GB.
    wide = '--elf32-core-headers' not in scenario.kexec_options and \
        (scenario.kexec == 'ours' or ARCH.bits == 64)
    if core.wide != wide:
        out.append(f'the dump is ELF{64 if core.wide else 32}')
    out += hold_against_ram(core, scenario, outcome)
    out += analyse.vmcoreinfo(core, outcome)
    out += analyse.token(core, outcome)
    out += analyse.banner(core, outcome, vmlinux)
    if outcome.low_pattern and not scenario.low_may_differ:
        out += analyse.low_pattern(core, outcome)
    if scenario.cpus_flap:
        scenario = with_cpus(scenario, len(core.registers()))
    out += analyse.registers(core, vmlinux, scenario)
    out += analyse.marks(core, scenario)
    for name in scenario.tools:
        if understands(name, core):
            out += TOOLS[name](core, scenario, tools, outcome, path.name)
    if tools.strict:
        out += analyse.log(outcome, path.name)
        out += strict.complaints(outcome.directory / 'host.dmesg')
    return out


def raw_slice(outcome, name, path):
    """What dd read from /dev/oldmem, held against the RAM file."""
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    shown = oracle.subtract(outcome.ranges('System RAM'),
                            outcome.ranges('Crash kernel'))
    start, size = saving.slice_of(name)
    at = oracle.first_difference(path.read_bytes(), start, memory, shown)
    if path.stat().st_size != size:
        return [f'{name}: {path.stat().st_size} bytes, expected {size}']
    if at is not None:
        return [f'{name}: differs from the RAM file at {at:#x}']
    return []


def saved(scenario, tools, outcome, way, path):
    kind = saving.way(way).kind
    if kind in ('elf', 'ext4'):
        return elf_dump(scenario, tools, outcome, path)
    if kind == 'slice':
        return raw_slice(outcome, way, path)
    if kind == 'text':
        text = path.read_text(errors='replace')
        return [] if outcome.token[2] in text else \
            [f'{path.name}: the token is not in the log']
    raise ValueError(f'{way}: no kind {kind}')


def filtered_dump(scenario, tools, outcome, way, path):
    """What makedumpfile wrote; return (pages it kept, complaints)."""
    if saving.way(way).kind == 'flat':
        path = saving.unflatten(path)
    memory = oracle.Memory(outcome.ram.pieces, outcome.low)
    pages, out = filtered.held(path, memory, filtered.kind_of(way))
    # Whether the kernel was moved is not seen in such a file.
    opens = ARCH.crash_moved or not ARCH.kaslr
    if saving.level_of(way) == 31 and opens:
        out += crash.crash(outcome, tools.vmlinux, scenario, path.name)
    return pages, out


def catalogue(scenario, listed):
    """Each type that LKDTM lists is run, survived here, or excused."""
    used = {word for s in load_all().values()
            if s.trigger.startswith('lkdtm:')
            for word in s.trigger[6:].split('/')}
    survived = set(re.findall(r'[A-Z_]{3,}', ' '.join(scenario.loaded)))
    excused = set(scenario.excused)
    out = [f'LKDTM has a type {name} that no scenario runs or excuses'
           for name in sorted(listed - used - survived - excused)]
    out += [f'LKDTM has no type {name}'
            for name in sorted((used | excused) - listed)]
    out += [f'{name} is both run and excused'
            for name in sorted((used | survived) & excused)]
    return out


def examine(scenario, tools, outcome):
    """Check all files of an outcome; complaints go into it."""
    start = time.monotonic()
    if 'lkdtm' in outcome.facts:
        listed = set(outcome.facts['lkdtm'].split())
        outcome.problems += catalogue(scenario, listed)
    kept = {}
    for way, path in outcome.files.items():
        try:
            if saving.level_of(way) is None:
                more = saved(scenario, tools, outcome, way, path)
            else:
                kept[way], more = filtered_dump(scenario, tools, outcome,
                                                way, path)
            outcome.problems += more
        except (ValueError, OSError) as error:
            outcome.problems.append(f'{path.name}: {error}')
    outcome.problems += filtered.agree(kept, outcome)
    outcome.times['checks'] = time.monotonic() - start
