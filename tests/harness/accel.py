# SPDX-License-Identifier: GPL-2.0-only
"""Choose how QEMU runs the guests: KVM only where a guest really runs."""
import os
import pathlib
import subprocess
import tempfile
import time

TCG = ['-accel', 'tcg,thread=multi']
KVM = ['-accel', 'kvm']

# A boot sector that writes one byte to the debug port 0xe9 and halts.
BOOT_SECTOR = bytes([0xb0, 0x4b, 0xe6, 0xe9, 0xf4, 0xeb, 0xfd])


def kvm_runs(patience=4):
    """Boot a sector under KVM and wait for its one byte."""
    if not os.access('/dev/kvm', os.R_OK | os.W_OK):
        return False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'disk').write_bytes(
            BOOT_SECTOR.ljust(510, b'\0') + b'\x55\xaa')
        qemu = subprocess.Popen(
            ['qemu-system-x86_64', *KVM, '-nodefaults', '-display', 'none',
             '-drive', f'file={folder}/disk,format=raw,if=ide',
             '-debugcon', f'file:{folder}/out'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            for _ in range(patience * 10):
                out = folder / 'out'
                if out.exists() and b'K' in out.read_bytes():
                    return True
                if qemu.poll() is not None:
                    return False
                time.sleep(0.1)
            return False
        finally:
            qemu.kill()
            qemu.wait()


def accelerator(folder):
    """Return QEMU's options; found out once per build folder."""
    note = folder / 'accel'
    if not note.exists():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text('kvm' if kvm_runs() else 'tcg')
    return KVM if note.read_text() == 'kvm' else TCG
