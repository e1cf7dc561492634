# SPDX-License-Identifier: GPL-2.0-only
"""Options of every program in tests/: where kernels and results are."""
import pathlib

from .drive import Tools
from .target import ARCH

BUILD = ARCH.build


def add_paths(parser):
    add = parser.add_argument
    add('--kernels', type=pathlib.Path, default=BUILD,
        help='folder of system, capture and capture-up')
    add('--kexec', type=pathlib.Path,
        default=BUILD / 'kexec' / 'sbin' / 'kexec')
    add('--programs', type=pathlib.Path, default=BUILD / 'guest')
    add('--output', type=pathlib.Path, default=BUILD / 'tests')
    add('--strict', action='store_true',
        help='the system kernel watches itself')


def tools(args):
    return Tools(args.kernels.resolve(), args.kexec.resolve(),
                 args.programs.resolve(), args.output.resolve(),
                 strict=args.strict)
