"""The compound nodes: what sums, products, powers, transposes and calls look like once normal.

A module of its own because every pass (text, LaTeX, numbers, adjoints) is written
against exactly these classes and those of `leaves`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dimcompat.expressions.leaves import Index
from dimcompat.expressions.node import Exponent, Expr, Operator, fill
from dimcompat.shapes import ONE, SCALAR, Dim, Shape


class Sum(Expr):
    """Two or more terms, each a body without coefficient and its coefficient.

    Terms smaller than the sum are stretched; at least one has the sum's shape. The sum
    is primitive: its coefficients share no factor and the leading one is positive.
    """

    __slots__ = ("terms",)
    rank = 9
    terms: tuple[tuple[Expr, Fraction], ...]

    @classmethod
    def make(cls, shape: Shape, terms: tuple[tuple[Expr, Fraction], ...]) -> Sum:
        node = cls._find(shape, terms)
        if node is None:
            bodies = tuple([body for body, _ in terms])
            symmetric = all(body.symmetric for body in bodies)
            node = cls._new((shape, terms), shape, bodies, symmetric=symmetric)
            fill(node, "terms", terms)
        return node

    @staticmethod
    def told(_: Shape, terms: tuple[tuple[Expr, Fraction], ...]) -> str:
        return "sum " + " ".join(str(factor) for _, factor in terms)


class Product(Expr):
    """A coefficient, scalars with exponents, and at most one body that is not a scalar."""

    __slots__ = ("body", "coefficient", "scalars")
    rank = 7
    coefficient: Fraction
    scalars: tuple[tuple[Expr, Exponent], ...]
    body: Expr | None

    @classmethod
    def make(
        cls, coefficient: Fraction, scalars: tuple[tuple[Expr, Exponent], ...], body: Expr | None
    ) -> Product:
        facts = (coefficient, scalars, body)
        node = cls._find(*facts)
        if node is None:
            shape = body.shape if body is not None else SCALAR
            children = _with_exponents(scalars) + ((body,) if body is not None else ())
            node = cls._new(facts, shape, children, symmetric=body is None or body.symmetric)
            fill(node, "coefficient", coefficient)
            fill(node, "scalars", scalars)
            fill(node, "body", body)
            if body is not None:
                lead = (cls.rank, body.order[1], *node.order[2:])
                fill(node, "order", lead)
        return node

    @staticmethod
    def told(coefficient: Fraction, scalars: tuple[tuple[Expr, Exponent], ...], _: Expr | None) -> str:
        return f"product {coefficient} {len(scalars)} {_told_exponents(scalars)}"


class Chain(Expr):
    """A matrix product of two or more factors, none a scalar, none a product itself."""

    __slots__ = ("factors",)
    rank = 4
    factors: tuple[Expr, ...]

    @classmethod
    def make(cls, factors: tuple[Expr, ...], *, symmetric: bool = False) -> Chain:
        node = cls._find(factors)
        if node is None:
            shape = Shape(factors[0].shape.rows, factors[-1].shape.cols)
            node = cls._new((factors,), shape, factors, symmetric=symmetric)
            fill(node, "factors", factors)
        return node

    @staticmethod
    def told(_: tuple[Expr, ...]) -> str:
        return "chain"

    @classmethod
    def restored(cls, facts: tuple[Any, ...], *, symmetric: bool) -> Chain:
        return cls.make(*facts, symmetric=symmetric)


class Hadamard(Expr):
    """An entry-by-entry product of bases with exponents, stretched where they are smaller."""

    __slots__ = ("factors",)
    rank = 6
    factors: tuple[tuple[Expr, Exponent], ...]

    @classmethod
    def make(cls, shape: Shape, factors: tuple[tuple[Expr, Exponent], ...]) -> Hadamard:
        node = cls._find(shape, factors)
        if node is None:
            children = _with_exponents(factors)
            symmetric = all(child.symmetric for child in children)
            node = cls._new((shape, factors), shape, children, symmetric=symmetric)
            fill(node, "factors", factors)
        return node

    @staticmethod
    def told(_: Shape, factors: tuple[tuple[Expr, Exponent], ...]) -> str:
        return "hadamard " + _told_exponents(factors)


def _with_exponents(factors: tuple[tuple[Expr, Exponent], ...]) -> tuple[Expr, ...]:
    bases = tuple([base for base, _ in factors])
    return bases + tuple([exponent for _, exponent in factors if isinstance(exponent, Expr)])


def _told_exponents(factors: tuple[tuple[Expr, Exponent], ...]) -> str:
    return " ".join("*" if isinstance(exponent, Expr) else str(exponent) for _, exponent in factors)


class MatrixPower(Expr):
    """An integer power, not 0 or 1, of a square matrix; -1 is the inverse."""

    __slots__ = ("base", "exponent")
    rank = 4
    base: Expr
    exponent: int

    @classmethod
    def make(cls, base: Expr, exponent: int) -> MatrixPower:
        node = cls._find(base, exponent)
        if node is None:
            node = cls._new((base, exponent), base.shape, (base,), symmetric=base.symmetric)
            fill(node, "base", base)
            fill(node, "exponent", exponent)
        return node

    @staticmethod
    def told(_: Expr, exponent: int) -> str:
        return f"power {exponent}"


class Transpose(Expr):
    """The transpose of a leaf or a call; every other transpose is pushed inwards."""

    __slots__ = ("operand",)
    rank = 3
    operand: Expr

    @classmethod
    def make(cls, operand: Expr) -> Transpose:
        node = cls._find(operand)
        if node is None:
            node = cls._new((operand,), operand.shape.transposed, (operand,), symmetric=False)
            fill(node, "operand", operand)
            fill(node, "turned", operand.turned + 1)
            fill(node, "order", (operand.order[0], *node.order[1:]))
        return node

    @staticmethod
    def told(_: Expr) -> str:
        return "transpose"


class Trace(Expr):
    """The trace of a square matrix that is not a scalar."""

    __slots__ = ("operand",)
    rank = 8
    operand: Expr

    @classmethod
    def make(cls, operand: Expr) -> Trace:
        node = cls._find(operand)
        if node is None:
            node = cls._new((operand,), SCALAR, (operand,), symmetric=True)
            fill(node, "operand", operand)
        return node

    @staticmethod
    def told(_: Expr) -> str:
        return "trace"


class Diagonal(Expr):
    """The diagonal matrix of a column."""

    __slots__ = ("vector",)
    rank = 4
    vector: Expr

    @classmethod
    def make(cls, vector: Expr) -> Diagonal:
        node = cls._find(vector)
        if node is None:
            dim = vector.shape.rows
            node = cls._new((vector,), Shape(dim, dim), (vector,), symmetric=True)
            fill(node, "vector", vector)
        return node

    @staticmethod
    def told(_: Expr) -> str:
        return "diagonal"


class Pick(Expr):
    """Row, column or entry of a matrix: the indices are bound by a sum around it."""

    __slots__ = ("base", "col", "row")
    rank = 3
    base: Expr
    row: Index | None
    col: Index | None

    @classmethod
    def make(cls, base: Expr, row: Index | None, col: Index | None) -> Pick:
        node = cls._find(base, row, col)
        if node is None:
            shape = Shape(base.shape.rows if row is None else ONE, base.shape.cols if col is None else ONE)
            children = (base, *(index for index in (row, col) if index is not None))
            node = cls._new((base, row, col), shape, children, symmetric=False)
            fill(node, "base", base)
            fill(node, "row", row)
            fill(node, "col", col)
        return node

    @staticmethod
    def told(_: Expr, row: Index | None, col: Index | None) -> str:
        return f"pick {row is not None} {col is not None}"


class IndexSum(Expr):
    """The sum of a body over an index, where no matrix form of it is known."""

    __slots__ = ("body", "index")
    rank = 8
    index: Index
    body: Expr

    @classmethod
    def make(cls, index: Index, body: Expr) -> IndexSum:
        node = cls._find(index, body)
        if node is None:
            node = cls._new((index, body), body.shape, (body,), symmetric=body.symmetric)
            fill(node, "index", index)
            fill(node, "body", body)
            fill(node, "symbols", body.symbols - {index})
        return node

    @staticmethod
    def told(*_: Expr) -> str:
        return "index sum"


class Call(Expr):
    """A function of the registry applied to arguments, with its axis and sizes if it takes any."""

    __slots__ = ("arguments", "axis", "function", "sizes")
    rank = 8
    function: Operator
    arguments: tuple[Expr, ...]
    axis: int | None
    sizes: tuple[Dim, ...]

    @classmethod
    def make(
        cls,
        function: Operator,
        arguments: tuple[Expr, ...],
        axis: int | None,
        sizes: tuple[Dim, ...],
        shape: Shape,
        *,
        symmetric: bool = False,
    ) -> Call:
        facts = (function, arguments, axis, sizes, shape)  # two sources may define functions of one name
        node = cls._find(*facts)
        if node is None:
            node = cls._new(facts, shape, arguments, symmetric=symmetric)
            fill(node, "function", function)
            fill(node, "arguments", arguments)
            fill(node, "axis", axis)
            fill(node, "sizes", sizes)
        return node

    @staticmethod
    def told(function: Operator, _: object, axis: int | None, sizes: tuple[Dim, ...], __: Shape) -> str:
        return f"call {function.name} {axis} {sizes}"

    @classmethod
    def restored(cls, facts: tuple[Any, ...], *, symmetric: bool) -> Call:
        return cls.make(*facts, symmetric=symmetric)
