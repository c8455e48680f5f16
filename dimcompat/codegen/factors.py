"""The factors of a chain: what a structured matrix is made of, and what it does to its neighbour.

A module of its own because each structure is one row of facts: what it costs, how it acts on an array
from either side, and how it is written out where it must be.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple, assert_never

from dimcompat.codegen.algebra import UNIT, Algebra
from dimcompat.codegen.values import Axes, Op, Value
from dimcompat.shapes import NAMES_AT_HAND, ONE, Dim


class Kind(Enum):
    """What a factor is made of."""

    __hash__ = object.__hash__  # as of operations

    DENSE = auto()
    DIAGONAL = auto()
    ONES = auto()
    INVERSE = auto()
    LABELS = auto()
    COMMUTATION = auto()
    KRON = auto()


# Of two structures that meet, the first acts and the other is made dense.
STRENGTH: tuple[Kind, ...] = (
    Kind.DIAGONAL,
    Kind.COMMUTATION,
    Kind.LABELS,
    Kind.KRON,
    Kind.INVERSE,
    Kind.ONES,
    Kind.DENSE,
)
STAND_IN = 100  # every dimension symbol counts as this; a vector is smaller than any of them


class Factor(NamedTuple):
    """One factor of a chain: a dense ``value``, or what a structured matrix is made of.

    ``values`` are the vector of a diagonal, the matrix that is inverted, the labels, the factors of a
    Kronecker product (None for an identity); ``turned`` says that labels stand transposed.
    """

    kind: Kind
    rows: Dim
    cols: Dim
    values: tuple[Value | None, ...] = ()
    turned: bool = False
    inner: tuple[Dim, ...] = ()

    @property
    def axes(self) -> Axes:
        return tuple(dim for dim in (self.rows, self.cols) if dim is not ONE)


@lru_cache(maxsize=NAMES_AT_HAND)
def estimate(dim: Dim) -> int:
    """The size that stands for a dimension while orders are compared."""
    return dim.size(dict.fromkeys(dim.symbols, STAND_IN))


def price(left: Kind, right: Kind, rows: int, inner: int, cols: int) -> float:
    """What one product costs: multiplications, and something for each entry that is written."""
    if left == right == Kind.DIAGONAL:
        return inner
    made = rows * cols + inner
    if Kind.DIAGONAL in (left, right):
        return 2 * rows * cols
    if left == Kind.ONES or right == Kind.ONES:
        return 0 if inner == 1 and left == right else inner * max(rows, cols)
    if left == Kind.INVERSE or right == Kind.INVERSE:
        return inner**3 / 3 + inner * rows * cols + made
    if left in (Kind.LABELS, Kind.COMMUTATION) or right in (Kind.LABELS, Kind.COMMUTATION):
        return 4 * made
    if left == Kind.KRON or right == Kind.KRON:
        return 20.0 * rows * cols
    return rows * inner * cols + made


def applied(algebra: Algebra, side: Factor, value: Value, other: Factor, on_left: bool) -> Value | None:
    """A structured factor times an array, or an array times it."""
    vector = len(value.axes) == 1
    first = side.values[0] if side.values else None
    axes = tuple(d for d in ((side.rows, other.cols) if on_left else (other.rows, side.cols)) if d is not ONE)
    match side.kind:
        case Kind.DIAGONAL:
            assert first is not None
            entries = first if vector or not on_left else algebra.column(first)
            return algebra.product([(entries, UNIT), (value, UNIT)])
        case Kind.INVERSE:
            assert first is not None
            if on_left:
                return algebra.make(Op.SOLVE, first, value, axes=axes)
            solved = algebra.make(
                Op.SOLVE, algebra.transpose(first), algebra.transpose(value), axes=axes[::-1]
            )
            return algebra.transpose(solved)
        case Kind.LABELS:
            assert first is not None
            if on_left is side.turned:  # a sum over equal labels: the dense matrix is as good
                return None
            return algebra.make(
                Op.GATHER_ROWS if on_left or vector else Op.GATHER_COLS, value, first, axes=axes
            )
        case Kind.COMMUTATION if value.op is Op.KRON and not on_left:
            return algebra.make(Op.KRON_COMMUTED, *value.operands, axes=axes)
        case Kind.COMMUTATION:
            return algebra.make(
                Op.COMMUTE_ROWS if on_left else Op.COMMUTE_COLS, value, facts=side.inner, axes=axes
            )
        case Kind.KRON if on_left or vector:
            return _kron_times(algebra, side, value, other, on_left, axes)
        case Kind.KRON:
            turned = algebra.transpose(value)
            return algebra.transpose(_kron_times(algebra, side, turned, other, False, axes[::-1]))
        case _:
            return None


def _kron_times(
    algebra: Algebra, side: Factor, value: Value, other: Factor, on_left: bool, axes: Axes
) -> Value:
    """``kron(A, B)*M``, block by block; from the right the transposes act."""
    first, second = side.values
    if not on_left:
        first, second = (algebra.transpose(v) if v is not None else None for v in (first, second))
    a_rows, a_cols, b_rows, b_cols = side.inner
    if not on_left:
        a_rows, a_cols, b_rows, b_cols = a_cols, a_rows, b_cols, b_rows
    inner = (a_rows, a_cols, b_rows, b_cols, first is not None, second is not None)
    operands = [part for part in (first, second) if part is not None]
    return algebra.make(Op.KRON_TIMES, value, *operands, facts=inner, axes=axes)


def transposed(algebra: Algebra, factor: Factor) -> Factor:
    """The transpose of a factor, of the same kind."""
    kind, rows, cols, values, turned, inner = factor
    match kind:
        case Kind.DIAGONAL | Kind.ONES:
            pass
        case Kind.LABELS:
            turned = not turned
        case Kind.COMMUTATION:
            inner = inner[::-1]
        case Kind.DENSE | Kind.INVERSE | Kind.KRON:
            values = tuple(value and algebra.transpose(value) for value in values)
            inner = tuple(dim for side in (inner[:2], inner[2:]) for dim in reversed(side))
        case _:
            assert_never(kind)
    return Factor(kind, cols, rows, values, turned, inner)


def dense(algebra: Algebra, factor: Factor) -> Value:
    """A factor as an array."""
    axes = factor.axes
    first = factor.values[0] if factor.values else None
    match factor.kind:
        case Kind.DENSE:
            assert first is not None
            return first
        case Kind.DIAGONAL:
            assert first is not None
            return algebra.make(Op.DIAG, first, axes=axes)
        case Kind.ONES:
            return algebra.filled(1, axes)
        case Kind.INVERSE:
            assert first is not None
            return algebra.make(Op.INVERSE, first, axes=axes)
        case Kind.LABELS:
            assert first is not None
            rows, cols = (factor.cols, factor.rows) if factor.turned else (factor.rows, factor.cols)
            found = algebra.make(
                Op.ONEHOT, first, facts=cols, axes=tuple(d for d in (rows, cols) if d is not ONE)
            )
            return algebra.transpose(found) if factor.turned else found
        case Kind.COMMUTATION:
            return algebra.make(Op.COMMUTATION, facts=factor.inner, axes=axes)
        case Kind.KRON:
            first, second = factor.values
            inner = factor.inner
            if first is None:
                assert second is not None
                return algebra.make(Op.EYE_KRON, second, facts=inner, axes=axes)
            if second is None:
                return algebra.make(Op.KRON_EYE, first, facts=inner, axes=axes)
            return algebra.make(Op.KRON, first, second, facts=inner, axes=axes)
