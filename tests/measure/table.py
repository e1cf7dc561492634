# SPDX-License-Identifier: GPL-2.0-only
"""Print a table, each row as soon as its figures are there."""


class Table:
    """Rows of a name, our figure, upstream's, the goal; counts misses."""

    def __init__(self, sides):
        self.names = [side.name for side in sides]
        self.missed = 0

    def heading(self, text):
        names = ''.join(f'{name:>10}' for name in [*self.names, 'goal'])
        print(f'{text:46}{names}', flush=True)

    def row(self, what, figures, form='{:.2f} s', at_most=None, at_least=None):
        """Print a figure of each side; the goal is for ours, the first one."""
        goal = at_least if at_most is None else at_most
        good = (at_most is None or figures[0] <= at_most) and \
            (at_least is None or figures[0] >= at_least)
        self.missed += not good
        texts = [form.format(f) for f in figures]
        texts.append('' if goal is None else form.format(goal))
        print(f'  {what:44}' + ''.join(f'{t:>10}' for t in texts) +
              ('' if good else '  missed'), flush=True)

    def like_upstream(self, what, figures, form='{:.2f} s'):
        """Print a row where less is better; upstream's figure is the goal."""
        limit = figures[1] if len(figures) > 1 else None
        self.row(what, figures, form, at_most=limit)
