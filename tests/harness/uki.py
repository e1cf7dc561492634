# SPDX-License-Identifier: GPL-2.0-only
"""Make a unified kernel image: a PE file whose sections are a kernel, its
initrd and its command line. It has no code, so no firmware can start it."""
import struct

PE, SECTIONS, DATA = 0x80, 0x98, 0x1000
ALIGN = 0x200                   # of a section in the file


def make_uki(kernel, initrd, cmdline):
    parts = {b'.cmdline': cmdline, b'.linux': kernel, b'.initrd': initrd}
    head, data = bytearray(DATA), bytearray()
    struct.pack_into('<2s58xI', head, 0, b'MZ', PE)
    struct.pack_into('<4s2xH', head, PE, b'PE', len(parts))
    for i, (name, content) in enumerate(parts.items()):
        size = -(-len(content) // ALIGN) * ALIGN
        struct.pack_into('<8sIIII', head, SECTIONS + 40 * i, name,
                         len(content), 0, size, DATA + len(data))
        data += content.ljust(size, b'\0')
    return bytes(head + data)
