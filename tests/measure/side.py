# SPDX-License-Identifier: GPL-2.0-only
"""Run a guest with our kdump or with upstream's."""
import dataclasses
import sys

from harness import cli, drive
from harness.guest import MIB
from harness.scenario import Scenario
from judges import checks
from judges.elfcore import Core

# A guest on a busy machine may miss timer interrupts and fail: try again.
RUNS = 2
# In one boot of twelve KASLR puts upstream's kernel into the place of the
# reservation: boot again.
BOOTS = 5

OURS = {}
# Differences from RAM that upstream's dump may have.  On x86 nothing backs up
# the first 640 KB.  On ppc64 the capture kernel writes to memory of the
# firmware, and /proc/iomem does not show the reservation.
UPSTREAM = {'kexec': 'debian', 'low_may_differ': 8, 'may_differ': 8,
            'options': ['--elf64-core-headers'], 'quiet': False}


def reservation(scenario):
    """Return the line of /proc/iomem for crashkernel=sizeM@offsetM."""
    size, _, at = scenario.crashkernel.replace('M', '').partition('@')
    if not at:
        return []
    start = int(at) * MIB
    return [f'{start:x}-{start + int(size) * MIB - 1:x} : Crash kernel']


@dataclasses.dataclass
class Side:
    """Kernels, and the kexec for them."""
    name: str
    tools: drive.Tools
    settings: dict          # common to its scenarios

    @property
    def scenario_name(self):
        return f'bench-{self.name}'

    def boot(self, scenario):
        """Run a guest; if it gets no reservation, try again."""
        for _ in range(BOOTS):
            outcome = drive.run(scenario, self.tools)
            if outcome.facts.get('reserved') != '0':
                break
            drive.clean(outcome, True)
        if not outcome.ranges('Crash kernel'):
            outcome.iomem += reservation(scenario)
        for path in outcome.files.values():
            outcome.problems += checks.hold_against_ram(
                Core(path), scenario, outcome)
        drive.clean(outcome, True)
        return outcome

    def run(self, what, **values):
        """Run a guest, again if it fails; return the last outcome."""
        scenario = Scenario(
            self.scenario_name, what,
            before=['tell reserved cat /sys/kernel/kexec_crash_size'],
            **{'save': [], **self.settings, **values})
        for _ in range(RUNS):
            outcome = self.boot(scenario)
            if not outcome.problems:
                break
        return outcome

    def measure(self, what, **values):
        """Run a guest that must succeed."""
        outcome = self.run(what, **values)
        if outcome.problems:
            sys.exit('\n'.join([f'bench: {self.name}: {what} failed',
                                *outcome.problems]))
        return outcome

    def initrd_mib(self):
        """Return the size of the capture kernel's initrd in the last run."""
        path = self.tools.output / self.scenario_name / 'capture-initrd'
        return path.stat().st_size / MIB


def make_sides(args):
    """Return ours, and upstream's if "make upstream" has built its kernels."""
    tools = cli.tools(args)
    theirs = dataclasses.replace(tools, kernels=args.upstream.resolve())
    out = [Side('ours', tools, OURS)]
    if theirs.image('bzImage').exists():
        out.append(Side('upstream', theirs, UPSTREAM))
    return out
