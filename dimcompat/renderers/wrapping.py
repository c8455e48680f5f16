"""Fitting text to a width: sentences at words, formulas at operators so that they still read back.

A module of its own because a terminal counts columns, not characters, and because a newline
ends a statement of the language unless it stands inside brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

HARD_SPACE = "\u00a0"
_WIDE = frozenset("WF")
_BREAKS = re.compile(r" [+−\-⊙⊘] |[·*/]|\.[*/]|, ")
_LOOSE = frozenset("+−-")


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text
    )


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width in columns."""
    return text + " " * (width - columns(text))


def whole(text: str) -> str:
    """A formula that is to stay in one piece inside a sentence."""
    return text.replace(" ", HARD_SPACE)


def wrapped(text: str, width: int) -> list[str]:
    """A sentence in lines; a formula made `whole` is broken only where it is wider than a line."""
    lines: list[str] = []
    line = ""
    for gap, word in _words(text):
        *full, word = _fitting(word, width)
        if full:
            lines += [line, *full] if line else full
            line = word
        elif columns(line) + len(gap) + columns(word) <= width or not line:
            line = line + gap + word if line else word
        else:
            lines.append(line)
            line = word
    lines.append(line)
    return [line.replace(HARD_SPACE, " ") for line in lines if line]


def _fitting(word: str, width: int) -> list[str]:
    """A formula wider than a line, broken at its operators; anything else as it is."""
    pieces: list[str] = []
    start = 0
    if columns(word) > width:
        for place, _ in _cuts(word.replace(HARD_SPACE, " "), width):
            pieces.append(word[start:place].rstrip(HARD_SPACE))
            start = place
    return [*pieces, word[start:]]


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Pieces that stay together, each with the gap before it; between wide characters there is none."""
    gap = ""
    for place, word in enumerate(text.split(" ")):
        gap = gap + " " if place else ""
        if not word:
            continue
        for piece in re.findall(r"[⺀-鿿豈-﫿][，。、：；）！？]*|[^⺀-鿿豈-﫿]+", word):
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


def _cuts(text: str, width: int) -> list[tuple[int, int]]:
    """Where to break: the outermost and loosest operators that still fill a line reasonably."""
    places = list(_places(text))
    cuts: list[tuple[int, int]] = []
    start = 0
    while columns(text[start:]) > width - 1:
        fitting = [p for p in places if start < p[0] and columns(text[start : p[0]].rstrip()) <= width - 1]
        full = [p for p in fitting if columns(text[start : p[0]]) > width // 3] or fitting
        later = [p for p in places if p[0] > start]
        if full:
            place, depth, _ = min(full, key=lambda p: (p[1], p[2], -p[0]))
        elif later:
            place, depth, _ = later[0]
        else:
            break
        cuts.append((place, depth))
        start = place
    return cuts


def _places(text: str) -> Iterator[tuple[int, int, int]]:
    """Every place after an operator or a comma: offset, depth of brackets, looseness."""
    found = {match.end(): match.group().strip() for match in _BREAKS.finditer(text)}
    depth = 0
    for offset, character in enumerate(text):
        if offset in found:
            operator = found[offset]
            yield offset, depth, 0 if operator in _LOOSE or operator == "," else 1
        depth += (character in "([") - (character in ")]")
