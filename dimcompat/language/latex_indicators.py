r"""Indicators, ``\mathbb{1}[y_i = k]``: one where a label is a class, an entry of ``onehot``.

A module of its own because an indicator is the one place where an equation is a value.
"""

from __future__ import annotations

from dimcompat.errors import fault, shown
from dimcompat.functions.labels import ONEHOT
from dimcompat.language.latex_lefts import Lefts
from dimcompat.language.plain import Kind, Token
from dimcompat.messages import say

BRACKETS = (r"\{", "[", "(", r"\left\{", r"\left[", r"\left(", r"\lbrace", r"\bigl\{")


class Indicators(Lefts):
    """Reads indicators."""

    def is_indicator(self, opener: int, end: int) -> bool:
        """Whether brackets at a place, behind a one, hold an equation."""
        raw = self.raws[opener]
        if opener >= end or raw.kind != "open" or raw.text not in ("(", "["):
            return False
        return any(piece.text == "=" for piece in self.raws[opener : self.partner[opener]])

    def indicator(self, start: int, first: int, last: int, stop: int) -> None:
        """The entry of onehot that says whether what stands from ``first`` to ``last`` holds."""
        span = (start, stop)
        equals = next(place for place in range(first, last) if self.raws[place].text == "=")
        label, index = self.side(first, equals), self.side(equals + 1, last)
        if label is not None and label[0].text not in self.known.labels:
            label, index = index, label
        if label is None or index is None or len(index) != 1 or label[0].text not in self.known.classes:
            hint = say("latex.indicator")
            raise fault("E424", span, found=shown(self.text[slice(*span)]), hint=hint)
        items = [Token(Kind.NAME, part.text, *part[2:]) for part in (*label[1:], *index)]
        self.put(Kind.NAME, ONEHOT.name, *span)
        self.put(Kind.OPEN, "(", start)
        self.put(Kind.NAME, label[0].text, *label[0][2:])
        self.put(Kind.COMMA, ",", label[0].end)
        self.out += [token._replace(start=stop, end=stop) for token in self.known.classes[label[0].text]]
        self.put(Kind.CLOSE, ")", stop)
        self.put(Kind.OPEN, "[", stop)
        for number, item in enumerate(items):
            if number:
                self.put(Kind.COMMA, ",", item.start)
            self.out.append(item)
        self.put(Kind.CLOSE, "]", stop)
        self.level.ended = True

    def side(self, first: int, last: int) -> list[Token] | None:
        """A name and the index that it may have, ``y_i`` or ``y^{(i)}``; None for anything else."""
        found: list[Token] = []
        for raw in self.flat(first, last):
            if raw.kind == "letter" or raw.kind == "command":
                found.append(Token(Kind.NAME, self.letter(raw), *raw[2:]))
            elif raw.text not in ("_", "^", "(", ")"):
                return None
        indexed = len(found) == 2 and found[1].text in self.bound
        alone = len(found) == 1 and found[0].text in {*self.bound, *self.known.labels}
        return found if indexed or alone else None
