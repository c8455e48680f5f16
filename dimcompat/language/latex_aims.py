r"""What stands before an objective and says what it is for: ``\min_w``, ``\arg\min``, ``\nabla_w``.

A module of its own because none of it is part of the formula: it is known, and passed over.
"""

from __future__ import annotations

from dimcompat.errors import fault, shown
from dimcompat.language.latex_atoms import Formulas
from dimcompat.language.latex_words import FRACTIONS, UPRIGHT
from dimcompat.messages import say

AIMS = ("min", "max", "minimize", "maximize", "minimise", "maximise", "argmin", "argmax", "inf", "sup")
SEARCHES = ("argmin", "argmax")


class Aims(Formulas):
    """Finds where a formula starts."""

    def opening(self, start: int, end: int) -> int:
        """Where a formula starts after the words that say what it is for."""
        word, after = self.aim(start, end)
        if word:
            return self.opening(after, end)
        after = self.derivative_of(start, end)
        return start if after == start else self.opening(after, end)

    def is_search(self, start: int, end: int) -> bool:
        r"""Whether ``\arg\min`` stands here: what it finds is a variable, and no name for the objective."""
        return self.aim(start, end)[0] in SEARCHES

    def aim(self, start: int, end: int) -> tuple[str, int]:
        """The word for an aim that starts here, if one does, and the place after it and its variable."""
        raw = self.raws[start]
        if start >= end or raw.kind != "command":
            return "", start
        if raw.text == r"\underset":
            *_, after = self.argument(start + 1, end, raw)
            first, last, after = self.argument(after, end, raw)
            word, stop = self.aim(first, last)
            return (word, after) if stop == last else ("", start)
        word, after = raw.text[1:], start + 1
        if word == "arg" and after < end and self.raws[after].text[1:] in AIMS:
            word, after = word + self.raws[after].text[1:], after + 1
        elif word in UPRIGHT:
            first, last, after = self.argument(after, end, raw)
            word = "".join(piece.text.lstrip("\\") for piece in self.flat(first, last)).lower()
        if word not in AIMS:
            return "", start
        if after < end and self.raws[after].text == "_":
            *_, after = self.argument(after + 1, end, raw)
        elif word in ("min", "max") and self.raws[after].text in ("(", "{", "["):
            return "", start
        return word, after

    def derivative_of(self, start: int, end: int) -> int:
        r"""The place after ``\nabla_w`` or ``\frac{\partial}{\partial w}`` before a whole formula."""
        raw, after = self.raws[start], start
        if start + 1 >= end:
            return start
        if raw.text == r"\nabla" and self.raws[start + 1].text == "_":
            *_, after = self.argument(start + 2, end, raw)
        elif raw.kind == "command" and raw.text[1:] in FRACTIONS:
            above = self.argument(start + 1, end, raw)
            below = self.argument(above[2], end, raw)
            sign = self.said(*above[:2])
            known = sign == "d" and "d" in self.known
            if sign in (r"\partial", "d") and not known and self.said(*below[:2]).startswith(sign + " "):
                after = below[2]
        following = self.raws[after]
        named = following.kind == "letter" or (following.kind == "command" and raw.text == r"\nabla")
        named = named and following.text not in (r"\frac", r"\sum", r"\sqrt", r"\log", r"\ln", r"\exp")
        if after == start or after >= end or (raw.text == r"\nabla" and named):
            return start
        if self.outermost(after, end, ("+", "-")) not in (-1, after):
            span = (raw.start, self.raws[after - 1].end)
            hint = say("latex.derivative of")
            raise fault("E424", span, found=shown(self.text[slice(*span)]), hint=hint)
        return after

    def outermost(self, start: int, end: int, texts: tuple[str, ...]) -> int:
        """The first of these outside brackets, or -1."""
        place = start
        while place < end:
            raw = self.raws[place]
            if raw.text in texts and raw.kind in ("symbol", "command"):
                return place
            place = self.partner[place] + 1 if raw.kind == "open" else place + 1
        return -1
