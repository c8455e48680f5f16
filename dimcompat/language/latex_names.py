r"""Names in LaTeX: subscripts and superscripts that belong to a name, and those that are indices.

A module of its own because ``x_i`` is a name, an entry of ``x``, or a row of ``X`` as a column, and only
what has been declared and which sums stand around it say which.
"""

from __future__ import annotations

from typing import NamedTuple

from dimcompat.errors import DimcompatError, fault, shown
from dimcompat.functions.constants import COMMUTATION, EYE
from dimcompat.functions.exponentials import EXP
from dimcompat.language.latex_given import Given, Givens
from dimcompat.language.latex_terms import Range
from dimcompat.language.latex_tokens import Raw
from dimcompat.language.latex_words import GREEK, TRANSPOSES, function_named
from dimcompat.language.plain import Kind, Token
from dimcompat.language.unshaped import IDENTITY
from dimcompat.messages import say

EYE_SIGN, COMMUTATION_SIGN = EYE.latex[0], COMMUTATION.latex[0]
CONSTANTS = {EYE_SIGN: EYE.name, COMMUTATION_SIGN: COMMUTATION.name}


class Item(NamedTuple):
    """An index: its tokens, and whether it can be nothing else."""

    tokens: tuple[Token, ...]
    certain: bool


class Scripts(NamedTuple):
    """What stands below and above a name: a subscript, the label of a superscript, a transpose, the end."""

    below: Range | None
    above: Range | None
    label: str | None
    transposed: Raw | None
    after: int


def own_derivative(name: str, span: tuple[int, int]) -> DimcompatError:
    r"""The error for ``\sigma'`` of one of our own functions."""
    return fault("E306", span, found=shown(name + "'"), hint=say("E306.own", name=name))


