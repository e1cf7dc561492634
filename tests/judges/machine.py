# SPDX-License-Identifier: GPL-2.0-only
"""The layout of the dumps of each machine, by its number in ELF (e_machine)."""
from collections import namedtuple

Machine = namedtuple('Machine', (
    'prstatus',         # size of an NT_PRSTATUS note, in bytes
    'pid',              # offset of the task's pid in it
    'regs',             # offset of the registers
    'word',             # format of a register for struct
    'names',            # names of the registers, in the order of the note
    'ip', 'sp',         # names of the instruction and the stack pointer
    'user',             # (register, bits) that are set in user mode
    'compared',         # registers that gdb must show as the note has them
    'kernel',           # lowest address of the kernel
    'modules',          # addresses that code of modules can have
    'image'))           # virtual minus physical address of vmlinux as linked

MACHINES = {
    62: Machine(            # EM_X86_64
        336, 32, 112, 'Q',
        'r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax '
        'rip cs eflags rsp ss fs_base gs_base ds es fs gs'.split(),
        'rip', 'rsp', ('cs', 3), ('rip', 'rsp', 'rbp', 'rbx', 'r12', 'r15'),
        0xff00000000000000, range(0xffffffffc0000000, 2 ** 64 - 4096),
        0xffffffff80000000),
    3: Machine(             # EM_386
        144, 24, 72, 'I',
        'ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp '
        'ss'.split(),
        'eip', 'esp', ('cs', 3), ('eip', 'esp', 'ebp', 'ebx', 'esi', 'edi'),
        0xc0000000, range(0xc0000000, 2 ** 32 - 4096), 0xc0000000),
    21: Machine(            # EM_PPC64
        504, 32, 112, 'Q',
        [*(f'r{n}' for n in range(32)), 'pc', 'msr', 'orig_r3', 'ctr', 'lr',
         'xer', 'cr', 'softe', 'trap', 'dar', 'dsisr', 'result'],
        'pc', 'r1', ('msr', 0x4000),
        ('pc', 'r1', 'lr', 'ctr', 'r3', 'r14', 'r31'),
        0xc000000000000000, range(0xc008000000000000, 0xc009000000000000),
        0xc000000000000000),
}
