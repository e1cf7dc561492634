# SPDX-License-Identifier: GPL-2.0-only
"""Run one scenario: a guest lives before the crash and after it; how does it
end?"""
import dataclasses
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import threading
import time

from . import e820, hostside, saving, strict, toolbox, wait
from .guest import (MIB, Guest, Late, Lost, Machine, Ram, disk_names,
                    ram_directory)
from .initramfs import Archive
from .ranges import Range
from .target import ARCH
from .uki import make_uki

TESTS = pathlib.Path(__file__).resolve().parent.parent

# Seconds. A guest is faster; a busy host may need that long.
BOOT = 90
CAPTURE_COMES = 60
# A machine that resets itself does so within that time.
RESET_COMES = 30
# A machine that is silent for that long after the crash has halted.
HALTED = 10

# What the capture kernel must not say
NOISE = re.compile('Oops|BUG:|kernel BUG at|WARNING:')

# Options of both kernels
APPEND = f'{ARCH.append} panic=1'

IMAGES = {
    'vmlinux': 'capture/vmlinux',
    'bzImage': f'capture/{ARCH.image}',
    'up': 'capture-up/vmlinux',
    'system': '{system}/' + ARCH.image,
    'uki': f'capture/{ARCH.image}',         # the kernel in it
}


def strip_kernel(path):
    """Return a copy of a kernel without debug information, for which no guest
    has room."""
    target = path.with_name('vmlinux.stripped')
    if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
        made = target.with_suffix(f'.{os.getpid()}.{threading.get_ident()}')
        subprocess.run([f'{ARCH.cross}strip', '-o', made, path], check=True)
        made.rename(target)
    return target


@dataclasses.dataclass
class Tools:
    """Where kernels, programs and results are, and options of the runner."""
    kernels: pathlib.Path
    kexec: pathlib.Path
    programs: pathlib.Path          # what "make guest" builds
    output: pathlib.Path
    system: str = 'system'          # the kernel that crashes
    strict: bool = False            # the system kernel watches itself
    wait: bool = False              # the guest waits for a person at the end

    def image(self, kind):
        path = self.kernels / IMAGES[kind].format(system=self.system)
        big = kind == 'system' and path.name == 'vmlinux'
        return strip_kernel(path) if big else path

    @property
    def vmlinux(self):
        return self.kernels / self.system / 'vmlinux'

    @property
    def config(self):
        return self.kernels / self.system / '.config'


@dataclasses.dataclass
class Outcome:
    """The results of a scenario."""
    directory: pathlib.Path
    ram: Ram
    problems: list = dataclasses.field(default_factory=list)
    facts: dict = dataclasses.field(default_factory=dict)
    done: list = dataclasses.field(default_factory=list)
    times: dict = dataclasses.field(default_factory=dict)
    iomem: list = dataclasses.field(default_factory=list)
    token: tuple = ()
    low_pattern: tuple = ()
    low: bytes = b''
    end: str = ''
    files: dict = dataclasses.field(default_factory=dict)
    guest_memory: bool = False      # QEMU has dumped it

    def ranges(self, what):
        """Return the ranges of that name; a driver may be named behind it."""
        out = []
        for line in self.iomem:
            m = re.match(r'\s*(\w+)-(\w+) : (.*)', line)
            if m and m[3].partition(' (')[0] == what:
                out.append(Range(int(m[1], 16), int(m[2], 16) + 1))
        return sorted(out)


def list_capture_steps(scenario):
    steps = list(scenario.capture)
    if scenario.expect == 'absent':
        return [*steps, 'absent /proc/vmcore', 'pass']
    steps.append('tell size stat -c %s /proc/vmcore')
    for i, name in enumerate(scenario.save):
        command = saving.way(name).command
        disk = disk_names(i, scenario.disk)[1]
        steps.append('run ' + command.format(disk=disk))
    return [*steps, *scenario.saved, 'pass']


