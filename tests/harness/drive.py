# SPDX-License-Identifier: GPL-2.0-only
"""Run one scenario: two lives of a guest, and how they ended."""
import dataclasses
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import threading
import time

from . import hostside, saving, strict
from .guest import (MIB, Guest, Late, Lost, Ram, disk_names,
                    ram_directory)
from .initramfs import Archive
from .oracle import LOW_END, Range
from .target import ARCH

TESTS = pathlib.Path(__file__).resolve().parent.parent

# A busy build machine, not the guest, needs that long.
BOOT = 90
CAPTURE_COMES = 60
# A machine that resets itself does so within that time.
RESET_COMES = 30
# One that stands still is silent that long.
HALTED = 10

# Of both kernels
APPEND = f'{ARCH.append} panic=1'

IMAGES = {
    'vmlinux': 'capture/vmlinux',
    'bzImage': f'capture/{ARCH.image}',
    'up': 'capture-up/vmlinux',
    'system': '{system}/' + ARCH.image,
}


def stripped(path):
    """A kernel without its debug information, which no guest has room for."""
    target = path.with_name('vmlinux.stripped')
    if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
        made = target.with_suffix(f'.{os.getpid()}.{threading.get_ident()}')
        subprocess.run([f'{ARCH.cross}strip', '-o', made, path], check=True)
        made.rename(target)
    return target


@dataclasses.dataclass
class Tools:
    """What a run is made of: kernels, programs, where to put things."""
    kernels: pathlib.Path
    kexec: pathlib.Path
    programs: pathlib.Path          # init, bench, kdump_crash.ko
    output: pathlib.Path
    system: str = 'system'          # the kernel that crashes
    strict: bool = False            # the system kernel watches itself

    def image(self, kind):
        path = self.kernels / IMAGES[kind].format(system=self.system)
        big = kind == 'system' and path.name == 'vmlinux'
        return stripped(path) if big else path

    @property
    def vmlinux(self):
        return self.kernels / self.system / 'vmlinux'


@dataclasses.dataclass
class Outcome:
    """What a scenario left behind."""
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

    def ranges(self, what):
        out = []
        for line in self.iomem:
            m = re.match(r'\s*(\w+)-(\w+) : (.*)', line)
            if m and m[3] == what:
                out.append(Range(int(m[1], 16), int(m[2], 16) + 1))
        return sorted(out)


def capture_steps(scenario):
    steps = list(scenario.capture)
    if scenario.expect == 'absent':
        return [*steps, 'absent /proc/vmcore', 'pass']
    steps.append('tell size stat -c %s /proc/vmcore')
    for i, name in enumerate(scenario.save):
        command = saving.way(name).command
        disk = disk_names(i, scenario.disk)[1]
        steps.append('run ' + command.format(disk=disk))
    return [*steps, *scenario.saved, 'pass']


def kexec_command(scenario):
    append = f'{APPEND} {scenario.capture_append}'
    if scenario.expect == 'reset':      # to see what must not start
        append += f' {ARCH.early}'
    args = ['kexec', '-p', '/image', '--initrd=/capture-initrd']
    if scenario.image in ('vmlinux', 'up'):
        args.append('--args-linux')
    return ' '.join([*args, *scenario.kexec_options, f'--append="{append}"'])


def system_steps(scenario, token):
    steps = list(scenario.before)
    if scenario.load:
        steps += ['run ' + kexec_command(scenario)]
    plant = [f'plant {token}']
    if scenario.memory_flaps:           # a page there would be moved away
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


def base_archive(tools, steps):
    archive = Archive()
    archive.busybox()
    archive.device('dev/console', 5, 1)
    archive.file('init', tools.programs / 'init')
    archive.data('steps', ''.join(f'{s}\n' for s in steps).encode())
    return archive


def add_programs(archive, tools, steps):
    """Add those of tests/guest that the steps run."""
    words = {word for step in steps for word in step.split()}
    for name in words & {'bench', 'files', 'readers', 'segments'}:
        archive.program(tools.programs / name)


