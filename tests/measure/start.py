# SPDX-License-Identifier: GPL-2.0-only
"""CRASH: how long the capture kernel takes from the panic to user space."""
from .smallest import ENOUGH, PLACES

ROUNDS = 3


def measure(side, image):
    outcome = side.measure(f'the start of a {image}', image=image,
                           crashkernel=PLACES[image].format(ENOUGH))
    return outcome.times['capture']


def rows(sides, table):
    table.heading('from the panic to user space')
    for image in PLACES:
        # By turns, so that a busy minute slows both down.
        rounds = [[measure(side, image) for side in sides]
                  for _ in range(ROUNDS)]
        table.like_upstream(f'{image}, the best of {ROUNDS}',
                            [min(times) for times in zip(*rounds)])