def make_capture_append(scenario):
    append = f'{APPEND} {scenario.capture_append}'
    if scenario.expect == 'reset':      # shows a kernel that must not start
        append += f' {ARCH.early}'
    return append


def make_kexec_command(scenario):
    if scenario.image == 'uki':         # has the initrd and the command line
        return ' '.join(['kexec', '-p', '/image', *scenario.kexec_options])
    append = make_capture_append(scenario)
    args = ['kexec', '-p', '/image', '--initrd=/capture-initrd']
    if scenario.image in ('vmlinux', 'up'):
        args.append('--args-linux')
    return ' '.join([*args, *scenario.kexec_options, f'--append="{append}"'])


def list_system_steps(scenario, token):
    steps = list(scenario.before)
    if scenario.load:
        steps += ['run ' + make_kexec_command(scenario)]
    plant = [f'plant {token}']
    if scenario.memory_flaps:           # memory going offline moves its pages
        steps, plant = steps + plant, []
    steps += [step.replace('{append}', APPEND) for step in scenario.loaded]
    if scenario.expect == 'no crash':
        return [*steps, 'pass']
    if scenario.fill:
        steps.append(f'fill {scenario.fill}')
    steps += [*plant, 'iomem', 'ready crash']
    if scenario.here:
        return [*steps, f'crash-here {scenario.trigger}']
    cpu = scenario.trigger_cpu % scenario.cpus_in_dump
    trigger = scenario.trigger.replace('{append}', APPEND)
    return [*steps, f'crash {trigger} {cpu}']


def make_archive(tools, steps):
    archive = Archive()
    archive.busybox()
    archive.device('dev/console', 5, 1)
    archive.file('init', tools.programs / 'init')
    archive.data('steps', ''.join(f'{s}\n' for s in steps).encode())
    if tools.wait:
        archive.data('wait', b'')
    return archive


def add_programs(archive, tools, steps):
    """Add the programs of tests/guest that the steps run."""
    words = {word for step in steps for word in re.split(r'[\s/]', step)}
    for name in words & {'bench', 'files', 'readers', 'segments', 'update.so'}:
        archive.program(tools.programs / name)
    for name in words & {'kdump_capture.ko', 'kdump_virtio_mem.ko'}:
        archive.file(name, tools.programs / name)


def write_archives(scenario, tools, token, directory):
    """Write the initramfs of both kernels; return the system kernel's."""
    archive = make_archive(tools, list_capture_steps(scenario))
    for program in {saving.way(w).program for w in scenario.save} - {None}:
        ours = tools.kexec.parent / program
        archive.program(ours if ours.exists() else ARCH.find(program))
    add_programs(archive, tools, scenario.capture)
    inner = directory / 'capture-initrd'
    archive.write(inner, compress=True)
    archive = make_archive(tools, list_system_steps(scenario, token))
    kexec = ARCH.find('kexec') if scenario.kexec == 'debian' else tools.kexec
    archive.program(kexec)
    archive.file('image', tools.image(scenario.image))
    if scenario.image == 'uki':
        archive.data('image', make_uki(
            tools.image('uki').read_bytes(), inner.read_bytes(),
            make_capture_append(scenario).encode()))
    archive.file('capture-initrd', inner)
    add_programs(archive, tools, scenario.before + scenario.loaded)
    archive.file('kdump_crash.ko', tools.programs / 'kdump_crash.ko')
    outer = directory / 'system-initrd'
    archive.write(outer)
    return outer


