# SPDX-License-Identifier: GPL-2.0-only
"""Print TAP, for the checks in tools/."""


class Tap:
    """Counts results; the plan comes last."""

    def __init__(self):
        self.count = self.bad = 0

    def result(self, good, what, why=''):
        """Print one result, and WHY if it is bad; return GOOD."""
        self.count += 1
        self.bad += not good
        print(f'{"" if good else "not "}ok {self.count} - {what}', flush=True)
        for line in [] if good else str(why).splitlines()[-40:]:
            self.note(line)
        return good

    def note(self, text):
        print(f'# {text}', flush=True)

    def end(self):
        """Print the plan; return the exit status."""
        print(f'1..{self.count}')
        return 1 if self.bad else 0
