# SPDX-License-Identifier: GPL-2.0-only
"""One virtual machine: QEMU, its RAM files, its disks and its verdict port.

The guest's RAM is a file, so that the dump can be compared with it. The guest
talks to the runner on its second serial port (see tests/guest/init.c); its
console is only a log.
"""
import contextlib
import dataclasses
import json
import os
import pathlib
import select
import shlex
import shutil
import socket
import subprocess
import time

from .target import ARCH

MIB = 1 << 20
# The size of a virtio-mem device
VIRTIO_MEM = 2048 * MIB
# The guest's CPU must not depend on the host's CPU.
TCG = ['-accel', 'tcg,thread=multi']

# Kinds of disks: QEMU's device, and the guest's name for it. Only the machine
# q35 has SATA.
DISKS = {'virtio': ('virtio-blk-pci', '/dev/vd{letter}'),
         'nvme': ('nvme,serial={number}', '/dev/nvme{number}n1'),
         'sata': ('ide-hd,bus=ide.{number}', '/dev/sd{letter}')}


def disk_names(number, kind='virtio'):
    """Return QEMU's device and the guest's name for it."""
    letter = chr(ord('a') + number)
    return [text.format(number=number, letter=letter) for text in DISKS[kind]]


class Lost(Exception):
    """The machine went away before it gave a verdict."""


class Late(Exception):
    """Nothing was heard for too long."""


