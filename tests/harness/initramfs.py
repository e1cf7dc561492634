# SPDX-License-Identifier: GPL-2.0-only
"""Write initramfs archives (cpio, newc) for the guests of the tests."""
import gzip
import os
import pathlib
import re
import stat
import subprocess

from .target import ARCH

# Programs in /bin that are links to busybox
APPLETS = ('sh cp dd cat ls stat mknod mkdir mount umount sync sleep echo grep '
           'cmp head tail test true false sha256sum rm wc od tr cut '
           'seq sysctl dmesg free start-stop-daemon head tail expr').split()


class Archive:
    """Collects files, then writes them as a cpio archive."""

    def __init__(self):
        self.entries = {}

    def directory(self, path):
        parent = os.path.dirname(path)
        if parent:
            self.directory(parent)
        self.entries.setdefault(path, (stat.S_IFDIR | 0o755, b''))

    def data(self, path, content, mode=0o644):
        path = path.lstrip('/')
        if os.path.dirname(path):
            self.directory(os.path.dirname(path))
        self.entries[path] = (stat.S_IFREG | mode, content)

    def file(self, path, source):
        source = pathlib.Path(source)
        mode = 0o755 if os.access(source, os.X_OK) else 0o644
        self.data(path, source.read_bytes(), mode)

    def symlink(self, path, target):
        path = path.lstrip('/')
        self.directory(os.path.dirname(path))
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def device(self, path, major, minor):
        path = path.lstrip('/')
        self.directory(os.path.dirname(path))
        self.entries[path] = (stat.S_IFCHR | 0o600, (major, minor))

    def busybox(self):
        self.file('bin/busybox', ARCH.find('busybox'))
        self.data('etc/passwd', b'root:x:0:0::/:/bin/sh\n'
                                b'user:x:1000:1000::/:/bin/sh\n')
        for name in APPLETS:
            self.symlink(f'bin/{name}', 'busybox')

    def program(self, source):
        """Add a program to /bin, with the shared libraries it needs."""
        source = pathlib.Path(source)
        self.file(f'bin/{source.name}', source)
        self.libraries(source)

    def libraries(self, source):
        """Add the libraries of a program or a library to /lib."""
        said = subprocess.run(['readelf', '-ld', source], text=True,
                              capture_output=True).stdout
        for loader in re.findall(r'interpreter: (.*)]', said):
            self.file(loader, ARCH.root / loader.lstrip('/'))
        for name in re.findall(r'\(NEEDED\).*\[(.*)]', said):
            if f'lib/{name}' not in self.entries:
                self.file(f'lib/{name}', ARCH.library(name))
                self.libraries(ARCH.library(name))

    def write(self, target, compress=False):
        out = bytearray()
        entries = dict(sorted(self.entries.items()))
        entries['TRAILER!!!'] = (0, b'')
        for inode, (path, (mode, content)) in enumerate(entries.items(), 1):
            major = minor = 0
            if isinstance(content, tuple):
                (major, minor), content = content, b''
            name = path.encode() + b'\0'
            fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0,
                      major, minor, len(name), 0)
            out += b'070701' + b''.join(b'%08X' % f for f in fields) + name
            out += bytes(-len(out) % 4) + content
            out += bytes(-len(out) % 4)
        out = bytes(out)
        pathlib.Path(target).write_bytes(
            gzip.compress(out, 1) if compress else out)
