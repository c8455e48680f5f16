r"""Functions in LaTeX, with brackets and without; fractions and roots; sums over indices.

A module of its own because these take arguments, each in its own way: a bare function reaches to the next
operator that is written, a sum to the next + or -.
"""

from __future__ import annotations

from dimcompat.errors import fault, shown
from dimcompat.functions.exponentials import SQRT
from dimcompat.functions.reductions import SUM
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_names import Names, own_derivative
from dimcompat.language.latex_terms import Opened
from dimcompat.language.latex_tokens import Pieces, Raw
from dimcompat.language.latex_words import GREEK
from dimcompat.language.plain import Kind, Token
from dimcompat.messages import say


class Calls(Names):
    """Reads what takes arguments."""

    def __init__(self, found: Pieces, known: Known) -> None:
        super().__init__(found, known)
        self.samples = {}

    def plain_name(self, at: int, end: int) -> str:
        """The name that stands between two places, and nothing else."""
        raise NotImplementedError

    def call(self, at: int) -> int:
        closer = self.partner[at]
        self.put(Kind.OPEN, "(", *self.raws[at][2:])
        self.expression(at + 1, closer)
        self.put(Kind.CLOSE, ")", *self.raws[closer][2:])
        self.level.ended = True
        return closer + 1

    def function(self, name: str, span: tuple[int, int], at: int, end: int) -> int:
        """A function; without brackets its argument reaches to the next operator that is written."""
        start = len(self.out)
        power, axis, at = self._function_scripts(span, at, end)
        opener = self.raws[at] if at < end else self.raws[-1]
        if opener.text == "'":
            raise own_derivative(name, span)
        self.put(Kind.NAME, name, *span)
        if opener.kind == "open" and opener.text in ("(", "[", "{"):
            after = self.call(at)
            closer = self.out.pop()
            self.out += [*axis, closer]
            self.join_log_det(start)
            self.out += power
            return after
        if axis:
            wanted = say("latex.its argument")
            raise fault("E153", span, found=shown(self.text[slice(*span)]), wanted=wanted)
        self.put(Kind.OPEN, "(", span[1])
        self.level.opened.append(Opened("function", start, after=tuple(power)))
        self.level.run, self.level.ended = len(self.out), False
        return at

    def _function_scripts(
        self, span: tuple[int, int], at: int, end: int
    ) -> tuple[list[Token], list[Token], int]:
        """A power and an axis that stand at a function, before its argument."""
        power: list[Token] = []
        axis: list[Token] = []
        while at < end and self.raws[at].text in ("^", "_"):
            sign = self.raws[at]
            first, last, after = self.argument(at + 1, end, sign)
            words = [raw.text for raw in self.flat(first, last)]
            whole = (sign.start, self.raws[after - 1].end)
            if sign.text == "^" and len(words) == 1 and words[0].isdecimal():
                power = [Token(Kind.OPERATOR, ".^", *sign[2:]), Token(Kind.NUMBER, words[0], *whole)]
            elif "".join(words) in ("axis=0", "axis=1"):
                kinds = (Kind.COMMA, Kind.NAME, Kind.EQUALS, Kind.NUMBER)
                texts = (",", "axis", "=", words[-1])
                axis = [Token(kind, text, *whole) for kind, text in zip(kinds, texts, strict=True)]
            else:
                found = shown(self.text[span[0] : whole[1]])
                hint = say("latex.argument first")
                raise fault("E424", (span[0], whole[1]), found=found, hint=hint)
            at = after
        return power, axis, at

    def fraction(self, at: int, end: int) -> int:
        raw = self.raws[at]
        wanted = say("latex.two arguments")
        ranges, after = [], at + 1
        for _ in range(2):
            if after >= end or self.raws[after].kind in ("end", "close", "break", "symbol"):
                raise fault("E153", raw[2:], found=self.typed(raw), wanted=wanted)
            first, last, after = self.argument(after, end, raw)
            ranges.append((first, last))
        stop = self.raws[after - 1].end
        tops = [self.flat(first, last) for first, last in ranges]
        if all(top and top[0].text == r"\partial" for top in tops):
            names = [self.plain_name(first + 1, last) for first, last in ranges]
            self.put(Kind.NAME, "_".join(f"d{name}" for name in names), raw.start, stop)
        else:
            self.put(Kind.OPEN, "(", raw.start)
            for number, (first, last) in enumerate(ranges):
                if number:
                    self.put(Kind.OPERATOR, "/", self.raws[first].start)
                start = raw.start if not number else self.raws[first - 1].start
                self.bracketed(first, last, start, self.raws[last].start if not number else stop)
            self.put(Kind.CLOSE, ")", stop)
        self.level.ended = True
        return after

    def root(self, at: int, end: int) -> int:
        raw, degree = self.raws[at], None
        if self.raws[at + 1].text == "[" and self.raws[at + 1].kind == "open":
            degree, at = at + 1, self.partner[at + 1]
        first, last, after = self.argument(at + 1, end, raw)
        if degree is None:
            self.put(Kind.NAME, SQRT.name, *raw[2:])
        self.bracketed(first, last, raw.start if degree is not None else raw.end, self.raws[after - 1].end)
        if degree is not None:
            start = self.raws[degree].start
            self.put(Kind.OPERATOR, "^", start)
            self.put(Kind.OPEN, "(", start)
            self.put(Kind.NUMBER, "1", start)
            self.put(Kind.OPERATOR, "/", start)
            self.bracketed(degree + 1, at, start, self.raws[at].end)
            self.put(Kind.CLOSE, ")", self.raws[at].end)
        self.level.ended = True
        return after

    def sum(self, at: int, end: int) -> int:
        r"""``\sum_{i=1}^{m}``; what is summed reaches to the next + or - outside brackets."""
        raw = self.raws[at]
        indices: list[Raw] = []
        last = ""
        last_span, stop = raw[2:], raw.end
        at += 1
        while at < end and self.raws[at].text in ("_", "^") and self.raws[at].kind == "symbol":
            sign = self.raws[at]
            first, end_of, at = self.argument(at + 1, end, sign)
            stop = self.raws[at - 1].end
            inside = self.flat(first, end_of)
            if sign.text == "_":
                indices = self._indices(inside, (raw.start, stop))
            else:
                last = "".join(piece.text for piece in inside)
                last_span = (inside[0].start, inside[-1].end)
        if not indices:
            raise fault("E155", (raw.start, stop))
        start = len(self.out)
        for index in indices:
            name = self.known.letter(index.text[1:]) if index.kind == "command" else index.text
            self.put(Kind.NAME, SUM.name, *raw[2:])
            self.put(Kind.OPEN, "(", raw.end)
            self.put(Kind.NAME, name, *index[2:])
            self.put(Kind.COMMA, ",", index.end)
            self.bound.append(name)
            if last:
                self.limits[name, index[2:]] = (name, last, last_span)
        self.level.opened.append(Opened("series", start, brackets=len(indices), bound=len(indices)))
        self.level.term = self.level.run = len(self.out)
        self.level.ended = False
        return at

    def _indices(self, inside: list[Raw], span: tuple[int, int]) -> list[Raw]:
        """The indices below a sum: letters, each with where it starts, which is 1."""
        found: list[Raw] = []
        place = 0
        while place < len(inside):
            raw = inside[place]
            if raw.kind == "letter" or (raw.kind == "command" and raw.text[1:] in GREEK):
                found.append(raw)
            elif raw.text == "=" and found:
                place += 1
                if place == len(inside) or inside[place].text != "1":
                    hint = say("latex.sums start")
                    raise fault("E424", span, found=shown(self.text[slice(*span)]), hint=hint)
            elif raw.text != ",":
                unequal = raw.text in (r"\ne", r"\neq", "≠")
                ordered = raw.text in ("<", ">", r"\lt", r"\gt", r"\le", r"\leq", r"\ge", r"\geq", "≤", "≥")
                hint = say(
                    "latex.unequal" if unequal else "latex.ordered" if ordered else "latex.below a sum"
                )
                raise fault("E424", span, found=shown(self.text[slice(*span)]), hint=hint)
            place += 1
        return found
