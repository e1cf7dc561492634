# SPDX-License-Identifier: GPL-2.0-only
"""All checks of a scenario's dumps."""
import dataclasses
import re
import time

from harness import saving, strict
from harness.guest import MIB
from harness.ranges import Range, subtract
from harness.scenario import load_all
from harness.target import ARCH

from . import analyse, crash, filtered, gdb, live, oracle, vmcoreinfo
from .elfcore import Core


def hold_against_ram(core, scenario, outcome):
    """Compare the dump with the RAM file; note how many pages that were."""
    memory = oracle.Memory(outcome.ram.everything, outcome.low)
    system_ram = outcome.ranges('System RAM')
    reserved = outcome.ranges('Crash kernel')
    report = oracle.compare(core, memory, system_ram, reserved)
    outcome.facts['pages'] = report.pages
    plugged = [Range(start, start + size)
               for start, size, *_ in outcome.ram.plugged]
    out = oracle.describe(report, scenario.low_may_differ,
                          plugged if scenario.memory_flaps else (),
                          scenario.may_differ)
    # /proc/iomem of the guest must name all RAM that the machine has.
    have = sum(piece[1] for piece in outcome.ram.pieces)
    named = sum(r.end - r.start for r in system_ram)
    if named < have - scenario.firmware * MIB:
        out.append(f'/proc/iomem of the guest has {named >> 20} MiB of '
                   f'{have >> 20}')
    if not scenario.low_may_differ and \
            report.low_pages < oracle.LOW_END // oracle.PAGE * 15 // 16:
        out.append(f'only {report.low_pages} pages of low memory')
    return out


def settle_cpus(scenario, found):
    """One CPU goes offline and online: accept the number of CPUs that the
    dump has, if it is possible."""
    up = min(max(found, scenario.cpus - 1), scenario.cpus)
    return dataclasses.replace(scenario, cpus_up=up)


def open_with_drgn(core, scenario, tools, outcome, dump):
    debug_files = [tools.vmlinux, tools.programs / 'kdump_crash.ko']
    if not scenario.trigger.startswith('module'):
        debug_files.pop()
    return analyse.open_with_drgn(core, outcome, debug_files, scenario, dump)


# What the key "tools" of a scenario may name
TOOLS = {
    'crash': lambda core, scenario, tools, outcome, dump:
        crash.open_with_crash(outcome, tools.vmlinux, scenario, dump, core),
    'gdb': lambda core, scenario, tools, outcome, dump:
        gdb.open_with_gdb(core, outcome, tools, scenario, dump),
    'drgn': open_with_drgn,
    'readelf': lambda core, scenario, tools, outcome, dump:
        analyse.run_elf_readers(outcome, dump),
    'devices': lambda core, scenario, tools, outcome, dump:
        crash.check_devices(core, outcome, tools.vmlinux, dump),
    'log': lambda core, scenario, tools, outcome, dump:
        analyse.check_log(outcome, dump),
    'makedumpfile': lambda core, scenario, tools, outcome, dump:
        filtered.check_levels(core, outcome, dump, filtered.LEVELS),
    'every level': lambda core, scenario, tools, outcome, dump:
        filtered.check_levels(core, outcome, dump, filtered.ALL_LEVELS),
}


def understands(name, core):
    """Can this tool open the dump of this architecture, and of this kernel if
    KASLR moved it?"""
    return name in ARCH.analyse and (
        name != 'crash' or ARCH.crash_moved or not core.kernel_offset())


def check_elf_dump(scenario, tools, outcome, path):
    core = Core(path)
    vmlinux = tools.vmlinux
    out = []
    # Debian's kexec for 32 bits writes ELF32 if no memory is above 4 GB.
    wide = '--elf32-core-headers' not in scenario.kexec_options and \
        (scenario.kexec == 'ours' or ARCH.bits == 64)
    if core.wide != wide:
        out.append(f'the dump is ELF{64 if core.wide else 32}')
    out += hold_against_ram(core, scenario, outcome)
    out += analyse.check_release(core, outcome)
    out += analyse.check_time(core)
    out += vmcoreinfo.check_keys(core.vmcoreinfo(), tools.config)
    out += analyse.check_token(core, outcome)
    out += analyse.check_banner(core, outcome, vmlinux)
    if outcome.low_pattern and not scenario.low_may_differ:
        out += analyse.check_low_pattern(core, outcome)
    if scenario.cpus_flap:
        scenario = settle_cpus(scenario, len(core.registers()))
    out += analyse.check_registers(core, vmlinux, scenario)
    out += analyse.check_marks(core, scenario)
    for name in scenario.tools:
        if understands(name, core):
            out += TOOLS[name](core, scenario, tools, outcome, path.name)
    if tools.strict:
        out += analyse.check_log(outcome, path.name)
        out += strict.find_complaints(outcome.directory / 'host.dmesg')
    return out


def check_slice(outcome, name, path):
    """Compare what dd read from /dev/oldmem with the RAM file."""
    memory = oracle.Memory(outcome.ram.everything, outcome.low)
    shown = subtract(outcome.ranges('System RAM'),
                     outcome.ranges('Crash kernel'))
    start, size = saving.slice_of(name)
    at = oracle.find_difference(path.read_bytes(), start, memory, shown)
    if path.stat().st_size != size:
        return [f'{name}: {path.stat().st_size} bytes, expected {size}']
    if at is not None:
        return [f'{name}: differs from the RAM file at {at:#x}']
    return []


def check_saved(scenario, tools, outcome, way, path):
    """Check a file that is not filtered."""
    kind = saving.way(way).kind
    if kind in ('elf', 'ext4'):
        return check_elf_dump(scenario, tools, outcome, path)
    if kind == 'slice':
        return check_slice(outcome, way, path)
    if kind == 'text':
        text = path.read_text(errors='replace')
        return [] if outcome.token[2] in text else \
            [f'{path.name}: the token is not in the log']
    raise ValueError(f'{way}: there is no kind {kind}')


def check_filtered(scenario, tools, outcome, way, path):
    """Check a file of makedumpfile; return (pages in it, complaints)."""
    if saving.way(way).kind == 'flat':
        path = saving.unflatten(path)
    memory = oracle.Memory(outcome.ram.everything, outcome.low)
    reader = filtered.choose_reader(way)
    pages, out = filtered.compare_file(path, memory, reader)
    # Such a file does not show whether KASLR moved the kernel.
    opens = ARCH.crash_moved or not ARCH.kaslr
    if saving.level_of(way) == 31 and opens:
        out += crash.open_with_crash(outcome, tools.vmlinux, scenario,
                                     path.name)
    return pages, out


def check_catalogue(scenario, listed):
    """Each type that LKDTM lists is run by a scenario, survived by this one,
    or excused."""
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
        outcome.problems += check_catalogue(scenario, listed)
    kept = {}
    for way, path in outcome.files.items():
        try:
            if saving.level_of(way) is None:
                more = check_saved(scenario, tools, outcome, way, path)
            else:
                kept[way], more = check_filtered(scenario, tools, outcome,
                                                 way, path)
            outcome.problems += more
        except (ValueError, OSError) as error:
            outcome.problems.append(f'{path.name}: {error}')
    outcome.problems += filtered.check_agreement(kept, outcome)
    if outcome.guest_memory:
        outcome.problems += live.check_guest_memory(outcome, tools)
    outcome.times['checks'] = time.monotonic() - start
