r"""Long formulas in lines: broken where a reader would, at a + outside brackets before one inside them.

A module of its own because a line may end inside round brackets but not inside braces, and because LaTeX does
not let ``\left(`` stand on one line and ``\right)`` on the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from dimcompat.language.notation import Notation, Terms
from dimcompat.renderers.latex_widths import looks, reaches

_PIECE = re.compile(r"\\(?:left|right)\b|\\[A-Za-z]+|\\.| [+-] |[{}()]|.", re.DOTALL)
_RELATION = re.compile(r" (?:=|\\sim|\\xrightarrow)(?![A-Za-z])")
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
    places = _places(formula)
    cuts = [0, *(place for place, _, _ in places), len(formula)]
    reach = [0.0, *reaches(formula, cuts[1:-1])]
    rows: list[str] = []
    start = 0
    while reach[-1] - reach[start] > width:
        if start == len(places):
            break
        fitting = range(start + 1, bisect_right(reach, reach[start] + width, start, len(places) + 1))
        full = [cut for cut in fitting if reach[cut] - reach[start] > width // 3] or fitting
        cut = min(full, key=lambda cut: (*places[cut - 1][1:], -cut), default=start + 1)
        rows.append(formula[cuts[start] : cuts[cut]].strip())
        start = cut
    rows.append(formula[cuts[start] :].strip())
    return [_fixed(row) for row in rows] if len(rows) > 1 else [formula]


def loosened(formula: str, width: int) -> list[str]:
    """A formula wider than this as pieces of a sentence, which may stand on two lines at every sign outside
    braces."""
    if looks(formula) <= width:
        return [formula]
    cuts = [place.start() for place in _RELATION.finditer(formula) if _is_outside(formula, place.start())]
    cuts = sorted({0, len(formula), *cuts, *(place for place, _, _ in _places(formula))})
    pieces = [_fixed(formula[start:end].strip()) for start, end in pairwise(cuts)]
    return [pieces[0], *(f"{{}} {piece}" for piece in pieces[1:])]


def _is_outside(formula: str, place: int) -> bool:
    return formula.count("{", 0, place) == formula.count("}", 0, place)


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
