r"""Operands in LaTeX: fractions, roots, functions with and without brackets, norms, sums.

A module of its own because each command has its own way of taking arguments.
"""

from __future__ import annotations

from collections.abc import Callable

from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.functions.constants import ONES
from dimcompat.functions.determinants import DET
from dimcompat.functions.exponentials import SQRT
from dimcompat.functions.kinks import ABS
from dimcompat.functions.linear_algebra import DOT
from dimcompat.functions.reductions import NORM1, NORM2, SUM
from dimcompat.language.latex_given import FILLED
from dimcompat.language.latex_indicators import Indicators
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_tokens import Pieces, Raw
from dimcompat.language.latex_words import (
    ACCENTS,
    FRACTIONS,
    GREEK,
    STYLES,
    UNREAD,
    UPRIGHT,
    function_named,
    nearest,
)
from dimcompat.language.plain import Kind, Token
from dimcompat.messages import say

NORMS = {"": NORM2.name, "2": NORM2.name, "F": NORM2.name, "1": NORM1.name}
ONE_SIGNS = ("1", "𝟏", "𝟙")
INDICATOR_SIGNS = tuple("1𝟏𝟙I")


class Formulas(Indicators):
    """Reads formulas."""

    def __init__(self, found: Pieces, known: Known) -> None:
        super().__init__(found, known)
        self.commands: dict[str, Callable[[int, int], int]] = {
            **dict.fromkeys(FRACTIONS, self.fraction),
            **dict.fromkeys(ACCENTS, self.accent),
            **dict.fromkeys((*STYLES, *UPRIGHT), self.styled),
            **dict.fromkeys(GREEK, self.greek),
            SQRT.name: self.root,
            SUM.name: self.sum,
            "nabla": self.nabla,
        }

    def operand(self, at: int, end: int) -> int:
        raw, level = self.raws[at], self.level
        if level.ended:
            before = self.raws[at - 1]
            if raw.kind == "number" and before.kind == "number":
                found, after = self.typed(before), self.typed(raw)
                raise fault("E115", (before.start, raw.end), found=found, next=after)
            if raw.kind == "command" and (raw.text == r"\sum" or self.is_function(raw)):
                self.close(("function",))
            if raw.kind in ("letter", "number", "command", "open"):
                self.put(Kind.OPERATOR, "*", before.end)
        if raw.text == "1" and self.is_indicator(at + 1, end):
            return self.indicated(raw.start, at + 1)
        if raw.kind == "number":
            self.put(Kind.NUMBER, raw.text, *raw[2:])
            level.ended = True
            return at + 1
        if raw.kind == "letter":
            return self.word(at, end)
        if raw.kind == "open":
            return self.group(at, end)
        command = self.commands.get(raw.text[1:])
        if command is not None:
            return command(at, end)
        name = function_named(raw.text[1:])
        if name is not None:
            return self.function(name, raw[2:], at + 1, end)
        raise self.unknown(raw)

    def is_function(self, raw: Raw) -> bool:
        return raw.text[1:] not in self.commands and function_named(raw.text[1:]) is not None

    def unknown(self, raw: Raw) -> DimcompatError:
        """The error for a command that is not read."""
        word = raw.text[1:]
        if word in UNREAD:
            return fault("E424", raw[2:], found=self.typed(raw), hint=UNREAD[word])
        near = nearest(word)
        if near == raw.text:
            return fault("E132", raw[2:], found=self.typed(raw))
        hint = None if near else say("E152.own", name=word)
        return fault("E152", raw[2:], found=self.typed(raw), near=near, hint=hint)

    # brackets

    def group(self, at: int, end: int) -> int:
        """What stands in brackets, braces or bars."""
        opener, closer = self.raws[at], self.raws[self.partner[at]]
        after = self.partner[at] + 1
        start = len(self.out)
        over = next((n for n in range(at + 1, after - 1) if self.raws[n].text == r"\over"), None)
        if opener.text == "{" and over is not None:
            self.put(Kind.OPEN, "(", *opener[2:])
            self.bracketed(at + 1, over, opener.end, self.raws[over].start)
            self.put(Kind.OPERATOR, "/", *self.raws[over][2:])
            self.bracketed(over + 1, after - 1, self.raws[over].end, closer.start)
            self.put(Kind.CLOSE, ")", *closer[2:])
            return after
        match opener.text:
            case "‖":
                self.put(Kind.OPEN, "‖", *opener[2:])
            case "|":
                self.put(Kind.NAME, ABS.name, opener.start)
                self.put(Kind.OPEN, "(", *opener[2:])
            case "⟨":
                self.put(Kind.NAME, DOT.name, opener.start)
                self.put(Kind.OPEN, "(", *opener[2:])
            case _:
                self.put(Kind.OPEN, "(", *opener[2:])
        self.expression(at + 1, after - 1)
        self.level.ended = True
        if opener.text == "‖":
            return self.norm(closer, after, end)
        self.put(Kind.CLOSE, ")", *closer[2:])
        if opener.text == "|" and self.is_matrix(self.out[start + 2 : -1]):
            self.out[start] = self.out[start]._replace(text=DET.name)
        return after

    def is_matrix(self, inside: list[Token]) -> bool:
        """Whether these tokens are a product or sum of matrices, so that bars around it are a determinant."""
        names = [token.text for token in inside if token.kind is Kind.NAME]
        plain = all(token.text not in ("[", "‖") for token in inside)
        large = {*self.known.matrices, *self.known.likely}
        matrices = [name for name in names if name in large or name.startswith("I" + FILLED)]
        return bool(matrices) and plain and all(n in matrices or n in self.known.scalars for n in names)

    def norm(self, closer: Raw, at: int, end: int) -> int:
        """The closing bar of a norm, which may have its kind below it, before or after a power."""
        power: tuple[int, int] | None = None
        kind, stop = "", closer.end
        if at < end and self.raws[at].text == "^":
            *_, after = self.argument(at + 1, end, self.raws[at])
            if after < end and self.raws[after].text == "_":
                power, at = (at, after), after
        if at < end and self.raws[at].text == "_":
            first, last, after = self.argument(at + 1, end, self.raws[at])
            kind = "".join(raw.text for raw in self.flat(first, last))
            span = (self.raws[at].start, self.raws[after - 1].end)
            if kind not in NORMS:
                norm = shown("norm " + self.text[slice(*span)])
                found = say("latex.norm", quote=norm[0], text=norm[len("'norm ") : -1])
                raise fault("E424", span, found=found, hint=say("latex.norms"))
            at, stop = after, closer.end
        self.put(Kind.CLOSE, NORMS[kind], closer.start, stop)
        if power is not None:
            self.exponent(*power)
        return at

    # names

    def greek(self, at: int, end: int) -> int:
        raw = self.raws[at]
        return self.named(self.known.letter(raw.text[1:]), raw[2:], at + 1, end)

    def accent(self, at: int, end: int) -> int:
        raw = self.raws[at]
        first, last, after = self.argument(at + 1, end, raw)
        base = self.label(self.flat(first, last))
        if base is None:
            raise fault("E153", raw[2:], found=self.typed(raw), wanted=say("latex.one name"))
        name = f"{base}_{ACCENTS[raw.text[1:]]}"
        return self.named(name, (raw.start, self.raws[after - 1].end), after, end)

    def styled(self, at: int, end: int) -> int:
        raw = self.raws[at]
        first, last, after = self.argument(at + 1, end, raw)
        inside = self.flat(first, last)
        span = (raw.start, self.raws[after - 1].end)
        words = "".join(piece.text for piece in inside)
        if words in INDICATOR_SIGNS and self.is_indicator(after, end):
            return self.indicated(raw.start, after)
        if words in ONE_SIGNS:
            return self.ones(span, after, end)
        if raw.text == r"\mathbb":
            raise self.unknown(raw)
        if len(inside) == 1 and inside[0].kind == "command" and inside[0].text[1:] in GREEK:
            return self.named(self.known.letter(inside[0].text[1:]), span, after, end)
        if not (words.isalnum() and words[0].isalpha() and words.isascii()):
            if len(inside) == 1 and inside[0].kind == "number":
                self.put(Kind.NUMBER, words, *span)
            else:
                self.bracketed(first, last, *span)
            self.level.ended = True
            return after
        whole = raw.text[1:] in UPRIGHT and len(words) > 1
        called = after < end and self.raws[after].kind == "open" and self.raws[after].text == "("
        called = called and len(self.known.split(words, self.bound)) == 1 < len(words)
        name = function_named(words) if (whole or called) and words not in self.known else None
        if name is not None:
            return self.function(name, span, after, end)
        parts = [words] if whole else self.known.split(words, self.bound)
        if len(parts) == 1:
            return self.named(parts[0], span, after, end)
        start = inside[0].start
        for part in parts[:-1]:
            self.put(Kind.NAME, part, start, start + len(part))
            start += len(part)
            self.put(Kind.OPERATOR, "*", start)
        return self.named(parts[-1], (start, start + len(parts[-1])), after, end)

    def indicated(self, start: int, opener: int) -> int:
        """An indicator with its condition in brackets."""
        closer = self.partner[opener]
        self.indicator(start, opener + 1, closer, self.raws[closer].end)
        return closer + 1

    def ones(self, span: tuple[int, int], at: int, end: int) -> int:
        r"""``\mathbf{1}_m``, or ones of a size that what stands around them forces."""
        if at < end and self.raws[at].text == "_":
            first, last, at = self.argument(at + 1, end, self.raws[at])
            if any(piece.text == "=" for piece in self.raws[first:last]):
                braced = self.raws[first].kind == "open" and self.partner[first] == last - 1
                self.indicator(span[0], first + braced, last - braced, self.raws[at - 1].end)
                return at
            self.sized(ONES.name, span, (first, last))
        else:
            self.put(Kind.NAME, f"o{FILLED}{len(self.out)}", *span)
        self.level.ended = True
        return at

    def nabla(self, at: int, end: int) -> int:
        r"""``\nabla_w J`` is a derivative found on the way, ``\nabla\phi(Z)`` the gradient of a function."""
        raw = self.raws[at]
        at += 1
        variable = None
        if self.raws[at].text == "_":
            first, last, at = self.argument(at + 1, end, self.raws[at])
            variable = self.plain_name(first, last)
        name, after = self.name_at(at, end, raw)
        prefixed = f"grad_{name}" if variable is None else f"d{name}_d{variable}"
        if variable is not None and name in self.given and self.raws[after].text == "(":
            kept = len(self.out)
            after = self.applied(self.given[name], raw[2:], after)
            del self.out[kept:]
        self.put(Kind.NAME, prefixed, raw.start, self.raws[after - 1].end)
        self.level.ended = True
        if variable is None and self.raws[after].kind == "open" and self.raws[after].text == "(":
            return self.call(after)
        return after
