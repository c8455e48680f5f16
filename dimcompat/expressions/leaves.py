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
        found = cls._find(value)
        if found is not None:
            return found
        node, new = cls._make((value,), SCALAR, (), symmetric=True, facts=f"number {value}")
        if new:
            fill(node, "value", value)
        return node


class Constant(Expr):
    """``pi`` or ``e``."""

    __slots__ = ("name",)
    rank = 1
    name: str

    @classmethod
    def make(cls, name: str) -> Constant:
        node, new = cls._make((name,), SCALAR, (), symmetric=True, facts=f"constant {name}")
        if new:
            node.name = name
        return node


class Size(Expr):
    """A dimension used as a number: the ``m`` of ``1/m*sumsq(r)``."""

    __slots__ = ("dim",)
    rank = 2
    dim: Dim

    @classmethod
    def make(cls, dim: Dim) -> Expr:
        if dim.value is not None:
            return Number.make(dim.value)
        node, new = cls._make((dim,), SCALAR, (), symmetric=True, facts=f"size {dim}")
        if new:
            node.dim = dim
        return node


_NUMBER = re.compile("[0-9]+")
_DIGITS = 6


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
        key = (name, shape, attributes, labels, quotient)
        found = cls._find(*key)
        if found is not None:
            return found
        symmetric = bool(attributes & {"symmetric", "posdef", "diagonal"})
        facts = f"symbol {name} {shape} {sorted(attributes)} {labels}"
        node, new = cls._make(key, shape, (), symmetric=symmetric, facts=facts)
        if new:
            node.name, node.attributes, node.labels, node.quotient = name, attributes, labels, quotient
            _stand_for_itself(node, name)
        return node


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
        found = cls._find(name, definition, quotient)
        if found is not None:
            return found
        facts = f"named {name} " + definition.order[3].hex()
        node, new = cls._make(
            (name, definition, quotient), definition.shape, (), symmetric=definition.symmetric, facts=facts
        )
        if new:
            node.name, node.definition, node.quotient = name, definition, quotient
            _stand_for_itself(node, name)
            free = frozenset(leaf for leaf in definition.symbols if isinstance(leaf, Index))
            if free:
                fill(node, "symbols", node.symbols | free)
        return node


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
        node, new = cls._make((name, dim), SCALAR, (), symmetric=True, facts=f"index {name} {dim}")
        if new:
            node.name, node.dim = name, dim
            _stand_for_itself(node, name)
        return node


class Identity(Expr):
    """The n×n identity."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, dim: Dim) -> Expr:
        if dim is ONE:
            return Number.make(1)
        return cls._make((dim,), Shape(dim, dim), (), symmetric=True, facts=f"identity {dim}")[0]


class Ones(Expr):
    """All ones; in a product it sums rows or columns."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, shape: Shape) -> Expr:
        if shape.is_scalar:
            return Number.make(1)
        return cls._make((shape,), shape, (), symmetric=shape.is_square, facts=f"ones {shape}")[0]


class Zeros(Expr):
    """All zeros."""

    __slots__ = ()
    rank = 1

    @classmethod
    def make(cls, shape: Shape) -> Expr:
        if shape.is_scalar:
            return Number.make(0)
        return cls._make((shape,), shape, (), symmetric=shape.is_square, facts=f"zeros {shape}")[0]


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
        facts = f"commutation {rows} {cols}"
        node, new = cls._make((rows, cols), Shape(size, size), (), symmetric=rows is cols, facts=facts)
        if new:
            node.rows, node.cols = rows, cols
        return node
