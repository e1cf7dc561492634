# SPDX-License-Identifier: GPL-2.0-only
"""Edit C source by name, over the pieces and parts of csource.py.

A span is (start, end), an edit is (start, end, new text).  Both are offsets
into the original text.  A piece is cut together with the comment above it and
one of the blank lines around it.
"""

import re

from csource import (NOISE, PAIRS, ParseError, match_pair, parse_statement,
                     skip_space)


def compile_word(token):
    """Return a pattern for the word TOKEN, or for a literal with quotes."""
    if token.startswith('"'):
        return re.compile(re.escape(token))
    if token.endswith(':'):
        return re.compile(rf'(?<!\w){re.escape(token[:-1])}\s*:')
    return re.compile(rf'(?<!\w){re.escape(token)}(?!\w)')


def find_doomed(found, code, pattern, following=False):
    """Return the spans of the smallest parts whose own text matches PATTERN.

    If the last branch of a controlled statement goes, the whole statement
    goes.  With FOLLOWING, the statement behind each part goes too.
    """
    spans = []
    for part in found:
        got = _find_doomed(part, code, pattern)
        spans += got
        if following:
            spans += _find_behind(found, part, got)
    return spans


def _find_behind(siblings, part, gone):
    """Return the statement behind each of GONE, inside PART or beside it."""
    spans = []
    for i, s in enumerate(siblings[:-1]):
        if s is part and (part.start, part.end) in gone:
            spans.append((siblings[i + 1].start, siblings[i + 1].end))
    for child in part.children:
        spans += _find_behind(part.children, child, gone)
    return spans


def _find_doomed(part, code, word):
    named = word.search(code, part.start, part.head_end)
    if named and (part.role != 'label' or named.group(0).endswith(':')):
        return [(part.start, part.end)]
    gone = [_find_doomed(c, code, word) for c in part.children]
    whole = [g == [(c.start, c.end)] for g, c in zip(gone, part.children)]
    flat = [span for g in gone for span in g]
    if not flat or part.role == 'label':
        return flat
    if part.role == 'block':
        return [(part.start, part.end)] if all(whole) else flat
    if all(whole):
        return [(part.start, part.end)]
    if part.orelse is not None and whole[1]:
        return gone[0] + [(part.orelse, part.end)]
    if whole[0] and part.children[0].role != 'block':
        raise ParseError('the branch before an else would be empty')
    if whole[0]:
        inner = part.children[0]
        return [(c.start, c.end) for c in inner.children] + gone[1:][0]
    return flat


# --- folding --------------------------------------------------------------

def _dedent(text):
    return re.sub(r'(?m)^\t', '', text)


def _unwrap(text, part):
    """Return a branch without its braces, one level further left."""
    if part.role != 'block':
        line = text.rfind('\n', 0, part.start) + 1
        return _dedent(text[line:part.end]).lstrip()
    inner = text[part.start + 1:part.end - 1].strip('\n \t')
    return _dedent('\t' * 99 + inner).lstrip()


def fold(found, code, text, pattern, truth):
    """Return the edits that decide each `if` about a word.

    PATTERN finds the word, and TRUTH is its value.  `if (!word)` and
    `if (x != word)` are decided the other way round.  If the word is a case
    label and TRUTH holds, the statements of that case replace the switch.
    """
    edits = []
    for part in found:
        edits += _fold(part, code, text, pattern, truth)
    return edits


def _fold(part, code, text, word, truth):
    if part.role == 'if' and word.search(code, part.start, part.head_end):
        orelse = part.children[1:]
        truth ^= _is_negated(code[part.start:part.head_end], word)
        keep = part.children[:1] if truth else orelse
        new = _unwrap(text, keep[0]) if keep else ''
        if keep and keep[0].role == 'if' and not truth:
            new = text[keep[0].start:keep[0].end]
        return [(part.start, part.end, new)]
    if part.role == 'switch':
        case = _keep_case(part, code, text, word) if truth \
            else _drop_case(part, code, word)
        if case:
            return [case]
    return [e for c in part.children
            for e in _fold(c, code, text, word, truth)]


def _is_negated(head, word):
    match = word.search(head)
    return bool(re.search(r'(!|!=)\s*$', head[:match.start()]))


def _keep_case(part, code, text, word):
    block = part.children[0]
    label = re.compile(r'case\b([^:;]*):')
    for m in label.finditer(code, block.start, block.end):
        if not word.search(m.group(1)):
            continue
        stop = code.index('break;', m.end())
        new = _dedent(text[m.end():stop].strip('\n \t'))
        return (part.start, part.end, new)
    return None


_OPERATOR = re.compile(r'&&|\|\|?|\+')


def _grow_operand(code, start, end):
    """Grow START..END to a whole operand inside its brackets."""
    while start > 0 and not _is_edge(code, start):
        start = _step_left(code, start)
    while end < len(code) and code[end] not in ');,?:]}' \
            and not _OPERATOR.match(code, end):
        end = match_pair(code, end) if code[end] in PAIRS else end + 1
    return start, end


def _is_edge(code, left):
    return code[left - 1] in '({[,;?:|+' or code[left - 2:left] == '&&' \
        or re.search(r'(\breturn|[^=!<>]=)\s*$', code[:left]) is not None


