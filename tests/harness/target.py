# SPDX-License-Identifier: GPL-2.0-only
"""The architecture that is tested: the row of tools/arch.py that ARCH names."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'tools'))

from arch import ARCH, ARCHES       # noqa: E402

__all__ = ['ARCH', 'ARCHES']