def machine_name(memory):
    """Return QEMU's machine for that much memory."""
    return ARCH.machine.format(loaded_at=min(memory // 2, 512 * MIB))


def below_4g(memory):
    """Return how much of the memory begins at 0; the rest begins at 4 GiB."""
    return 0xc0000000 if ARCH.hole and memory >= 0xe0000000 else memory


class Ram:
    """The machine's memory: files, and where each piece of them appears."""

    def __init__(self, directory, memory, nodes, virtio_mem=0):
        self.directory = pathlib.Path(directory)
        self.memory, self.nodes = memory, nodes
        self.virtio_mem = virtio_mem        # bytes of it that are plugged in
        self.files = []
        self.pieces = []            # (physical address, size, file, offset)
        self.plugged = []           # the pieces that were plugged in
        self.sparse = []            # pieces with holes: those of virtio-mem
        low = below_4g(memory)
        share, at = memory // nodes, 0
        for node in range(nodes):
            path = self.directory / f'node{node}'
            self.files.append(path)
            for start, end, base in ((0, low, 0),
                                     (low, memory, (4 << 30) - low)):
                first, last = max(at, start), min(at + share, end)
                if first < last:
                    self.pieces.append((first + base, last - first, path,
                                        first - at))
            at += share
        if virtio_mem:
            self.files.append(self.directory / 'virtio-mem')

    @property
    def everything(self):
        """All pieces, with holes or without."""
        return self.pieces + self.sparse

    def options(self, cpus, directory=None):
        """Return QEMU's options; directory is where the files are, if they
        are not in their own."""
        directory = directory or self.directory
        share = self.memory // self.nodes
        machine = machine_name(self.memory)
        args = ['-m', f'{self.memory // MIB}M,slots=4,'
                f'maxmem={self.memory // MIB + 4096}M']
        for node in range(self.nodes):
            args += ['-object', f'memory-backend-file,id=node{node},'
                     f'size={share},mem-path={directory}/node{node},share=on']
        if self.virtio_mem:
            args += ['-object', 'memory-backend-file,id=sparse,reserve=off,'
                     f'size={VIRTIO_MEM},mem-path={directory}/virtio-mem,'
                     'share=on', '-device', 'virtio-mem-pci,memdev=sparse,'
                     f'block-size=1M,requested-size={self.virtio_mem},'
                     'prealloc=on']
        if self.nodes == 1:
            return ['-machine', f'{machine},memory-backend=node0', *args]
        args = ['-machine', machine, *args]
        for node in range(self.nodes):
            mine = [c for c in range(cpus) if c % self.nodes == node]
            args += ['-numa', f'node,nodeid={node},memdev=node{node}' +
                     ''.join(f',cpus={c}' for c in mine)]
        return args

    def add(self, paddr, size, path):
        """Add a piece that was plugged in while the machine ran."""
        self.files.append(path)
        self.pieces.append((paddr, size, path, 0))
        self.plugged.append(self.pieces[-1])

    def remove(self):
        """Remove the piece that was plugged in last."""
        self.pieces.remove(self.plugged.pop())

    def locate(self, paddr):
        for start, size, path, offset in self.pieces:
            if start <= paddr < start + size:
                return path, offset + paddr - start
        raise ValueError(f'no RAM at {paddr:#x}')

    def read(self, paddr, size):
        path, offset = self.locate(paddr)
        with path.open('rb') as ram:
            ram.seek(offset)
            return ram.read(size)

    def write(self, paddr, data):
        path, offset = self.locate(paddr)
        with path.open('r+b') as ram:
            ram.seek(offset)
            ram.write(data)


def ram_directory(name, need):
    """Make a directory where a RAM file is fast; None: there is no room."""
    fast = pathlib.Path('/dev/shm')
    if fast.is_dir() and shutil.disk_usage(fast).free > need * 5 // 4:
        path = fast / f'kdump-{os.getpid()}-{name}'
        path.mkdir()
        return path
    return None


class Monitor:
    """QEMU's machine protocol."""

    def __init__(self, connection):
        self.stream = connection.makefile('rw')
        self.stream.readline()
        self.ask('qmp_capabilities')

    def ask(self, command, **arguments):
        json.dump({'execute': command, 'arguments': arguments}, self.stream)
        self.stream.flush()
        for line in self.stream:
            answer = json.loads(line)
            if 'error' in answer:
                raise RuntimeError(f"{command}: {answer['error']['desc']}")
            if 'return' in answer:
                return answer['return']
        raise Lost('the monitor was closed')


# The runner listens, and QEMU connects; the console is a file.
RUN_PORTS = [
    '-serial', 'file:console.log',
    '-chardev', 'socket,id=port,path=port', '-serial', 'chardev:port',
    '-chardev', 'socket,id=qmp,path=qmp', '-mon', 'chardev=qmp,mode=control']

# For a person: QEMU listens at sockets for the console and for gdb, too.
CONSOLE = ['-chardev', 'socket,id=console,path=console,server=on,wait=off,'
           'logfile=console.log', '-serial', 'chardev:console']
GDB = ['-chardev', 'socket,id=gdb,path=gdb,server=on,wait=off',
       '-gdb', 'chardev:gdb']
WAIT_PORTS = [*CONSOLE, *RUN_PORTS[2:], *GDB]

# Without a runner the terminal takes its part.
ALONE_PORTS = [
    *CONSOLE, '-chardev', 'stdio,id=port', '-serial', 'chardev:port',
    '-chardev', 'socket,id=qmp,path=qmp,server=on,wait=off',
    '-mon', 'chardev=qmp,mode=control', *GDB]

# {files}: what must exist; {prepare}: commands that make the disks
SCRIPT = '''#!/bin/sh
# Boot the guest of this scenario again, without a runner. What the guest tells
# the runner appears on this terminal: answer "ready" with "go". Connect to the
# sockets in this folder for the rest: console, qmp (the monitor) and gdb
# ("target remote gdb"). The host's actions of the scenario are not repeated.
set -eu
cd "$(dirname "$0")"
for file in {files}; do
    [ -e "$file" ] || {{
        echo "$0: $file is gone, as after each pass: use tests/run --keep" >&2
        exit 1
    }}
done
ram=$(mktemp -d /dev/shm/kdump-XXXXXX)
trap 'rm -r "$ram"' EXIT
trap : INT TERM
{prepare}
{command}
'''


def quote(word):
    """Quote a word for the shell, which replaces $ram."""
    return f'"{word}"' if '$ram' in word else shlex.quote(word)


@dataclasses.dataclass
class Machine:
    """What QEMU is told about a machine."""
    ram: Ram
    cpus: int
    cpu: str
    kernel: pathlib.Path
    initrd: pathlib.Path            # or None
    append: str
    disks: list
    disk: str = 'virtio'            # kind of the disks
    options: tuple = ()             # more options of QEMU
    prepare: tuple = ()             # commands that make the disks again

    def command(self, ports, ram=None):
        """Return the words that start QEMU, with the RAM files in a folder."""
        command = [
            ARCH.qemu, *TCG, *self.ram.options(self.cpus, ram),
            '-cpu', self.cpu, '-smp', str(self.cpus),
            '-nodefaults', '-display', 'none', '-no-reboot', *ports,
            '-kernel', str(self.kernel), '-append', self.append, *self.options]
        if self.initrd:
            command += ['-initrd', str(self.initrd)]
        for i, disk in enumerate(self.disks):
            command += ['-drive', f'file={disk},if=none,id=disk{i},format=raw,'
                        'cache=unsafe,discard=unmap,detect-zeroes=unmap',
                        '-device', f'{disk_names(i, self.disk)[0]},'
                        f'drive=disk{i}']
        return command

    def write_script(self, path):
        """Write a shell script that starts QEMU without a runner."""
        files = [self.kernel]
        files += [self.initrd] if self.initrd else []
        files += [] if self.prepare else self.disks
        command = ''.join(
            f' \\\n    {word}' if word.startswith('-') else f' {word}'
            for word in map(quote, self.command(ALONE_PORTS, '$ram')))
        path.write_text(SCRIPT.format(
            files=' '.join(quote(str(file)) for file in files),
            prepare='\n'.join(map(shlex.join, self.prepare)),
            command=command.strip()))
        path.chmod(0o755)


class Guest:
    """A running machine. Use as a context manager: it never outlives it."""

    def __init__(self, directory, machine, wait=False):
        """wait: the machine will wait for a person."""
        self.directory = pathlib.Path(directory)
        self.start = time.monotonic()
        self.buffer = b''
        listeners = {n: self.listen(n) for n in ('port', 'qmp')}
        machine.write_script(self.directory / 'command')
        self.log = (self.directory / 'qemu.log').open('w')
        self.qemu = subprocess.Popen(
            machine.command(WAIT_PORTS if wait else RUN_PORTS),
            cwd=self.directory, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log)
        try:
            self.port = self.accept(listeners['port'])
            self.monitor = Monitor(self.accept(listeners['qmp'], True))
        except Lost as why:
            self.end()
            raise Lost(f'{why}: {self.complaints()}') from None
        except BaseException:
            self.end()
            raise

    def complaints(self):
        return (self.directory / 'qemu.log').read_text().strip()

    def listen(self, name):
        path = self.directory / name
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        with self.short_path(name) as place:
            listener.bind(place)
        listener.listen(1)
        return listener

    @contextlib.contextmanager
    def short_path(self, name):
        """The path of a socket is limited to 107 bytes; give a short one."""
        here = os.open(self.directory, os.O_RDONLY)
        try:
            yield f'/proc/self/fd/{here}/{name}'
        finally:
            os.close(here)

    def connect(self, name):
        """Connect to a socket at which QEMU listens."""
        connection = socket.socket(socket.AF_UNIX)
        with self.short_path(name) as place:
            connection.connect(place)
        return connection

    @property
    def runs(self):
        return self.qemu.poll() is None

    def accept(self, listener, blocking=False):
        listener.settimeout(0.1)
        for _ in range(200):
            try:
                connection = listener.accept()[0]
                connection.setblocking(blocking)
                listener.close()
                return connection
            except TimeoutError:
                if not self.runs:
                    break
        raise Lost('QEMU did not start')

    def line(self, timeout):
        """Return the next line that the guest says."""
        deadline = time.monotonic() + timeout
        while b'\n' not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late()
            if not select.select([self.port], [], [], left)[0]:
                continue
            data = self.port.recv(65536)
            if not data:
                self.qemu.wait(10)
                raise Lost(f'QEMU ended with status {self.qemu.returncode}')
            self.buffer += data
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.decode(errors='replace').strip()

    def go(self):
        self.port.send(b'go\n')

    def end(self):
        if self.runs:
            self.qemu.kill()
        self.qemu.wait()
        self.log.close()
        for name in ('port', 'qmp', 'console', 'gdb'):
            (self.directory / name).unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
