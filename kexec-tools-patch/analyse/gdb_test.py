#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""ANALYSE: kdump-gdb.py with a dump that lacks some memory, without gdb.

A stand-in for gdb's Python module lets this test import the script.  The
kernel's list of modules is made of dictionaries.
"""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import types

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / 'tools'))

from tap import Tap                                     # noqa: E402

HEAD, LINK = 0x1000, 8


class StructModule(dict):
    """gdb's type struct module."""


def stand_in():
    gdb = types.ModuleType('gdb')
    for name in ('MemoryError', 'GdbError', 'error'):
        setattr(gdb, name, type(name, (Exception,), {}))
    gdb.Command, gdb.STDERR = object, 2
    gdb.execute = lambda *_, **__: ''
    gdb.write = lambda *_: None
    gdb.parse_and_eval = lambda _: HEAD
    gdb.lookup_type = lambda _: StructModule(
        sect_attrs=None, list=types.SimpleNamespace(bitpos=LINK * 8))
    return gdb


def load_script(gdb):
    path = HERE / 'kdump-gdb.py'
    loader = importlib.machinery.SourceFileLoader('kdump_gdb', str(path))
    script = importlib.util.module_from_spec(
        importlib.util.spec_from_loader('kdump_gdb', loader))
    sys.modules['gdb'] = gdb
    loader.exec_module(script)
    return script


class Name(str):
    def string(self):
        return str(self)


class Dump:
    """A list of modules, and memory everywhere except at GONE."""
    GONE = 0x666000

    def __init__(self, script, names, last=HEAD):
        self.machine, self.data = script.MACHINES[2], b'\x7fELF\2\1\1'
        at = [HEAD + 0x1000 * (i + 1) for i in range(len(names))]
        self.memory = {HEAD: {'next': (at + [HEAD])[0]}}
        for here, name, behind in zip(at, names, at[1:] + [last]):
            self.memory[here - LINK] = {'name': Name(name),
                                        'list': {'next': behind}}

    def value(self, vaddr, _):
        if vaddr not in self.memory:
            raise sys.modules['gdb'].MemoryError(f'nothing at {vaddr:#x}')
        return self.memory[vaddr]

    def read(self, vaddr, size):
        if vaddr == self.GONE:
            raise sys.modules['gdb'].MemoryError(f'nothing at {vaddr:#x}')
        return b'm' * size


class Module:
    """A module; if its name begins with "half", it has no sections yet."""

    def __init__(self, dump, value):
        self.name = value['name'].string()
        if self.name.startswith('half'):
            dump.value(0, None)


def said(call, *arguments):
    """Return what a function returns, and what it prints."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        result = call(*arguments)
    return result, text.getvalue()


def check_list(tap, script):
    script.Module, script.MODULES_MAX = Module, 50
    for names, last, want, words, what in (
            (['a', 'b'], HEAD, 'ab', '', 'two modules'),
            (['half', 'a', 'b'], HEAD, 'ab', 'half',
             'the newest module is incomplete'),
            (['a', 'half', 'b'], HEAD, 'ab', 'half',
             'a module in the middle is incomplete'),
            (['a', 'b'], 0x9, 'ab', 'damaged', 'a link to nowhere'),
            (['half'], HEAD + 0x1000, '', 'half',
             'an endless list of one incomplete module')):
        try:
            found, text = said(script.loaded_modules,
                               Dump(script, names, last))
        except sys.modules['gdb'].MemoryError as error:
            found, text = [], str(error)
        tap.result(''.join(m.name for m in found) == want and words in text
                   and bool(words) == bool(text), what, text)


def check_memory(tap, script):
    dump = Dump(script, [])
    modules = [types.SimpleNamespace(name=name, areas=areas)
               for name, areas in (('a', [(0x5000, 16), (dump.GONE, 16)]),
                                   ('b', [(0x7000, 32)]))]
    try:
        data, text = said(script.memory_file, dump, modules)
    except sys.modules['gdb'].MemoryError as error:
        data, text = b'', str(error)
    tap.result(data.count(b'm' * 16) == 3, 'the other areas are there', text)
    tap.result(text.startswith('a:') and f'{dump.GONE:#x}' in text,
               'the missing area is named', text)


def main():
    tap = Tap()
    script = load_script(stand_in())
    check_list(tap, script)
    check_memory(tap, script)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