def _step_left(code, left):
    if code[left - 1] not in ')]':
        return left - 1
    depth = 0
    for i in range(left - 1, -1, -1):
        depth += (code[i] in ')]') - (code[i] in '([')
        if depth == 0:
            return i
    raise ParseError('unbalanced )')


_LABEL = re.compile(r'(?:case\b([^:;]*)|default\s*):')


def _drop_case(part, code, word):
    """Return the edit that drops a case: the label, and its own code."""
    block = part.children[0]
    for m in _LABEL.finditer(code, block.start, block.end):
        if not word.search(m.group(1) or ''):
            continue
        end = pos = m.end()
        while not _LABEL.match(code, skip_space(code, pos, block.end)):
            pos = skip_space(code, pos, block.end)
            if code[pos] == '}':
                break
            found = parse_statement(code, pos, block.end)
            pos = found.end
            if re.match(r'(break|return|goto|continue)\b', code[found.start:]):
                end = pos
                break
        return (m.start(), end, '')
    return None


def find_term(code, start, end):
    """Return the span of the operand around START..END and its operator.

    An argument of a call has no operator: then the call is the operand.
    """
    while True:
        start, end = _grow_operand(code, start, end)
        before = re.search(r'(&&|\|\|?|\+)\s*$', code[:start])
        if before:
            return (len(code[:before.start()].rstrip()),
                    len(code[:end].rstrip()))
        after = _OPERATOR.match(code, end)
        if after:
            lead = len(code[start:end]) - len(code[start:end].lstrip())
            gap = re.compile(r'\s*').match(code, after.end())
            return start + lead, gap.end()
        opening = code.rfind('(', 0, start)
        if opening < 0 or code[start:end].strip() == '' \
                or code[opening + 1:start].count(';'):
            raise ParseError('not one of several operands')
        name = re.search(r'\w*\s*$', code[:opening])
        start, end = name.start(), match_pair(code, opening)


def find_terms(code, start, end, pattern):
    """Return the spans of the operands of && || | + that match PATTERN."""
    spans = []
    for m in pattern.finditer(code, start, end):
        if not spans or m.start() >= spans[-1][1]:
            spans.append(find_term(code, m.start(), m.end()))
    return spans


def replace(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        if new:
            text = text[:start] + new + text[end:]
        else:
            text = cut(text, [(start, end)])
    return tidy(text)


def find_comments(text, token):
    """Return the spans of the comments that contain TOKEN."""
    return [m.span() for m in NOISE.finditer(text)
            if m.group(0).startswith(('/*', '//')) and token in m.group(0)]


# --- cutting --------------------------------------------------------------

_REST = re.compile(r'[ \t]*(/\*[^\n]*?\*/|//[^\n]*)?[ \t]*\n')


def grow_to_lines(text, start, end):
    """Grow START..END to whole lines and the comment above."""
    line = text.rfind('\n', 0, start) + 1
    rest = _REST.match(text, end)
    if text[line:start].strip() or not rest:
        return start, end
    if not re.match(r'\s*#\s*include', text[start:]):
        line = _find_comment_above(text, line)
    return line, rest.end()


def grow_to_blank(text, start, end):
    """Grow START..END by a blank line if two blank lines would meet."""
    before = start == 0 or text[:start].endswith(('\n\n', '{\n', ':\n'))
    if before and text.startswith('\n', end):
        return start, end + 1
    closing = end == len(text) or re.compile(r'[ \t]*}').match(text, end)
    if closing and text[:start].endswith('\n\n'):
        return start - 1, end
    return start, end


def merge_spans(text, spans):
    """Sort SPANS, and join those with only white space between them."""
    out = []
    for start, end in sorted(spans):
        if out and not text[out[-1][1]:start].strip():
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _find_comment_above(text, line):
    above = text[:line].rstrip(' \t')
    if above.endswith('*/\n'):
        begin = above.rfind('/*')
        first = above.rfind('\n', 0, begin) + 1
        if not above[first:begin].strip():
            return first
    while re.search(r'(^|\n)[ \t]*//[^\n]*\n$', above):
        above = above[:above.rstrip('\n').rfind('\n') + 1]
    return len(above) if len(above) < line else line


def cut(text, spans):
    """Return TEXT without SPANS, tidy."""
    grown = merge_spans(text, [grow_to_lines(text, a, b) for a, b in spans])
    for start, end in reversed(grown):
        start, end = grow_to_blank(text, start, end)
        text = text[:start] + text[end:]
    return tidy(text)


_EMPTY = re.compile(
    r'^#[ \t]*if[^\n]*\n\s*(?:#[ \t]*else[^\n]*\n\s*)?'
    r'#[ \t]*endif[^\n]*\n', re.M)
_EMPTY_ELSE = re.compile(r'^#[ \t]*else[^\n]*\n\s*(?=#[ \t]*endif)', re.M)


def tidy(text):
    """Drop preprocessor conditionals that are empty now."""
    while True:
        empty = _EMPTY.search(text)
        if not empty:
            return _EMPTY_ELSE.sub('', text)
        start, end = grow_to_blank(text, *empty.span())
        text = text[:start] + text[end:]
