# SPDX-License-Identifier: GPL-2.0-only
"""C source as a list of named pieces: enough to delete things by name.

Nothing here knows about kdump.  A *piece* is what stands at the top level of
a file: a definition, a declaration, a macro, one preprocessor line.  A *part*
is what stands inside a piece: a statement of a function, a member of a
struct, an element of an initializer or an enum.  All offsets are into the
original text; parsing looks at a copy in which comments, strings and
preprocessor lines are blanked out.
"""

import re
from collections import namedtuple

Piece = namedtuple("Piece", "start end names body")

_COMMENT = re.compile(r'/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.S)
_NOISE = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
_IDENT = re.compile(r"[A-Za-z_]\w*")
_ATTRIBUTE = re.compile(
    r"__(read_mostly|init(data|const)|ro_after_init|maybe_unused|used|weak|"
    r"visible|percpu|nosavedata|refdata|user|iomem|aligned\w*|\w*cacheline\w*|"
    r"\w*page_aligned\w*)$")
_LOOP = ("if", "while", "for", "switch")
_PAIRS = {"(": ")", "{": "}", "[": "]"}


class ParseError(Exception):
    """The text is not C as this scanner understands it."""


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def without_noise(text):
    """TEXT with comments and literals replaced by blanks."""
    return _NOISE.sub(_blank, text)


def without_comments(text):
    """TEXT with comments replaced by blanks, literals kept."""
    return _COMMENT.sub(
        lambda m: m.group(0) if m.group(1) else _blank(m), text)


def without_directives(clean):
    return _DIRECTIVE.sub(_blank, clean)


def match_pair(code, pos, end=None):
    """Offset behind the bracket that closes the one at POS."""
    end = len(code) if end is None else end
    depth = 0
    for i in range(pos, end):
        if code[i] in "({[":
            depth += 1
        elif code[i] in ")}]":
            depth -= 1
            if depth == 0:
                return i + 1
    raise ParseError("unbalanced %s" % code[pos])


def skip_space(code, pos, end):
    while pos < end and code[pos].isspace():
        pos += 1
    return pos


# --- pieces ---------------------------------------------------------------

def _other_branches_blanked(clean):
    """Blank #else branches whose braces do not balance by themselves."""
    out, stack = clean, []
    for m in _DIRECTIVE.finditer(clean):
        word = re.match(r"\s*#\s*(\w+)", m.group(0))
        word = word.group(1) if word else ""
        if word in ("if", "ifdef", "ifndef"):
            stack.append(None)
        elif word in ("else", "elif") and stack:
            if stack[-1] is None:
                stack[-1] = m.end()
        elif word == "endif" and stack:
            begin = stack.pop()
            if begin is None:
                continue
            branch = without_directives(clean[begin:m.start()])
            if branch.count("{") != branch.count("}"):
                blank = re.sub(r"[^\n]", " ", out[begin:m.start()])
                out = out[:begin] + blank + out[m.start():]
    return out


def _piece_end(code, pos):
    """Offset behind the declaration or definition that starts at POS."""
    end, assigned = len(code), False
    i = pos
    while i < end:
        c = code[i]
        if c == ";":
            return i + 1
        if c == "=":
            assigned = True
        if c in "([":
            i = match_pair(code, i)
            if re.match(r"\s*(\n|$)", code[i:]) and _is_macro(code, pos, i):
                return i
            continue
        if c == "{":
            i = match_pair(code, i)
            if not assigned and _is_function(code[pos:i]):
                stray = re.compile(r"\s*;").match(code, i)
                return stray.end() if stray else i
            continue
        i += 1
    return end


def _is_macro(code, pos, end):
    """NAME(...) alone on its lines: a macro call without a semicolon."""
    head = re.match(r"([A-Z_][A-Z0-9_]*|\w*(?:setup|param|initcall\w*))\s*\(",
                    code[pos:end])
    if not head or match_pair(code, pos + head.end() - 1) != end:
        return False
    following = code[skip_space(code, end, len(code)):][:1]
    return following != "{" and following != ";"


def _is_function(text):
    head = text[:text.index("{")]
    return ")" in head and not re.match(r"\s*(typedef\b)", head)


def _names(code):
    """The names a piece declares; CODE is its blanked text."""
    head = re.split(r"[{=]", code, 1)[0]
    tag = re.match(r"\s*(?:typedef\s+)?(?:struct|union|enum)\s+(\w+)\s*$",
                   head.rstrip(" ;\t\n"))
    names = {tag.group(1)} if tag else set()
    if code.lstrip().startswith("typedef"):
        words = re.findall(r"\(\s*\*\s*(\w+)\s*\)", code)[:1] \
            or _IDENT.findall(code)[-1:]
        return names | set(words)
    bare = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", head, flags=re.S)
    call = re.search(r"(\w+)\s*\(", bare)
    if not call:
        words = [w for w in _IDENT.findall(bare)]
        while len(words) > 1 and _ATTRIBUTE.match(words[-1]):
            words.pop()
        return names | set(words[-1:])
    inside = bare[call.end():match_pair(bare, call.end() - 1) - 1]
    names.add(call.group(1))
    if bare[:call.start()].strip() in ("", "static", "extern") \
            or inside.lstrip().startswith("*"):
        names |= set(_IDENT.findall(inside))
    return names


def _directive_names(text):
    m = re.match(r"\s*#\s*(?:define|undef)\s+(\w+)", text)
    if m:
        return {m.group(1)}
    m = re.match(r'\s*#\s*include\s+([<"][^>"]+[>"])', text)
    return {m.group(1).strip('"')} if m else set()


def pieces(text):
    """Every top-level piece of TEXT, in order."""
    clean = _other_branches_blanked(without_noise(text))
    code = without_directives(clean)
    found, pos = [], 0
    directives = list(_DIRECTIVE.finditer(clean))
    while True:
        pos = skip_space(code, pos, len(code))
        if pos >= len(code):
            break
        end = _piece_end(code, pos)
        brace = code.find("{", pos, end)
        body = (brace, match_pair(code, brace)) if brace >= 0 else None
        names = _names(code[pos:end])
        both = body and re.compile(r"\s*(\w+)[\w\s\[\]]*=\s*(?={)").match(
            code, body[1], end)
        if both:
            names.add(both.group(1))
            body = (both.end(), match_pair(code, both.end()))
        found.append(Piece(pos, end, names, body))
        pos = end
    for m in directives:
        found.append(Piece(m.start(), m.end(),
                           _directive_names(text[m.start():m.end()]), None))
    return sorted(found, key=lambda p: p.start)


# --- parts ----------------------------------------------------------------

class Part:
    """A statement, member or element: START..END, HEAD_END ends its head."""

    def __init__(self, start, head_end, end, children=(), role=None):
        self.start, self.head_end, self.end = start, head_end, end
        self.children, self.role = list(children), role
        self.orelse = None


def _statement(code, pos, end):
    """The statement that starts at POS (white space already skipped)."""
    if code[pos] == "{":
        stop = match_pair(code, pos, end)
        return Part(pos, pos + 1, stop, statements(code, pos + 1, stop - 1),
                    "block")
    label = re.compile(r"(case\b[^:;?]*|default|[A-Za-z_]\w*)\s*:(?!:)") \
        .match(code, pos, end)
    if label:
        following = skip_space(code, label.end(), end)
        if following >= end or code[following] == "}":
            return Part(pos, label.end(), label.end(), role="label")
        inner = _statement(code, following, end)
        return Part(pos, label.end(), inner.end, [inner], "label")
    word = _IDENT.match(code, pos, end)
    name = word.group(0) if word else ""
    if name == "do":
        body = _statement(code, skip_space(code, word.end(), end), end)
        stop = code.index(";", body.end) + 1
        return Part(pos, pos + 2, stop, [body], "loop")
    if name == "else":
        raise ParseError("else without if")
    paren = skip_space(code, word.end(), end) if word else end
    if paren < end and code[paren] == "(":
        head = match_pair(code, paren, end)
        body = skip_space(code, head, end)
        if name in _LOOP or (body < end and re.match(r"[{A-Za-z_]",
                                                     code[body])
                             and "each" in name):
            return _controlled(code, pos, head, body, end, name)
    return Part(pos, _semicolon(code, pos, end), _semicolon(code, pos, end))


def _controlled(code, pos, head, body, end, name):
    inner = _statement(code, body, end)
    part = Part(pos, head, inner.end, [inner], name)
    orelse = skip_space(code, inner.end, end)
    if name == "if" and re.match(r"else\b", code[orelse:orelse + 5]):
        other = _statement(code, skip_space(code, orelse + 4, end), end)
        part.orelse = orelse
        part.children.append(other)
        part.end = other.end
    return part


def _semicolon(code, pos, end):
    while pos < end and code[pos] != ";":
        pos = match_pair(code, pos, end) if code[pos] in _PAIRS else pos + 1
    return min(pos + 1, end)


def statements(code, pos, end):
    found = []
    while True:
        pos = skip_space(code, pos, end)
        if pos >= end:
            return found
        part = _statement(code, pos, end)
        found.append(part)
        pos = part.end


def elements(code, pos, end):
    """Comma separated elements of an initializer or an enum."""
    found, start, i = [], skip_space(code, pos, end), pos
    while i < end:
        if code[i] in _PAIRS:
            i = match_pair(code, i, end)
            continue
        i += 1
        if code[i - 1] == ",":
            found.append(Part(start, i, i))
            start = skip_space(code, i, end)
    if code[start:end].strip():
        stop = start + len(code[start:end].rstrip())
        found.append(Part(start, stop, stop))
    return found


def parts(text, piece):
    """The parts of PIECE, which must have a body."""
    code = without_directives(_other_branches_blanked(without_noise(text)))
    head = code[piece.start:piece.body[0]]
    start, end = piece.body[0] + 1, piece.body[1] - 1
    if "=" in head or re.match(r"\s*(typedef\s+)?enum\b", head):
        return elements(code, start, end), code
    return statements(code, start, end), code


def word(token):
    """A pattern for the word TOKEN, or for a literal with its quotes."""
    if token.startswith('"'):
        return re.compile(re.escape(token))
    if token.endswith(":"):
        return re.compile(r"(?<!\w)%s\s*:" % re.escape(token[:-1]))
    return re.compile(r"(?<!\w)%s(?!\w)" % re.escape(token))


def doomed(found, code, pattern, following=False):
    """Spans of the smallest parts whose own text matches PATTERN.

    A controlled statement whose last branch goes, goes as a whole.  With
    FOLLOWING the statement behind each goes too.
    """
    spans = []
    for part in found:
        got = _doomed(part, code, pattern)
        spans += got
        if following:
            spans += _behind(found, part, got)
    return spans


def _behind(siblings, part, gone):
    """The statement behind each of GONE, inside PART or beside it."""
    spans = []
    for i, s in enumerate(siblings[:-1]):
        if s is part and (part.start, part.end) in gone:
            spans.append((siblings[i + 1].start, siblings[i + 1].end))
    for child in part.children:
        spans += _behind(part.children, child, gone)
    return spans


def _doomed(part, code, word):
    named = word.search(code, part.start, part.head_end)
    if named and (part.role != "label" or named.group(0).endswith(":")):
        return [(part.start, part.end)]
    gone = [_doomed(c, code, word) for c in part.children]
    whole = [g == [(c.start, c.end)] for g, c in zip(gone, part.children)]
    flat = [span for g in gone for span in g]
    if not flat or part.role == "label":
        return flat
    if part.role == "block":
        return [(part.start, part.end)] if all(whole) else flat
    if all(whole):
        return [(part.start, part.end)]
    if part.orelse is not None and whole[1]:
        return gone[0] + [(part.orelse, part.end)]
    if whole[0] and part.children[0].role != "block":
        raise ParseError("the branch before an else would be empty")
    if whole[0]:
        inner = part.children[0]
        return [(c.start, c.end) for c in inner.children] + gone[1:][0]
    return flat


# --- folding --------------------------------------------------------------

def _dedented(text):
    return re.sub(r"(?m)^\t", "", text)


def _unwrapped(text, part):
    """The text of a branch without its braces, one level further left."""
    if part.role != "block":
        line = text.rfind("\n", 0, part.start) + 1
        return _dedented(text[line:part.end]).lstrip()
    inner = text[part.start + 1:part.end - 1].strip("\n \t")
    return _dedented("\t" * 99 + inner).lstrip()


def folded(found, code, text, pattern, truth):
    """Edits (start, end, new) that decide each `if` about a word.

    PATTERN finds the word, TRUTH is its value; `if (!word)` and
    `if (x != word)` are the other way round.  Where the word is a case label
    and TRUTH holds, the switch becomes the statements of that case.
    """
    edits = []
    for part in found:
        edits += _folded(part, code, text, pattern, truth)
    return edits


def _folded(part, code, text, word, truth):
    if part.role == "if" and word.search(code, part.start, part.head_end):
        orelse = part.children[1:]
        truth ^= _negated(code[part.start:part.head_end], word)
        keep = part.children[:1] if truth else orelse
        new = _unwrapped(text, keep[0]) if keep else ""
        if keep and keep[0].role == "if" and not truth:
            new = text[keep[0].start:keep[0].end]
        return [(part.start, part.end, new)]
    if part.role == "switch":
        case = _case(part, code, text, word) if truth \
            else _dead_case(part, code, word)
        if case:
            return [case]
    return [e for c in part.children
            for e in _folded(c, code, text, word, truth)]


def _negated(head, word):
    match = word.search(head)
    return bool(re.search(r"(!|!=)\s*$", head[:match.start()]))


def _case(part, code, text, word):
    block = part.children[0]
    label = re.compile(r"case\b([^:;]*):")
    for m in label.finditer(code, block.start, block.end):
        if not word.search(m.group(1)):
            continue
        stop = code.index("break;", m.end())
        new = _dedented(text[m.end():stop].strip("\n \t"))
        return (part.start, part.end, new)
    return None


_OPERATOR = re.compile(r"&&|\|\|?|\+")


def _operand(code, start, end):
    """Grow START..END to a whole operand inside its brackets."""
    while start > 0 and not _edge_left(code, start):
        start = _step_left(code, start)
    while end < len(code) and code[end] not in ");,?:]}" \
            and not _OPERATOR.match(code, end):
        end = match_pair(code, end) if code[end] in _PAIRS else end + 1
    return start, end


def _edge_left(code, left):
    return code[left - 1] in "({[,;?:|+" or code[left - 2:left] == "&&" \
        or re.search(r"(\breturn|[^=!<>]=)\s*$", code[:left]) is not None


def _step_left(code, left):
    if code[left - 1] not in ")]":
        return left - 1
    depth = 0
    for i in range(left - 1, -1, -1):
        depth += (code[i] in ")]") - (code[i] in "([")
        if depth == 0:
            return i
    raise ParseError("unbalanced )")


_LABEL = re.compile(r"(?:case\b([^:;]*)|default\s*):")


def _dead_case(part, code, word):
    """The edit that drops one case: its label, and what only it reaches."""
    block = part.children[0]
    for m in _LABEL.finditer(code, block.start, block.end):
        if not word.search(m.group(1) or ""):
            continue
        end = pos = m.end()
        while not _LABEL.match(code, skip_space(code, pos, block.end)):
            pos = skip_space(code, pos, block.end)
            if code[pos] == "}":
                break
            found = _statement(code, pos, block.end)
            pos = found.end
            if re.match(r"(break|return|goto|continue)\b", code[found.start:]):
                end = pos
                break
        return (m.start(), end, "")
    return None


def term(code, start, end):
    """Span of the operand around START..END and one operator beside it.

    An argument of a call has no operator: then the call is the operand.
    """
    while True:
        start, end = _operand(code, start, end)
        before = re.search(r"(&&|\|\|?|\+)\s*$", code[:start])
        if before:
            return (len(code[:before.start()].rstrip()),
                    len(code[:end].rstrip()))
        after = _OPERATOR.match(code, end)
        if after:
            lead = len(code[start:end]) - len(code[start:end].lstrip())
            gap = re.compile(r"\s*").match(code, after.end())
            return start + lead, gap.end()
        opening = code.rfind("(", 0, start)
        if opening < 0 or code[start:end].strip() == "" \
                or code[opening + 1:start].count(";"):
            raise ParseError("not one of several operands")
        name = re.search(r"\w*\s*$", code[:opening])
        start, end = name.start(), match_pair(code, opening)


def terms(code, start, end, pattern):
    """Spans of the operands of && || | + that match PATTERN."""
    spans = []
    for m in pattern.finditer(code, start, end):
        if not spans or m.start() >= spans[-1][1]:
            spans.append(term(code, m.start(), m.end()))
    return spans


def replaced(text, edits):
    for start, end, new in sorted(edits, reverse=True):
        if new:
            text = text[:start] + new + text[end:]
        else:
            text = cut(text, [(start, end)])
    return tidy(text)


def comments(text, token):
    """Spans of the comments that have TOKEN."""
    return [m.span() for m in _NOISE.finditer(text)
            if m.group(0).startswith(("/*", "//")) and token in m.group(0)]


# --- cutting --------------------------------------------------------------

_REST = re.compile(r"[ \t]*(/\*[^\n]*?\*/|//[^\n]*)?[ \t]*\n")


def with_surroundings(text, start, end):
    """Grow START..END to whole lines and the comment above."""
    line = text.rfind("\n", 0, start) + 1
    rest = _REST.match(text, end)
    if text[line:start].strip() or not rest:
        return start, end
    if not re.match(r"\s*#\s*include", text[start:]):
        line = _comment_above(text, line)
    return line, rest.end()


def without_blank(text, start, end):
    """Grow START..END by one blank line where two would meet."""
    before = start == 0 or text[:start].endswith(("\n\n", "{\n", ":\n"))
    if before and text.startswith("\n", end):
        return start, end + 1
    closing = end == len(text) or re.compile(r"[ \t]*}").match(text, end)
    if closing and text[:start].endswith("\n\n"):
        return start - 1, end
    return start, end


def merged(text, spans):
    """SPANS in order, those joined that only white space keeps apart."""
    out = []
    for start, end in sorted(spans):
        if out and not text[out[-1][1]:start].strip():
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _comment_above(text, line):
    above = text[:line].rstrip(" \t")
    if above.endswith("*/\n"):
        begin = above.rfind("/*")
        first = above.rfind("\n", 0, begin) + 1
        if not above[first:begin].strip():
            return first
    while re.search(r"(^|\n)[ \t]*//[^\n]*\n$", above):
        above = above[:above.rstrip("\n").rfind("\n") + 1]
    return len(above) if len(above) < line else line


def cut(text, spans):
    """TEXT without SPANS, tidied where something went."""
    grown = merged(text, [with_surroundings(text, a, b) for a, b in spans])
    for start, end in reversed(grown):
        start, end = without_blank(text, start, end)
        text = text[:start] + text[end:]
    return tidy(text)


_EMPTY = re.compile(
    r"^#[ \t]*if[^\n]*\n\s*(?:#[ \t]*else[^\n]*\n\s*)?"
    r"#[ \t]*endif[^\n]*\n", re.M)
_EMPTY_ELSE = re.compile(r"^#[ \t]*else[^\n]*\n\s*(?=#[ \t]*endif)", re.M)


def tidy(text):
    """Drop conditionals that became empty."""
    while True:
        empty = _EMPTY.search(text)
        if not empty:
            return _EMPTY_ELSE.sub("", text)
        start, end = without_blank(text, *empty.span())
        text = text[:start] + text[end:]
