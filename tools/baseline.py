#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Take upstream's kdump out of a source tree, as baseline/ says by name.

    tools/baseline.py TREE [DATA]

DATA (default: baseline/ beside tools/) holds, in order of application:

    files.txt        PATH...               files and folders to delete
    unifdef.txt      PATH -USYM|-DSYM...   preprocessor symbols decided
    definitions.txt  PATH NAME...          top-level definitions, prototypes,
                                           macros, EXPORT_SYMBOLs, parameter
                                           macros that name NAME, and the
                                           comment above; <x.h> or x.h: that
                                           #include line; <x.h>=<y.h>: <y.h>
                                           instead, which it brought along
    inside.txt       PATH NAME WORD...     inside the definition of NAME
        (function, struct, enum, array, macro): the smallest statements,
        members or elements with the word WORD (an identifier, a "literal", or
        a label: with its colon and the statement behind it); of if, while,
        for, switch only the condition counts, and what it controls goes with
        it.  Operators before WORD:
            &WORD  the statement and the one behind it
            !WORD  WORD is false: every `if` about it is decided; of a switch
                   case WORD goes
            =WORD  WORD is true: the same; of a switch only case WORD stays
            ~WORD  the operand of && || | + with WORD goes
    comments.txt     PATH WORD...          comments with WORD
    kconfig.txt      PATH SYMBOL...        the entry, selects, terms
    makefile.txt     PATH OBJECT...        words of Makefile lists
    text.txt         PATH KIND WORD...     documents: KIND entry (a line that
                                           starts with WORD, and what is
                                           indented deeper) or line (each line
                                           with WORD) or block (the paragraph
                                           between blank lines with WORD) or
                                           abi (from a What: with WORD to the
                                           next) or man (the .TP item of a man
                                           page that has WORD in its tag)
    cocci.txt        SCRIPT PATH...        semantic patches, file by file

