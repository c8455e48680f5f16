r"""Statements in LaTeX: definitions, declarations ``X \in \mathbb{R}^{m \times n}``, and the objective.

A module of its own because a text is gone through twice: once for the names that it declares, which say
where a word ends, and once for its formulas. Declarations may follow what they declare, as in notes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from dimcompat.errors import DimcompatError, fault
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_sets import Sets
from dimcompat.language.latex_tokens import Pieces
from dimcompat.language.latex_words import RELATIONS, UPRIGHT
from dimcompat.language.plain import Kind, Token, tokens

JOINING = ("where", "with", "and", "for", "given", "let", "Let", "Where")
LOSS_NAMES = ("J", "L", "E", "F")


class Statement(NamedTuple):
    """A statement: the pieces from ``start`` to ``end``, and what was found out about it.

    A ``definition`` has a ``name`` before ``equals``, a ``function`` its ``parameter`` too, a ``declaration``
    ``names`` and a set after it; a ``plain`` one is as in the plain notation.
    """

    kind: str
    start: int
    end: int
    equals: int = -1
    name: str = ""
    parameter: tuple[str, int] = ("", -1)
    names: tuple[tuple[str, int, int], ...] = ()


class Statements(Sets):
    """Reads a whole text."""

    def __init__(self, found: Pieces, known: Known) -> None:
        super().__init__(found, known)
        self.waiting: list[tuple[str, int, int]] = []

    def tokens(self) -> list[Token]:
        """The tokens of the text, the last of kind END."""
        statements: list[Statement] = []
        start = 0
        for place, raw in enumerate(self.raws):
            if raw.kind in ("break", "end"):
                statements += self.parts(start, place)
                start = place + 1
        if self.known.separate:
            capitals = {raw.text for raw in self.raws if raw.kind == "letter" and raw.text.isupper()}
            self.known.matrices |= capitals - self.known.values
        declared = [one for one in statements if one.kind in ("declaration", "plain")]
        others = [one for one in statements if one not in declared]
        for number, statement in enumerate([*declared, *others]):
            if number:
                self.put(Kind.SEPARATOR, ";", self.here())
            self.statement(statement)
        size = len(self.text)
        return [*self.out, Token(Kind.END, "", size, size)]

    # what there is

    def parts(self, start: int, end: int) -> list[Statement]:
        """The statements of one line; declarations may stand beside others, parted by commas."""
        cuts = [start - 1]
        declares = any(raw.text == r"\in" for raw in self.raws[start:end])
        found: list[Statement] = []
        place = start
        while place < end:
            raw = self.raws[place]
            if raw.kind == "open":
                place = self.partner[place]
            elif declares and raw.text == ",":
                cuts.append(place)
            elif raw.kind == "command" and raw.text[1:] in UPRIGHT and self.raws[place + 1].text == "{":
                closer = self.partner[place + 1]
                word = "".join(piece.text for piece in self.raws[place + 2 : closer])
                if word.lower() in JOINING:
                    found += self.cut([*cuts, place])
                    cuts = [closer]
                    declares = any(piece.text == r"\in" for piece in self.raws[closer:end])
                place = closer
            elif (stop := self.joint(place, end)) > place:
                found += self.cut([*cuts, place])
                cuts, place = [stop - 1], stop - 1
                declares = any(piece.text == r"\in" for piece in self.raws[stop:end])
            place += 1
        return [*found, *self.cut([*cuts, end])]

    def joint(self, place: int, end: int) -> int:
        """The end of a word such as where that starts here and stands by itself, or the place itself."""
        stop, raws = place, self.raws
        if place and raws[place - 1].kind == "letter" and raws[place - 1].end >= raws[place].start:
            return place
        while (
            stop < end
            and raws[stop].kind == "letter"
            and (stop == place or raws[stop].start == raws[stop - 1].end)
        ):
            stop += 1
        word = self.text[raws[place].start : raws[stop - 1].end] if stop > place else ""
        return stop if word in JOINING and word not in self.known else place

    def cut(self, places: list[int]) -> list[Statement]:
        found = []
        for before, after in pairwise(places):
            start, end = before + 1, after
            while start < end and self.raws[end - 1].text in (".", ",", "。"):
                end -= 1
            if start < end:
                statement = self.sort(start, end)
                if statement is not None:
                    found.append(statement)
        return found

    def sort(self, start: int, end: int) -> Statement | None:
        """What kind of statement stands between two places; the names of a declaration may come before it."""
        relation = self.outermost(start, end, (*RELATIONS, r"\in"))
        first = self.raws[start]
        if relation == -1:
            after = self.outermost(start, end, (":",))
            if after != -1 and self.is_new(start, after):
                return self.plain_declaration(start, after, end)
            if self.outermost(end, self.next_break(end), (r"\in",)) != -1 and self.is_new(start, end):
                self.waiting.append((self.plain_name(start, end), start, end))
                return None
            return Statement("objective", self.opening(start, end), end)
        if self.raws[relation].text == r"\in":
            names = (*self.waiting, (self.plain_name(start, relation), start, relation))
            self.waiting.clear()
            self.take_declared(names, relation + 1, end)
            return Statement("declaration", start, end, relation, names=tuple(names))
        if first.text in (r"\nabla", r"\frac", r"\dfrac", r"\tfrac"):
            return Statement("objective", self.opening(relation + 1, end), end)
        name, after = self.name_at(start, relation, first)
        if after == relation:
            self.take_assigned(name)
            return Statement("definition", start, end, relation, name)
        opener = self.raws[after]
        if opener.text != "(" or opener.kind != "open" or self.partner[after] != relation - 1:
            raise fault("E118", self.raws[relation][2:], found=self.typed(self.raws[relation]))
        inside = self.parted(after + 1, relation - 1)
        parameter = self.plain_name(*inside[0])
        if len(inside) > 1 or parameter in self.known.values or not self.is_called(name, relation):
            self.take_assigned(name)
            return Statement("definition", start, end, relation, name)
        self.known.functions.add(name)
        return Statement("function", start, end, relation, name, (parameter, inside[0][0]))

    def next_break(self, place: int) -> int:
        while self.raws[place].kind not in ("break", "end"):
            place += 1
        return place

    def outermost(self, start: int, end: int, texts: tuple[str, ...]) -> int:
        """The first of these outside brackets, or -1."""
        place = start
        while place < end:
            raw = self.raws[place]
            if raw.text in texts and raw.kind in ("symbol", "command"):
                return place
            place = self.partner[place] + 1 if raw.kind == "open" else place + 1
        return -1

    def opening(self, start: int, end: int) -> int:
        r"""Where a formula starts after ``\min_w``, which says what it is for."""
        place = start + (self.raws[start].text == r"\arg")
        aims = (r"\min", r"\max", r"\argmin", r"\argmax")
        if place + 1 < end and self.raws[place].text in aims and self.raws[place + 1].text == "_":
            *_, after = self.argument(place + 2, end, self.raws[place])
            return after
        return start

    def is_new(self, start: int, end: int) -> bool:
        """Whether there is one name between two places, and nothing is known by it."""
        try:
            return self.plain_name(start, end) not in self.known
        except DimcompatError:
            return False

    def is_called(self, name: str, after: int) -> bool:
        """Whether a name stands in front of brackets further down."""
        letters = [raw.text for raw in self.raws[after:]]
        return any(a in (name, "\\" + name) and b in ("(", "'") for a, b in pairwise(letters))

    def take_assigned(self, name: str) -> None:
        self.known.take(name)
        if name[0].isupper() and name not in LOSS_NAMES:
            self.known.likely.add(name)

    def plain_declaration(self, start: int, colon: int, end: int) -> Statement:
        name = self.plain_name(start, colon)
        self.known.take(name)
        sizes = [token for token in self.slice(colon + 1, end) if token.kind is Kind.NAME]
        self.known.dimensions |= {token.text for token in sizes} - {"scalar", "elementwise", "function"}
        if any(raw.text in (",", "*", "x") for raw in self.raws[colon:end]):
            self.known.matrices.add(name)
        if any(token.text in ("elementwise", "function") for token in sizes):
            self.known.functions.add(name)
        if any(token.text == "labels" for token in sizes):
            self.known.labels.add(name)
        return Statement("plain", start, end, colon, name)

    def slice(self, start: int, end: int) -> list[Token]:
        """Plain tokens of what stands between two places."""
        offset, stop = self.raws[start].start if start < end else self.raws[end].start, self.raws[end - 1].end
        found = tokens(self.text[offset:stop])[:-1]
        return [token._replace(start=token.start + offset, end=token.end + offset) for token in found]

    # their tokens

    def statement(self, of: Statement) -> None:
        match of.kind:
            case "objective":
                self.expression(of.start, of.end)
            case "plain":
                self.put(Kind.NAME, of.name, self.raws[of.start].start, self.raws[of.equals - 1].end)
                self.put(Kind.COLON, ":", *self.raws[of.equals][2:])
                self.out += self.slice(of.equals + 1, of.end)
            case "declaration":
                for number, named in enumerate(of.names):
                    if number:
                        self.put(Kind.SEPARATOR, ";", self.here())
                    self.declare(named, of.equals, of.end)
            case _:
                self.define(of)

    def define(self, of: Statement) -> None:
        start, equals = self.raws[of.start], self.raws[of.equals]
        name, place = of.parameter
        stop = self.raws[of.equals - 1].end
        is_new = bool(name) and name not in self.known
        if name:
            opener = self.raws[place - 1]
            self.put(Kind.NAME, of.name, start.start, opener.start)
            self.put(Kind.OPEN, "(", *opener[2:])
            self.put(Kind.NAME, name, self.raws[place].start, self.raws[of.equals - 2].end)
            self.put(Kind.CLOSE, ")", *self.raws[of.equals - 1][2:])
            self.known.take(name)
        else:
            self.put(Kind.NAME, of.name, start.start, stop)
        self.put(Kind.EQUALS, "=", *equals[2:])
        self.expression(self.opening(of.equals + 1, of.end), of.end)
        if is_new:
            self.known.values.discard(name)
