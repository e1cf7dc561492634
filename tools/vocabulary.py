#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Search a kernel tree for kdump's vocabulary.

    tools/vocabulary.py TREE             prints FILE:LINE:TEXT of what it finds

baseline/allow*.txt say what may be found, one PATH REGEX "# reason" a line;
PATH may hold * and a/{b,c}.  Generic code, x86 and powerpc are searched;
drivers only for names, since a firmware's crash dump is none of ours.
"""

import fnmatch
import glob
import os
import re
import subprocess
import sys

import baseline

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Names that code uses
NAMES = r"""\b_*crash_kexec\w* kexec_should_crash kexec_crash_\w+ crashk_\w*res
    crash_save_\w+ crash_notes\w* crash_note_\w+ crash_(shrink|get)_memory\w*
    crash_smp_send_stop crash_setup_regs crash_prepare_elf\w+ crash_exclude_mem
    crash_mem(_range)?\b KEXEC_(FILE_)?ON_CRASH KEXEC_TYPE_\w+
    vmcore\w* elfcorehdr\w* crashkernel \w*oldmem\w* \w*crash_shutdown\w*
    \w*protect_crashkres CONFIG_CRASH_\w+ CONFIG_PROC_VMCORE\w*
    crash_(core|dump)\.[ch] \w*kdump\w* \w*fadump\w* die_will_crash""".split()
# Words of prose, for what is not a driver
WORDS = [r"crash\s?kernels?\b", r"crash\sdump", r"capture\skernel"]

EVERYWHERE = """arch/x86 arch/powerpc block certs crypto fs include init
    io_uring ipc kernel lib mm net security usr virt Kconfig Makefile
    arch/Kconfig MAINTAINERS Documentation/admin-guide""".split()
DRIVERS = ["drivers", "sound", "samples"]
SOURCES = ("*.[chS]", "*.rst", "*.txt", "Kconfig*", "Makefile*", "MAINTAINERS")


def grep(tree, patterns, places):
    args = ["grep", "-rniIE"]
    args += ["--include=" + s for s in SOURCES]
    args += [x for p in patterns for x in ("-e", p)]
    places = [p for p in places if os.path.exists(os.path.join(tree, p))]
    run = subprocess.run(args + ["--"] + places, cwd=tree, text=True,
                         capture_output=True, check=False, errors="replace")
    for line in run.stdout.splitlines():
        path, number, text = line.split(":", 2)
        yield path, int(number), text


def allowed():
    """[(path pattern, compiled regex, reason)]"""
    rules = []
    for name in sorted(glob.glob(os.path.join(ROOT, "baseline/allow*.txt"))):
        with open(name, encoding="utf-8") as f:
            for line in f:
                m = re.match(r"([^#\s]\S*)\s+(\S+)\s+# (\S.*)", line)
                if m:
                    rules += [(p, re.compile(m.group(2), re.I), m.group(3))
                              for p in baseline.expand(m.group(1))]
                elif line.strip() and not line.startswith("#"):
                    sys.exit("%s: no reason is given: %s" % (name, line))
    return rules


def remaining(hits, patterns, rules, used):
    """HITS without what RULES allow; notes in USED which rules applied."""
    word = re.compile("|".join(patterns), re.I)
    for path, number, text in hits:
        for rule in rules:
            if fnmatch.fnmatch(path, rule[0]):
                left = rule[1].sub(" ", text)
                if left != text:
                    used.add(rule)
                text = left
        if word.search(text):
            yield path, number, text.strip()


def search(tree):
    """(what is left, rules that nothing needed)"""
    rules, used = allowed(), set()
    found = list(remaining(grep(tree, NAMES + WORDS, EVERYWHERE),
                           NAMES + WORDS, rules, used))
    found += remaining(grep(tree, NAMES, DRIVERS), NAMES, rules, used)
    return found, [r for r in rules if r not in used]


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    found, unused = search(argv[1])
    for hit in found:
        print("%s:%d:%s" % hit)
    for path, regex, _ in unused:
        print("unused: %s %s" % (path, regex.pattern), file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv)
