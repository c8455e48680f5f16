"""The compound nodes: what sums, products, powers, transposes and calls look like once normal.

A module of its own because every pass (text, LaTeX, numbers, adjoints) is written
against exactly these classes and those of `leaves`.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.expressions.leaves import Index
from dimcompat.expressions.node import Exponent, Expr, Operator, fill
from dimcompat.expressions.rationals import UNIT
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
        found = cls._find(shape, terms)
        if found is not None:
            return found
        symmetric = all(body.symmetric for body, _ in terms)
        facts = "sum " + " ".join(_text(factor) for _, factor in terms)
        node, new = cls._make(
            (shape, terms), shape, tuple(body for body, _ in terms), symmetric=symmetric, facts=facts
        )
        if new:
            fill(node, "terms", terms)
        return node


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
        found = cls._find(coefficient, scalars, body)
        if found is not None:
            return found
        shape = body.shape if body is not None else SCALAR
        symmetric = body is None or body.symmetric
        children = _with_exponents(scalars) + ((body,) if body is not None else ())
        facts = f"product {_text(coefficient)} {len(scalars)} {_exponent_facts(scalars)}"
        node, new = cls._make((coefficient, scalars, body), shape, children, symmetric=symmetric, facts=facts)
        if new:
            fill(node, "coefficient", coefficient)
            fill(node, "scalars", scalars)
            fill(node, "body", body)
            if body is not None:
                lead = (cls.rank, body.order[1], *node.order[2:])
                fill(node, "order", lead)
        return node


class Chain(Expr):
    """A matrix product of two or more factors, none a scalar, none a product itself."""

    __slots__ = ("factors",)
    rank = 4
    factors: tuple[Expr, ...]

    @classmethod
    def make(cls, factors: tuple[Expr, ...], *, symmetric: bool = False) -> Chain:
        found = cls._find(factors)
        if found is not None:
            return found
        shape = Shape(factors[0].shape.rows, factors[-1].shape.cols)
        node, new = cls._make((factors,), shape, factors, symmetric=symmetric, facts="chain")
        if new:
            fill(node, "factors", factors)
        return node


class Hadamard(Expr):
    """An entry-by-entry product of bases with exponents, stretched where they are smaller."""

    __slots__ = ("factors",)
    rank = 6
    factors: tuple[tuple[Expr, Exponent], ...]

    @classmethod
    def make(cls, shape: Shape, factors: tuple[tuple[Expr, Exponent], ...]) -> Hadamard:
        found = cls._find(shape, factors)
        if found is not None:
            return found
        children = _with_exponents(factors)
        symmetric = all(child.symmetric for child in children)
        facts = "hadamard " + _exponent_facts(factors)
        node, new = cls._make((shape, factors), shape, children, symmetric=symmetric, facts=facts)
        if new:
            fill(node, "factors", factors)
        return node


def _with_exponents(factors: tuple[tuple[Expr, Exponent], ...]) -> tuple[Expr, ...]:
    bases = tuple(base for base, _ in factors)
    return bases + tuple(exponent for _, exponent in factors if isinstance(exponent, Expr))


def _exponent_facts(factors: tuple[tuple[Expr, Exponent], ...]) -> str:
    return " ".join("*" if isinstance(exponent, Expr) else _text(exponent) for _, exponent in factors)


def _text(number: Fraction) -> str:
    return "1" if number is UNIT else str(number)


class MatrixPower(Expr):
    """An integer power, not 0 or 1, of a square matrix; -1 is the inverse."""

    __slots__ = ("base", "exponent")
    rank = 4
    base: Expr
    exponent: int

    @classmethod
    def make(cls, base: Expr, exponent: int) -> MatrixPower:
        node, new = cls._make(
            (base, exponent), base.shape, (base,), symmetric=base.symmetric, facts=f"power {exponent}"
        )
        if new:
            node.base, node.exponent = base, exponent
        return node


class Transpose(Expr):
    """The transpose of a leaf or a call; every other transpose is pushed inwards."""

    __slots__ = ("operand",)
    rank = 3
    operand: Expr

    @classmethod
    def make(cls, operand: Expr) -> Transpose:
        node, new = cls._make(
            (operand,), operand.shape.transposed, (operand,), symmetric=False, facts="transpose"
        )
        if new:
            fill(node, "operand", operand)
            fill(node, "turned", operand.turned + 1)
            fill(node, "order", (operand.order[0], *node.order[1:]))
        return node


class Trace(Expr):
    """The trace of a square matrix that is not a scalar."""

    __slots__ = ("operand",)
    rank = 8
    operand: Expr

    @classmethod
    def make(cls, operand: Expr) -> Trace:
        node, new = cls._make((operand,), SCALAR, (operand,), symmetric=True, facts="trace")
        if new:
            node.operand = operand
        return node


class Diagonal(Expr):
    """The diagonal matrix of a column."""

    __slots__ = ("vector",)
    rank = 4
    vector: Expr

    @classmethod
    def make(cls, vector: Expr) -> Diagonal:
        dim = vector.shape.rows
        node, new = cls._make((vector,), Shape(dim, dim), (vector,), symmetric=True, facts="diagonal")
        if new:
            node.vector = vector
        return node


class Pick(Expr):
    """Row, column or entry of a matrix: the indices are bound by a sum around it."""

    __slots__ = ("base", "col", "row")
    rank = 3
    base: Expr
    row: Index | None
    col: Index | None

    @classmethod
    def make(cls, base: Expr, row: Index | None, col: Index | None) -> Pick:
        shape = Shape(base.shape.rows if row is None else ONE, base.shape.cols if col is None else ONE)
        children = (base, *(index for index in (row, col) if index is not None))
        facts = f"pick {row is not None} {col is not None}"
        node, new = cls._make((base, row, col), shape, children, symmetric=False, facts=facts)
        if new:
            node.base, node.row, node.col = base, row, col
        return node


class IndexSum(Expr):
    """The sum of a body over an index, where no matrix form of it is known."""

    __slots__ = ("body", "index")
    rank = 8
    index: Index
    body: Expr

    @classmethod
    def make(cls, index: Index, body: Expr) -> IndexSum:
        node, new = cls._make((index, body), body.shape, (body,), symmetric=body.symmetric, facts="index sum")
        if new:
            node.index, node.body = index, body
            fill(node, "symbols", body.symbols - {index})
        return node


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
        key = (function, arguments, axis, sizes)  # two sources may define functions of one name
        found = cls._find(*key)
        if found is not None:
            return found
        facts = f"call {function.name} {axis} {sizes}"
        node, new = cls._make(key, shape, arguments, symmetric=symmetric, facts=facts)
        if new:
            node.function, node.arguments, node.axis, node.sizes = function, arguments, axis, sizes
        return node
