# SPDX-License-Identifier: GPL-2.0-only
"""One virtual machine: QEMU, its RAM files, its disks and its verdict port.

The guest's RAM is a file, so that the dump can be held against it.  The guest
talks to us on its second serial port (see tests/guest/init.c); its console is
only a log.
"""
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import time

from .target import ARCH

MIB = 1 << 20
# The guest's CPU must not depend on the machine that runs the tests.
TCG = ['-accel', 'tcg,thread=multi']

# Kinds of disks: what a disk with a number and a letter is for QEMU, and what
# the guest calls it.  Only the machine q35 has SATA.
DISKS = {'virtio': ('virtio-blk-pci', '/dev/vd{letter}'),
         'nvme': ('nvme,serial={number}', '/dev/nvme{number}n1'),
         'sata': ('ide-hd,bus=ide.{number}', '/dev/sd{letter}')}


def disk_names(number, kind='virtio'):
    """Return QEMU's device and the guest's name of it."""
    letter = chr(ord('a') + number)
    return [text.format(number=number, letter=letter) for text in DISKS[kind]]


class Lost(Exception):
    """The machine went away before it gave a verdict."""


class Late(Exception):
    """Nothing was heard for too long."""


def machine(memory):
    """QEMU's machine with so much memory."""
    return ARCH.machine.format(loaded_at=min(memory // 2, 512 * MIB))


def below_4g(memory):
    """How much of it begins at 0; the rest begins at 4 GiB."""
    return 0xc0000000 if ARCH.hole and memory >= 0xe0000000 else memory


class Ram:
    """The machine's memory: files, and where each piece of them appears."""

    def __init__(self, directory, memory, nodes):
        self.directory = pathlib.Path(directory)
        self.memory, self.nodes = memory, nodes
        self.files = []
        self.pieces = []            # (physical address, size, file, offset)
        self.plugged = []           # those of them that came later
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

    def options(self, cpus):
        share = self.memory // self.nodes
        args = ['-m', f'{self.memory // MIB}M,slots=4,'
                f'maxmem={self.memory // MIB + 4096}M']
        for node, path in enumerate(self.files):
            args += ['-object', f'memory-backend-file,id=node{node},'
                     f'size={share},mem-path={path},share=on']
        if self.nodes == 1:
            return ['-machine',
                    f'{machine(self.memory)},memory-backend=node0', *args]
        args = ['-machine', machine(self.memory), *args]
        for node in range(self.nodes):
            mine = [c for c in range(cpus) if c % self.nodes == node]
            args += ['-numa', f'node,nodeid={node},memdev=node{node}' +
                     ''.join(f',cpus={c}' for c in mine)]
        return args

    def add(self, paddr, size, path):
        """A piece that was plugged in while the machine ran."""
        self.files.append(path)
        self.pieces.append((paddr, size, path, 0))
        self.plugged.append(self.pieces[-1])

    def remove(self):
        """The piece that was plugged in last is taken out."""
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
    """Where a RAM file is fastest, or where there is room for it."""
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


class Guest:
    """A running machine.  Use as a context manager: it never outlives it."""

    def __init__(self, directory, ram, cpus, cpu, kernel, initrd, append,
                 disks=(), extra=(), kind='virtio'):
        self.directory = pathlib.Path(directory)
        self.start = time.monotonic()
        self.buffer = b''
        names = ('port', 'qmp')
        listeners = {n: self.listen(n) for n in names}
        command = [
            ARCH.qemu, *TCG, *ram.options(cpus), '-cpu', cpu, '-smp', str(cpus),
            '-nodefaults', '-display', 'none', '-no-reboot',
            '-serial', 'file:console.log',
            '-chardev', 'socket,id=port,path=port',
            '-serial', 'chardev:port',
            '-chardev', 'socket,id=qmp,path=qmp',
            '-mon', 'chardev=qmp,mode=control',
            '-kernel', str(kernel), '-append', append, *extra]
        if initrd:
            command += ['-initrd', str(initrd)]
        for i, disk in enumerate(disks):
            command += ['-drive', f'file={disk},if=none,id=disk{i},format=raw,'
                        'cache=unsafe,discard=unmap,detect-zeroes=unmap',
                        '-device', f'{disk_names(i, kind)[0]},drive=disk{i}']
        (self.directory / 'command').write_text(' '.join(command) + '\n')
        self.log = (self.directory / 'qemu.log').open('w')
        self.qemu = subprocess.Popen(command, cwd=self.directory,
                                     stdin=subprocess.DEVNULL,
                                     stdout=self.log, stderr=self.log)
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
        # A socket's name is short; the directory's may not be.
        here = os.open(self.directory, os.O_RDONLY)
        listener.bind(f'/proc/self/fd/{here}/{name}')
        os.close(here)
        listener.listen(1)
        return listener

    def accept(self, listener, blocking=False):
        listener.settimeout(0.1)
        for _ in range(200):
            try:
                connection = listener.accept()[0]
                connection.setblocking(blocking)
                listener.close()
                return connection
            except TimeoutError:
                if self.qemu.poll() is not None:
                    break
        raise Lost('QEMU did not start')

    def line(self, timeout):
        """Return the guest's next line."""
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
        if self.qemu.poll() is None:
            self.qemu.kill()
        self.qemu.wait()
        self.log.close()
        for name in ('port', 'qmp'):
            (self.directory / name).unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
