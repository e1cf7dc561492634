# SPDX-License-Identifier: GPL-2.0-only
"""CAPTURE: how long it takes to save a whole dump to a file system."""
from harness.guest import disk_names

MEMORY = 2048
ROUNDS = 2
PLAIN = ('mount -t ext4 {disk} /mnt && '
         'bench write /mnt/plain $(stat -c %s /proc/vmcore) && umount /mnt')
REMOVE = 'mount -t ext4 {disk} /mnt && rm /mnt/plain && umount /mnt'


def measure(side):
    """Return (seconds of cp, seconds of a plain write).

    The first write does not count, because the disk is a file on this machine
    that grows then.  The guest's memory is filled, since QEMU would not store
    zeroes.
    """
    disk = disk_names(0)[1]
    plain, remove = PLAIN.format(disk=disk), REMOVE.format(disk=disk)
    outcome = side.measure(
        f'a dump of {MEMORY} MB to ext4', memory=MEMORY, fill=90,
        patience=600, save=['ext4'],
        capture=[f'run {c}' for c in (plain, remove, plain, remove)])
    took = [s for stage, s, _ in outcome.done if stage == 'capture']
    return took[4], took[2]


def rows(sides, table):
    table.heading(f'{MEMORY} MB to ext4')
    rounds = [[measure(side) for side in sides] for _ in range(ROUNDS)]
    copies, plains = ([min(times) for times in zip(*[
        [pair[i] for pair in pairs] for pairs in rounds])] for i in (0, 1))
    table.like_upstream('cp /proc/vmcore', copies)
    table.row('a plain write of the same size', plains)
