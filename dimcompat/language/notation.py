"""The layout of a formula, and how a notation prints it.

A module of its own because plain text, the terminal's Unicode, LaTeX and NumPy code differ
only in spelling: they print one small tree, which has no brackets yet, and take the brackets
from the one table of binding strength. `layout` makes the tree, a subclass of `Notation` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import lru_cache
from typing import Literal, NamedTuple, assert_never

from dimcompat.expressions import Operator
from dimcompat.language.precedence import BINARY, POSTFIX, Level, needs_brackets
from dimcompat.records import dataclass
from dimcompat.shapes import Shape

Glue = Literal["scale", "matrix", "entry"]


@dataclass(frozen=True, slots=True, eq=False)
class Integer:
    """A whole number; negative only as an exponent."""

    value: int
    weight: int = field(init=False, default=0)
    parts = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rational:
    """A positive fraction of numbers."""

    top: int
    bottom: int
    weight: int = field(init=False, default=1)
    parts = ()


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name; ``quotient`` is (objective, variable) where it is that of a derivative."""

    name: str
    quotient: tuple[str, str] | None = None
    weight: int = field(init=False, default=0)
    parts = ()


ELLIPSIS = Name("…")
"""Stands in a sum for terms that other steps find."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A sum of signed terms; a single negative term is a negation."""

    terms: tuple[tuple[bool, Layout], ...]
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        own = len(self.terms) - 1 + self.terms[0][0]
        object.__setattr__(self, "weight", own + sum(term.weight for _, term in self.terms))

    @property
    def parts(self) -> tuple[Layout, ...]:
        return tuple([term for _, term in self.terms])


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A product, grouped to the left; the first item's glue says nothing."""

    items: tuple[tuple[Glue, Layout], ...]
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        own = len(self.items) - 1
        object.__setattr__(self, "weight", own + sum(item.weight for _, item in self.items))

    @property
    def parts(self) -> tuple[Layout, ...]:
        return tuple([item for _, item in self.items])


@dataclass(frozen=True, slots=True, eq=False)
class Quotient:
    """A division by a scalar, or entry by entry."""

    top: Layout
    bottom: Layout
    entrywise: bool = False
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.top.weight + self.bottom.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.top, self.bottom)


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """A power of a scalar or a matrix, or entry by entry."""

    base: Layout
    exponent: Layout
    kind: Literal["scalar", "matrix", "entry"]
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.base.weight + self.exponent.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.base, self.exponent)


@dataclass(frozen=True, slots=True, eq=False)
class Transposed:
    """A transpose."""

    operand: Layout
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.operand.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """The inverse of a matrix."""

    operand: Layout
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.operand.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True)
class LabelIndex:
    """A label that stands as an index, ``y[i]``; a single label is by itself one."""

    label: str
    index: str | None


IndexItem = str | LabelIndex | None


@dataclass(frozen=True, slots=True, eq=False)
class Indexed:
    """A row, a column or an entry; an index is None where a colon stands, and missing in a vector."""

    base: Layout
    indices: tuple[IndexItem, ...]
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", self.base.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.base,)


