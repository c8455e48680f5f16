r"""Long formulas in lines: broken where a reader would, at a + outside brackets before one inside them.

A module of its own because a line may end inside round brackets but not inside braces, and because LaTeX does
not let ``\left(`` stand on one line and ``\right)`` on the next.
"""

from __future__ import annotations

import re

from dimcompat.language.notation import Notation, Terms
from dimcompat.renderers.latex_speller import looks

_PIECE = re.compile(r"\\(?:left|right)\b|\\[A-Za-z]+|\\.| [+-] |[{}()]|.", re.DOTALL)
_SIGNS = {" + ": 0, " - ": 0, r"\odot": 1, r"\cdot": 1, r"\otimes": 1}


def broken_sum(node: Terms, notation: Notation, width: int) -> list[str]:
    """A sum in lines that are no wider than this, broken before its signs."""
    rows: list[str] = []
    for place, (negative, term) in enumerate(node.terms):
        piece = notation.write(Terms(((True, term),)) if negative else term)
        signed = piece if place == 0 or negative else f"+ {piece}"
        if rows and looks(rows[-1]) + looks(signed) <= width:
            rows[-1] += f" {signed}"
        else:
            rows.append(signed)
    return rows


def broken(formula: str, width: int) -> list[str]:
    """A formula in lines no wider than this, as far as it can be broken; each after the first starts with a
    sign."""
    if looks(formula) <= width:
        return [formula]
    places = _places(formula)
    rows: list[str] = []
    start = 0
    while looks(formula[start:]) > width:
        later = [place for place in places if place[0] > start]
        fitting = [place for place in later if looks(formula[start : place[0]]) <= width]
        full = [place for place in fitting if looks(formula[start : place[0]]) > width // 3] or fitting
        if not later:
            break
        cut = min(full, key=lambda place: (place[1], place[2], -place[0]))[0] if full else later[0][0]
        rows.append(formula[start:cut].strip())
        start = cut
    rows.append(formula[start:].strip())
    return [_fixed(row) for row in rows] if len(rows) > 1 else [formula]


def _places(formula: str) -> list[tuple[int, int, int]]:
    """Where a line may start: before a sign outside braces, with its depth in brackets and its looseness."""
    found: list[tuple[int, int, int]] = []
    braces = brackets = 0
    for piece in _PIECE.finditer(formula):
        text = piece.group()
        braces += (text == "{") - (text == "}")
        brackets += (text == "(") - (text == ")")
        if not braces and text in _SIGNS and piece.start():
            found.append((piece.start(), brackets, _SIGNS[text]))
    return found


def _fixed(row: str) -> str:
    """Brackets of a fixed size, so that a pair may stand on two lines; those inside braces keep growing."""
    depth, text = 0, ""
    for piece in _PIECE.finditer(row):
        word = piece.group()
        depth += (word == "{") - (word == "}")
        text += {r"\left": r"\Bigl", r"\right": r"\Bigr"}.get(word, word) if not depth else word
    return text
