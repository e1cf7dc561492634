# SPDX-License-Identifier: GPL-2.0-only
"""TAP, for the checks in tools/."""


class Tap:
    """Counts results; the plan comes last."""

    def __init__(self):
        self.count = self.bad = 0

    def result(self, good, what, why=""):
        self.count += 1
        self.bad += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, what),
              flush=True)
        for line in [] if good else str(why).splitlines()[-40:]:
            print("# " + line, flush=True)
        return good

    def note(self, text):
        print("# " + text, flush=True)

    def end(self):
        """Print the plan; the exit status."""
        print("1..%d" % self.count)
        return 1 if self.bad else 0
