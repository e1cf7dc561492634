#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Take upstream's kdump out of a source tree, by the names in baseline/.

usage: baseline.py TREE [DATA]

DATA is a folder of lists, baseline/ if it is not given.  They are applied in
this order:

    files.txt        PATH...               deletes files and folders
    unifdef.txt      PATH -USYM|-DSYM...   decides preprocessor symbols
    definitions.txt  PATH NAME...          cuts top-level pieces: definitions,
                                           prototypes, macros, EXPORT_SYMBOLs
                                           and parameter macros that name NAME,
                                           with the comment above; <x.h> or x.h
                                           is that #include line; <x.h>=<y.h>
                                           includes y.h in place of x.h, which
                                           included it
    inside.txt       PATH NAME WORD...     cuts inside the definition of NAME
        (function, struct, enum, array, macro) the smallest statements, members
        or elements that contain WORD.  WORD is an identifier, a "literal", or
        a label with its colon, which stands for the statement behind it.  Of
        if, while, for and switch only the condition is searched; the body goes
        with it.  An operator before WORD changes what is cut:
            &WORD  the statement and the one behind it
            !WORD  WORD is false, which decides every `if` about it; in a
                   switch, the case WORD
            =WORD  WORD is true, which decides every `if` about it; in a
                   switch, everything but the case WORD
            ~WORD  the operand of && || | + that contains WORD
    comments.txt     PATH WORD...          cuts the comments that contain WORD
    kconfig.txt      PATH SYMBOL...        cuts the entry of SYMBOL, selects of
                                           it, and terms with it
    makefile.txt     PATH OBJECT...        cuts words of Makefile lists
    text.txt         PATH KIND WORD...     cuts parts of documents; KIND is
        entry  a line that starts with WORD, and the deeper lines below it
        line   each line that contains WORD
        block  the paragraph that contains WORD, between blank lines
        abi    from the "What:" that contains WORD to the next one
        man    the .TP item of a man page that has WORD in its tag
    cocci.txt        SCRIPT PATH...        applies a semantic patch to files

