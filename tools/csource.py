# SPDX-License-Identifier: GPL-2.0-only
"""Parse C source into named pieces, as far as deleting by name needs it.

Nothing here knows about kdump.  A *piece* stands at the top level of a file: a
definition, a declaration, a macro, or one preprocessor line.  A *part* stands
inside a piece: a statement of a function, a member of a struct, or an element
of an initializer or an enum.  All offsets are into the original text.  The
parser reads a copy in which blanks replace comments, strings and preprocessor
lines.
"""
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Piece:
    """A top-level piece: START..END."""
    start: int
    end: int
    names: set              # that it declares
    body: tuple             # span of its braces, or None


@dataclasses.dataclass
class Part:
    """A statement, member or element: START..END, HEAD_END ends its head."""
    start: int
    head_end: int
    end: int
    children: list = dataclasses.field(default_factory=list)
    role: str = None        # 'block', 'label', 'loop' or a keyword
    orelse: int = None      # start of the else branch


_COMMENT = re.compile(r'/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.S)
NOISE = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
_DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)
_IDENT = re.compile(r'[A-Za-z_]\w*')
_ATTRIBUTE = re.compile(
    r'__(read_mostly|init(data|const)|ro_after_init|maybe_unused|used|weak|'
    r'visible|percpu|nosavedata|refdata|user|iomem|aligned\w*|\w*cacheline\w*|'
    r'\w*page_aligned\w*)$')
_LOOP = ('if', 'while', 'for', 'switch')
PAIRS = {'(': ')', '{': '}', '[': ']'}


class ParseError(Exception):
    """The text is not C as this parser understands it."""


def _blank(match):
    return re.sub(r'[^\n]', ' ', match.group(0))


def _hollow(match):
    """Blank a comment, or a literal between its quotes."""
    text = match.group(0)
    if text[0] == '/':
        return _blank(match)
    return text[0] + re.sub(r'[^\n]', ' ', text[1:-1]) + text[-1]


def blank_noise(text):
    """Replace comments, and the text in literals, by blanks."""
    return NOISE.sub(_hollow, text)


def blank_comments(text):
    """Replace comments by blanks, and keep literals."""
    return _COMMENT.sub(
        lambda m: m.group(0) if m.group(1) else _blank(m), text)


def blank_directives(clean):
    return _DIRECTIVE.sub(_blank, clean)


def match_pair(code, pos, end=None):
    """Return the offset behind the bracket that closes the one at POS."""
    end = len(code) if end is None else end
    depth = 0
    for i in range(pos, end):
        if code[i] in '({[':
            depth += 1
        elif code[i] in ')}]':
            depth -= 1
            if depth == 0:
                return i + 1
    raise ParseError(f'unbalanced {code[pos]}')


def skip_space(code, pos, end):
    while pos < end and code[pos].isspace():
        pos += 1
    return pos


# --- pieces ---------------------------------------------------------------

def _blank_branches(clean):
    """Blank #else branches whose braces do not balance by themselves."""
    out, stack = clean, []
    for m in _DIRECTIVE.finditer(clean):
        word = re.match(r'\s*#\s*(\w+)', m.group(0))
        word = word.group(1) if word else ''
        if word in ('if', 'ifdef', 'ifndef'):
            stack.append(None)
        elif word in ('else', 'elif') and stack:
            if stack[-1] is None:
                stack[-1] = m.end()
        elif word == 'endif' and stack:
            begin = stack.pop()
            if begin is None:
                continue
            branch = blank_directives(clean[begin:m.start()])
            if branch.count('{') != branch.count('}'):
                blank = re.sub(r'[^\n]', ' ', out[begin:m.start()])
                out = out[:begin] + blank + out[m.start():]
    return out


def _find_piece_end(code, pos):
    """Return the end of the declaration or definition at POS."""
    end, assigned = len(code), False
    i = pos
    while i < end:
        c = code[i]
        if c == ';':
            return i + 1
        if c == '=':
            assigned = True
        if c in '([':
            i = match_pair(code, i)
            if re.match(r'\s*(\n|$)', code[i:]) and _is_macro(code, pos, i):
                return i
            continue
        if c == '{':
            i = match_pair(code, i)
            if not assigned and _is_function(code[pos:i]):
                stray = re.compile(r'\s*;').match(code, i)
                return stray.end() if stray else i
            continue
        i += 1
    return end


def _is_macro(code, pos, end):
    """Tell whether this is NAME(...) on lines of its own, with no ;."""
    head = re.match(r'([A-Z_][A-Z0-9_]*|\w*(?:setup|param|initcall\w*))\s*\(',
                    code[pos:end])
    if not head or match_pair(code, pos + head.end() - 1) != end:
        return False
    following = code[skip_space(code, end, len(code)):][:1]
    return following != '{' and following != ';'


def _is_function(text):
    head = text[:text.index('{')]
    return ')' in head and not re.match(r'\s*(typedef\b)', head)


