#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Show the main job: a kernel crashes, a second one saves its memory, and the
usual tools open the dump.

The demo builds what is missing, prints each step and how long it took, and
leaves console.log, vmcore, gdb.txt, crash.txt and drgn.txt in
build/ARCH/demo.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / 'tests'))

from harness import cli, drive                       # noqa: E402
from harness.scenario import Scenario                # noqa: E402
from harness.target import ARCH                      # noqa: E402
from judges import checks                            # noqa: E402

# make target, its name in the story
STAGES = (
    ('packages', 'Debian packages'),
    ('tree', "kernel tree: Debian's, with our kdump in upstream's place"),
    ('system', 'system kernel, the one that will crash'),
    ('capture', 'capture kernel, the one that will save the dump'),
    ('kexec', 'kexec, which loads the capture kernel'),
    ('guest', 'programs and modules for the guest'),
)

TOOLS = [name for name in ('gdb', 'crash', 'drgn') if name in ARCH.analyse]

# A reservation at 16 MB makes the kernel move.  If crash cannot open the dump
# of such a kernel, reserve anywhere.
PLACE = {'crashkernel': '64M', 'image': 'bzImage'} \
    if ARCH.kaslr and not ARCH.crash_moved else {}

DEMO = Scenario(
    'demo', 'the main job', append='nokaslr', save=['ext4'], tools=TOOLS,
    patience=180, **PLACE)


class Story:
    """Prints numbered headings, and the time each one took at its end."""

    def __init__(self):
        self.number, self.heading = 0, None
        self.start = self.begun = time.monotonic()

    def begin(self, heading):
        self.end()
        self.number += 1
        self.heading, self.start = heading, time.monotonic()
        print(f'{self.number:2}. {heading}', flush=True)

    def tell(self, text):
        print(f'    {text}', flush=True)

    def end(self):
        if self.heading:
            self.tell(f'[{time.monotonic() - self.start:.1f} s]')
        self.heading = None

    def fail(self, lines):
        heading = self.heading or 'the demo'
        print(f'\nFAILED at stage {self.number}: {heading}', file=sys.stderr)
        for line in lines:
            print(f'    {line}', file=sys.stderr)
        sys.exit(1)


def last_lines(text, count=20):
    return text.replace('\r', '').strip().splitlines()[-count:]


def build(story):
    """Run the make targets, and print their output, indented."""
    done = []
    for target, what in STAGES:
        story.begin(what)
        lines = []
        command = ['make', '--no-print-directory', '-s', *done, target]
        done += ['-o', target]          # later stages need not check it again
        with subprocess.Popen(command, cwd=ROOT, text=True, errors='replace',
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as make:
            for line in make.stdout:
                lines.append(line.rstrip())
                if line.strip():
                    story.tell(line.strip())
        if make.returncode:
            story.fail([f'"make {target}" failed with status '
                        f'{make.returncode}; its last lines:',
                        *lines[-20:]])
    story.end()


class Narrator:
    """Turns messages of the guest into the story."""

    def __init__(self, story):
        self.story, self.lives = story, 0

    def __call__(self, word, value):
        story = self.story
        if word == 'hello':
            self.lives += 1
            if self.lives == 1:
                story.tell(f'Linux {value} is up')
            else:
                story.tell(f'Linux {value} is up in the reserved memory')
                story.begin('capture: copy the dump to an ext4 disk')
        elif word == 'iomem' and 'Crash kernel' in value:
            story.tell(f'/proc/iomem: {value.strip()}')
        elif word == 'done':
            seconds, _, command = value.partition(' ')
            story.tell(f'{command}   ({float(seconds):.1f} s)')
        elif word == 'fact' and value.startswith('size '):
            story.tell(f'/proc/vmcore has {int(value[5:]) / 2 ** 20:.0f} MiB')
        elif word == 'crash':
            story.begin('crash: the task "victim" writes c to '
                        '/proc/sysrq-trigger')


def show(story, path, pattern, count):
    """Print COUNT lines of a tool's output, from a match of PATTERN on."""
    text = path.read_text(errors='replace')
    found = re.search(pattern, text, re.M)
    for line in text[found.start():].splitlines()[:count] if found else ():
        story.tell(line[:100])


def crash_test(story, tools):
    story.begin(f'boot: {DEMO.cpus} CPUs, {DEMO.memory} MiB, '
                f'crashkernel={DEMO.crashkernel}, nokaslr, then kexec -p')
    outcome = drive.run(DEMO, tools, Narrator(story))
    console = outcome.directory / 'console.log'
    if outcome.problems:
        drive.clean(outcome, False)
        story.fail([*outcome.problems, f'the end of {console}:',
                    *last_lines(console.read_text(errors='replace'))])
    story.begin("analyse: compare the dump with the guest's RAM file, "
                f'then open it with {", ".join(TOOLS)}')
    checks.examine(DEMO, tools, outcome)
    drive.clean(outcome, False)
    if outcome.problems:
        story.fail(outcome.problems)
    story.tell(f'{outcome.facts["pages"]} pages compared, all equal')
    return outcome.directory


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--no-build', action='store_true',
                        help='use the kernels that are there')
    cli.add_paths(parser)
    parser.set_defaults(output=cli.BUILD)
    args = parser.parse_args()
    story = Story()
    print('kdump: a kernel crashes, a second one saves its memory, and '
          'tools open the dump.\n')
    if not args.no_build:
        build(story)
    folder = crash_test(story, cli.tools(args))
    story.begin(f'gdb vmlinux vmcore   (full output: {folder}/gdb.txt)')
    show(story, folder / 'gdb.txt', r'^#0 .*\n#1 ', 13)
    story.begin(f'crash vmlinux vmcore   (full output: {folder}/crash.txt)')
    show(story, folder / 'crash.txt', r'^crash> bt$', 2)
    # On ppc64 the registers come before this line.
    show(story, folder / 'crash.txt', r'^ *#0 ', 12)
    show(story, folder / 'crash.txt', r'^\[.*Kernel panic', 12)
    story.end()
    print(f'\nDone in {time.monotonic() - story.begun:.0f} s.  '
          f'In {folder}:')
    for name in ('console.log', 'vmcore', *(f'{t}.txt' for t in TOOLS)):
        size = (folder / name).stat().st_size
        print(f'    {name:12} {size / 2 ** 20:10.2f} MiB')


if __name__ == '__main__':
    main()
