# SPDX-License-Identifier: GPL-2.0-only
"""Add entries to the memory map that the firmware of an x86 guest reports.

QEMU has no option for that. But a boot loader passes the entries that
boot_params has no room for in setup_data (SETUP_E820_EXT), and the kernel does
not tell the two apart. So a file with entries is put into the guest's memory,
and the setup header of a copy of the bzImage points to it. See
Documentation/x86/boot.rst in the kernel's source.
"""
import struct

SETUP_E820_EXT = 1
SETUP_DATA = 0x250              # in the setup header
# Where the file lies: in RAM that firmware, kernel and initrd leave alone.
PLACE = 0x6000000

TYPES = {'ram': 1, 'reserved': 2, 'acpi': 3, 'nvs': 4, 'pmem': 7,
         'soft-reserved': 0xefffffff}


def parse(entry):
    """Return [(start, size, type)] of "TYPE START SIZE [COUNT STEP]", that many
    ranges, each STEP bytes behind the one before."""
    kind, *numbers = entry.split()
    start, size, count, step = [*[int(n, 0) for n in numbers], 1, 0][:4]
    return [(start + i * step, size, TYPES[kind]) for i in range(count)]


def add(entries, kernel, directory):
    """Return a copy of the kernel and QEMU options that add the entries."""
    ranges = [r for entry in entries for r in parse(entry)]
    data = b''.join(struct.pack('<QQI', *r) for r in ranges)
    path = directory / 'setup_data'
    path.write_bytes(struct.pack('<QII', 0, SETUP_E820_EXT, len(data)) + data)
    image = bytearray(kernel.read_bytes())
    struct.pack_into('<Q', image, SETUP_DATA, PLACE)
    copy = directory / 'bzImage'
    copy.write_bytes(image)
    return copy, ['-device', f'loader,file={path},addr={PLACE:#x},'
                  'force-raw=on']
