# SPDX-License-Identifier: GPL-2.0-only
"""The host's actions: what the runner does to the machine around the crash.

An action is an entry of a scenario's "host", or the argument of a step "ready".
A colon separates its argument.
"""
import re
import struct
import time

from .guest import MIB, VIRTIO_MEM
from .header import ET_CORE, Header
from .target import ARCH

# Linux plugs in whole pieces of this size.
VIRTIO_MEM_STEP = 4 * MIB


def find_reservation(drive):
    ranges = drive.outcome.ranges('Crash kernel')
    if not ranges:
        raise ValueError('/proc/iomem of the guest has no "Crash kernel"')
    return ranges


def corrupt_image(drive, _argument):
    """Flip one bit in the middle of the loaded capture kernel."""
    image = drive.tools.image(drive.scenario.image).read_bytes()
    sample = image[len(image) // 3:][:64]
    for start, end in find_reservation(drive):
        at = drive.outcome.ram.read(start, end - start).find(sample)
        if at >= 0:
            byte = drive.outcome.ram.read(start + at, 1)[0]
            drive.outcome.ram.write(start + at, bytes([byte ^ 1]))
            return
    raise ValueError('the capture kernel was not found in the reservation')


def find_core_header(drive):
    """Return the physical address of the ELF core header."""
    for start, end in find_reservation(drive):
        memory = drive.outcome.ram.read(start, end - start)
        at = -1
        while (at := memory.find(b'\x7fELF', at + 1)) >= 0:
            kind, = struct.unpack_from(f'{ARCH.order}H', memory, at + 16)
            if kind == ET_CORE and at % 1024 == 0:
                return start + at
    raise ValueError('no core header was found in the reservation')


def change_header(drive, changes):
    """Overwrite fields of the core header: see header.py."""
    header = Header(drive.outcome.ram, find_core_header(drive),
                    find_reservation(drive)[0].start)
    for change in changes.split():
        header.change(change)


def replace_notes(drive, name):
    header = Header(drive.outcome.ram, find_core_header(drive),
                    find_reservation(drive)[0].start)
    header.replace_notes(name)


def change_command_line(drive, words):
    """Replace elfcorehdr= on the capture kernel's command line by other words.

    [EXPRESSION] in them becomes a number. It may use the names header and
    reserved, the addresses of the core header and of the reservation, and end,
    the end of RAM.
    """
    ram, header = drive.outcome.ram, find_core_header(drive)
    start, end = find_reservation(drive)[0]
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
        raise ValueError(f'{drive.scenario.name}: there is no room for {words}')
    ram.write(start + at, f'{line}\0'.encode())


def add_memory(drive, argument):
    """Plug in a DIMM; the argument is its size in MiB."""
    size = int(argument) * MIB
    path = drive.outcome.ram.directory / 'dimm0'
    ask = drive.guest.monitor.ask
    ask('object-add', **{'qom-type': 'memory-backend-file', 'id': 'dimm0',
                         'size': size, 'mem-path': str(path), 'share': True})
    ask('device_add', driver='pc-dimm', id='dimm', memdev='dimm0')
    info, = ask('query-memory-devices')
    drive.outcome.ram.add(info['data']['addr'], size, path)


def remove_memory(drive, _argument):
    """Take the DIMM out again; the guest must agree."""
    ask = drive.guest.monitor.ask
    ask('device_del', id='dimm')
    for _ in range(300):
        if not ask('query-memory-devices'):
            break
        time.sleep(0.1)
    else:
        raise RuntimeError('the guest did not give the memory back')
    ask('object-del', id='dimm0')
    drive.outcome.ram.remove()


def add_cpu(drive, _argument):
    """Plug in the first CPU that is missing."""
    ask = drive.guest.monitor.ask
    free = [slot for slot in ask('query-hotpluggable-cpus')
            if 'qom-path' not in slot]
    # QEMU delivers no interrupt to a CPU behind a gap.
    first = min(free, key=lambda slot: sorted(slot['props'].items()))
    ask('device_add', driver=first['type'], id='cpu', **first['props'])


def plug_virtio_mem(drive, _argument):
    """Wait until the guest has plugged in what was asked for."""
    for _ in range(300):
        info = find_virtio_mem(drive)
        if info['size'] + VIRTIO_MEM_STEP > info['requested-size']:
            break
        time.sleep(0.1)
    else:
        raise RuntimeError(f'the guest has plugged in {info["size"]} bytes')
    ram = drive.outcome.ram
    ram.sparse.append((info['memaddr'], VIRTIO_MEM,
                       ram.directory / 'virtio-mem', 0))


def find_virtio_mem(drive):
    return next(device['data'] for device in
                drive.guest.monitor.ask('query-memory-devices')
                if device['type'] == 'virtio-mem')


def watch_virtio_mem(drive, _argument):
    """The first time, note how much memory virtio-mem has, plugged in and in its
    file. Then this must not have changed."""
    facts, path = drive.outcome.facts, drive.outcome.ram.sparse[0][2]
    have = find_virtio_mem(drive)['size'], path.stat().st_blocks * 512
    if facts.setdefault('virtio-mem', have) != have:
        drive.outcome.problems.append(
            f'virtio-mem had {facts["virtio-mem"]} bytes plugged in and in '
            f'its file, and now {have}')


def dump_guest_memory(drive, _argument):
    """Let QEMU dump the machine to guest.paged, with the virtual addresses that
    drgn 0.0.22 needs, and to guest.elf."""
    folder, ask = drive.outcome.directory, drive.guest.monitor.ask
    for name, paging in (('guest.paged', True), ('guest.elf', False)):
        ask('dump-guest-memory', paging=paging,
            protocol=f'file:{folder}/{name}')
    drive.outcome.guest_memory = True


ACTIONS = {
    'corrupt-image': corrupt_image,
    'header': change_header,
    'notes': replace_notes,
    'command-line': change_command_line,
    'add-memory': add_memory,
    'remove-memory': remove_memory,
    'add-cpu': add_cpu,
    'plug-virtio-mem': plug_virtio_mem,
    'virtio-mem': watch_virtio_mem,
    'dump-guest-memory': dump_guest_memory,
}


def press(drive, keys):
    """Press keys together, such as alt-sysrq-c."""
    drive.guest.monitor.ask('send-key', keys=[
        {'type': 'qcode', 'data': key} for key in keys.split('-')])


def ask_monitor(drive, command):
    """Give a command to the monitor for people, which has more commands."""
    drive.guest.monitor.ask('human-monitor-command',
                            **{'command-line': command})


# Actions after the guest has announced the crash, in the order of the list
AFTER = {
    'nmi': lambda drive, _argument: drive.guest.monitor.ask('inject-nmi'),
    'pause': lambda _drive, seconds: time.sleep(float(seconds)),
    'keys': press,
    'monitor': ask_monitor,
}


def act(action, drive):
    name, _, argument = action.partition(':')
    if name in ACTIONS:
        ACTIONS[name](drive, argument)
    elif name not in AFTER:
        raise ValueError(
            f'{drive.scenario.name}: there is no host action {action}')


def after_crash(drive):
    for action in drive.scenario.host:
        name, _, argument = action.partition(':')
        if name in AFTER:
            AFTER[name](drive, argument)
