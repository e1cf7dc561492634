# SPDX-License-Identifier: GPL-2.0-only
"""Open a dump with gdb: backtrace, memory, and the registers of every CPU.

If KASLR did not move the kernel and no module crashed, gdb needs only vmlinux;
otherwise it needs the script that is installed beside kexec.
"""
import re

from harness.target import ARCH

from .analyse import CRASHED, IDLE_PID, run_tool

SCRIPT = 'share/kdump/kdump-gdb.py'

COMMANDS = ('bt', 'info registers', 'print (char *)linux_banner',
            'info threads', 'echo \\n--- every CPU ---\\n',
            'thread apply all -s -- info registers {compared}',
            'echo \\n--- every backtrace ---\\n', 'thread apply all -s -- bt')


# The first entry of a table in the module: its pointers are right only if gdb
# sees the module as the kernel relocated it.
MODULE_MEMORY = 'print crash_ways[0]'
MODULE_SHOWN = r'= {name = 0x\w+ "panic", go = 0x\w+ <kdump_crash_panic>}'


def crashed_in_module(scenario):
    return ARCH.gdb_modules and scenario.function.startswith('kdump_crash')


def choose_script(core, scenario, tools):
    if not core.kernel_offset() and not crashed_in_module(scenario):
        return []
    options = ['-x', tools.kexec.parent.parent / SCRIPT]
    if crashed_in_module(scenario):
        options += ['-ex', f'kdump-modules {tools.programs}',
                    '-ex', MODULE_MEMORY]
    return options


def choose_thread(core):
    """Return the options that make gdb begin with the CPU that crashed, where
    it does not do so by itself."""
    if ARCH.gdb_finds:
        return []
    pid = next(pid for (pid, _), (_, bits) in zip(core.registers(),
                                                  core.cpu_flags())
               if bits & CRASHED)
    return ['-ex', 'python [t.switch() for t in gdb.selected_inferior()'
            f'.threads() if t.ptid[1] == {pid}]']


def split_threads(said):
    """Return {pid: what gdb printed of this thread}."""
    parts = re.split(r'^Thread \d+ \((?:LWP|process) (\d+)\).*:$', said,
                     flags=re.M)
    return {int(pid): text for pid, text in zip(parts[1::2], parts[2::2])}


def check_threads(core, said):
    """gdb shows each CPU with the registers of its own note."""
    shown = split_threads(said)
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


# gdb cannot unwind out of an interrupt: only the kernel's own unwinder knows
# how the stacks change there.
IDLE = re.compile(r'do_idle|irq|interrupt|sysvec_')


def check_idle(core, said, scenario):
    """Each idle CPU has its own thread number, and is in the idle loop."""
    shown = split_threads(said)
    idle_pids = [pid for pid, _ in core.registers() if pid >= IDLE_PID]
    out = [f'gdb: thread {pid}, an idle CPU, is not in the idle loop'
           for pid in idle_pids
           if not IDLE.search(shown.get(pid, ''))]
    if len(idle_pids) < scenario.idle:
        out.append(f'{len(idle_pids)} idle CPUs have a number of their own, '
                   f'expected {scenario.idle}')
    return out


def open_with_gdb(core, outcome, tools, scenario, dump='vmcore'):
    """gdb shows the function that crashed, and every CPU as it was."""
    compared = ' '.join(core.machine.compared)
    args = [word for command in COMMANDS
            for word in ('-ex', command.format(compared=compared))]
    said = run_tool([ARCH.gdb, '-batch', '-nx',
                     *choose_script(core, scenario, tools),
                     *choose_thread(core), *args, tools.vmlinux, dump],
                    outcome.directory, 'gdb.txt')
    first, _, rest = said.partition('--- every CPU ---')
    registers, _, backtraces = rest.partition('--- every backtrace ---')
    out = []
    frames = re.findall(r'^#\d+ .*', first, re.M)
    function = scenario.function
    # Without the file of a module a backtrace ends there.
    if not ARCH.gdb_modules and function.startswith('kdump_crash'):
        function = ''
    if not any(function in f for f in frames):
        out.append(f'gdb: no {function} in the backtrace but {frames[:3]}')
    if not re.search(rf'^{core.machine.ip} +0x', first, re.M):
        out.append('gdb: no registers')
    if crashed_in_module(scenario) and not re.search(MODULE_SHOWN, first):
        out.append('gdb: the memory of the module is not readable')
    if f'Linux version {outcome.facts["release"]}' not in first:
        out.append('gdb: linux_banner is not readable')
    return out + check_threads(core, registers) + \
        check_idle(core, backtraces, scenario)
