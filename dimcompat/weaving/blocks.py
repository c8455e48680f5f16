"""What stands in notes: the blocks that ask, and what was written below them before.

A module of its own because this is all that Markdown and LaTeX do differently; it reads lines, knows where
each of them is in the file, and never changes one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dimcompat.messages import say
from dimcompat.options import Fault
from dimcompat.records import dataclass

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")


class Line(NamedTuple):
    """A line of a file, without its end; ``start`` is its place in the file, ``end`` that of its end."""

    start: int
    text: str
    ending: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A source in somebody's notes, with what is asked of it.

    ``options_at`` is where the options stand in the file, ``places`` for each line of the source its place
    in the source and in the file. What is generated goes to ``after``, or in place of ``region``.
    """

    number: int
    options: str
    options_at: int
    source: str
    places: tuple[tuple[int, int], ...]
    indent: str
    after: int
    region: tuple[int, int] | None

    def place(self, offset: int) -> int:
        """Where in the file a place of the source is."""
        inside, outside = max((pair for pair in self.places if pair[0] <= offset), default=(0, self.after))
        return outside + offset - inside


@dataclass(frozen=True, slots=True)
class Marks:
    """The comments around what is generated."""

    begin: str
    end: str

    def is_begin(self, line: Line) -> bool:
        return _bare(line.text) == _bare(self.begin)

    def is_end(self, line: Line) -> bool:
        return _bare(line.text) == _bare(self.end)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


MARKDOWN = Marks("<!-- dimcompat:begin -->", "<!-- dimcompat:end -->")
LATEX = Marks("% dimcompat:begin", "% dimcompat:end")

_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$")
_LIST = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)")
_ASKS = re.compile(r"dimcompat(?:\s+|$)")
_LATEX_ASKS = re.compile(r"\s*%+\s*dimcompat:\s*(?=-|$)")
_COMMENT = re.compile(r"\s*%+ ?")
_ENVIRONMENT = re.compile(r"\s*\\begin\{dimcompat\}(?:\[(.*)\])?\s*$")
_VERBATIM = re.compile(r"\s*\\begin\{(verbatim\*?|Verbatim|lstlisting|minted|comment)\}")


def lines_of(text: str) -> list[Line]:
    """The lines of a file."""
    found = [Line(match.start(), match[1], match[2]) for match in _LINE.finditer(text)]
    return [line for line in found if line.text or line.ending]


def front_matter(lines: Sequence[Line]) -> int:
    """How many lines of YAML a Markdown file begins with."""
    if lines and lines[0].text.lstrip("\ufeff").rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if line.text.rstrip() in ("---", "..."):
                return number
    return 0


