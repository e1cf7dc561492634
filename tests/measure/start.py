# SPDX-License-Identifier: GPL-2.0-only
"""CRASH: the time from the panic to the capture kernel's user space."""
from .smallest import ENOUGH, PLACES

ROUNDS = 3


def started(side, image):
    outcome = side.measure(f'the start of a {image}', image=image,
                           crashkernel=PLACES[image].format(ENOUGH))
    return outcome.times['capture']


def rows(sides, table):
    table.heading('from the panic to user space')
    for image in PLACES:
        # Side by side, so that a busy minute disturbs both.
        rounds = [[started(side, image) for side in sides]
                  for _ in range(ROUNDS)]
        table.like_upstream(f'{image}, the best of {ROUNDS}',
                            [min(times) for times in zip(*rounds)])