Each list may have more files beside it, as in files-powerpc.txt.  Empty lines
and lines starting with # are comments; a line that ends in a backslash goes
on.  PATH may list several
as a/{b,c}.  Every entry must apply: a file or a name that this tree does not
have is an error, unless the PATH (or the name) ends in "?".
"""

import glob
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import cedit
import csource


def entries(data, name):
    """The entries of the list NAME.txt, NAME-*.txt as lists of words."""
    text = ""
    for path in sorted(glob.glob(os.path.join(data, name + ".txt")) +
                       glob.glob(os.path.join(data, name + "-*.txt"))):
        with open(path, encoding="utf-8") as f:
            text += f.read().replace("\\\n", " ") + "\n"
    lines = (l.strip() for l in text.split("\n"))
    return [l.split() for l in lines if l and not l.startswith("#")]


def expand(path):
    m = re.match(r"(.*)\{(.*)\}(.*)$", path)
    if not m:
        return [path]
    return [m.group(1) + x + m.group(3) for x in m.group(2).split(",")]


def optional(word):
    return (word[:-1], True) if word.endswith("?") else (word, False)


def spans_of_name(text, found, name):
    bare = name.strip("<>")
    spans = []
    for p in found:
        if name in p.names or (bare in p.names) or ("<%s>" % bare) in p.names:
            spans.append((p.start, p.end))
    return spans


def swap_includes(text, names):
    """Do the words OLD=NEW; returns text, the other words, what is missing."""
    rest, missing = [], []
    for word in names:
        old, swap, new = word.partition("=")
        line = "#include %s\n" % old
        if not swap:
            rest.append(word)
        elif line in text:
            text = text.replace(line, "#include %s\n" % new)
        else:
            missing.append(old)
    return text, rest, missing


def cut_definitions(text, names):
    """TEXT without the top-level pieces NAMES; also what was missing."""
    text, names, missing = swap_includes(text, names)
    found, spans = csource.pieces(text), []
    for word in names:
        name, may_miss = optional(word)
        got = spans_of_name(text, found, name)
        if not got and not may_miss:
            missing.append(name)
        spans += got
    return cedit.cut(text, spans), missing


def macro_edits(text, piece, sign, pattern):
    """Edits for ~WORD in a macro; a lone WORD becomes 0."""
    if sign != "~":
        return []
    m = pattern.search(text, piece.start, piece.end)
    if not m:
        return []
    lone = re.match(r"#define\s+\w+\s+$", text[piece.start:m.start()])
    if lone and m.end() == piece.end:
        return [(m.start(), m.end(), "0")]
    return [(a, b, "") for a, b in
            cedit.terms(text, piece.start, piece.end, pattern)]


def inside_edits(text, bodies, sign, token):
    """Edits that an operator and a word of inside.txt stand for."""
    pattern, edits = cedit.word(token), []
    for piece in bodies:
        if not piece.body:
            edits += macro_edits(text, piece, sign, pattern)
            continue
        found, code = csource.parts(text, piece)
        look = csource.without_comments(text) if token[0] == '"' else code
        if sign == "~":
            edits += [(a, b, "") for a, b in
                      cedit.terms(look, piece.start, piece.end, pattern)]
        elif sign in ("!", "="):
            edits += cedit.folded(found, look, text, pattern, sign == "=")
        else:
            edits += [(a, b, "") for a, b in
                      cedit.doomed(found, look, pattern, sign == "&")]
    return edits


def spliced(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def cut_inside(text, words):
    """TEXT without the parts of definition WORDS[0] that have WORDS[1:]."""
    outer, may_miss = optional(words[0])
    missing = []
    for word in words[1:]:
        token, skip = optional(word)
        sign, token = (token[0], token[1:]) if token[0] in "!=~&" \
            else ("", token)
        bodies = [p for p in csource.pieces(text) if outer in p.names
                  and (p.body or text[p.start] == "#")]
        if not bodies:
            return text, missing + ([] if may_miss else [outer])
        edits = inside_edits(text, bodies, sign, token)
        if not edits and not skip:
            missing.append("%s in %s" % (token, outer))
        text = spliced(text, edits) if sign == "~" \
            else cedit.replaced(text, edits)
    return text, missing


def cut_comments(text, words):
    missing = []
    for word in words:
        token, may_miss = optional(word)
        spans = cedit.comments(text, token)
        if not spans and not may_miss:
            missing.append("comment with " + token)
        text = cedit.cut(text, spans)
    return text, missing


_KEYWORD = r"(?:config|menuconfig|choice|endchoice|menu|endmenu|if|endif" \
           r"|source|comment|mainmenu)\b"


def cut_kconfig_symbol(text, name):
    text = re.sub(r"(?ms)^(?:menu)?config %s\n.*?(?=^%s|\Z)"
                  % (name, _KEYWORD), "", text)
    text = re.sub(r"(?m)^\s+(?:select|imply) %s\b.*\n" % name, "", text)
    text = re.sub(r"(?m)^\s+(?:depends on|default \w+ if|default) !?%s\n"
                  % name, "", text)
    text = re.sub(r"(?m)^\s+default \S+ if (?:[^|\n]* && )?%s(?: && .*)?\n"
                  % name, "", text)
    text = re.sub(r"(?m)(?: (?:&&|\|\|) !?%s\b|(?<=[ (])!?%s (?:&&|\|\|) )"
                  % (name, name), "", text)
    return re.sub(r"(?m)^(\s+(?:select|imply|bool|default) .*) if %s\n"
                  % name, "", text)


def cut_kconfig(text, names):
    missing = []
    for word in names:
        name, may_miss = optional(word)
        new = cut_kconfig_symbol(text, name)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def cut_makefile(text, words):
    missing = []
    for word in words:
        name, may_miss = optional(word)
        new = re.sub(r"(?m)^\S+\s*[+:]?=\s*%s[ \t]*\n" % re.escape(name),
                     "", text)
        new = re.sub(r"(?m)[ \t]+%s(?=[ \t\n])" % re.escape(name), "", new)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def text_entry(lines, i):
    """End of the entry that starts at line I: what is indented deeper."""
    depth = len(lines[i]) - len(lines[i].lstrip())
    end = i + 1
    while end < len(lines):
        body = lines[end].strip()
        if body and len(lines[end]) - len(lines[end].lstrip()) <= depth:
            break
        end += 1
    return end


def man_item(lines, i):
    """End of the .TP item of a man page that starts at line I."""
    end = i + 2
    while end < len(lines) and not re.match(r"\.(TP|SH|PP|RS|RE)\b",
                                            lines[end]):
        end += 1
    return end


def abi_entry(lines, i):
    """End of the entry of Documentation/ABI that starts at line I."""
    end = i + 1
    while end < len(lines) and not lines[end].startswith("What:"):
        end += 1
    return end


def cut_text(text, words):
    kind, missing = words[0], []
    for word in words[1:]:
        name, may_miss = optional(word)
        lines, out, i = text.split("\n"), [], 0
        while i < len(lines):
            if kind == "entry" and lines[i].lstrip().startswith(name):
                i = text_entry(lines, i)
            elif kind == "man" and lines[i] == ".TP" and name in lines[i + 1]:
                i = man_item(lines, i)
            elif kind == "abi" and lines[i].startswith("What:") \
                    and name in lines[i]:
                i = abi_entry(lines, i)
            elif kind == "line" and name in lines[i]:
                i += 1
            else:
                out.append(lines[i])
                i += 1
        new = "\n".join(out)
        if kind == "block":
            new = "\n\n".join(b for b in text.split("\n\n") if name not in b)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def write(full, text):
    """Replace a file, so that hard links to it keep the old text."""
    with open(full + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    shutil.copymode(full, full + ".new")
    os.replace(full + ".new", full)


def edit(tree, path, function, words):
    """Run FUNCTION on one file of TREE; complain about what is missing."""
    path, may_miss = optional(path)
    full = os.path.join(tree, path)
    if not os.path.exists(full):
        return [] if may_miss else ["%s: no such file" % path]
    with open(full, encoding="utf-8") as f:
        text = f.read()
    try:
        new, missing = function(text, words)
    except csource.ParseError as e:
        return ["%s: %s: %s" % (path, " ".join(words), e)]
    if new != text:
        write(full, new)
    return ["%s: nothing here is called %s" % (path, m) for m in missing]


def delete_files(tree, path, _words):
    path, may_miss = optional(path)
    full = os.path.join(tree, path)
    if os.path.isdir(full):
        shutil.rmtree(full)
    elif os.path.exists(full):
        os.unlink(full)
    elif not may_miss:
        return ["%s: no such file" % path]
    return []


def drop_alternatives(full, options):
    """What unifdef leaves: `|| SYM` on the lines of conditionals."""
    with open(full, encoding="utf-8") as f:
        text = f.read()
    new = text
    for symbol in (o[2:] for o in options if o.startswith("-U")):
        term = r"(?:defined\(%s\)|%s\b)" % (symbol, symbol)
        new = re.sub(r"(?m)^(#.*) \|\| %s" % term, r"\1", new)
        new = re.sub(r"(?m)^(#.*)%s \|\| " % term, r"\1", new)
    if new != text:
        write(full, new)
    return new != text


def unifdef(tree, path, options):
    path, may_miss = optional(path)
    full = os.path.join(tree, path)
    if not os.path.exists(full):
        return [] if may_miss else ["%s: no such file" % path]
    status = subprocess.run(["unifdef", "-B", "-k", "-m"] + options + [full],
                            check=False).returncode
    if status not in (0, 1):
        return ["%s: unifdef failed" % path]
    if not drop_alternatives(full, options) and status == 0:
        return ["%s: nothing depends on %s" % (path, " ".join(options))]
    return []


def spatch(tree, script, path):
    """Apply one semantic patch to one file; it must change it."""
    path, may_miss = optional(path)
    full = os.path.join(tree, path)
    if not os.path.exists(full):
        return [] if may_miss else ["%s: no such file" % path]
    with open(full, encoding="utf-8") as f:
        before = f.read()
    run = subprocess.run(["spatch", "--very-quiet", "--no-includes",
                          "--in-place", "--sp-file", script, full],
                         capture_output=True, text=True, check=False)
    with open(full, encoding="utf-8") as f:
        after = f.read()
    if run.returncode != 0 or after == before:
        return ["%s: %s does not fit: %s"
                % (path, os.path.basename(script), run.stderr.strip())]
    tidied = cedit.tidy(after)
    if tidied != after:
        write(full, tidied)
    return []


STEPS = (
    ("files", delete_files),
    ("unifdef", unifdef),
    ("definitions", lambda t, p, w: edit(t, p, cut_definitions, w)),
    ("inside", lambda t, p, w: edit(t, p, cut_inside, w)),
    ("comments", lambda t, p, w: edit(t, p, cut_comments, w)),
    ("kconfig", lambda t, p, w: edit(t, p, cut_kconfig, w)),
    ("makefile", lambda t, p, w: edit(t, p, cut_makefile, w)),
    ("text", lambda t, p, w: edit(t, p, cut_text, w)),
)


def apply_step(tree, data, name, function):
    complaints = []
    for words in entries(data, name):
        paths = words[:1] if name != "files" else words
        for path in (q for p in paths for q in expand(p)):
            complaints += ["%s.txt: %s" % (name, c)
                           for c in function(tree, path, words[1:])]
    return complaints


def apply_cocci(tree, data):
    """Semantic patches: scripts in order per file, two files at once."""
    scripts = {}
    for words in entries(data, "cocci"):
        for path in (q for p in words[1:] for q in expand(p)):
            scripts.setdefault(path, []).append(os.path.join(data, words[0]))

    def one(item):
        path, todo = item
        return [c for script in todo for c in spatch(tree, script, path)]

    with ThreadPoolExecutor(2) as pool:
        return ["cocci.txt: " + c for got in pool.map(one, scripts.items())
                for c in got]


def kernel_version(tree):
    """The version a kernel's Makefile gives, or the folder's name."""
    try:
        with open(os.path.join(tree, "Makefile"), encoding="utf-8") as f:
            words = dict(re.findall(r"(?m)^([A-Z]+) = (\S+)$", f.read(2000)))
        return "%(VERSION)s.%(PATCHLEVEL)s.%(SUBLEVEL)s" % words
    except (OSError, KeyError):
        return os.path.basename(os.path.abspath(tree))


def paths(data):
    """Every path that the lists name, without globbing the tree."""
    found = set()
    for name in [n for n, _ in STEPS] + ["cocci"]:
        for words in entries(data, name):
            named = {"files": words, "cocci": words[1:]}.get(name, words[:1])
            found |= {optional(q)[0] for p in named for q in expand(p)}
    return sorted(found)


def apply(tree, data):
    complaints = []
    for name, function in STEPS:
        complaints += apply_step(tree, data, name, function)
    complaints += apply_cocci(tree, data)
    return complaints


def main(argv):
    here = os.path.dirname(os.path.abspath(__file__))
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    data = argv[2] if len(argv) == 3 else os.path.join(here, "../baseline")
    complaints = apply(argv[1], data)
    for c in complaints:
        print("baseline: %s (tree %s)" % (c, kernel_version(argv[1])),
              file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main(sys.argv)
