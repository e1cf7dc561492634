# SPDX-License-Identifier: GPL-2.0-only
"""What a scenario is, and how it is read from tests/scenarios/*.toml.

tests/README.md explains the keys, templates and groups to those who write
scenarios.
"""
import dataclasses
import pathlib
import tomllib

from .target import ARCH, ARCHES

SCENARIOS = pathlib.Path(__file__).resolve().parent.parent / 'scenarios'

# A file is called STAGE.toml or STAGE-TOPIC.toml, and the stages run in this
# order. common.toml has no scenarios.
STAGES = ('common', 'reserve', 'load', 'crash', 'capture', 'analyse')

# How a scenario must end:
#   dump      the capture kernel comes, saves the dump, and passes
#   absent    the capture kernel comes, but shows no /proc/vmcore
#   reset     no capture kernel comes; the machine is reset after the crash
#   halt      no capture kernel comes; the machine halts after the crash
#   no crash  the scenario ends with the steps of the system kernel
ENDS = ('dump', 'absent', 'reset', 'halt', 'no crash')

# Which kernels of a scenario watch themselves in "make strict"; without the
# key the scenario does not run there:
#   system    the system kernel
#   both      the capture kernel too, which is then the same image
STRICT = ('', 'system', 'both')

# This entry of a list stands for the list of the template.
INHERITED = '...'


@dataclasses.dataclass
class Scenario:
    name: str
    about: str

    # The architectures on which it makes sense (none: all), and why it makes
    # none on the others. The key "on" sets both.
    only: list = dataclasses.field(default_factory=list)
    because: str = ''
    # Code of the architecture decides the result: "make check" runs this
    # scenario on every architecture.
    port: bool = False

    # The machine
    cpus: int = 2
    memory: int = 512               # MiB
    nodes: int = 1
    virtio_mem: int = 0             # MiB plugged in of a device of 2 GB; 0: none
    cpus_up: int = 0                # at the crash; 0: all of them
    memory_flaps: bool = False      # memory that was plugged in may be offline
    cpus_flap: bool = False         # one of the CPUs may be offline
    cpu: str = ARCH.cpu
    qemu: list = dataclasses.field(default_factory=list)
    # More entries of the firmware's memory map (harness/e820.py), and how many
    # MiB of RAM the firmware keeps at most
    e820: list = dataclasses.field(default_factory=list)
    firmware: int = 2

    # RESERVE: the system kernel, and the command lines of both kernels
    system: str = 'system'
    crashkernel: str = ARCH.crashkernel
    append: str = ''
    capture_append: str = 'nr_cpus=1'

    # LOAD: which image, by which kexec. {append} in a step stands for the
    # options that every kernel has on its command line.
    image: str = 'vmlinux'          # or "system": the kernel that crashes
    kexec: str = 'ours'
    options: list = dataclasses.field(default_factory=list)
    load: bool = True
    before: list = dataclasses.field(default_factory=list)
    loaded: list = dataclasses.field(default_factory=list)

    # CRASH: how, on which CPU, and the host's actions around it
    trigger: str = 'sysrq'
    trigger_cpu: int = -1           # the last CPU
    here: bool = False              # PID 1 itself crashes
    host: list = dataclasses.field(default_factory=list)
    fill: int = 30                  # percent of free memory

    # CAPTURE: the kind of disk (harness/guest.py), ways to save
    # (harness/saving.py), and steps before and after the saving
    disk: str = 'virtio'
    save: list = dataclasses.field(default_factory=lambda: ['cp'])
    capture: list = dataclasses.field(default_factory=list)
    saved: list = dataclasses.field(default_factory=list)
    toolbox: bool = False           # a disk with drgn and makedumpfile

    # ANALYSE
    expect: str = 'dump'
    # Text that the console must show. Text after "!" must not appear on the
    # console of the last kernel.
    console: list = dataclasses.field(default_factory=list)
    # The capture kernel reports no oops, BUG or WARNING.
    quiet: bool = True
    task: str = 'victim'
    # Functions that the backtrace must show: one that may be inlined, for tools
    # that know inlined functions, and one that is not. For a type of LKDTM both
    # have a default.
    function: str = 'sysrq_handle_crash'
    symbol: str = 'write_sysrq_trigger'
    silent: int = 0                 # CPUs that cannot answer
    idle: int = 0                   # CPUs that gdb must show idle, at least
    no_code: bool = False           # the CPU executed no code of the kernel
    tools: list = dataclasses.field(default_factory=lambda: ['crash', 'drgn'])
    low_may_differ: int = 0         # pages of low memory; nothing backs them up
    may_differ: int = 0             # pages anywhere; some kexec lets the
    # capture kernel write to memory that is not reserved

    # How long each step may take, in seconds
    patience: int = 90
    slow: int = 1                   # factor for slow kernels
    # Turns in "make check" and in "make soak"; 0: it does not run there
    repeat: int = 1
    soak: int = 0
    strict: str = ''

    # Types of LKDTM that no scenario runs, and why
    excused: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if self.expect not in ENDS:
            raise ValueError(f'{self.name}: expect is one of {ENDS}')
        if set(self.only) - set(ARCHES):
            raise ValueError(f'{self.name}: only is of {list(ARCHES)}')
        if bool(self.only) != bool(self.because):
            raise ValueError(f'{self.name}: "on" needs "because", and the '
                             'other way round')
        if self.strict not in STRICT:
            raise ValueError(f'{self.name}: strict is one of {STRICT}')

    def both_roles(self):
        """Return the changes that make the system kernel capture as well. It
        needs more room at the same place; 128M, as on ppc64, is enough."""
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
    def captures(self):
        """Must the capture kernel come?"""
        return self.expect in ('dump', 'absent')

    @property
    def cpus_in_dump(self):
        return self.cpus_up or self.cpus

    @property
    def cores(self):
        """How many cores of the host it takes: big guests run alone."""
        return 2 if self.memory > 2048 else 1


