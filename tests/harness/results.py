# SPDX-License-Identifier: GPL-2.0-only
"""A journal and a table of what ran, with which verdict, and for how long.

The journal is a file with a line for each turn of a scenario, so that a long
campaign that was cut off can continue. Its first line names the build of the
kernel for which it is valid.
"""
import subprocess
import threading

PASSED, FAILED = 'passed', 'failed'


def build_id(vmlinux):
    """Return the build ID, which no other kernel has."""
    run = subprocess.run(['readelf', '-n', vmlinux], text=True, check=True,
                         capture_output=True)
    return run.stdout.split('Build ID:')[1].split()[0]


class Journal:
    """Turns that ended, {scenario: [(verdict, seconds)]}."""

    def __init__(self, path, kernel, resume):
        self.path, self.lock = path, threading.Lock()
        self.turns = self.read(kernel) if resume else {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.turns:
            path.write_text(f'{kernel}\n')

    def read(self, kernel):
        """Read the turns that passed; the others are tried again."""
        lines = self.path.read_text().splitlines() if self.path.exists() \
            else []
        turns = {}
        if lines[:1] == [kernel]:
            for line in lines[1:]:
                name, verdict, seconds = line.split()
                if verdict == PASSED:
                    turns.setdefault(name, []).append(
                        (verdict, float(seconds)))
        return turns

    def add(self, name, good, seconds):
        verdict = PASSED if good else FAILED
        with self.lock:
            self.turns.setdefault(name, []).append((verdict, seconds))
            with self.path.open('a') as stream:
                stream.write(f'{name} {verdict} {seconds:.1f}\n')

    def passed(self, name):
        return sum(v == PASSED for v, _ in self.turns.get(name, []))

    def table(self):
        """Return a line per scenario: verdict, turns, seconds of all turns."""
        out = [f'{"scenario":28}{"verdict":>9}{"turns":>12}{"seconds":>10}']
        for name in sorted(self.turns):
            turns = self.turns[name]
            good = self.passed(name)
            verdict = PASSED if good == len(turns) else FAILED
            out.append(f'{name:28}{verdict:>9}'
                       f'{f"{good} of {len(turns)}":>12}'
                       f'{sum(s for _, s in turns):10.1f}')
        return out
