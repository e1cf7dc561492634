# SPDX-License-Identifier: GPL-2.0-only
"""What the runner does to a machine from outside, just before the crash.

An action is a word of a scenario's "host" list, with an argument after a
colon where it takes one.
"""
import re
import struct
import time

from .guest import MIB
from .header import ET_CORE, Header
from .target import ARCH


def reservation(drive):
    ranges = drive.outcome.ranges('Crash kernel')
    if not ranges:
        raise ValueError('no "Crash kernel" in the guest\'s /proc/iomem')
    return ranges


def corrupt_image(drive, _argument):
    """Flip one bit in the middle of the loaded capture kernel."""
    image = drive.tools.image(drive.scenario.image).read_bytes()
    sample = image[len(image) // 3:][:64]
    for start, end in reservation(drive):
        at = drive.outcome.ram.read(start, end - start).find(sample)
        if at >= 0:
            byte = drive.outcome.ram.read(start + at, 1)[0]
            drive.outcome.ram.write(start + at, bytes([byte ^ 1]))
            return
    raise ValueError('the capture kernel was not found in the reservation')


def core_header(drive):
    """Return the physical address of the ELF core header."""
    for start, end in reservation(drive):
        memory = drive.outcome.ram.read(start, end - start)
        at = -1
        while (at := memory.find(b'\x7fELF', at + 1)) >= 0:
            kind, = struct.unpack_from(f'{ARCH.order}H', memory, at + 16)
            if kind == ET_CORE and at % 1024 == 0:
                return start + at
    raise ValueError('no core header was found in the reservation')


def change_header(drive, changes):
    """Overwrite fields of the core header: see harness/header.py."""
    header = Header(drive.outcome.ram, core_header(drive),
                    reservation(drive)[0].start)
    for change in changes.split():
        header.change(change)


def replace_notes(drive, name):
    header = Header(drive.outcome.ram, core_header(drive),
                    reservation(drive)[0].start)
    header.replace_notes(name)


def change_command_line(drive, words):
    """Put others in the place of elfcorehdr= on the capture kernel's command
    line.  [EXPRESSION] becomes a number; it knows "header", where the core
    header is, "reserved", where the reservation begins, and "end" of RAM."""
    ram, header = drive.outcome.ram, core_header(drive)
    start, end = reservation(drive)[0]
    names = {'header': header, 'reserved': start,
             'end': max(p[0] + p[1] for p in ram.pieces)}
    memory = ram.read(start, end - start)
    at = memory.index(f'elfcorehdr={header:#x}'.encode())
    was = memory[at:memory.index(0, at)].decode()
    _, _, rest = re.sub(r' room=\.*', '', was).partition(' ')
    words = re.sub(r'\[(.*?)\]', lambda found: hex(
        eval(found[1], {'__builtins__': {}}, names)), words)
    line = f'{words} {rest}'
    if len(line) > len(was):
        raise ValueError(f'{drive.scenario.name}: no room for {words}')
    ram.write(start + at, f'{line}\0'.encode())


def add_memory(drive, argument):
    """Plug in a DIMM of so many MiB."""
    size = int(argument) * MIB
    path = drive.outcome.ram.directory / 'dimm0'
    ask = drive.guest.monitor.ask
    ask('object-add', **{'qom-type': 'memory-backend-file', 'id': 'dimm0',
                         'size': size, 'mem-path': str(path), 'share': True})
    ask('device_add', driver='pc-dimm', id='dimm', memdev='dimm0')
    info, = ask('query-memory-devices')
    drive.outcome.ram.add(info['data']['addr'], size, path)


def remove_memory(drive, _argument):
    """Take the DIMM out again; the guest must let it go."""
    ask = drive.guest.monitor.ask
    ask('device_del', id='dimm')
    for _ in range(300):
        if not ask('query-memory-devices'):
            break
        time.sleep(0.1)
    else:
        raise RuntimeError('the guest did not let the memory go')
    ask('object-del', id='dimm0')
    drive.outcome.ram.remove()


def add_cpu(drive, _argument):
    """Plug in the first processor that is not there."""
    ask = drive.guest.monitor.ask
    free = [slot for slot in ask('query-hotpluggable-cpus')
            if 'qom-path' not in slot]
    # QEMU delivers no interrupt to a processor behind a gap.
    first = min(free, key=lambda slot: sorted(slot['props'].items()))
    ask('device_add', driver=first['type'], id='cpu', **first['props'])


ACTIONS = {
    'corrupt-image': corrupt_image,
    'header': change_header,
    'notes': replace_notes,
    'command-line': change_command_line,
    'add-memory': add_memory,
    'remove-memory': remove_memory,
    'add-cpu': add_cpu,
}


def press(drive, keys):
    """Press keys together, such as alt-sysrq-c."""
    drive.guest.monitor.ask('send-key', keys=[
        {'type': 'qcode', 'data': key} for key in keys.split('-')])


def human(drive, command):
    """What only the monitor for people has."""
    drive.guest.monitor.ask('human-monitor-command',
                            **{'command-line': command})


# What happens after the crash was announced, in the order of the list
AFTER = {
    'nmi': lambda drive, _argument: drive.guest.monitor.ask('inject-nmi'),
    'pause': lambda _drive, seconds: time.sleep(float(seconds)),
    'keys': press,
    'monitor': human,
}


def act(action, drive):
    name, _, argument = action.partition(':')
    if name in ACTIONS:
        ACTIONS[name](drive, argument)
    elif name not in AFTER:
        raise ValueError(f'{drive.scenario.name}: no host action {action}')


def after_crash(drive):
    for action in drive.scenario.host:
        name, _, argument = action.partition(':')
        if name in AFTER:
            AFTER[name](drive, argument)
