# SPDX-License-Identifier: GPL-2.0-only
"""Ways to save a dump in the capture kernel, and the file that each one leaves.

Each way writes to a disk of its own. A raw disk holds nothing but the file; the
guest tells how long the file is.
"""
import re
import subprocess
from collections import namedtuple

from .target import ARCH

# The file that is left, the command in the guest ({disk}: the disk), a program
# that the initramfs needs for it, and the kind of the file
Way = namedtuple('Way', 'file command program kind')

WAYS = {
    'cp': Way('vmcore', 'cp /proc/vmcore {disk}', None, 'elf'),
    'dd': Way('vmcore', 'dd if=/proc/vmcore of={disk} bs=1M', None, 'elf'),
    'ext4': Way('vmcore', 'mount -t ext4 {disk} /mnt && '
                'cp /proc/vmcore /mnt/vmcore && umount /mnt', None, 'ext4'),
    'flat': Way('vmcore.flat', 'makedumpfile -F -c -d 31 /proc/vmcore | '
                'dd of={disk} bs=64k', 'makedumpfile', 'flat'),
    'split': Way('vmcore.split', 'mount -t ext4 {disk} /mnt && makedumpfile '
                 '--split --splitblock-size 64 -l -d 31 /proc/vmcore '
                 '/mnt/half1 /mnt/half2 && umount /mnt', 'makedumpfile',
                 'split'),
    'dmesg': Way('dmesg', 'makedumpfile -f --dump-dmesg /proc/vmcore '
                 '/tmp/dmesg && cp /tmp/dmesg {disk}', 'makedumpfile', 'text'),
    'vmcore-dmesg': Way('vmcore-dmesg', 'vmcore-dmesg /proc/vmcore '
                        '> {disk}', 'vmcore-dmesg', 'text'),
}

UNITS = {'': 1, 'k': 1 << 10, 'M': 1 << 20, 'G': 1 << 30}


def way(name):
    """Return the Way of a name: of WAYS, "oldmem bs=N skip=N count=N" for a
    slice by dd, or "makedumpfile OPTIONS" for one file."""
    program, _, args = name.partition(' ')
    if not args:
        return WAYS[name]
    if program == 'oldmem':
        return Way(name.replace(' ', '.'),
                   f'dd if=/dev/oldmem of={{disk}} {args}', None, 'slice')
    return Way('vmcore.' + args.replace(' ', ''),
               f'makedumpfile -f {args} /proc/vmcore {{disk}}', program,
               'filtered elf' if '-E' in args else 'kdump')


def level_of(name):
    """Return the level at which makedumpfile filters, or None."""
    found = re.search(r'-d (\d+)', way(name).command)
    return int(found[1]) if found else None


def slice_of(name):
    """Return (address, length) of an "oldmem ..." way."""
    args = dict(word.split('=') for word in name.split()[1:])
    number, unit = re.match(r'(\d+)(\w?)$', args['bs']).groups()
    size = int(number) * UNITS[unit]
    return int(args.get('skip', 0)) * size, int(args['count']) * size


def disk_commands(path, name, memory):
    """Return the commands that make a sparse image with room for a whole
    dump, memory that is plugged in included."""
    size = memory + (1 << 30)
    ext4 = way(name).kind in ('ext4', 'split')
    if ext4:
        size += size // 16
    out = [['truncate', f'--size={size}', str(path)]]
    if ext4:
        out.append(['mke2fs', '-q', '-F', '-t', 'ext4', str(path)])
    return out


def from_ext4(disk, name, target):
    subprocess.run(['debugfs', '-R', f'dump /{name} {target}', disk],
                   check=True, capture_output=True)


def reassemble(disk, target):
    """Make one file of the two that makedumpfile --split wrote."""
    halves = [target.with_suffix(f'.{name}') for name in ('half1', 'half2')]
    for half in halves:
        from_ext4(disk, half.suffix[1:], half)
    subprocess.run([*ARCH.command('makedumpfile'), '--reassemble', *halves,
                    target], check=True, capture_output=True)
    for half in halves:
        half.unlink()


def collect(disk, name, target, vmcore_size):
    """Turn a disk into the file it holds."""
    kind = way(name).kind
    if kind in ('ext4', 'split'):
        if kind == 'ext4':
            from_ext4(disk, 'vmcore', target)
        else:
            reassemble(disk, target)
        disk.unlink()
        return
    disk.rename(target)
    if kind == 'elf':
        with target.open('r+b') as stream:
            stream.truncate(vmcore_size)
    elif kind == 'slice':
        with target.open('r+b') as stream:
            stream.truncate(slice_of(name)[1])
    elif kind == 'text':
        text = target.read_bytes().rstrip(b'\0')
        target.write_bytes(text)


def unflatten(path):
    """Put the pieces of a stream of makedumpfile -F in their places."""
    target = path.with_suffix('.kdump')
    with path.open('rb') as stream:
        subprocess.run([*ARCH.command('makedumpfile'), '-R', target],
                       stdin=stream, check=True, capture_output=True)
    return target
