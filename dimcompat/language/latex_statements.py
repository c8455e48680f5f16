r"""Statements in LaTeX: definitions, declarations ``X \in \mathbb{R}^{m \times n}``, and the objective.

A module of its own because a text is gone through twice: once for the names that it declares, which say
where a word ends, and once for its formulas. Declarations may follow what they declare, as in notes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from dimcompat.errors import DimcompatError, fault
from dimcompat.language.latex_given import Given
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_sets import Sets
from dimcompat.language.latex_tokens import Pieces
from dimcompat.language.latex_words import RELATIONS, TRANSPOSES, UPRIGHT
from dimcompat.language.plain import Kind, Token, tokens

JOINING = ("where", "with", "and", "for", "given", "let", "Let", "Where")
LOSS_NAMES = ("J", "L", "E", "F")


class Statement(NamedTuple):
    """A statement: the pieces from ``start`` to ``end``, and what was found out about it.

    A ``definition`` has a ``name`` before ``equals``, and what is ``given`` where that has arguments or an
    index; a ``declaration`` has ``names`` and a set after it; a ``plain`` one is as in the plain notation.
    """

    kind: str
    start: int
    end: int
    equals: int = -1
    name: str = ""
    given: Given | None = None
    names: tuple[tuple[str, int, int], ...] = ()


class Statements(Sets):
    """Reads a whole text."""

    def __init__(self, found: Pieces, known: Known) -> None:
        super().__init__(found, known)
        self.waiting: list[tuple[str, int, int]] = []
        self.summed = self.sum_indices()

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
            self.known.matrices |= self.rows_beside_transposes() - self.known.values
        declared = [one for one in statements if one.kind in ("declaration", "plain")]
        others = [one for one in statements if one not in declared]
        for number, statement in enumerate([*declared, *others]):
            if number:
                self.put(Kind.SEPARATOR, ";", self.here())
            self.statement(statement)
        last = others[-1].given if others else None
        if last is not None and last.body is not None:
            left = others[-1]
            span = (self.raws[left.start].start, self.raws[left.equals - 1].end)
            raise fault("E157", span, found=last.typed, name=last.name)
        size = len(self.text)
        return [*self.out, Token(Kind.END, "", size, size)]

    # what there is

    def sum_indices(self) -> set[str]:
        """The letters that some sum of the text binds."""
        found: set[str] = set()
        for place, raw in enumerate(self.raws[:-2]):
            if raw.text == r"\sum" and self.raws[place + 1].text == "_":
                first, last, _ = self.argument(place + 2, len(self.raws) - 1, raw)
                inside = self.flat(first, last)
                stop = next((n for n, piece in enumerate(inside) if piece.text == "="), len(inside))
                found |= {piece.text for piece in inside[:stop] if piece.kind == "letter"}
        return found

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
        if first.text in (r"\nabla", r"\frac", r"\dfrac", r"\tfrac") or self.is_search(relation + 1, end):
            return Statement("objective", self.opening(relation + 1, end), end)
        name, after = self.name_at(start, relation, first)
        opener = self.raws[after]
        applied = opener.text == "(" and opener.kind == "open" and self.partner[after] == relation - 1
        if after != relation and not applied:
            raise fault("E118", self.raws[relation][2:], found=self.typed(self.raws[relation]))
        given = self.given_at(start, relation, end)
        if given is None or given.arguments:
            self.take_assigned(name)
        return Statement("definition", start, end, relation, name, given)

    def given_at(self, start: int, relation: int, end: int) -> Given | None:
        """What the left side of a definition gives besides a name: arguments, or an index for each sample."""
        base, after = self.base_at(start, relation, self.raws[start])
        scripts = self.scripts(after, relation)
        name, _ = self.name_at(start, relation, self.raws[start])
        typed = self.text[self.raws[start].start : self.raws[relation - 1].end]
        summed = (self.summed | self.picked(relation, end)) & {raw.text for raw in self.raws[relation:end]}
        if scripts.after == relation:
            below = self.flat(*scripts.below) if scripts.below is not None else []
            labels = [raw.text for raw in below if raw.text != ","]
            above = [scripts.label] if scripts.label in summed else []
            lower = labels if set(labels) <= summed else []
            if not (above or lower) or name in self.known:
                return None
            kept = "" if lower or not labels else name.removeprefix(base).partition("__")[0]
            kept += f"__{scripts.label}" if scripts.label and not above else ""
            given = Given(base + kept, typed, indices=(*(label for label in above if label), *lower))
            if given.name in self.known:
                raise fault("E134", (self.raws[start].start, self.raws[relation - 1].end), found=base + kept)
            self.given[name] = self.given[given.name] = given
            self.known.formulas.add(given.name)
            return given
        if name in self.known:
            raise fault("E134", (self.raws[start].start, self.raws[relation - 1].end), found=name)
        ranges = self.arguments(scripts.after)
        indices = sorted(summed & {raw.text for argument in ranges for raw in self.raws[slice(*argument)]})
        parameters = () if indices else tuple(self.plain_name(*argument) for argument in ranges)
        arguments = tuple(self.said(*argument) for argument in ranges)
        given = self.given[name] = Given(name, typed, arguments, parameters, tuple(indices))
        return given

    def rows_beside_transposes(self) -> set[str]:
        r"""The matrices of small letters with an index that are transposed or stand behind a transpose, as in
        ``w^\top x_i``: entries would not be."""
        pieces = self.flat(0, len(self.raws))
        texts = [raw.text for raw in pieces]
        found: set[str] = set()
        for place, raw in enumerate(pieces):
            below, above = texts[place + 1 : place + 3], texts[place + 1 : place + 5]
            is_below = below[:1] == ["_"] and below[-1] in self.summed
            is_above = above[:2] == ["^", "("] == ["^", *above[3:]] and above[2] in self.summed
            if raw.kind != "letter" or not (is_below or is_above):
                continue
            after = texts[place + 3 : place + 5] if is_below else []
            before = texts[max(place - 2, 0) : place]
            if any(pair[:1] == ["^"] and pair[-1] in TRANSPOSES for pair in (after, before)):
                found.add(raw.text.upper())
        return found

    def picked(self, start: int, end: int) -> set[str]:
        """The letters that pick an entry of a declared column, or a row of a matrix, as in ``x_i``."""
        found: set[str] = set()
        for place in range(start + 1, end - 1):
            before, after = self.raws[place - 1], self.raws[place + 1]
            if self.raws[place].text == "_" and after.kind == "letter":
                base = self.letter(before)
                rows = base in self.known.columns or self.matrix_of(base) is not None
                found |= {after.text} if rows and f"{base}_{after.text}" not in self.known else set()
        return found

    def next_break(self, place: int) -> int:
        while self.raws[place].kind not in ("break", "end"):
            place += 1
        return place

    def is_new(self, start: int, end: int) -> bool:
        """Whether there is one name between two places, and nothing is known by it."""
        try:
            return self.plain_name(start, end) not in self.known
        except DimcompatError:
            return False

    def take_assigned(self, name: str) -> None:
        self.known.take(name)
        if name[0].isupper() and name not in LOSS_NAMES:
            self.known.likely.add(name)

    def plain_declaration(self, start: int, colon: int, end: int) -> Statement:
        name = self.plain_name(start, colon)
        self.known.take(name)
        plain = self.slice(colon + 1, end)
        sizes = [token for token in plain if token.kind is Kind.NAME]
        self.known.dimensions |= {token.text for token in sizes} - {"scalar", "elementwise", "function"}
        if any(raw.text in (",", "*", "x") for raw in self.raws[colon:end]):
            self.known.matrices.add(name)
        if any(token.text in ("elementwise", "function") for token in sizes):
            self.known.functions.add(name)
        if any(token.text == "labels" for token in sizes):
            self.known.labels.add(name)
            self.known.classes[name] = plain[[token.text for token in plain].index("labels") + 2 : -1]
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
                self.out += self.formula(of.start, of.end)
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
        first = self.opening(of.equals + 1, of.end)
        if of.given is not None and self.is_written_out(of, of.given):
            self.write_out_later(of, of.given, first)
            return
        self.put(Kind.NAME, of.name, start.start, self.raws[of.equals - 1].end)
        self.put(Kind.EQUALS, "=", *equals[2:])
        self.out += self.formula(first, of.end)
        if of.given is not None:
            of.given.ready = True

    def is_written_out(self, of: Statement, given: Given) -> bool:
        """Whether a definition is a formula with parameters or indices, and not a part that keeps its
        arguments: where it is used with others, or for each sample."""
        if given.indices:
            return True
        name = self.flat(of.start, self.opener_of(of))
        used = self.uses([raw.text for raw in name], of.equals)
        return bool(self.free_in(given)) and any(arguments != given.arguments for arguments in used)

    def opener_of(self, of: Statement) -> int:
        """The bracket in front of the arguments on the left side of a definition."""
        return next(n for n, closer in self.partner.items() if closer == of.equals - 1)

    def free_in(self, given: Given) -> frozenset[str]:
        """The parameters that are no names of the text besides."""
        known = self.known
        return frozenset(p for p in given.parameters if p not in known or p in known.formulas)

    def write_out_later(self, of: Statement, given: Given, first: int) -> None:
        """Keeps the formula; that of a function of one number is defined as a function instead."""
        free = given.free = self.free_in(given)
        hidden = {name: self.given.pop(name) for name in free if name in self.given}
        self.known.values |= free
        body = self.formula(first, of.end, given.indices)
        self.given |= hidden
        self.known.values -= {*free, of.name}
        given.ready = True
        if len(given.parameters) != 1 or not self.is_arithmetic(body):
            given.body, given.limits = body, self.limits_in(body)
            self.known.formulas.add(given.name)
            return
        self.known.functions.add(of.name)
        del self.given[of.name]
        start, place = self.raws[of.start].start, of.equals - 1
        opener = self.opener_of(of)
        self.put(Kind.NAME, of.name, start, self.raws[opener].start)
        self.put(Kind.OPEN, "(", *self.raws[opener][2:])
        self.put(Kind.NAME, given.parameters[0], self.raws[opener].end, self.raws[place].start)
        self.put(Kind.CLOSE, ")", *self.raws[place][2:])
        self.put(Kind.EQUALS, "=", *self.raws[of.equals][2:])
        self.out += body