class Names(Givens):
    """Reads names with all that belongs to them."""

    samples: dict[str, str]

    def word(self, at: int, end: int) -> int:
        """A word of letters and digits without gaps: a name, a function, or a product of names."""
        stop = at + 1
        while stop < end and self.raws[stop].start == self.raws[stop - 1].end and self._goes_on(at, stop):
            stop += 1
        first, last = self.raws[at], self.raws[stop - 1]
        word = self.text[first.start : last.end]
        following = self.raws[stop]
        if word == "axis" and following.text == "=":
            self.put(Kind.NAME, word, first.start, last.end)
            return stop
        parts = self.known.split(word, self.bound)
        called = following.kind == "open" and following.text in "([" and len(word) > 1
        if called and word not in self.known and not all(part in self.known for part in parts):
            name = function_named(word)
            if name is not None:
                return self.function(name, (first.start, last.end), stop, end)
        start = first.start
        for part in parts[:-1]:
            self.put(Kind.NUMBER if part.isdigit() else Kind.NAME, part, start, start + len(part))
            start += len(part)
            self.put(Kind.OPERATOR, "*", start)
        if parts[-1].isdigit():
            self.put(Kind.NUMBER, parts[-1], start, last.end)
            self.level.ended = True
            return stop
        return self.named(parts[-1], (start, last.end), stop, end)

    def _goes_on(self, at: int, place: int) -> bool:
        raw = self.raws[place]
        letters = raw.kind == "letter" and raw.text.isascii() == self.raws[at].text.isascii()
        return letters or (raw.kind == "number" and raw.text.isdigit())

    def function(self, name: str, span: tuple[int, int], at: int, end: int) -> int:
        raise NotImplementedError

    def call(self, at: int) -> int:
        """The arguments of a call in the brackets at ``at``."""
        raise NotImplementedError

    # names with scripts

    def named(self, base: str, span: tuple[int, int], at: int, end: int) -> int:
        """A name that may have scripts, an index, or a call after it."""
        known = self.known
        following = self.raws[at] if at < end else self.raws[-1]
        opens = following.kind == "open" and following.text in ("(", "[")
        if base == "e" and base not in known and following.text == "^":
            first, last, after = self.argument(at + 1, end, following)
            self.put(Kind.NAME, EXP.name, *span)
            self.bracketed(first, last, following.start, self.raws[after - 1].end)
            return after
        spelled = function_named(next((c for c, names in GREEK.items() if base in names), ""))
        if opens and base not in known and spelled is not None:
            return self.function(spelled, span, at, end)
        if following.text == "'" and base not in known and spelled is not None:
            raise own_derivative(spelled, span)
        scripts = self.scripts(at, end)
        after = scripts.after
        if self.is_constant(base, scripts):
            self.constant(base, span, scripts)
            self.level.ended = True
            return after
        name, items = self.resolved(base, scripts)
        given = self.given.get(name)
        if given is not None and not given.arguments:
            return self.sample(given, span, scripts, items, end)
        if given is not None and self.raws[after].text == "(" and self.raws[after].kind == "open":
            return self.applied(given, span, after)
        if given is not None and [raw.text for raw in self.raws[after : after + 2]] == ["'", "("]:
            hint = say("latex.primed", definition=given.typed)
            raise fault("E306", span, found=shown(name + "'"), hint=hint)
        if given is not None and self.raws[after].text == "^":
            *_, behind = self.argument(after + 1, end, self.raws[after])
            if behind < end and self.raws[behind].text == "(" and self.raws[behind].kind == "open":
                whole = (span[0], self.raws[behind - 1].end)
                hint = say("latex.argument first")
                raise fault("E424", whole, found=shown(self.text[slice(*whole)]), hint=hint)
        if items:
            self.indexed(name, span, items, after)
        else:
            self.put(Kind.NAME, name, span[0], max(span[1], self._end_of(scripts, span)))
        self.level.ended = True
        if scripts.transposed is not None:
            self.put(Kind.TRANSPOSE, "'", *scripts.transposed[2:])
        if name in known.functions:
            while self.raws[after].text == "'":
                self.put(Kind.TRANSPOSE, "'", *self.raws[after][2:])
                after += 1
            if self.raws[after].kind == "open" and self.raws[after].text in ("(", "["):
                return self.call(after)
        return self.bracket_index(after, end)

    def sample(
        self, given: Given, span: tuple[int, int], scripts: Scripts, items: list[Item], end: int
    ) -> int:
        """What is defined for each sample, at some indices."""
        self.sampled(given, [item.tokens for item in items], (span[0], self._end_of(scripts, span)))
        if scripts.transposed is not None:
            self.put(Kind.TRANSPOSE, "'", *scripts.transposed[2:])
        return self.bracket_index(scripts.after, end)

    def _end_of(self, scripts: Scripts, span: tuple[int, int]) -> int:
        stop = self.raws[scripts.after - 1].end if scripts.below or scripts.above else span[1]
        return scripts.transposed.start if scripts.transposed is not None else stop

    def scripts(self, at: int, end: int) -> Scripts:
        """The subscript and the superscript in brackets that belong to a name."""
        below: Range | None = None
        above: Range | None = None
        label: str | None = None
        transposed: Raw | None = None
        while at < end:
            sign = self.raws[at]
            if sign.text == "_" and sign.kind == "symbol" and below is None:
                first, last, at = self.argument(at + 1, end, sign)
                below = (first, last)
            elif sign.text == "^" and sign.kind == "symbol" and above is None:
                first, last, after = self.argument(at + 1, end, sign)
                inside = self.flat(first, last)
                turned = inside[-1] if len(inside) > 3 and inside[-1].text in TRANSPOSES else None
                inside = inside[:-1] if turned is not None else inside
                if not (len(inside) > 2 and inside[0].kind == "open" and inside[-1].kind == "close"):
                    break
                label = self.label(inside[1:-1])
                if label is None:
                    piece = shown(self.text[sign.start : self.raws[after - 1].end])
                    hint = say("latex.raised label")
                    raise fault("E154", (sign.start, self.raws[after - 1].end), found=piece, hint=hint)
                above, transposed, at = (first, last), turned, after
            else:
                break
        return Scripts(below, above, label, transposed, at)

    def label(self, inside: list[Raw]) -> str | None:
        """Letters and digits that are part of a name; None where there is anything else."""
        words: list[str] = []
        for raw in inside:
            if raw.kind in ("letter", "number") and raw.text.isalnum():
                words.append(raw.text)
            elif raw.kind == "command" and raw.text[1:] in GREEK:
                words.append(self.known.letter(raw.text[1:]))
            elif raw.text == "," or (raw.text == "_" and words):
                words.append("_")
            else:
                return None
        return "".join(words).strip("_") or None

    def resolved(self, base: str, scripts: Scripts) -> tuple[str, list[Item]]:
        """The name, and the indices that its scripts are."""
        name, items = base, list[Item]()
        if scripts.below is not None:
            label = self.label(self.flat(*scripts.below))
            whole = f"{base}_{label}" + (f"__{scripts.label}" if scripts.label else "")
            found = self.items(*scripts.below)
            if found and (label is None or self._picks(base, whole, found)):
                items = found
            elif label is None:
                sign, stop = scripts.below[0] - 1, scripts.below[1]
                braced = self.raws[sign].text == "{"
                span = (self.raws[sign - braced].start, self.raws[stop - 1 + braced].end)
                hint = say("latex.indices")
                raise fault("E154", span, found=shown(self.text[slice(*span)]), hint=hint)
            else:
                together = f"{base}{label}"
                name = f"{base}_{label}"
                name = together if name not in self.known and together in self.known else name
        if scripts.label is not None and scripts.above is not None:
            if scripts.label in self.bound and f"{name}__{scripts.label}" not in self.known:
                raw = self.flat(*scripts.above)[1]
                items.insert(0, Item((Token(Kind.NAME, scripts.label, *raw[2:]),), True))
            else:
                name += f"__{scripts.label}"
        return name, items

    def _picks(self, base: str, name: str, items: list[Item]) -> bool:
        """Whether scripts that could be part of a name are indices."""
        if not any(item.certain for item in items):
            return name not in self.known and base in self.known
        return base in self.known or self.matrix_of(base) is not None or name not in self.known

    def items(self, at: int, end: int) -> list[Item]:
        """A subscript as indices; empty where it is none."""
        inside = self.flat(at, end)
        found: list[Item] = []
        place = 0
        while place < len(inside):
            raw = inside[place]
            name = (
                self.known.letter(raw.text[1:])
                if raw.text[1:] in GREEK and raw.kind == "command"
                else raw.text
            )
            after = inside[place + 1 : place + 3]
            if raw.text in (":", "*") or raw.text == r"\bullet":
                found.append(Item((Token(Kind.COLON, ":", *raw[2:]),), True))
            elif len(after) == 2 and after[0].text == "_" and after[1].text in self.bound:
                start, stop = after[0].start, after[1].end
                label = Token(Kind.NAME, name, *raw[2:]), Token(Kind.OPEN, "[", start, start)
                index = Token(Kind.NAME, after[1].text, *after[1][2:]), Token(Kind.CLOSE, "]", stop, stop)
                found.append(Item((*label, *index), True))
                place += 2
            elif name in self.bound or (name in self.known.labels):
                found.append(Item((Token(Kind.NAME, name, *raw[2:]),), name in self.bound))
            elif raw.text != ",":
                return []
            place += 1
        return found

    def matrix_of(self, base: str) -> str | None:
        """The matrix whose rows a small letter stands for."""
        above = base.upper()
        return above if base not in self.known and above != base and above in self.known.matrices else None

    def indexed(self, name: str, span: tuple[int, int], items: list[Item], after: int) -> None:
        """An operand with its indices; a sample is a row as a column."""
        stop = self.raws[after - 1].end
        matrix = self.matrix_of(name)
        is_row = matrix is not None and len(items) == 1
        if matrix is not None and is_row:
            self.samples[name] = matrix
            self.put(Kind.OPEN, "(", span[0])
        self.put(Kind.NAME, matrix or name, *span)
        self.put(Kind.OPEN, "[", span[1])
        for number, item in enumerate(items):
            if number:
                self.put(Kind.COMMA, ",", item.tokens[0].start)
            self.out += item.tokens
        if is_row:
            self.put(Kind.COMMA, ",", stop)
            self.put(Kind.COLON, ":", stop)
        self.put(Kind.CLOSE, "]", stop)
        if is_row:
            self.put(Kind.TRANSPOSE, "'", stop)
            self.put(Kind.CLOSE, ")", stop)

    def bracket_index(self, at: int, end: int) -> int:
        """``X[i,:]`` as in the plain notation: square brackets that hold nothing but indices."""
        raw = self.raws[at]
        if at >= end or raw.text != "[" or raw.kind != "open" or raw.start != self.raws[at - 1].end:
            return at
        closer = self.partner[at]
        items = self.items(at + 1, closer)
        if not items:
            return at
        self.put(Kind.OPEN, "[", *raw[2:])
        for number, item in enumerate(items):
            if number:
                self.put(Kind.COMMA, ",", item.tokens[0].start)
            self.out += item.tokens
        self.put(Kind.CLOSE, "]", *self.raws[closer][2:])
        return closer + 1

    # constants

    def is_constant(self, base: str, scripts: Scripts) -> bool:
        """Whether a name is the identity ``I`` or the commutation matrix ``K_{m,n}``, declared by nobody."""
        if base not in CONSTANTS or base in self.known or scripts.above is not None:
            return False
        if scripts.below is None:
            return base == EYE_SIGN
        label = self.label(self.flat(*scripts.below))
        sizes = len(self.parted(*scripts.below))
        return f"{base}_{label}" not in self.known and sizes == (1 if base == EYE_SIGN else 2)

    def constant(self, base: str, span: tuple[int, int], scripts: Scripts) -> None:
        """``I_n``, or ``I`` of a size that what stands around it forces."""
        if scripts.below is None:
            self.put(Kind.NAME, f"{IDENTITY}{len(self.out)}", *span)
        else:
            self.sized(CONSTANTS[base], span, scripts.below)
