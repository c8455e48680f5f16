r"""Declarations in LaTeX, ``X \in \mathbb{R}^{m \times n}``: the set, its dimensions, attributes.

A module of its own because what follows the sign is a small language beside that of formulas.
"""

from __future__ import annotations

from dimcompat.errors import fault, shown
from dimcompat.language.latex_aims import Aims
from dimcompat.language.latex_words import UPRIGHT
from dimcompat.language.plain import Kind
from dimcompat.language.shape_grammar import ATTRIBUTES
from dimcompat.messages import say

SETS = {"R": "R", "ℝ": "R", r"\R": "R", r"\reals": "R", "S": "S", r"\mathbb{R}": "R"}


class Sets(Aims):
    """Reads declarations."""

    def take_declared(self, names: tuple[tuple[str, int, int], ...], start: int, end: int) -> None:
        """Takes note of what a declaration with a set says."""
        kind, dims, _ = self.set_at(start, end)
        for name, *_ in names:
            self.known.take(name)
            if kind == "S" or (len(dims) == 2 and all(self.raws[first].text != "1" for first, _ in dims)):
                self.known.matrices.add(name)
            elif not dims:
                self.known.scalars.add(name)
            elif len(dims) == 1 or self.raws[dims[1][0]].text == "1":
                self.known.columns.add(name)
            if dims:
                self.known.shaped.add(name)
        for first, last in dims:
            for word in shown(self.text[self.raws[first].start : self.raws[last - 1].end])[1:-1].split():
                letters = word.lstrip("0123456789")
                self.known.dimensions |= {letters} if letters.isalpha() else set()

    def set_at(self, start: int, end: int) -> tuple[str, list[tuple[int, int]], list[str]]:
        r"""What stands after ``\in``: R or S, the dimensions, and attributes."""
        raw = self.raws[start] if start < end else self.raws[-1]
        place = start + 1
        if raw.kind == "command" and raw.text not in SETS:
            first, last, place = self.argument(start + 1, end, raw)
            kind = SETS.get("".join(piece.text for piece in self.raws[first:last]), "")
        else:
            kind = SETS.get(raw.text, "")
        if not kind:
            hint = say("latex.declarations")
            found = shown(self.text[raw.start : self.raws[end - 1].end])
            raise fault("E424", (raw.start, max(raw.end, self.raws[end - 1].end)), found=found, hint=hint)
        dims: list[tuple[int, int]] = []
        attributes = ["symmetric"] if kind == "S" else []
        while place < end:
            sign = self.raws[place]
            if sign.text == "^":
                first, last, place = self.argument(place + 1, end, sign)
                dims = self.parted(first, last)
            elif sign.text == "_":
                first, last, place = self.argument(place + 1, end, sign)
                attributes = ["posdef" if kind == "S" else "positive"]
            elif sign.text.strip("\\") in UPRIGHT and self.raws[place + 1].text == "{":
                closer = self.partner[place + 1]
                attributes += self.text[self.raws[place + 1].end : self.raws[closer].start].split()
                place = closer + 1
            elif sign.kind == "letter":
                stop = place
                while stop < end and self.raws[stop].kind == "letter":
                    stop += 1
                attributes += self.text[sign.start : self.raws[stop - 1].end].split()
                place = stop
            else:
                raise fault("E132", sign[2:], found=self.typed(sign))
            if attributes and attributes[-1] not in ATTRIBUTES:
                raise fault("E126", sign[2:], found=shown(attributes[-1]), wanted=", ".join(ATTRIBUTES))
        return kind, dims, attributes

    def declare(self, named: tuple[str, int, int], place: int, stop: int) -> None:
        name, start, end = named
        kind, dims, attributes = self.set_at(place + 1, stop)
        self.put(Kind.NAME, name, self.raws[start].start, self.raws[end - 1].end)
        self.put(Kind.COLON, ":", *self.raws[place][2:])
        for number, (first, last) in enumerate([*dims, *dims] if kind == "S" and len(dims) == 1 else dims):
            if number:
                self.put(Kind.COMMA, ",", self.here())
            self.expression(first, last)
        if not dims:
            self.put(Kind.NAME, "scalar", self.raws[place + 1].start, self.raws[stop - 1].end)
        for attribute in attributes:
            self.put(Kind.NAME, attribute, self.here(), self.raws[stop - 1].end)