@dataclass(frozen=True, slots=True, eq=False)
class SumOver:
    """A sum over an index, from 1 to ``last``."""

    index: str
    last: Layout
    body: Layout
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", 1 + self.body.weight)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (self.last, self.body)


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A function with its arguments (and their shapes), sizes and axis, if it is to be written."""

    name: str
    arguments: tuple[Layout, ...] = ()
    shapes: tuple[Shape, ...] = ()
    axis: int | None = None
    sizes: tuple[Layout, ...] = ()
    function: Operator | None = None
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        inside = sum(part.weight for part in (*self.arguments, *self.sizes))
        object.__setattr__(self, "weight", 1 + inside)

    @property
    def parts(self) -> tuple[Layout, ...]:
        return (*self.arguments, *self.sizes)


Layout = (
    Integer
    | Rational
    | Name
    | Terms
    | Series
    | Quotient
    | Power
    | Transposed
    | Inverse
    | Indexed
    | SumOver
    | Applied
)


WRITTEN = 4_096
"""How many formulas are remembered as texts."""


class Piece(NamedTuple):
    """A printed part and how tightly it holds together."""

    text: str
    level: Level


def parts_first(root: Layout) -> Iterator[Layout]:
    """Every distinct node of a layout, parts before wholes, by a loop."""
    seen: set[Layout] = set()
    pending: list[tuple[Layout, bool]] = [(root, False)]
    while pending:
        node, ready = pending.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            if not node.parts:
                yield node
                continue
            pending.append((node, True))
            pending += [(part, False) for part in node.parts]


class Notation:
    """How formulas are spelled: here plain text; other notations change what they spell differently."""

    glue: dict[Glue, str] = {"scale": "*", "matrix": "*", "entry": ".*"}  # noqa: RUF012
    slash, entry_slash = "/", "./"
    plus, minus, sign = " + ", " - ", "-"
    mark = "'"

    @lru_cache(maxsize=WRITTEN)  # noqa: B019
    def write(self, root: Layout) -> str:
        """The text of a layout, which a page shows more than once, and a session comes back to."""
        return self.piece(root).text

    def piece(self, root: Layout, done: dict[Layout, Piece] | None = None) -> Piece:
        """The text of a layout and its level; ``done`` are the parts that are printed already."""
        done = {} if done is None else done
        pending = [root]
        while pending:
            node = pending.pop()
            if node in done:
                continue
            for part in node.parts:
                if part not in done:
                    pending.append(node)
                    pending += node.parts
                    break
            else:
                done[node] = self.printed(node, done)
        return done[root]

    def printed(self, node: Layout, done: dict[Layout, Piece]) -> Piece:
        """A node whose parts are printed already."""
        match node:
            case Name():
                return self.name(node)
            case Integer():
                return Piece(str(node.value), Level.ATOM)
            case Rational():
                return self.rational(node)
            case Terms():
                return self.terms(node, done)
            case Series():
                return self.series(node, done)
            case Quotient():
                return self.quotient(node, done)
            case Power():
                return self.power(node, done)
            case Transposed():
                return self.transposed(node, done)
            case Inverse():
                return self.inverse(node, done)
            case Indexed():
                return self.indexed(node, done)
            case SumOver():
                return self.sum_over(node, done)
            case Applied():
                return self.applied(node, done)
            case _:
                assert_never(node)

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def operand(self, piece: Piece, operator: str, side: Literal["left", "right"]) -> str:
        """An operand of a binary operator (plain spelling), in brackets where the table wants them."""
        wanted = needs_brackets(piece.level, BINARY[operator], side)
        return self.bracketed(piece.text) if wanted else piece.text

    def name(self, node: Name) -> Piece:
        return Piece(node.name, Level.ATOM)

    def rational(self, node: Rational) -> Piece:
        return Piece(f"{node.top}/{node.bottom}", Level.PRODUCT)

    def terms(self, node: Terms, done: dict[Layout, Piece]) -> Piece:
        text = ""
        for negative, term in node.terms:
            body = self.operand(done[term], "-" if negative else "+", "right" if text or negative else "left")
            if text:
                text += (self.minus if negative else self.plus) + body
            else:
                text = self.sign + body if negative else body
        return Piece(text, Level.SUM)

    def series(self, node: Series, done: dict[Layout, Piece]) -> Piece:
        """The items side by side; an item that is a product itself stands in brackets for the reader."""
        text = ""
        for glue, item in node.items:
            piece = done[item]
            if piece.level is Level.ATOM:
                body = piece.text
            elif self.stands_apart(item):
                body = self.bracketed(piece.text)
            else:
                body = self.operand(piece, "*", "right" if text else "left")
            text = text + self.glue[glue] + body if text else body
        return Piece(text, Level.PRODUCT)

    def stands_apart(self, item: Layout) -> bool:
        """Whether an item of a product is put in brackets though it would be read without them."""
        return isinstance(item, (Series, Quotient))

    def quotient(self, node: Quotient, done: dict[Layout, Piece]) -> Piece:
        slash = self.entry_slash if node.entrywise else self.slash
        top = self.operand(done[node.top], "/", "left")
        return Piece(f"{top}{slash}{self.operand(done[node.bottom], '/', 'right')}", Level.PRODUCT)

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        operator = ".^" if node.kind == "entry" else "^"
        base = self.operand(done[node.base], operator, "left")
        return Piece(f"{base}{operator}{self.operand(done[node.exponent], operator, 'right')}", Level.POWER)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        piece = done[node.operand]
        wanted = needs_brackets(piece.level, POSTFIX["'"], "left")
        return Piece((self.bracketed(piece.text) if wanted else piece.text) + self.mark, Level.POSTFIX)

    def inverse(self, node: Inverse, done: dict[Layout, Piece]) -> Piece:
        return Piece(f"inv({done[node.operand].text})", Level.ATOM)

    def indexed(self, node: Indexed, done: dict[Layout, Piece]) -> Piece:
        piece = done[node.base]
        wanted = needs_brackets(piece.level, POSTFIX["'"], "left")
        base = self.bracketed(piece.text) if wanted else piece.text
        return Piece(f"{base}[{','.join(map(self.index, node.indices))}]", Level.POSTFIX)

    def index(self, item: IndexItem) -> str:
        if isinstance(item, LabelIndex):
            return item.label if item.index is None else f"{item.label}[{item.index}]"
        return ":" if item is None else item

    def sum_over(self, node: SumOver, done: dict[Layout, Piece]) -> Piece:
        return Piece(f"sum({node.index}, {done[node.body].text})", Level.ATOM)

    def applied(self, node: Applied, done: dict[Layout, Piece]) -> Piece:
        inside = [done[part].text for part in node.arguments]
        inside += [done[part].text.replace(" ", "") for part in node.sizes]
        if node.axis is not None:
            inside.append(f"axis={node.axis}")
        return Piece(f"{node.name}({(', ' if node.arguments else ',').join(inside)})", Level.ATOM)
