#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Search a kernel tree for kdump's vocabulary.

usage: vocabulary.py TREE

Prints FILE:LINE:TEXT of every hit that baseline/allow*.txt do not allow.  Each
line there is an exception, PATH REGEX "# reason"; PATH may contain * and
a/{b,c}.  Generic code, x86 and powerpc are searched for names and prose, and
drivers only for names, since the crash dump of a firmware is not kdump's.
"""
import dataclasses
import fnmatch
import pathlib
import re
import subprocess
import sys

import baseline

DATA = pathlib.Path(__file__).resolve().parent.parent / 'baseline'

# Names in code
NAMES = r"""\b_*crash_kexec\w* kexec_should_crash kexec_crash_\w+ crashk_\w*res
    crash_save_\w+ crash_notes\w* crash_note_\w+ crash_(shrink|get)_memory\w*
    crash_smp_send_stop crash_setup_regs crash_prepare_elf\w+ crash_exclude_mem
    crash_mem(_range)?\b KEXEC_(FILE_)?ON_CRASH KEXEC_TYPE_\w+
    vmcore\w* elfcorehdr\w* crashkernel \w*oldmem\w* \w*crash_shutdown\w*
    \w*protect_crashkres CONFIG_CRASH_\w+ CONFIG_PROC_VMCORE\w*
    crash_(core|dump)\.[ch] \w*kdump\w* \w*fadump\w* die_will_crash""".split()
# Words of prose, searched for everywhere but in drivers
WORDS = [r'crash\s?kernels?\b', r'crash\sdump', r'capture\skernel']

EVERYWHERE = """arch/x86 arch/powerpc block certs crypto fs include init
    io_uring ipc kernel lib mm net security usr virt Kconfig Makefile
    arch/Kconfig MAINTAINERS Documentation/admin-guide""".split()
DRIVERS = ['drivers', 'sound', 'samples']
SOURCES = ('*.[chS]', '*.rst', '*.txt', 'Kconfig*', 'Makefile*', 'MAINTAINERS')


@dataclasses.dataclass(frozen=True)
class Hit:
    path: str
    line: int
    text: str

    def __str__(self):
        return f'{self.path}:{self.line}:{self.text}'


@dataclasses.dataclass(frozen=True)
class Rule:
    """An exception: what REGEX matches is allowed in the files of PATH."""
    path: str
    regex: re.Pattern

    def __str__(self):
        return f'{self.path} {self.regex.pattern}'


def grep(tree, patterns, places):
    """Yield the lines of the sources in PLACES that match PATTERNS."""
    places = [place for place in places if (tree / place).exists()]
    run = subprocess.run(
        ['grep', '-rniIE', *(f'--include={source}' for source in SOURCES),
         *(word for pattern in patterns for word in ('-e', pattern)), '--',
         *places],
        cwd=tree, text=True, capture_output=True, check=False,
        errors='replace')
    for line in run.stdout.splitlines():
        path, number, text = line.split(':', 2)
        yield Hit(path, int(number), text)


def read_rules():
    """Return the rules of baseline/allow*.txt."""
    rules = []
    for path in sorted(DATA.glob('allow*.txt')):
        for line in path.read_text(encoding='utf-8').splitlines():
            match = re.match(r'([^#\s]\S*)\s+(\S+)\s+# (\S.*)', line)
            if match:
                rules += [Rule(p, re.compile(match[2], re.I))
                          for p in baseline.expand(match[1])]
            elif line.strip() and not line.startswith('#'):
                sys.exit(f'{path}: this line gives no reason: {line}')
    return rules


def drop_allowed(hits, patterns, rules, used):
    """Yield the HITS that no rule allows; add the rules that apply to USED."""
    word = re.compile('|'.join(patterns), re.I)
    for hit in hits:
        text = hit.text
        for rule in rules:
            if fnmatch.fnmatch(hit.path, rule.path):
                left = rule.regex.sub(' ', text)
                if left != text:
                    used.add(rule)
                text = left
        if word.search(text):
            yield dataclasses.replace(hit, text=text.strip())


def search(tree):
    """Return the hits that no rule allows, and the rules without a hit."""
    rules, used, found = read_rules(), set(), []
    for patterns, places in ((NAMES + WORDS, EVERYWHERE), (NAMES, DRIVERS)):
        found += drop_allowed(grep(tree, patterns, places), patterns, rules,
                              used)
    return found, [rule for rule in rules if rule not in used]


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    found, unused = search(pathlib.Path(argv[1]))
    print(*found, sep='\n', end='\n' if found else '')
    for rule in unused:
        print(f'unused: {rule}', file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main(sys.argv)