def write_archives(scenario, tools, token, directory):
    """Write both lives' initramfs; return the system's."""
    archive = base_archive(tools, capture_steps(scenario))
    for program in {saving.way(w).program for w in scenario.save} - {None}:
        archive.program(ARCH.find(program))
    add_programs(archive, tools, scenario.capture)
    inner = directory / 'capture-initrd'
    archive.write(inner, compress=True)
    archive = base_archive(tools, system_steps(scenario, token))
    kexec = ARCH.find('kexec') if scenario.kexec == 'debian' else tools.kexec
    archive.program(kexec)
    archive.file('image', tools.image(scenario.image))
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
        self.listener = listener        # is told every line of the guest
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
        if self.scenario.image != 'system' and '-kdump' not in release:
            self.outcome.problems.append(
                f'{release} came after the crash, not the capture kernel')

    def ready(self, what):
        """The guest waits: about to crash, or for one of our actions."""
        actions = [what]
        if what == 'crash':
            self.outcome.low = self.outcome.ram.read(0, LOW_END)
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
        elif line:
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
        """Say what is wrong with how it ended; nothing is right."""
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


def strings_in_console(scenario, outcome):
    console = (outcome.directory / 'console.log').read_text(errors='replace')
    if scenario.expect in ('reset', 'halt') and \
            console.count('Linux version') != 1:
        outcome.problems.append('a second kernel was entered')
    second_life = console[console.rfind('Linux version'):]
    second_life = second_life.replace(ARCH.harmless, ' ')
    for wanted in scenario.console:
        if wanted.startswith('!') and wanted[1:] in second_life:
            outcome.problems.append(f'the console says "{wanted[1:]}"')
        elif not wanted.startswith('!') and wanted not in console:
            outcome.problems.append(f'the console does not say "{wanted}"')


def collect(scenario, outcome, disks):
    for disk, name in zip(disks, scenario.save):
        target = outcome.directory / saving.way(name).file
        try:
            saving.collect(disk, name, target,
                           int(outcome.facts.get('size', 0)))
        except (OSError, subprocess.CalledProcessError) as error:
            outcome.problems.append(f'{name}: {error}')
            continue
        outcome.files[name] = target


def run(scenario, tools, listener=None):
    """Run the two lives; return the Outcome, dump and RAM files included."""
    if tools.strict:
        scenario = strict.watched(scenario)
    directory = tools.output / scenario.name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    memory = scenario.memory * MIB
    place = ram_directory(scenario.name, memory) or directory
    outcome = Outcome(directory, Ram(place, memory, scenario.nodes))
    token = 'kdump-token-' + secrets.token_hex(16)
    initrd = write_archives(scenario, tools, token, directory)
    disks = []
    for i, name in enumerate(scenario.save):
        disks.append(directory / f'disk{i}')
        saving.make_disk(disks[-1], name, memory)
    append = f'{APPEND} {scenario.append}'
    if scenario.crashkernel:
        append += f' crashkernel={scenario.crashkernel}'
    try:
        with Guest(directory, outcome.ram, scenario.cpus, scenario.cpu,
                   tools.kernels / tools.system / ARCH.image, initrd, append,
                   disks, scenario.qemu, scenario.disk) as guest:
            drive = Drive(scenario, tools, guest, outcome, listener)
            drive.talk()
            problem = drive.judge()
    except Lost as why:
        problem = f'the guest was lost: {why}'
    if problem:
        outcome.problems.append(problem)
    strings_in_console(scenario, outcome)
    if tools.strict:
        outcome.problems += strict.complaints(directory / 'console.log')
    if not problem and scenario.expect == 'dump':
        collect(scenario, outcome, disks)
    return outcome


def clean(outcome, everything):
    """Delete what is large: the RAM always, dumps unless they are wanted."""
    for path in outcome.ram.files:
        path.unlink(missing_ok=True)
    if outcome.ram.directory != outcome.directory:
        shutil.rmtree(outcome.ram.directory, ignore_errors=True)
    if everything:
        for path in outcome.directory.iterdir():
            if path.stat().st_size > 4 * MIB or path.name.startswith('disk'):
                path.unlink()
