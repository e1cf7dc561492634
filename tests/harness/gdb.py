# SPDX-License-Identifier: GPL-2.0-only
"""Open a dump with gdb: backtrace, memory, and the registers of every CPU.

A kernel that was not moved and crashed in its own code needs vmlinux only; for
KASLR and modules there is the script that is installed beside kexec.
"""
import re

from .analyse import CRASHED, IDLE_PID, tool
from .target import ARCH

SCRIPT = 'share/kdump/kdump-gdb.py'

COMMANDS = ('bt', 'info registers', 'print (char *)linux_banner',
            'info threads', 'echo \\n--- every CPU ---\\n',
            'thread apply all -s -- info registers {compared}',
            'echo \\n--- every backtrace ---\\n', 'thread apply all -s -- bt')


# The first of a table of the module, as the kernel had relocated it
MODULE_MEMORY = 'print crash_ways[0]'
MODULE_SHOWN = r'= {name = 0x\w+ "panic", go = 0x\w+ <kdump_crash_panic>}'


def in_module(scenario):
    return ARCH.gdb_modules and scenario.function.startswith('kdump_crash')


def script_options(core, scenario, tools):
    if not core.kernel_offset() and not in_module(scenario):
        return []
    options = ['-x', tools.kexec.parent.parent / SCRIPT]
    if in_module(scenario):
        options += ['-ex', f'kdump-modules {tools.programs}',
                    '-ex', MODULE_MEMORY]
    return options


def chosen_thread(core):
    """What makes gdb begin with the CPU that crashed, where it does not."""
    if ARCH.gdb_finds:
        return []
    pid = next(pid for (pid, _), (_, bits) in zip(core.registers(),
                                                  core.cpu_flags())
               if bits & CRASHED)
    return ['-ex', 'python [t.switch() for t in gdb.selected_inferior()'
            f'.threads() if t.ptid[1] == {pid}]']


def by_thread(said):
    """Return {pid: what gdb printed of this thread}."""
    parts = re.split(r'^Thread \d+ \((?:LWP|process) (\d+)\).*:$', said,
                     flags=re.M)
    return {int(pid): text for pid, text in zip(parts[1::2], parts[2::2])}


def threads(core, said):
    """gdb gives each CPU the registers of its own note."""
    shown = by_thread(said)
    out = []
    for pid, registers in core.registers():
        values = dict(re.findall(r'^(\w+) +(0x[0-9a-f]+)', shown.get(pid, ''),
                                 re.M))
        wrong = [name for name in core.machine.compared
                 if int(values.get(name, '-1'), 16) != registers[name]]
        if wrong:
            out.append(f'gdb: {wrong[0]} of thread {pid} is '
                       f'{values.get(wrong[0])}, not '
                       f'{registers[wrong[0]]:#x}')
    return out


# Of an interrupt gdb does not find the way out: what changes stacks there tells
# only the kernel's own unwinder.
IDLE = re.compile(r'do_idle|irq|interrupt|sysvec_')


def idle(core, said, scenario):
    """An idle CPU has a number of its own, and is in the idle loop."""
    shown = by_thread(said)
    idle_pids = [pid for pid, _ in core.registers() if pid >= IDLE_PID]
    out = [f'gdb: thread {pid}, an idle CPU, is not in the idle loop'
           for pid in idle_pids
           if not IDLE.search(shown.get(pid, ''))]
    if len(idle_pids) < scenario.idle:
        out.append(f'{len(idle_pids)} idle CPUs have a number of their own, '
                   f'expected {scenario.idle}')
    return out


def gdb(core, outcome, tools, scenario, dump='vmcore'):
    """gdb names the function that crashed, and shows every CPU as it was."""
    compared = ' '.join(core.machine.compared)
    args = [word for command in COMMANDS
            for word in ('-ex', command.format(compared=compared))]
    said = tool([ARCH.gdb, '-batch', '-nx',
                 *script_options(core, scenario, tools),
                 *chosen_thread(core), *args, tools.vmlinux, dump],
                outcome.directory, 'gdb.txt')
    first, _, rest = said.partition('--- every CPU ---')
    registers, _, backtraces = rest.partition('--- every backtrace ---')
    out = []
    frames = re.findall(r'^#\d+ .*', first, re.M)
    function = scenario.function
    # Without its file a backtrace ends where a module begins.
    if not ARCH.gdb_modules and function.startswith('kdump_crash'):
        function = ''
    if not any(function in f for f in frames):
        out.append(f'gdb: no {function} in the backtrace but {frames[:3]}')
    if not re.search(rf'^{core.machine.ip} +0x', first, re.M):
        out.append('gdb: no registers')
    if in_module(scenario) and not re.search(MODULE_SHOWN, first):
        out.append('gdb: the memory of the module is not readable')
    if f'Linux version {outcome.facts["release"]}' not in first:
        out.append('gdb: linux_banner is not readable')
    return out + threads(core, registers) + idle(core, backtraces, scenario)
