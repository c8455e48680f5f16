"""The leaves: numbers, declared names, named parts and the constant matrices.

A module of its own because leaves are what a reader declares or knows by heart;
everything that is computed is in `compounds`.
"""

from __future__ import annotations

import re
from fractions import Fraction

from dimcompat.expressions.node import Expr, fill
from dimcompat.expressions.rationals import rational
from dimcompat.shapes import ONE, SCALAR, Dim, Shape


class Number(Expr):
    """An exact rational number."""

    __slots__ = ("value",)
    rank = 0
    value: Fraction

    @classmethod
    def make(cls, value: Fraction | int) -> Number:
        value = rational(value)
        node = cls._find(value)
        if node is None:
            node = cls._new((value,), SCALAR, symmetric=True)
            fill(node, "value", value)
        return node

    @staticmethod
    def told(value: Fraction) -> str:
        return f"number {value}"


class Constant(Expr):
    """``pi`` or ``e``."""

    __slots__ = ("name",)
    rank = 1
    name: str

    @classmethod
    def make(cls, name: str) -> Constant:
        node = cls._find(name)
        if node is None:
            node = cls._new((name,), SCALAR, symmetric=True)
            fill(node, "name", name)
        return node

    @staticmethod
    def told(name: str) -> str:
        return f"constant {name}"


class Size(Expr):
    """A dimension used as a number: the ``m`` of ``1/m*sumsq(r)``."""

    __slots__ = ("dim",)
    rank = 2
    dim: Dim

    @classmethod
    def make(cls, dim: Dim) -> Expr:
        if dim.value is not None:
            return Number.make(dim.value)
        node = cls._find(dim)
        if node is None:
            node = cls._new((dim,), SCALAR, symmetric=True)
            fill(node, "dim", dim)
        return node

    @staticmethod
    def told(dim: Dim) -> str:
        return f"size {dim}"


_NUMBER = re.compile("[0-9]+")
_DIGITS = 6
_SYMMETRIC = frozenset({"symmetric", "posdef", "diagonal"})


class Symbol(Expr):
    """A declared name. ``labels`` is the number of classes where its entries are labels.

    ``quotient`` is ``(L, Z)`` for the derivative of a loss that is not given, which is a name like any
    other: ``dL_dZ``.
    """

    __slots__ = ("attributes", "labels", "name", "quotient")
    rank = 3
    name: str
    attributes: frozenset[str]
    labels: Dim | None
    quotient: tuple[str, str] | None

    @classmethod
    def make(
        cls,
        name: str,
        shape: Shape,
        attributes: frozenset[str] = frozenset(),
        labels: Dim | None = None,
        quotient: tuple[str, str] | None = None,
    ) -> Symbol:
        facts = (name, shape, attributes, labels, quotient)
        node = cls._find(*facts)
        if node is None:
            node = cls._new(facts, shape, symmetric=not attributes.isdisjoint(_SYMMETRIC))
            fill(node, "name", name)
            fill(node, "attributes", attributes)
            fill(node, "labels", labels)
            fill(node, "quotient", quotient)
            _stand_for_itself(node, name)
        return node

    @staticmethod
    def told(name: str, shape: Shape, attributes: frozenset[str], labels: Dim | None, _: object) -> str:
        return f"symbol {name} {shape} {sorted(attributes)} {labels}"


class Named(Expr):
    """A named part or a derivative found on the way: a leaf that knows its definition.

    Passes stop at it, so a network of a thousand layers costs a thousand small
    expressions. ``quotient`` is ``(objective, variable)`` where the name is that of a
    derivative, as in ``dL_dZ``. The indices that are free in the definition show.
    """

    __slots__ = ("definition", "name", "quotient")
    rank = 3
    name: str
    definition: Expr
    quotient: tuple[str, str] | None

    @classmethod
    def make(cls, name: str, definition: Expr, quotient: tuple[str, str] | None = None) -> Named:
        facts = (name, definition, quotient)
        node = cls._find(*facts)
        if node is None:
            node = cls._new(
                facts, definition.shape, symmetric=definition.symmetric, hidden=definition.order[3:]
            )
            fill(node, "name", name)
            fill(node, "definition", definition)
            fill(node, "quotient", quotient)
            _stand_for_itself(node, name)
            free = frozenset(leaf for leaf in definition.symbols if isinstance(leaf, Index))
            if free:
                fill(node, "symbols", node.symbols | free)
        return node

    @staticmethod
    def told(name: str, definition: Expr, _: object) -> str:
        return f"named {name} {definition.order[3].digest.hex()}"


def _stand_for_itself(node: Expr, name: str) -> None:
    counted = _NUMBER.sub(lambda found: found[0].zfill(_DIGITS), name)  # x2 stands before x10
    fill(node, "symbols", frozenset((node,)))
    fill(node, "order", (node.rank, counted, 1, node.order[3]))


class Index(Expr):
    """An index of a sum over samples; it runs over one dimension and stands in picks only."""

    __slots__ = ("dim", "name")
    rank = 2
    name: str
    dim: Dim

    @classmethod
    def make(cls, name: str, dim: Dim) -> Index:
        node = cls._find(name, dim)
        if node is None:
            node = cls._new((name, dim), SCALAR, symmetric=True)
            fill(node, "name", name)
            fill(node, "dim", dim)
            _stand_for_itself(node, name)
        return node

    @staticmethod
    def told(name: str, dim: Dim) -> str:
        return f"index {name} {dim}"


class Identity(Expr):
    """The n×n identity."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, dim: Dim) -> Expr:
        if dim is ONE:
            return Number.make(1)
        return cls._find(dim) or cls._new((dim,), Shape(dim, dim), symmetric=True)

    @staticmethod
    def told(dim: Dim) -> str:
        return f"identity {dim}"


class Ones(Expr):
    """All ones; in a product it sums rows or columns."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, shape: Shape) -> Expr:
        if shape.is_scalar:
            return Number.make(1)
        return cls._find(shape) or cls._new((shape,), shape, symmetric=shape.is_square)

    @staticmethod
    def told(shape: Shape) -> str:
        return f"ones {shape}"


class Zeros(Expr):
    """All zeros."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, shape: Shape) -> Expr:
        if shape.is_scalar:
            return Number.make(0)
        return cls._find(shape) or cls._new((shape,), shape, symmetric=shape.is_square)

    @staticmethod
    def told(shape: Shape) -> str:
        return f"zeros {shape}"


class Commutation(Expr):
    """``K(m,n)``, for which ``K(m,n)*vec(A) = vec(A')`` where A is m×n."""

    __slots__ = ("cols", "rows")
    rank = 1
    rows: Dim
    cols: Dim

    @classmethod
    def make(cls, rows: Dim, cols: Dim) -> Expr:
        size = rows * cols
        if rows is ONE or cols is ONE:
            return Identity.make(size)
        node = cls._find(rows, cols)
        if node is None:
            node = cls._new((rows, cols), Shape(size, size), symmetric=rows is cols)
            fill(node, "rows", rows)
            fill(node, "cols", cols)
        return node

    @staticmethod
    def told(rows: Dim, cols: Dim) -> str:
        return f"commutation {rows} {cols}"
