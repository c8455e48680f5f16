"""Sums, means and norms.

A module of its own because these are the functions that make an objective one number; all
but the Euclidean norm are other spellings of sums.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.expressions import Expr
from dimcompat.functions.determinants import TR
from dimcompat.functions.kinks import ABS
from dimcompat.functions.record import Arguments, Function, NumpyCode, Sizes
from dimcompat.functions.rules import reduced, scalar
from dimcompat.operations import Operation
from dimcompat.shapes import ONE, Dim

# ── sums and means ───────────────────────────────────────────────────────────────────────────────────


def _normal_sum(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """A product with ones."""
    (x,) = arguments
    if axis is None:
        return ex.total(x)
    return ex.column_sums(x) if axis == 0 else ex.row_sums(x)


def _sum_adjoint(g: Expr, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """The upstream derivative, copied to every entry that was summed."""
    rows, cols = arguments[0].shape
    if axis is None:
        return ex.multiply(g, ex.ones(rows, cols))
    return ex.multiply(ex.ones(rows, ONE), g) if axis == 0 else ex.multiply(g, ex.ones(ONE, cols))


def _mean(x: tuple[Operation, ...], axis: int | None, sizes: Sizes) -> Operation:
    """The sum over its number of terms."""
    rows, cols = x[0].shape
    count = [_size(dim) for dim in {None: (rows, cols), 0: (rows,), 1: (cols,)}[axis] if dim is not ONE]
    total = operations.call(SUM, x, axis)
    if not count:
        return total
    return operations.divide(total, operations.multiply(*count) if len(count) == 2 else count[0])


def _size(dim: Dim) -> Operation:
    return operations.leaf(ex.size_of(dim))


_SUM = "np.sum({0}, axis={axis}, keepdims=True)"
_MEAN = "np.mean({0}, axis={axis}, keepdims=True)"

SUM: Function = Function(
    name="sum",
    group="reductions",
    summary="sum of all entries; axis=0 of each column (1×c), axis=1 of each row (m×1)",
    example=("sum(X)", {"X": "m, n"}),
    axis="optional",
    shape=reduced,
    build=_normal_sum,
    adjoints=(_sum_adjoint,),
    numpy=NumpyCode(_SUM, stacked=_SUM),
    latex=r"\operatorname{sum}",
    transposition="swaps axis",
)

COLSUM: Function = Function(
    name="colsum",
    group="reductions",
    summary="sum of each column (1×c): sum(X, axis=0)",
    example=("colsum(X)*a", {"X": "m, n", "a": "n"}),
    shape=lambda shapes, axis, sizes: reduced(shapes, 0, sizes),
    lowering=lambda x, axis, sizes: operations.call(SUM, x, 0),
    numpy=NumpyCode("np.sum({0}, axis=0, keepdims=True)", stacked="np.sum({0}, axis=-2, keepdims=True)"),
    latex=r"\operatorname{colsum}",
)

ROWSUM: Function = Function(
    name="rowsum",
    group="reductions",
    summary="sum of each row (m×1): sum(X, axis=1)",
    example=("a'*rowsum(X)", {"X": "m, n", "a": "m"}),
    shape=lambda shapes, axis, sizes: reduced(shapes, 1, sizes),
    lowering=lambda x, axis, sizes: operations.call(SUM, x, 1),
    numpy=NumpyCode("np.sum({0}, axis=1, keepdims=True)", stacked="np.sum({0}, axis=-1, keepdims=True)"),
    latex=r"\operatorname{rowsum}",
)

MEAN: Function = Function(
    name="mean",
    group="reductions",
    summary="mean of all entries; axis=0 of each column (1×c), axis=1 of each row (m×1)",
    example=("mean(X)", {"X": "m, n"}),
    axis="optional",
    shape=reduced,
    lowering=_mean,
    numpy=NumpyCode(_MEAN, stacked=_MEAN),
    latex=r"\operatorname{mean}",
)


# ── norms ────────────────────────────────────────────────────────────────────────────────────────────


def _sum_of_squares(x: tuple[Operation, ...], axis: int | None, sizes: Sizes) -> Operation:
    """``x'*x``; of a row ``x*x'``, of a matrix ``tr(X'*X)``."""
    turned = operations.transpose(x[0])
    if x[0].shape.is_row:
        return operations.multiply(x[0], turned)
    square = operations.multiply(turned, x[0])
    return square if x[0].shape.is_column else operations.call(TR, (square,))


def _product_with_change(x: Expr, dx: Expr) -> Expr:
    """``x'*dx``; of a row ``x*dx'``, of a matrix ``tr(X'*dX)``."""
    if x.shape.is_row:
        return ex.multiply(dx, ex.transpose(x))
    product = ex.multiply(ex.transpose(x), dx)
    return product if x.shape.is_column else ex.trace(product)


def _normal_norm(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """Of a scalar it is the absolute value."""
    (x,) = arguments
    if x.shape.is_scalar:
        return ABS(x)
    if isinstance(x, ex.Zeros):
        return ex.number(0)
    coefficient, scalars, body = ex.split(x)
    assert body is not None
    size = ABS(ex.scaled(coefficient, dict(scalars), None))
    return ex.multiply(size, ex.power(SUMSQ(body), Fraction(1, 2)))


SUMSQ: Function = Function(
    name="sumsq",
    group="reductions",
    summary="sum of the squares of all entries: x'*x, of a matrix tr(X'*X)",
    example=("sumsq(X*w - y)", {"X": "m, n", "w": "n", "y": "m"}),
    shape=scalar,
    lowering=_sum_of_squares,
    numpy=NumpyCode(
        "np.sum(np.square({0}), keepdims=True)",
        stacked="np.sum(np.square({0}), axis=(-2, -1), keepdims=True)",
    ),
    latex=r"\lVert {0} \rVert^2",
    parity="even",
    transposition="invariant",
)

NORM1: Function = Function(
    name="norm1",
    group="reductions",
    summary="sum of the absolute values of all entries",
    example=("norm1(A*x - y)", {"A": "m, n", "x": "n", "y": "m"}),
    shape=scalar,
    lowering=lambda x, axis, sizes: operations.call(SUM, (operations.call(ABS, x),)),
    numpy=NumpyCode(
        "np.sum(np.abs({0}), keepdims=True)", stacked="np.sum(np.abs({0}), axis=(-2, -1), keepdims=True)"
    ),
    latex=r"\lVert {0} \rVert_1",
    nonsmooth=lambda x: x,
    parity="even",
    transposition="invariant",
)

NORM2: Function = Function(
    name="norm2",
    group="reductions",
    summary="Euclidean norm of a vector, Frobenius norm of a matrix",
    example=("norm2(A*x - y)", {"A": "m, n", "x": "n", "y": "m"}),
    aliases=("norm",),
    shape=scalar,
    build=_normal_norm,
    differential=lambda x, dx, axis, sizes: ex.multiply(
        _product_with_change(x[0], dx[0]), ex.power(NORM2(x[0]), -1)
    ),
    numpy=NumpyCode(
        "np.sqrt(np.sum(np.square({0}), keepdims=True))",
        stacked="np.sqrt(np.sum(np.square({0}), axis=(-2, -1), keepdims=True))",
    ),
    latex=r"\lVert {0} \rVert",
    nonsmooth=SUMSQ,
    parity="even",
    transposition="invariant",
    by_rows=lambda x: ex.entrywise_power(ex.row_sums(ex.entrywise_power(x, 2)), Fraction(1, 2)),
)

RECORDS = (SUM, COLSUM, ROWSUM, MEAN, SUMSQ, NORM1, NORM2)