A list may be split into several files, such as files-powerpc.txt.  Empty lines
and lines that start with # are comments.  A line that ends in a backslash
continues.  PATH may be several paths, written as a/{b,c}.  Every entry must
apply: a file or a name that the tree lacks is an error, unless the PATH or the
name ends in "?".
"""
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import cedit
import csource

DATA = pathlib.Path(__file__).resolve().parent.parent / 'baseline'


def read_list(data, name):
    """Return the entries of NAME.txt and NAME-*.txt as lists of words."""
    text = ''
    paths = [*data.glob(f'{name}.txt'), *data.glob(f'{name}-*.txt')]
    for path in sorted(paths):
        text += path.read_text(encoding='utf-8').replace('\\\n', ' ') + '\n'
    lines = (line.strip() for line in text.split('\n'))
    return [line.split() for line in lines
            if line and not line.startswith('#')]


def expand(path):
    """Return the paths that a/{b,c} stands for."""
    match = re.match(r'(.*)\{(.*)\}(.*)$', path)
    if not match:
        return [path]
    return [match[1] + word + match[3] for word in match[2].split(',')]


def split_optional(word):
    """Return WORD without its "?", and whether it had one."""
    return (word[:-1], True) if word.endswith('?') else (word, False)


def find_name(found, name):
    """Return the spans of the pieces that declare NAME."""
    bare = name.strip('<>')
    wanted = {name, bare, f'<{bare}>'}
    return [(piece.start, piece.end) for piece in found
            if wanted & piece.names]


def swap_includes(text, names):
    """Do the words OLD=NEW; return text, other words, and what is missing."""
    rest, missing = [], []
    for word in names:
        old, swap, new = word.partition('=')
        line = f'#include {old}\n'
        if not swap:
            rest.append(word)
        elif line in text:
            text = text.replace(line, f'#include {new}\n')
        else:
            missing.append(old)
    return text, rest, missing


def cut_definitions(text, names):
    """Return TEXT without the top-level pieces NAMES, and what is missing."""
    text, names, missing = swap_includes(text, names)
    found, spans = csource.find_pieces(text), []
    for word in names:
        name, may_miss = split_optional(word)
        got = find_name(found, name)
        if not got and not may_miss:
            missing.append(name)
        spans += got
    return cedit.cut(text, spans), missing


def edit_macro(text, piece, sign, pattern):
    """Return the edits for ~WORD in a macro; a lone WORD becomes 0."""
    if sign != '~':
        return []
    m = pattern.search(text, piece.start, piece.end)
    if not m:
        return []
    lone = re.match(r'#define\s+\w+\s+$', text[piece.start:m.start()])
    if lone and m.end() == piece.end:
        return [(m.start(), m.end(), '0')]
    return [(a, b, '') for a, b in
            cedit.find_terms(text, piece.start, piece.end, pattern)]


def edit_inside(text, bodies, sign, token):
    """Return the edits for an operator and a word of inside.txt."""
    pattern, edits = cedit.compile_word(token), []
    for piece in bodies:
        if not piece.body:
            edits += edit_macro(text, piece, sign, pattern)
            continue
        found, code = csource.parse_parts(text, piece)
        look = csource.blank_comments(text) if token[0] == '"' else code
        if sign == '~':
            edits += [(a, b, '') for a, b in
                      cedit.find_terms(look, piece.start, piece.end, pattern)]
        elif sign in ('!', '='):
            edits += cedit.fold(found, look, text, pattern, sign == '=')
        else:
            edits += [(a, b, '') for a, b in
                      cedit.find_doomed(found, look, pattern, sign == '&')]
    return edits


def splice(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def cut_inside(text, words):
    """Cut the parts with WORDS[1:] out of the definition of WORDS[0]."""
    outer, may_miss = split_optional(words[0])
    missing = []
    for word in words[1:]:
        token, skip = split_optional(word)
        sign, token = (token[0], token[1:]) if token[0] in '!=~&' \
            else ('', token)
        bodies = [p for p in csource.find_pieces(text) if outer in p.names
                  and (p.body or text[p.start] == '#')]
        if not bodies:
            return text, missing + ([] if may_miss else [outer])
        edits = edit_inside(text, bodies, sign, token)
        if not edits and not skip:
            missing.append(f'{token} in {outer}')
        text = splice(text, edits) if sign == '~' \
            else cedit.replace(text, edits)
    return text, missing


def cut_comments(text, words):
    missing = []
    for word in words:
        token, may_miss = split_optional(word)
        spans = cedit.find_comments(text, token)
        if not spans and not may_miss:
            missing.append('comment with ' + token)
        text = cedit.cut(text, spans)
    return text, missing


_KEYWORD = r'(?:config|menuconfig|choice|endchoice|menu|endmenu|if|endif' \
           r'|source|comment|mainmenu)\b'


def cut_kconfig_symbol(text, name):
    """Cut the entry of a symbol, and the lines and terms that name it."""
    text = re.sub(rf'(?ms)^(?:menu)?config {name}\n.*?(?=^{_KEYWORD}|\Z)',
                  '', text)
    text = re.sub(rf'(?m)^\s+(?:select|imply) {name}\b.*\n', '', text)
    text = re.sub(
        rf'(?m)^\s+(?:depends on|default \w+ if|default) !?{name}\n', '', text)
    text = re.sub(
        rf'(?m)^\s+default \S+ if (?:[^|\n]* && )?{name}(?: && .*)?\n', '',
        text)
    text = re.sub(rf'(?m)(?: (?:&&|\|\|) !?{name}\b|'
                  rf'(?<=[ (])!?{name} (?:&&|\|\|) )', '', text)
    return re.sub(
        rf'(?m)^(\s+(?:select|imply|bool|default) .*) if {name}\n', '', text)


def cut_kconfig(text, names):
    missing = []
    for word in names:
        name, may_miss = split_optional(word)
        new = cut_kconfig_symbol(text, name)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def cut_makefile(text, words):
    missing = []
    for word in words:
        name, may_miss = split_optional(word)
        word = re.escape(name)
        new = re.sub(rf'(?m)^\S+\s*[+:]?=\s*{word}[ \t]*\n', '', text)
        new = re.sub(rf'(?m)[ \t]+{word}(?=[ \t\n])', '', new)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def end_of_entry(lines, i):
    """Return the end of the entry at line I: what is indented deeper."""
    depth = len(lines[i]) - len(lines[i].lstrip())
    end = i + 1
    while end < len(lines):
        body = lines[end].strip()
        if body and len(lines[end]) - len(lines[end].lstrip()) <= depth:
            break
        end += 1
    return end


def end_of_man_item(lines, i):
    """Return the end of the .TP item at line I of a man page."""
    end = i + 2
    while end < len(lines) and not re.match(r'\.(TP|SH|PP|RS|RE)\b',
                                            lines[end]):
        end += 1
    return end


def end_of_abi(lines, i):
    """Return the end of the entry at line I of Documentation/ABI."""
    end = i + 1
    while end < len(lines) and not lines[end].startswith('What:'):
        end += 1
    return end


def cut_text(text, words):
    kind, missing = words[0], []
    for word in words[1:]:
        name, may_miss = split_optional(word)
        lines, out, i = text.split('\n'), [], 0
        while i < len(lines):
            if kind == 'entry' and lines[i].lstrip().startswith(name):
                i = end_of_entry(lines, i)
            elif kind == 'man' and lines[i] == '.TP' and name in lines[i + 1]:
                i = end_of_man_item(lines, i)
            elif kind == 'abi' and lines[i].startswith('What:') \
                    and name in lines[i]:
                i = end_of_abi(lines, i)
            elif kind == 'line' and name in lines[i]:
                i += 1
            else:
                out.append(lines[i])
                i += 1
        new = '\n'.join(out)
        if kind == 'block':
            new = '\n\n'.join(b for b in text.split('\n\n') if name not in b)
        if new == text and not may_miss:
            missing.append(name)
        text = new
    return text, missing


def write(path, text):
    """Replace a file, so that hard links to it keep the old text."""
    new = path.with_name(f'{path.name}.new')
    new.write_text(text, encoding='utf-8')
    shutil.copymode(path, new)
    new.replace(path)


# --- steps: each returns complaints ------------------------------------------

def edit(tree, name, function, words):
    """Run FUNCTION on the text of one file of TREE."""
    name, may_miss = split_optional(name)
    path = tree / name
    if not path.exists():
        return [] if may_miss else [f'{name}: no such file']
    text = path.read_text(encoding='utf-8')
    try:
        new, missing = function(text, words)
    except csource.ParseError as error:
        return [f'{name}: {" ".join(words)}: {error}']
    if new != text:
        write(path, new)
    return [f'{name}: nothing here is called {word}' for word in missing]


def delete_files(tree, name, _words):
    name, may_miss = split_optional(name)
    path = tree / name
    if path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()
    elif not may_miss:
        return [f'{name}: no such file']
    return []


def drop_alternatives(path, options):
    """Drop `|| SYM` of conditionals, which unifdef leaves; tell if any."""
    text = new = path.read_text(encoding='utf-8')
    for symbol in (option[2:] for option in options
                   if option.startswith('-U')):
        term = rf'(?:defined\({symbol}\)|{symbol}\b)'
        new = re.sub(rf'(?m)^(#.*) \|\| {term}', r'\1', new)
        new = re.sub(rf'(?m)^(#.*){term} \|\| ', r'\1', new)
    if new != text:
        write(path, new)
    return new != text


def run_unifdef(tree, name, options):
    name, may_miss = split_optional(name)
    path = tree / name
    if not path.exists():
        return [] if may_miss else [f'{name}: no such file']
    status = subprocess.run(['unifdef', '-B', '-k', '-m', *options, path],
                            check=False).returncode
    if status not in (0, 1):
        return [f'{name}: unifdef failed']
    if not drop_alternatives(path, options) and status == 0:
        return [f'{name}: nothing depends on {" ".join(options)}']
    return []


def run_spatch(tree, script, name):
    """Apply one semantic patch to one file; it must change it."""
    name, may_miss = split_optional(name)
    path = tree / name
    if not path.exists():
        return [] if may_miss else [f'{name}: no such file']
    before = path.read_text(encoding='utf-8')
    run = subprocess.run(['spatch', '--very-quiet', '--no-includes',
                          '--in-place', '--sp-file', script, path],
                         capture_output=True, text=True, check=False)
    after = path.read_text(encoding='utf-8')
    if run.returncode or after == before:
        return [f'{name}: {script.name} does not fit: {run.stderr.strip()}']
    tidied = cedit.tidy(after)
    if tidied != after:
        write(path, tidied)
    return []


def make_step(function):
    return lambda tree, name, words: edit(tree, name, function, words)


STEPS = {
    'files': delete_files,
    'unifdef': run_unifdef,
    'definitions': make_step(cut_definitions),
    'inside': make_step(cut_inside),
    'comments': make_step(cut_comments),
    'kconfig': make_step(cut_kconfig),
    'makefile': make_step(cut_makefile),
    'text': make_step(cut_text),
}


def apply_step(tree, data, step):
    complaints = []
    for words in read_list(data, step):
        names = words[:1] if step != 'files' else words
        for name in (x for n in names for x in expand(n)):
            complaints += [f'{step}.txt: {complaint}' for complaint in
                           STEPS[step](tree, name, words[1:])]
    return complaints


def apply_cocci(tree, data):
    """Apply semantic patches: in order to a file, to two files at once."""
    scripts = {}
    for script, *names in read_list(data, 'cocci'):
        for name in (x for n in names for x in expand(n)):
            scripts.setdefault(name, []).append(data / script)

    def apply_to_file(item):
        name, todo = item
        return [complaint for script in todo
                for complaint in run_spatch(tree, script, name)]

    with ThreadPoolExecutor(2) as pool:
        return [f'cocci.txt: {complaint}'
                for found in pool.map(apply_to_file, scripts.items())
                for complaint in found]


def kernel_version(tree):
    """Return the version in a kernel's Makefile, or the folder's name."""
    try:
        text = (tree / 'Makefile').read_text(encoding='utf-8')[:2000]
        words = dict(re.findall(r'(?m)^([A-Z]+) = (\S+)$', text))
        return f'{words["VERSION"]}.{words["PATCHLEVEL"]}.{words["SUBLEVEL"]}'
    except (OSError, KeyError):
        return tree.absolute().name


def list_paths(data):
    """Return every path that the lists name, without globbing the tree."""
    found = set()
    for step in [*STEPS, 'cocci']:
        for words in read_list(data, step):
            names = {'files': words, 'cocci': words[1:]}.get(step, words[:1])
            found |= {split_optional(x)[0] for n in names for x in expand(n)}
    return sorted(found)


def apply(tree, data):
    """Change the files of TREE as the lists in DATA say."""
    return [complaint for step in STEPS
            for complaint in apply_step(tree, data, step)] + \
        apply_cocci(tree, data)


def main(argv):
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    tree = pathlib.Path(argv[1])
    data = pathlib.Path(argv[2]) if argv[2:] else DATA
    complaints = apply(tree, data)
    for complaint in complaints:
        print(f'baseline: {complaint} (tree {kernel_version(tree)})',
              file=sys.stderr)
    sys.exit(1 if complaints else 0)


if __name__ == '__main__':
    main(sys.argv)
