# SPDX-License-Identifier: GPL-2.0-only
"""Open a dump with crash: it shows the task and the function, and every command
works."""
import os
import re
import subprocess
import threading

from harness.target import ARCH

from .analyse import CRASHED, Known, read_symbols, run_tool

COMMANDS = ('sys', 'bt', 'bt -a', 'ps', 'log', 'mod', 'kmem -i',
            'vtop -k {banner:#x}', 'vtop -k {stack:#x}')


NT_VMCOREDD = 0x700             # include/uapi/linux/elf.h
DEVICE_NAME = 44                # VMCOREDD_MAX_NAME_BYTES

INDEXING = threading.Lock()     # scenarios run side by side


def list_missed_symbols(vmlinux):
    """Return the options of objcopy that add the symbols that crash 8.0.2 looks
    for."""
    if not ARCH.crash_symbols:
        return []
    symbols = dict(map(reversed, read_symbols(vmlinux)))
    return [f'--add-symbol={name}=.text:'
            f'{symbols[like] - symbols["_text"]:#x},function,global'
            for name, like in ARCH.crash_symbols]


def make_indexed_copy(vmlinux):
    """Return a copy of vmlinux with the symbols that crash misses, and with
    gdb's index: without it crash reads all debug information at each start."""
    target = vmlinux.with_name('vmlinux.crash')
    with INDEXING:
        if target.exists() and \
                target.stat().st_mtime > vmlinux.stat().st_mtime:
            return target
        objcopy = f'{ARCH.cross}objcopy'
        made = target.with_suffix(f'.{os.getpid()}')
        subprocess.run([objcopy, *list_missed_symbols(vmlinux), vmlinux,
                        made], check=True)
        subprocess.run(['gdb-add-index', made], check=True,
                       env=dict(os.environ, GDB=ARCH.gdb, OBJCOPY=objcopy))
        made.rename(target)
        return target


def run_crash(outcome, vmlinux, dump, commands, known, prefix, cpu=None):
    """Run crash's commands; return {command: what it printed}. cpu: the CPU
    that crashed, if crash cannot find it."""
    script = '' if cpu is None else f'set -c {cpu}\n'
    options = [*ARCH.crash_moved, *(['--no_panic'] if cpu is not None else [])]
    files = {}
    for number, command in enumerate(commands):
        files[command] = outcome.directory / f'{prefix}.{number}'
        files[command].unlink(missing_ok=True)
        script += (command.format(**vars(known) if known else {}) +
                   f' > {files[command].name}\n')
    said = run_tool([*ARCH.command('crash'), '-s', *options,
                     make_indexed_copy(vmlinux), dump],
                    outcome.directory, f'{prefix}.out', script + 'quit\n')
    out = {'': said}
    text = said
    for command, path in files.items():
        out[command] = ''
        if path.exists():
            out[command] = path.read_text(errors='replace')
            path.unlink()
        text += f'crash> {command}\n{out[command]}\n'
    (outcome.directory / f'{prefix}.txt').write_text(text)
    (outcome.directory / f'{prefix}.out').unlink()
    return out


def list_expected(outcome, scenario, known):
    """Return [(command, what it must show)]."""
    out = [('bt', f'COMMAND: "{scenario.task}'), ('bt', scenario.symbol),
           ('log', outcome.token[2]),
           ('sys', f'RELEASE: {outcome.facts["release"]}')]
    if not known:
        return out
    off = scenario.cpus - scenario.cpus_in_dump
    cpus = ''
    if ARCH.crash_offline:
        cpus = f'{scenario.cpus} [OFFLINE: {off}]' if off > 0 else \
            f'{scenario.cpus_in_dump}'
    out += [('sys', f'CPUS: {cpus}'), ('kmem -i', 'TOTAL MEM'),
            ('ps', scenario.task),
            (COMMANDS[-2], f'{known.banner_paddr:x}')]
    out += [('bt -a', f'CPU: {n} ') for n in range(scenario.cpus_in_dump)]
    if scenario.trigger.startswith('module'):
        out.append(('mod', 'kdump_crash'))
    return out


SWITCHING = re.compile(r'exception RIP: (__schedule|__switch_to\w*)\b')


def leave_out_switches(said):
    """Leave out crash's complaints about a CPU that was stopped while it
    switched tasks: it is on the stack of one task, and the kernel says that it
    runs the other."""
    parts = re.split(r'^(?=PID: )', said, flags=re.M)
    return ''.join(part.replace('cannot transition', '')
                   if SWITCHING.search(part) else part for part in parts)


def device_bytes(number):
    """Return the dump that modules/capture.c adds."""
    size = 5000 * (1 + number * number)
    return bytes((i * 7 + size) & 0xff for i in range(size))


def check_devices(core, outcome, vmlinux, dump):
    """The two dumps of devices are notes, and crash shows them."""
    notes = [note for note in core.notes if note.type == NT_VMCOREDD]
    out = []
    for number in range(2):
        name, data = f'kdump_test_{number}', device_bytes(number)
        desc = next((note.desc for note in notes if note.name == 'LINUX' and
                     note.desc[:DEVICE_NAME].rstrip(b'\0') == name.encode()),
                    b'')
        if desc[DEVICE_NAME:].rstrip(b'\0') != data.rstrip(b'\0'):
            out.append(f'the note of device {name} is wrong')
    said = run_crash(outcome, vmlinux, dump, ('dev -V', 'dev -v 1'), None,
                     'crash.devices')
    if 'kdump_test_0' not in said['dev -V'] or \
            'kdump_test_1' not in said['dev -V']:
        out.append('crash: "dev -V" does not show both devices')
    if not said['dev -v 1'].strip():
        out.append('crash: "dev -v 1" printed nothing')
    return out


def open_with_crash(outcome, vmlinux, scenario, dump='vmcore', core=None):
    """crash shows the task and the function, and every command works."""
    commands = COMMANDS if core else ('sys', 'bt', 'log')
    known = Known(core, vmlinux) if core else None
    prefix = 'crash' if core else f'crash.{dump}'
    cpu = None
    if core and not ARCH.crash_finds:
        cpu = next(n for n, bits in core.cpu_flags() if bits & CRASHED)
    said = run_crash(outcome, vmlinux, dump, commands, known, prefix, cpu)
    out = [f'crash {dump}: "{c}" printed nothing' for c in commands
           if not said[c] and c != 'mod']
    everything = leave_out_switches(
        ''.join(text for c, text in said.items() if c != 'log'))
    # crash 8.0.2 cannot unwind beyond the stack on which a CPU enters a 6.1
    # kernel.
    if 'mm_struct_mmap' in said.get('bt -a', '') and \
            'mm_struct_mmap' not in said['bt']:
        everything = everything.replace('error trace', '')
    # crash looks for the registers of offline CPUs, too.
    if scenario.cpus_in_dump < scenario.cpus:
        everything = everything.replace(
            'cannot determine NT_PRSTATUS ELF note', '')
    # crash knows the interrupt stacks of i386 by older names only.
    everything = re.sub('cannot determine (hard|soft)irq_ctx', '', everything)
    for bad in ('seek error', 'read error', 'invalid kernel virtual',
                'cannot determine', 'not a supported file format', 'TIMEOUT',
                'cannot transition', 'error trace'):
        if bad in everything:
            line = next(ln for ln in everything.splitlines() if bad in ln)
            out.append(f'crash {dump}: {line.strip()}')
    if out:
        return out
    return [f'crash {dump}: "{c}" does not show {w!r}'
            for c, w in list_expected(outcome, scenario, known)
            if w not in said[c]]
