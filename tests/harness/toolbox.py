# SPDX-License-Identifier: GPL-2.0-only
"""A disk with the host's drgn and makedumpfile, and with vmlinux: for a guest
that looks at its own kernel. The host's architecture only."""
import pathlib
import re
import shutil
import subprocess
import tempfile

PROGRAMS = ('makedumpfile', 'python3')
PYTHON = pathlib.Path('/usr/lib/python3')
LIBRARY = pathlib.Path('/usr/lib/python3.11')
UNUSED = shutil.ignore_patterns('test', 'tests', 'idlelib', 'lib2to3',
                                'ensurepip', 'distutils', 'config-*')
# Folders that the guest mounts something on
EMPTY = ('proc', 'sys', 'dev', 'tmp', 'root')
ROOM = 128 << 20

# A program for drgn. Its arguments are a dump or /proc/kcore, and vmlinux.
LOOK = '''
import sys, drgn
prog = drgn.Program()
prog.set_core_dump(sys.argv[1])
prog.load_debug_info([sys.argv[2]])
print('release', prog['init_uts_ns'].name.release.string_().decode())
'''


def list_libraries(paths):
    """Return the shared libraries that programs and libraries need."""
    said = subprocess.run(['ldd', *paths], text=True, capture_output=True,
                          check=False).stdout
    return sorted(set(re.findall(r'(/\S+) \(0x', said)))


def copy(source, root):
    """Copy a file to the same place below ROOT."""
    target = root / str(source).lstrip('/')
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def fill(root, vmlinux):
    found = [pathlib.Path('/usr/bin', name) for name in PROGRAMS]
    modules = [*PYTHON.glob('dist-packages/_drgn*.so'),
               *LIBRARY.glob('lib-dynload/*.so')]
    for path in [*found, *modules, *list_libraries([*found, *modules])]:
        copy(path, root)
    shutil.copytree(LIBRARY, root / 'usr/lib/python3.11', ignore=UNUSED,
                    dirs_exist_ok=True)
    shutil.copytree(PYTHON / 'dist-packages/drgn',
                    root / 'usr/lib/python3/dist-packages/drgn')
    for name in EMPTY:
        (root / name).mkdir()
    (root / 'look.py').write_text(LOOK)
    shutil.copy(vmlinux, root / 'vmlinux')


def make(path, vmlinux):
    """Make the disk."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        root = pathlib.Path(folder)
        fill(root, vmlinux)
        size = sum(f.stat().st_size for f in root.rglob('*')) + ROOM
        subprocess.run(['mke2fs', '-q', '-F', '-t', 'ext4', '-d', root, path,
                        f'{size >> 10}k'], check=True, capture_output=True)