class Drive:
    """The conversation with one guest."""

    def __init__(self, scenario, tools, guest, outcome, listener=None):
        self.scenario, self.tools = scenario, tools
        self.guest, self.outcome = guest, outcome
        self.listener = listener        # called with every line of the guest
        self.stage, self.crashed_at = 'boot', None
        self.captured = False

    def hello(self, release):
        now = time.monotonic()
        if self.crashed_at is None:
            self.outcome.times['boot'] = now - self.guest.start
            self.outcome.facts['release'] = release
            self.stage = 'system'
            return
        self.outcome.times['capture'] = now - self.crashed_at
        self.captured = True
        self.stage = 'capture'
        self.outcome.facts['captured_by'] = release
        ours = IMAGES[self.scenario.image].startswith('capture')
        if ours and '-kdump' not in release:
            self.outcome.problems.append(
                f'{release} came after the crash, not the capture kernel')

    def ready(self, what):
        """Do what the guest waits for: an action of the host, or nothing
        when it is about to crash and the scenario has none."""
        actions = [what]
        if what == 'crash':
            self.outcome.low = self.outcome.ram.read(0, ARCH.low)
            actions = self.scenario.host
        for action in actions:
            hostside.act(action, self)
        self.guest.go()

    def line(self, line):
        """Handle one line; return True on a verdict."""
        word, _, value = line.partition(' ')
        out = self.outcome
        if self.listener:
            self.listener(word, value)
        if word == 'hello':
            self.hello(value)
        elif word == 'fact':
            name, _, value = value.partition(' ')
            out.facts[name] = value
        elif word == 'done':
            seconds, _, command = value.partition(' ')
            out.done.append((self.stage, float(seconds), command))
        elif word == 'iomem':
            out.iomem.append(value)
        elif word == 'token':
            paddr, vaddr, token = value.split()
            out.token = int(paddr, 16), int(vaddr, 16), token
        elif word == 'low':
            out.low_pattern = tuple(int(v, 16) for v in value.split())
        elif word == 'ready':
            self.ready(value)
        elif word == 'crash':
            self.crashed_at = time.monotonic()
            self.stage = 'crash'
            hostside.after_crash(self)
        elif word in ('pass', 'fail'):
            out.end = 'pass' if word == 'pass' else f'failed: {value}'
            return True
        elif line and self.stage != 'boot':     # firmware may speak, too
            out.problems.append(f'the guest said: {line}')
        return False

    def timeout(self):
        seconds = self.scenario.patience
        if self.stage == 'boot':
            seconds = BOOT
        elif self.stage == 'crash':
            seconds = {'reset': RESET_COMES, 'halt': HALTED}.get(
                self.scenario.expect, CAPTURE_COMES)
        return seconds * self.scenario.slow

    def talk(self):
        """Listen until a verdict, silence or the end of the machine."""
        while True:
            try:
                if self.line(self.guest.line(self.timeout())):
                    return
            except Late:
                self.outcome.end = 'silence'
                return
            except Lost as why:
                self.outcome.end = f'lost: {why}'
                return

    def judge(self):
        """Return what is wrong with how the guest ended, or None."""
        end, expect = self.outcome.end, self.scenario.expect
        crashed = self.stage == 'crash'
        if expect == 'reset' and crashed and \
                end == 'lost: QEMU ended with status 0':
            return None
        if expect == 'halt' and crashed and end == 'silence':
            return None
        if self.captured and expect in ('reset', 'halt'):
            return 'the capture kernel came, which it must not'
        if end == 'pass':
            if self.captured == (expect in ('dump', 'absent')):
                return None
            return f'passed in stage {self.stage}, expected {expect}'
        if end == 'silence' and crashed:
            return ('the capture never came: silence for '
                    f'{self.timeout()} s after the crash')
        if end == 'silence':
            return (f'no verdict: silence for {self.timeout()} s in stage '
                    f'{self.stage}')
        if end.startswith('lost'):
            return f'the guest was {end} in stage {self.stage}'
        return f'stage {self.stage} {end}'