# Keys of a file: those of the dataclass, and two that become others.
KEYS = {f.name for f in dataclasses.fields(Scenario)} - {'name', 'only'} | \
    {'on', 'like'}


def add_trigger_defaults(values):
    """Add the keys that follow from the trigger."""
    way, _, kind = values.get('trigger', '').partition(':')
    if way != 'lkdtm':
        return values
    if '/' in kind:
        point, kind = kind.split('/')
        return {'about': f'LKDTM: {kind} at the crash point {point}', **values}
    function = f'lkdtm_{kind}'
    return {'about': f'LKDTM: {kind}', 'function': function,
            'symbol': function, **values}


def override(base, values):
    """Return base with the keys of values in their place; "..." in a list
    stands for the list of base."""
    out = dict(base)
    for key, value in values.items():
        if isinstance(value, list) and INHERITED in value:
            at = value.index(INHERITED)
            value = value[:at] + base.get(key, []) + value[at + 1:]
        out[key] = value
    return out


class Collection:
    """All that the files say: groups, templates and scenarios."""

    def __init__(self, paths):
        self.groups = {}        # {name: {'only': ..., 'because': ...}}
        self.tables = {}        # {name: keys}, templates and scenarios
        self.defaults = {}      # {name: keys}, scenarios only
        for path in paths:
            try:
                self.read(tomllib.loads(path.read_text()))
            except ValueError as error:
                raise ValueError(f'{path}: {error}') from None

    def read(self, tables):
        defaults = tables.pop('defaults', {})
        for name, group in tables.pop('on', {}).items():
            self.groups[name] = group
        for name, values in tables.pop('like', {}).items():
            self.add(name, values)
        for name, values in tables.items():
            self.add(name, values)
            self.defaults[name] = defaults

    def add(self, name, values):
        if name in self.tables:
            raise ValueError(f'there are two {name}')
        unknown = set(values) - KEYS
        if unknown:
            raise ValueError(f'{name}: unknown key '
                             f'{", ".join(sorted(unknown))}')
        self.tables[name] = values

    def find(self, name, users):
        if name not in self.tables:
            raise ValueError(f'{users[-1]}: like = "{name}", which is neither '
                             'a template nor a scenario')
        if name in users:
            raise ValueError(f'{" -> ".join((*users, name))}: "like" goes in '
                             'a circle')
        return self.tables[name]

    def resolve(self, name, users=()):
        """Return the keys of a template or scenario, those that it takes over
        included. What a scenario is about it must say itself."""
        own = self.find(name, users)
        base = dict(self.defaults.get(name, {}))
        if 'like' in own:
            base |= self.resolve(own['like'], (*users, name))
            base.pop('about', None)
        return override(base, own)

    def scenario(self, name):
        values = self.resolve(name)
        values.pop('like', None)
        group = values.pop('on', None)
        if group:
            if group not in self.groups:
                raise ValueError(f'{name}: on = "{group}", which is no group')
            values = self.groups[group] | values
        values = add_trigger_defaults(values)
        if 'about' not in values:
            raise ValueError(f'{name}: "about" is missing')
        return Scenario(name=name, **values)

    def scenarios(self):
        return {name: self.scenario(name) for name in self.defaults}


def stage_order(path):
    return STAGES.index(path.stem.partition('-')[0]), path.stem


def load_all(everywhere=False):
    """Return {name: Scenario}, in the order of the stages: those that make
    sense on the chosen architecture, or on any."""
    paths = sorted(SCENARIOS.glob('*.toml'), key=stage_order)
    return {name: scenario
            for name, scenario in Collection(paths).scenarios().items()
            if everywhere or scenario.makes_sense}