def markdown_blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown file. Raises Fault where one of them, or what is generated, has no end."""
    lines = lines_of(text)
    at, in_list = front_matter(lines), False
    while at < len(lines):
        line = lines[at].text
        fence = _FENCE.match(line)
        if line.strip() and not line.startswith("    "):
            in_list = bool(_LIST.match(line)) or (in_list and line.startswith((" ", "\t")))
        if fence is None or (len(fence[1].expandtabs(4)) > 3 and not in_list):
            if MARKDOWN.is_begin(lines[at]):
                raise _fault(at, say("weave.orphan"))
            at = _after_comment(lines, at)
            continue
        close = _closing_fence(lines, at, fence[2])
        asks = _ASKS.match(fence[3])
        if asks is None:
            at = close + 1
            continue
        if close == len(lines):
            raise _fault(at, say("weave.open block"))
        region, next_at = _region(lines, close + 1, MARKDOWN, _is_markdown_question)
        options_at = lines[at].start + fence.start(3) + asks.end()
        body = [(line, min(len(fence[1]), _indent(line.text))) for line in lines[at + 1 : close]]
        yield _block(at, fence[3][asks.end() :], options_at, body, fence[1], lines[close].end, region)
        at = next_at


def latex_blocks(text: str) -> Iterator[Block]:
    """The blocks of a LaTeX file. Raises Fault where one of them, or what is generated, has no end."""
    lines = lines_of(text)
    at = 0
    while at < len(lines):
        line = lines[at].text
        if LATEX.is_begin(lines[at]):
            raise _fault(at, say("weave.orphan"))
        if verbatim := _VERBATIM.match(line):
            at = _after(lines, at + 1, rf"\end{{{verbatim[1]}}}") + 1
            continue
        comment, environment = _LATEX_ASKS.match(line), _ENVIRONMENT.match(line)
        if comment is not None:
            close = at + 1
            while close < len(lines) and _is_source(lines[close]):
                close += 1
            body = [(line, _COMMENT.match(line.text).end()) for line in lines[at + 1 : close]]  # type: ignore[union-attr]
            options, begin, last = line[comment.end() :], comment.end(), lines[close - 1]
        elif environment is not None:
            close = _after(lines, at + 1, r"\end{dimcompat}")
            if close >= len(lines):
                raise _fault(at, say("weave.open block"))
            body = [(line, 0) for line in lines[at + 1 : close]]
            options, begin, last = environment[1] or "", max(environment.start(1), 0), lines[close]
            close += 1
        else:
            at += 1
            continue
        region, next_at = _region(lines, close, LATEX, _is_latex_question)
        indent = line[: len(line) - len(line.lstrip())]
        yield _block(at, options, lines[at].start + begin, body, indent, last.end, region)
        at = next_at


def _is_markdown_question(line: Line) -> bool:
    fence = _FENCE.match(line.text)
    return fence is not None and _ASKS.match(fence[3]) is not None


def _is_latex_question(line: Line) -> bool:
    return bool(_LATEX_ASKS.match(line.text) or _ENVIRONMENT.match(line.text))


def _is_source(line: Line) -> bool:
    """A comment that is no mark and no other question."""
    if LATEX.is_begin(line) or LATEX.is_end(line) or _LATEX_ASKS.match(line.text):
        return False
    return line.text.lstrip().startswith("%")


def _block(
    at: int,
    options: str,
    options_at: int,
    body: Sequence[tuple[Line, int]],
    indent: str,
    after: int,
    region: tuple[int, int] | None,
) -> Block:
    source, places = "", []
    for line, skipped in body:
        places.append((len(source), line.start + skipped))
        source += line.text[skipped:] + "\n"
    return Block(at + 1, options, options_at, source, tuple(places), indent, after, region)


def _region(
    lines: Sequence[Line], at: int, marks: Marks, is_question: Callable[[Line], bool]
) -> tuple[tuple[int, int] | None, int]:
    """What was generated before, from mark to mark, and the line after it."""
    first = at
    while first < len(lines) and not lines[first].text.strip():
        first += 1
    if first == len(lines) or not marks.is_begin(lines[first]):
        return None, at
    for number in range(first + 1, len(lines)):
        if marks.is_end(lines[number]):
            return (lines[first].start, lines[number].end), number + 1
        if marks.is_begin(lines[number]) or is_question(lines[number]):
            break
    raise _fault(first, say("weave.open region", mark=marks.end))


def _closing_fence(lines: Sequence[Line], at: int, fence: str) -> int:
    closing = re.compile(rf"[ \t]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    return next((n for n in range(at + 1, len(lines)) if closing.match(lines[n].text)), len(lines))


def _after_comment(lines: Sequence[Line], at: int) -> int:
    """The next line; where an HTML comment begins, the one after its end."""
    _, opened, rest = lines[at].text.partition("<!--")
    if opened and not lines[at].text[: lines[at].text.index("<!--")].strip() and "-->" not in rest:
        return _after(lines, at + 1, "-->") + 1
    return at + 1


def _after(lines: Sequence[Line], at: int, word: str) -> int:
    return next((n for n in range(at, len(lines)) if word in lines[n].text), len(lines))


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))


def _fault(at: int, said: str) -> Fault:
    return Fault(say("weave.in line", number=at + 1, said=said))
