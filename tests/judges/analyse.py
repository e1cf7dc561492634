# SPDX-License-Identifier: GPL-2.0-only
"""Look at what a dump says, and at what the tools of people say about it.

Each check returns a list of complaints; an empty list is a pass. The output of
each tool stays in the scenario's folder.
"""
import functools
import os
import re
import struct
import subprocess
import time

from harness.target import ARCH

TIMEOUT = 180
CRASHED, SILENT = 1, 2          # KDUMP_CPU_* in kdump_format.h
IDLE_PID = 0x400000             # KDUMP_IDLE_PID there

DRGN = '''
import sys, drgn
from drgn.helpers.linux import *
prog = drgn.Program()
prog.set_core_dump(sys.argv[1])
pid = int(sys.argv[2])
prog.load_debug_info(sys.argv[3:])
task = find_task(prog, pid) if pid else None
print('comm', task.comm.string_().decode() if task else 'idle')
print(prog.stack_trace(task if task else prog['init_task'].address_of_()))
'''


def run_tool(command, directory, output, text=''):
    """Run a tool in the scenario's folder; return its output."""
    env = dict(os.environ, TERM='dumb', HOME=str(directory))
    try:
        run = subprocess.run(command, cwd=directory, env=env, input=text,
                             stdout=subprocess.PIPE, timeout=TIMEOUT,
                             stderr=subprocess.STDOUT, text=True,
                             errors='replace')
        said = run.stdout
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b'').decode(errors='replace') + '\nTIMEOUT\n'
    (directory / output).write_text(said)
    return said


@functools.lru_cache(maxsize=4)
def read_symbols(vmlinux, kinds='tTwW'):
    """Return the sorted [(address, name)] of the kernel's code, or of the
    kinds of symbols that nm calls so."""
    out = subprocess.run([f'{ARCH.cross}nm', '-n', vmlinux], text=True,
                         capture_output=True, check=True).stdout
    symbols = (line.rsplit(' ', 2) for line in out.splitlines())
    return [(int(address, 16), name) for address, kind, name in symbols
            if kind in kinds and address.strip()]


def find_function(vmlinux, address):
    """Return the name of the function around an address, or None."""
    symbols = read_symbols(vmlinux)
    names = [name for start, name in symbols if start <= address]
    inside = symbols[0][0] <= address <= symbols[-1][0]
    return names[-1] if inside and names else None


def check_registers(core, vmlinux, scenario):
    """Each CPU has a note, and was in kernel code or in user space."""
    notes, machine = core.registers(), core.machine
    crashed = [bits & CRASHED for _, bits in core.cpu_flags()]
    out = []
    if len(notes) != scenario.cpus_in_dump:
        out.append(f'{len(notes)} NT_PRSTATUS notes, expected one for each '
                   f'of {scenario.cpus_in_dump} CPUs')
    offset = core.kernel_offset()
    for number, (pid, regs) in enumerate(notes):
        if scenario.silent and not any(regs.values()) or \
                scenario.no_code and crashed[number]:
            continue
        ip, sp = regs[machine.ip], regs[machine.sp]
        name, bits = machine.user
        if regs[name] & bits == bits and ip < machine.kernel:
            continue
        if not find_function(vmlinux, ip - offset) and \
                ip not in machine.modules:
            out.append(f'note {number} (pid {pid}): {machine.ip} {ip:#x} is '
                       'in no function of the kernel')
        if sp < machine.kernel:
            out.append(f'note {number} (pid {pid}): {machine.sp} {sp:#x} is '
                       'not a kernel stack')
    return out


def check_marks(core, scenario):
    """One CPU is marked as crashed, and CPUs that could not answer as
    silent."""
    flags = dict(core.cpu_flags())
    crashed = [cpu for cpu, bits in flags.items() if bits & CRASHED]
    silent = [cpu for cpu, bits in flags.items() if bits & SILENT]
    out = []
    if len(crashed) != 1:
        out.append(f'CPUs {crashed} are marked as crashed, expected one')
    if len(silent) != scenario.silent:
        out.append(f'CPUs {silent} are marked as silent, expected '
                   f'{scenario.silent} of them')
    return out


def check_release(core, outcome):
    """VMCOREINFO names the kernel that crashed."""
    info = core.vmcoreinfo()
    release = info.get('OSRELEASE')
    if release != outcome.facts['release']:
        return [f'VMCOREINFO names the release {release}, the kernel that '
                f'crashed was {outcome.facts["release"]}']
    return []