def _find_names(code):
    """Return the names a piece declares; CODE is its blanked text."""
    head = re.split(r'[{=]', code, 1)[0]
    tag = re.match(r'\s*(?:typedef\s+)?(?:struct|union|enum)\s+(\w+)\s*$',
                   head.rstrip(' ;\t\n'))
    names = {tag.group(1)} if tag else set()
    if code.lstrip().startswith('typedef'):
        words = re.findall(r'\(\s*\*\s*(\w+)\s*\)', code)[:1] \
            or _IDENT.findall(code)[-1:]
        return names | set(words)
    bare = re.sub(r'__attribute__\s*\(\(.*?\)\)', '', head, flags=re.S)
    call = re.search(r'(\w+)\s*\(', bare)
    if not call:
        words = [w for w in _IDENT.findall(bare)]
        while len(words) > 1 and _ATTRIBUTE.match(words[-1]):
            words.pop()
        return names | set(words[-1:])
    inside = bare[call.end():match_pair(bare, call.end() - 1) - 1]
    names.add(call.group(1))
    if bare[:call.start()].strip() in ('', 'static', 'extern') \
            or inside.lstrip().startswith('*'):
        names |= set(_IDENT.findall(inside))
    return names


def _find_directive_names(text):
    m = re.match(r'\s*#\s*(?:define|undef)\s+(\w+)', text)
    if m:
        return {m.group(1)}
    m = re.match(r'\s*#\s*include\s+([<"][^>"]+[>"])', text)
    return {m.group(1).strip('"')} if m else set()


def find_pieces(text):
    """Return every top-level piece of TEXT, in order."""
    clean = _blank_branches(blank_noise(text))
    code = blank_directives(clean)
    found, pos = [], 0
    directives = list(_DIRECTIVE.finditer(clean))
    while True:
        pos = skip_space(code, pos, len(code))
        if pos >= len(code):
            break
        end = _find_piece_end(code, pos)
        brace = code.find('{', pos, end)
        body = (brace, match_pair(code, brace)) if brace >= 0 else None
        names = _find_names(code[pos:end])
        both = body and re.compile(r'\s*(\w+)[\w\s\[\]]*=\s*(?={)').match(
            code, body[1], end)
        if both:
            names.add(both.group(1))
            body = (both.end(), match_pair(code, both.end()))
        found.append(Piece(pos, end, names, body))
        pos = end
    for m in directives:
        names = _find_directive_names(text[m.start():m.end()])
        found.append(Piece(m.start(), m.end(), names, None))
    return sorted(found, key=lambda p: p.start)


# --- parts ----------------------------------------------------------------

def parse_statement(code, pos, end):
    """Parse the statement at POS, where no white space is."""
    if code[pos] == '{':
        stop = match_pair(code, pos, end)
        inner = parse_statements(code, pos + 1, stop - 1)
        return Part(pos, pos + 1, stop, inner, 'block')
    label = re.compile(r'(case\b[^:;?]*|default|[A-Za-z_]\w*)\s*:(?!:)') \
        .match(code, pos, end)
    if label:
        following = skip_space(code, label.end(), end)
        if following >= end or code[following] == '}':
            return Part(pos, label.end(), label.end(), role='label')
        inner = parse_statement(code, following, end)
        return Part(pos, label.end(), inner.end, [inner], 'label')
    word = _IDENT.match(code, pos, end)
    name = word.group(0) if word else ''
    if name == 'do':
        body = parse_statement(code, skip_space(code, word.end(), end), end)
        stop = code.index(';', body.end) + 1
        return Part(pos, pos + 2, stop, [body], 'loop')
    if name == 'else':
        raise ParseError('else without if')
    paren = skip_space(code, word.end(), end) if word else end
    if paren < end and code[paren] == '(':
        head = match_pair(code, paren, end)
        body = skip_space(code, head, end)
        if name in _LOOP or (body < end and re.match(r'[{A-Za-z_]',
                                                     code[body])
                             and 'each' in name):
            return _parse_controlled(code, pos, head, body, end, name)
    stop = _find_semicolon(code, pos, end)
    return Part(pos, stop, stop)


def _parse_controlled(code, pos, head, body, end, name):
    inner = parse_statement(code, body, end)
    part = Part(pos, head, inner.end, [inner], name)
    orelse = skip_space(code, inner.end, end)
    if name == 'if' and re.match(r'else\b', code[orelse:orelse + 5]):
        other = parse_statement(code, skip_space(code, orelse + 4, end), end)
        part.orelse = orelse
        part.children.append(other)
        part.end = other.end
    return part


def _find_semicolon(code, pos, end):
    while pos < end and code[pos] != ';':
        pos = match_pair(code, pos, end) if code[pos] in PAIRS else pos + 1
    return min(pos + 1, end)


def parse_statements(code, pos, end):
    found = []
    while True:
        pos = skip_space(code, pos, end)
        if pos >= end:
            return found
        part = parse_statement(code, pos, end)
        found.append(part)
        pos = part.end


def parse_elements(code, pos, end):
    """Parse the comma-separated elements of an initializer or an enum."""
    found, start, i = [], skip_space(code, pos, end), pos
    while i < end:
        if code[i] in PAIRS:
            i = match_pair(code, i, end)
            continue
        i += 1
        if code[i - 1] == ',':
            behind = re.compile(r'[ \t]*(?=[^\s/])').match(code, i, end)
            stop = behind.end() if behind else i
            found.append(Part(start, i, stop))
            start = skip_space(code, i, end)
    if code[start:end].strip():
        stop = start + len(code[start:end].rstrip())
        found.append(Part(start, stop, stop))
    return found


def parse_parts(text, piece):
    """Parse PIECE, which must have a body; return its parts and the code."""
    code = blank_directives(_blank_branches(blank_noise(text)))
    head = code[piece.start:piece.body[0]]
    start, end = piece.body[0] + 1, piece.body[1] - 1
    if '=' in head or re.match(r'\s*(typedef\s+)?enum\b', head):
        return parse_elements(code, start, end), code
    return parse_statements(code, start, end), code
