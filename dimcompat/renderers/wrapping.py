"""Fitting text to a width: sentences at words, formulas at operators so that they still read back.

A module of its own because a terminal counts columns, not characters, and because a newline
ends a statement of the language unless it stands inside brackets.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from dimcompat.renderers.hard_spaces import HARD_SPACE

_WIDE = frozenset("WF")
_BREAKS = re.compile(r" [+−\-⊙⊘] |[·*/]|\.[*/]|, ")
_LOOSE = frozenset("+−-")


_NARROW = re.compile(
    "[\0-\u02ff\u0384-\u038a\u038e-\u03a1\u03a3-\u03ff\u1d2c-\u1d6a\u2010-\u2027\u2070\u2071\u2074-\u208e"
    "\u2190-\u22ff\u2500-\u257f]*"
)
"""Characters of one column each: Latin and Greek letters, small ones, arrows, operators and lines."""

_FIRST_WIDE = "⺀"


@cache
def _together() -> re.Pattern[str]:
    """What stays together; compiled for texts with wide characters, since ranges so large take their time."""
    return re.compile(rf"[{_FIRST_WIDE}-鿿豈-﫿][，。、：；）！？]*|[^{_FIRST_WIDE}-鿿豈-﫿]+[。、]*")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() or _NARROW.fullmatch(text) else _columns_in(text)


@lru_cache(maxsize=4096)
def _columns_in(text: str) -> int:
    return sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width in columns."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """A sentence in lines; a formula made `whole` is broken only where it is wider than a line."""
    if columns(text) <= width:
        return [line] if (line := text.strip(" ").replace(HARD_SPACE, " ")) else []
    lines: list[str] = []
    line, filled = "", 0
    for gap, word in _words(text):
        wide = columns(word)
        if wide > width:
            *full, word = _fitting(word, width)
            lines += [line, *full]
            line, filled = word, columns(word)
        elif not line:
            line, filled = word, wide
        elif filled + len(gap) + wide <= width:
            line, filled = line + gap + word, filled + len(gap) + wide
        else:
            lines.append(line)
            line, filled = word, wide
    lines.append(line)
    return [line.replace(HARD_SPACE, " ") for line in lines if line]


def _fitting(word: str, width: int) -> list[str]:
    """A formula wider than a line, broken at its operators; anything else as it is."""
    pieces: list[str] = []
    start = 0
    for place, _ in _cuts(word.replace(HARD_SPACE, " "), width):
        pieces.append(word[start:place].rstrip(HARD_SPACE))
        start = place
    return [*pieces, word[start:]]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Pieces that stay together, each with the gap before it; between wide characters there is none."""
    gap = ""
    with_wide = max(text) >= _FIRST_WIDE
    for place, word in enumerate(text.split(" ")):
        gap = gap + " " if place else ""
        if not word:
            continue
        pieces = _together().findall(word) if with_wide and max(word) >= _FIRST_WIDE else [word]
        for piece in pieces:
            yield gap, piece
            gap = ""


def broken(left: str, right: str, width: int, indent: str = "    ") -> list[str]:
    """``left = right`` in lines: whole, or after the sign, or in brackets at operators."""
    line = f"{left} = {right}" if left and right else left or right
    if columns(line) <= width:
        return [line]
    room = max(width - len(indent), 20)
    head = [f"{left} ="] if left else []
    if columns(right) <= room:
        return [*head, indent + right]
    cuts = _cuts(right, room)
    if any(depth == 0 for _, depth in cuts):
        right = f"({right})"
        cuts = _cuts(right, room)
    pieces: list[str] = []
    start = 0
    for place, _ in cuts:
        pieces.append(right[start:place].rstrip())
        start = place
    pieces.append(right[start:])
    return [*head, *(indent + (" " if number else "") + piece for number, piece in enumerate(pieces))]


def equality_in_lines(text: str, width: int) -> list[str]:
    """An equality in lines, each side whole where it fits."""
    if columns(text) <= width:
        return [text]
    left, *sides = text.split(" = ")
    if len(sides) == 1:
        return broken(left, " = ".join(sides), width)
    return [line for side in sides for line in broken(left, side, width)]


def _cuts(text: str, width: int) -> list[tuple[int, int]]:
    """Where to break: the outermost and loosest operators that still fill a line reasonably."""
    ruler = _ruler(text)
    places = list(_places(text))
    offsets = [offset for offset, _, _ in places]
    ends = [ruler[offset] for offset in offsets]
    stripped = [ruler[_end_of_words(text, offset)] for offset in offsets]
    cuts: list[tuple[int, int]] = []
    start = 0
    while ruler[-1] - ruler[start] > width - 1:
        first = bisect_right(offsets, start)
        if first == len(places):
            break
        last = bisect_right(stripped, ruler[start] + width - 1, first)
        full = bisect_right(ends, ruler[start] + width // 3, first, last)
        fitting = places[full:last] or places[first:last] or places[first : first + 1]
        start, depth, _ = min(fitting, key=lambda place: (place[1], place[2], -place[0]))
        cuts.append((start, depth))
    return cuts


def _ruler(text: str) -> Sequence[int]:
    """The columns before each offset of the text, and at last those of all of it."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate(map(_columns_of, text), initial=0))


def _end_of_words(text: str, offset: int) -> int:
    """The offset without the white space right before it."""
    while offset and text[offset - 1].isspace():
        offset -= 1
    return offset


def _places(text: str) -> Iterator[tuple[int, int, int]]:
    """Every place after an operator or a comma: offset, depth of brackets, looseness."""
    found = {match.end(): match.group().strip() for match in _BREAKS.finditer(text)}
    depth = 0
    for offset, character in enumerate(text):
        if offset in found:
            operator = found[offset]
            yield offset, depth, 0 if operator in _LOOSE or operator == "," else 1
        depth += (character in "([") - (character in ")]")
