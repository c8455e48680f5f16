r"""What a text defines with arguments, ``J(w) = …`` and ``f(x) = …``, or for each sample, ``z_i = …``.

A module of its own because such a name means something only together with what stands at it: a part keeps
its arguments, and a formula with a parameter or an index is written out wherever it is used.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from dimcompat.errors import fault, shown
from dimcompat.functions import find
from dimcompat.functions.reductions import SUM
from dimcompat.language.latex_dots import with_dot_products
from dimcompat.language.latex_known import Known
from dimcompat.language.latex_terms import Range, Terms, says_nothing
from dimcompat.language.latex_tokens import Pieces
from dimcompat.language.plain import Kind, Token
from dimcompat.messages import say
from dimcompat.records import dataclass

MOST_WRITTEN = 100_000
"""How many tokens a text may have with all its formulas written out."""

FILLED = "·"
"""Stands in what a constant is called whose size is still to be found."""

Limit = tuple[str, str, tuple[int, int]]
"""The index of a sum, where it ends, and where that is said."""


@dataclass(slots=True)
class Given:
    """A definition with ``arguments`` as typed, or one for each of some ``indices``.

    ``body`` is the formula that is written out where the name is used, with the names of its ``parameters``
    in it, those that are ``free`` to be anything; a part has none, and keeps its arguments. What is not
    ``ready`` stands further down.
    """

    name: str
    typed: str
    arguments: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    free: frozenset[str] = frozenset()
    body: list[Token] | None = None
    limits: dict[int, Limit] = field(default_factory=dict)
    ready: bool = False


class Givens(Terms):
    """Reads the uses of such names."""

    def __init__(self, found: Pieces, known: Known) -> None:
        super().__init__(found, known)
        self.given: dict[str, Given] = {}
        self.limits: dict[tuple[str, tuple[int, int]], Limit] = {}
        self.copies = 0
        self.kept = [place for place, raw in enumerate(self.raws) if not says_nothing(raw)]

    # what is typed

    def said(self, at: int, end: int) -> str:
        """What stands between two places, however it is spaced and styled."""
        return " ".join(raw.text for raw in self.flat(at, end))

    def arguments(self, opener: int) -> list[Range]:
        """The arguments in the brackets at a place."""
        found: list[Range] = []
        place = start = opener + 1
        while place < self.partner[opener]:
            if self.raws[place].kind == "open":
                place = self.partner[place]
            elif self.raws[place].text == ",":
                found.append((start, place))
                start = place + 1
            place += 1
        return [*found, (start, place)]

    def uses(self, name: Sequence[str], at: int) -> Iterator[tuple[str, ...]]:
        """The arguments, as ``said``, that stand at a name from a place on; none where it is primed."""
        kept = self.kept[bisect_left(self.kept, at) :]
        texts = [self.raws[place].text for place in kept]
        for start in range(len(kept) - len(name)):
            after = start + len(name)
            before, first = self.raws[kept[start - 1]], self.raws[kept[start]]
            inside = start > 0 and before.kind == first.kind == "letter" and before.end == first.start
            if texts[start:after] != list(name) or inside:
                continue
            if texts[after] == "'":
                yield ()
            elif texts[after] == "(" and self.raws[kept[after]].kind == "open":
                yield tuple(self.said(*argument) for argument in self.arguments(kept[after]))

    # what it means

    def applied(self, given: Given, span: tuple[int, int], opener: int) -> int:
        """A use with arguments; returns the place after them."""
        closer = self.partner[opener]
        whole = (span[0], self.raws[closer].end)
        ranges = self.arguments(opener)
        self._require(given, whole)
        found = [self.said(*argument) for argument in ranges]
        free = [place for place, one in enumerate(given.parameters) if one in given.free]
        kept = [one for place, one in enumerate(found) if place not in free]
        wanted = [one for place, one in enumerate(given.arguments) if place not in free]
        if len(found) != len(given.arguments) or kept != wanted:
            raise fault(
                "E156", whole, found=shown(self.text[slice(*whole)]), definition=given.typed, name=given.name
            )
        if given.body is None:
            self.put(Kind.NAME, given.name, *whole)
            self.level.ended = True
            return closer + 1
        means: dict[str, list[Token]] = {}
        for place in free:
            first, last = ranges[place]
            start = len(self.out)
            self.bracketed(first, last, self.raws[first].start, self.raws[last].start)
            means[given.parameters[place]] = self.out[start:]
            del self.out[start:]
        self._require_bound(given, whole)
        self.written_out(given, means, whole)
        return closer + 1

    def sampled(self, given: Given, items: Sequence[tuple[Token, ...]], span: tuple[int, int]) -> None:
        """A use at the indices ``items``."""
        self._require(given, span)
        if not items:
            self._require_bound(given, span)
        if len(items) != len(given.indices) or any(len(item) > 1 or item[0].text == ":" for item in items):
            raise fault("E154", span, found=shown(self.text[slice(*span)]))
        self.written_out(given, dict(zip(given.indices, map(list, items), strict=True)), span)

    def written_out(self, given: Given, means: Mapping[str, list[Token]], span: tuple[int, int]) -> None:
        """The formula of a definition in brackets; all of it stands where the name does."""
        assert given.body is not None
        used = {token.text for tokens in means.values() for token in tokens if token.kind is Kind.NAME}
        self.copies += 1
        self.put(Kind.OPEN, "(", *span)
        for place, token in enumerate(given.body):
            if token.kind is Kind.NAME and token.text in means:
                self.out += [part._replace(start=span[0], end=span[1]) for part in means[token.text]]
                continue
            limit = given.limits.get(place)
            if token.text in used and _binds(given.body, place):
                meaning = say("latex.index within", name=given.typed)
                raise fault("E151", span, found=token.text, meaning=meaning)
            if limit is not None and self.limits.setdefault((token.text, span), limit)[1] != limit[1]:
                raise fault("E151", span, found=token.text, meaning=say("latex.two sums", name=given.typed))
            text = f"{token.text}{FILLED}{self.copies}" if FILLED in token.text else token.text
            self.out.append(Token(token.kind, text, *span))
        self.put(Kind.CLOSE, ")", *span)
        self.level.ended = True
        if len(self.out) > MOST_WRITTEN:
            raise fault("E148", span, limit=MOST_WRITTEN)

    def _require(self, given: Given, span: tuple[int, int]) -> None:
        if not given.ready:
            raise fault("E305", span, found=given.typed, kind=say("kind.definition"))

    def _require_bound(self, given: Given, span: tuple[int, int]) -> None:
        for index in given.indices:
            if index not in self.bound:
                raise fault("E307", span, found=index, around=rf"\sum_{index} {given.typed}")

    # definitions

    def formula(self, at: int, end: int, indices: Sequence[str] = ()) -> list[Token]:
        """The tokens of a formula, indices being bound by what is outside it."""
        outer, self.out = self.out, []
        self.bound += indices
        self.expression(at, end)
        del self.bound[len(self.bound) - len(indices) :]
        found, self.out = self.out, outer
        return with_dot_products(found, self.text, self.known.is_column, self.known.is_scalar)

    def limits_in(self, body: list[Token]) -> dict[int, Limit]:
        """The ends of the sums in a formula, by the place of their index."""
        places = enumerate(body)
        found = {place: self.limits.get((token.text, (token.start, token.end))) for place, token in places}
        return {place: limit for place, limit in found.items() if limit is not None}

    def is_arithmetic(self, body: list[Token]) -> bool:
        """Whether a formula can be that of a function of one number, applied entry by entry."""
        for token, following in zip(body, [*body[1:], body[-1]], strict=True):
            shaped = token.kind is Kind.NAME and token.text in self.known.shaped
            if shaped or token.kind is Kind.TRANSPOSE or token.text in ("[", "‖") or FILLED in token.text:
                return False
            record = find(token.text) if token.kind is Kind.NAME and following.text == "(" else None
            if record is not None and not record.entrywise and token.text not in self.known:
                return False
        return True


def _binds(body: list[Token], place: int) -> bool:
    """Whether a token is the index that a sum binds."""
    before = [token.text for token in body[max(place - 2, 0) : place]]
    return before == [SUM.name, "("] and body[place + 1].kind is Kind.COMMA
