# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario is, and reading it from tests/scenarios/*.toml."""
import dataclasses
import pathlib
import tomllib

from .target import ARCH, ARCHES

SCENARIOS = pathlib.Path(__file__).resolve().parent.parent / 'scenarios'

# How a scenario must end:
#   dump      the capture kernel comes, saves, and passes
#   absent    the capture kernel comes, but shows no /proc/vmcore
#   reset     no capture kernel; the machine is reset after the crash
#   halt      no capture kernel; the machine stands still after the crash
#   no crash  the first kernel's steps are the whole scenario
ENDS = ('dump', 'absent', 'reset', 'halt', 'no crash')

# Which kernels of a scenario watch themselves in "make strict", which runs it:
#   system    the first one
#   both      the capture kernel too, which is the same
STRICT = ('', 'system', 'both')


@dataclasses.dataclass
class Scenario:
    name: str
    about: str

    # Architectures it makes sense on, and why not on the others; none: all
    only: list = dataclasses.field(default_factory=list)
    because: str = ''
    # What an architecture adds decides it: "make check" runs it on every one
    port: bool = False

    # The machine
    cpus: int = 2
    memory: int = 512               # MiB
    nodes: int = 1
    cpus_up: int = 0                # at the crash; 0: all of them
    memory_flaps: bool = False      # what was plugged in may be offline
    cpus_flap: bool = False         # one of the CPUs may be offline
    cpu: str = ARCH.cpu
    qemu: list = dataclasses.field(default_factory=list)

    # RESERVE: the kernel that crashes, and both kernels' command lines
    system: str = 'system'
    crashkernel: str = ARCH.crashkernel
    append: str = ''
    capture_append: str = 'nr_cpus=1'

    # LOAD: which image, by which kexec.  {append} in what is run there, or to
    # crash, is what every kernel has on its command line.
    image: str = 'vmlinux'          # or "system": the one that crashes
    kexec: str = 'ours'
    options: list = dataclasses.field(default_factory=list)
    load: bool = True
    before: list = dataclasses.field(default_factory=list)
    loaded: list = dataclasses.field(default_factory=list)

    # CRASH: how, on which CPU, and what the runner does just before
    trigger: str = 'sysrq'
    trigger_cpu: int = -1           # the last one
    here: bool = False              # PID 1 itself crashes
    host: list = dataclasses.field(default_factory=list)
    fill: int = 30                  # percent of memory

    # CAPTURE: to which kind of disk (harness/guest.py), ways to save
    # (harness/saving.py), more steps before and after
    disk: str = 'virtio'
    save: list = dataclasses.field(default_factory=lambda: ['cp'])
    capture: list = dataclasses.field(default_factory=list)
    saved: list = dataclasses.field(default_factory=list)

    # ANALYSE
    expect: str = 'dump'
    # What the console must say, or with ! must not say after the crash
    console: list = dataclasses.field(default_factory=list)
    task: str = 'victim'
    # What the backtrace names, with inlined functions and without.  Of a type
    # of LKDTM both are known.
    function: str = 'sysrq_handle_crash'
    symbol: str = 'write_sysrq_trigger'
    silent: int = 0                 # CPUs that cannot answer
    idle: int = 0                   # CPUs that gdb must show idle, at least
    no_code: bool = False           # what was run is not the kernel's code
    tools: list = dataclasses.field(default_factory=lambda: ['crash', 'drgn'])
    low_may_differ: int = 0         # pages; nothing backs them up
    may_differ: int = 0             # pages anywhere; a kexec does not keep off

    # How long each step may take, seconds
    patience: int = 90
    slow: int = 1                   # times that, for slow kernels
    # Turns in "make check" and in "make soak"; 0: not run there
    repeat: int = 1
    soak: int = 0
    strict: str = ''

    # Types of LKDTM that no scenario runs, and why
    excused: dict = dataclasses.field(default_factory=dict)

    def both_roles(self):
        """What to change so that the system kernel captures as well: it wants
        more room, at the same place.  128M, as ppc64 reserves, is enough."""
        return {'image': 'system',
                'crashkernel': self.crashkernel.replace('64M', '160M')}

    @property
    def makes_sense(self):
        """On the chosen architecture?"""
        return not self.only or ARCH.name in self.only

    @property
    def kexec_options(self):
        gdb = ARCH.gdb_options if 'gdb' in self.tools else ()
        return [*self.options, *gdb]

    @property
    def cpus_in_dump(self):
        return self.cpus_up or self.cpus

    @property
    def cores(self):
        """How much of the build machine it wants: big guests run alone."""
        return 2 if self.memory > 2048 else 1


def completed(values):
    """Add what follows from the trigger."""
    way, _, kind = values.get('trigger', '').partition(':')
    if way != 'lkdtm':
        return values
    if '/' in kind:
        point, kind = kind.split('/')
        return {'about': f'LKDTM: {kind} at the crash point {point}', **values}
    function = f'lkdtm_{kind}'
    return {'about': f'LKDTM: {kind}', 'function': function,
            'symbol': function, **values}


def load_file(path):
    with path.open('rb') as stream:
        table = tomllib.load(stream)
    base = table.pop('defaults', {})
    fields = {f.name for f in dataclasses.fields(Scenario)}
    for name, values in table.items():
        values = completed({**base, **values})
        unknown = set(values) - fields
        if unknown:
            raise ValueError(f'{path}: {name}: unknown key '
                             f'{", ".join(sorted(unknown))}')
        scenario = Scenario(name=name, **values)
        if scenario.expect not in ENDS:
            raise ValueError(f'{path}: {name}: expect is one of {ENDS}')
        if set(scenario.only) - set(ARCHES):
            raise ValueError(f'{path}: {name}: only is of {list(ARCHES)}')
        if bool(scenario.only) != bool(scenario.because):
            raise ValueError(f'{path}: {name}: only goes with because')
        if scenario.strict not in STRICT:
            raise ValueError(f'{path}: {name}: strict is one of {STRICT}')
        yield scenario


def load_all(everywhere=False):
    """Return {name: Scenario}, in the order of the files: those that make sense
    on the chosen architecture, or on any."""
    out = {}
    for path in sorted(SCENARIOS.glob('*.toml')):
        for scenario in load_file(path):
            if scenario.name in out:
                raise ValueError(f'{path}: two scenarios {scenario.name}')
            out[scenario.name] = scenario
    return {name: s for name, s in out.items() if everywhere or s.makes_sense}