def check_console(scenario, outcome):
    """Look for what the console must show, and for what it must not show."""
    console = (outcome.directory / 'console.log').read_text(errors='replace')
    kernels = console.count('Linux version')
    if scenario.expect in ('reset', 'halt') and kernels != 1:
        outcome.problems.append('a second kernel was entered')
    last_kernel = console[console.rfind('Linux version'):]
    last_kernel = last_kernel.replace(ARCH.harmless, ' ')
    for text in scenario.console:
        if text.startswith('!') and text[1:] in last_kernel:
            outcome.problems.append(f'the console says "{text[1:]}"')
        elif not text.startswith('!') and text not in console:
            outcome.problems.append(f'the console does not say "{text}"')
    if scenario.quiet and scenario.captures and kernels > 1:
        outcome.problems += [
            f'the capture kernel says "{line.strip()}"'
            for line in last_kernel.splitlines() if NOISE.search(line)][:3]


def collect_dumps(scenario, outcome, disks):
    for disk, name in zip(disks, scenario.save):
        target = outcome.directory / saving.way(name).file
        try:
            saving.collect(disk, name, target,
                           int(outcome.facts.get('size', 0)))
        except (OSError, subprocess.CalledProcessError) as error:
            outcome.problems.append(f'{name}: {error}')
            continue
        outcome.files[name] = target


def make_machine(scenario, tools, outcome, initrd):
    """Make the disks; return the Machine of a scenario."""
    memory = scenario.memory * MIB
    disks, prepare = [], []
    for i, name in enumerate(scenario.save):
        disks.append(outcome.directory / f'disk{i}')
        prepare += saving.disk_commands(disks[-1], name, memory)
    for command in prepare:
        subprocess.run(command, check=True)
    options = list(scenario.qemu)
    if scenario.toolbox:
        box = outcome.directory / 'disk-toolbox'
        toolbox.make(box, tools.vmlinux)
        options += ['-drive', f'file={box},if=none,id=toolbox,format=raw',
                    '-device', 'virtio-blk-pci,drive=toolbox']
    append = f'{APPEND} {scenario.append}'
    if scenario.crashkernel:
        append += f' crashkernel={scenario.crashkernel}'
    kernel = tools.kernels / tools.system / ARCH.image
    if scenario.e820:
        kernel, more = e820.add(scenario.e820, kernel, outcome.directory)
        options += more
    return Machine(outcome.ram, scenario.cpus, scenario.cpu, kernel, initrd,
                   append, disks, scenario.disk, options, prepare)


def run(scenario, tools, listener=None):
    """Run a scenario; return the Outcome, dump and RAM files included."""
    if tools.strict:
        scenario = strict.watch(scenario)
    directory = tools.output / scenario.name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    memory = scenario.memory * MIB
    virtio_mem = scenario.virtio_mem * MIB
    place = ram_directory(scenario.name, memory + virtio_mem) or directory
    outcome = Outcome(directory, Ram(place, memory, scenario.nodes,
                                     virtio_mem))
    token = 'kdump-token-' + secrets.token_hex(16)
    initrd = write_archives(scenario, tools, token, directory)
    machine = make_machine(scenario, tools, outcome, initrd)
    try:
        with Guest(directory, machine, tools.wait) as guest:
            drive = Drive(scenario, tools, guest, outcome, listener)
            drive.talk()
            problem = drive.judge()
            if tools.wait:
                wait.hand_over(guest, scenario.name, tools.vmlinux, problem)
    except Lost as why:
        problem = f'the guest was lost: {why}'
    if problem:
        outcome.problems.append(problem)
    check_console(scenario, outcome)
    if tools.strict:
        outcome.problems += strict.find_complaints(directory / 'console.log')
    if not problem and scenario.expect == 'dump':
        collect_dumps(scenario, outcome, machine.disks)
    return outcome


def clean(outcome, everything):
    """Delete the RAM files, and with everything all other large files."""
    for path in outcome.ram.files:
        path.unlink(missing_ok=True)
    if outcome.ram.directory != outcome.directory:
        shutil.rmtree(outcome.ram.directory, ignore_errors=True)
    if everything:
        for path in outcome.directory.iterdir():
            if path.stat().st_size > 4 * MIB or path.name.startswith('disk'):
                path.unlink()