def check_time(core):
    """VMCOREINFO tells when the crash was: guests have the host's clock.

    The capture kernel knows it from the note of the CPU that crashed.
    """
    if not any(bits & CRASHED for _, bits in core.cpu_flags()):
        return []
    when = int(core.vmcoreinfo().get('CRASHTIME', '0'))
    if abs(time.time() - when) > 3600:
        return [f'VMCOREINFO says that the crash was at {when}, and now it is '
                f'{time.time():.0f}']
    return []


def check_token(core, outcome):
    """The page that was planted before the crash is where it was."""
    paddr, _, text = outcome.token
    page = core.read(paddr, 4096)
    if page is None:
        return [f'the page of the token, {paddr:#x}, is not in the dump']
    if not page.startswith(text.encode()):
        return [f'no token at {paddr:#x} but {page[:32]!r}']
    return []


def check_low_pattern(core, outcome):
    """The pattern that was planted below 640 KB is undamaged, although the
    capture kernel used that memory."""
    start, end, seed = outcome.low_pattern
    wrong = []
    for page in range(start, end, 4096):
        data = core.read(page, 8) or b''
        word = seed ^ page * 0x9e3779b97f4a7c15 & 2 ** 64 - 1
        if data != struct.pack(f'{core.order}Q', word):
            wrong.append(page)
    if wrong:
        return [f'the pattern below 640 KB is damaged in {len(wrong)} pages, '
                f'the first at {wrong[0]:#x}']
    return []


class Known:
    """Addresses that crash must translate, and where they lead."""

    def __init__(self, core, vmlinux):
        info = core.vmcoreinfo()
        phys_base = int(info.get('NUMBER(phys_base)', '0'))
        linked = next(a for a, name in read_symbols(vmlinux, 'rRdD')
                      if name == 'linux_banner')
        self.banner = linked + core.kernel_offset()
        self.banner_paddr = self.banner - core.machine.image + phys_base
        self.stack = core.registers()[0][1][core.machine.sp]


def check_banner(core, outcome, vmlinux):
    """linux_banner is where VMCOREINFO says the kernel is."""
    text = core.read(Known(core, vmlinux).banner_paddr, 80) or b''
    if not text.startswith(b'Linux version ' +
                           outcome.facts['release'].encode()):
        return [f'VMCOREINFO places linux_banner where there is {text!r}']
    return []


def open_with_drgn(core, outcome, debug_files, scenario, dump='vmcore'):
    """drgn unwinds the stack of the task that crashed."""
    listing = outcome.directory / 'crash.txt'
    pid = next((pid for (pid, _), (_, bits) in zip(core.registers(),
                                                   core.cpu_flags())
                if bits & CRASHED and pid < IDLE_PID), 0)
    m = listing.exists() and re.search(
        r'^PID: (\d+).*COMMAND: "%s"' % re.escape(scenario.task),
        listing.read_text(errors='replace'), re.M)
    if m:
        pid = int(m[1])
    said = run_tool(['/usr/bin/python3', '-c', DRGN, dump, str(pid),
                     *debug_files], outcome.directory, 'drgn.txt')
    out = []
    if scenario.function not in said:
        out.append(f'drgn: no {scenario.function} in the stack of pid {pid}: '
                   f'{said.strip().splitlines()[-1:]}')
    if f'comm {scenario.task}' not in said:
        out.append(f'drgn: pid {pid} is not {scenario.task}')
    return out


def check_log(outcome, dump='vmcore'):
    """makedumpfile finds the log, the line with the token included."""
    target = outcome.directory / 'host.dmesg'
    target.unlink(missing_ok=True)
    said = run_tool([*ARCH.command('makedumpfile'), '--dump-dmesg', dump,
                     target.name], outcome.directory, 'makedumpfile.txt')
    if not target.exists():
        return [f'makedumpfile --dump-dmesg: {said.strip()[-200:]}']
    if outcome.token[2] not in target.read_text(errors='replace'):
        return ['makedumpfile --dump-dmesg: the token is not in the log']
    return []


def run_elf_readers(outcome, dump='vmcore'):
    """readelf and eu-readelf do not complain."""
    out = []
    for program in ('readelf', 'eu-readelf'):
        run = subprocess.run([program, '-aW', dump], text=True,
                             capture_output=True, errors='replace',
                             cwd=outcome.directory)
        (outcome.directory / f'{program}.txt').write_text(run.stdout)
        if run.stderr or run.returncode or 'PRSTATUS' not in run.stdout:
            out.append(f'{program} -a {dump}: {run.stderr[:200]}')
    return out
