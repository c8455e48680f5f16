"""The log-sum-exp family: logsumexp, softmax, logsoftmax.

A module of its own because the three share one derivative, the softmax, and one question,
along which axis. A call always carries its axis: by default each row of a matrix, and all of a vector.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Function, Identity, NumpyCode, Sizes
from dimcompat.functions.rules import UNIT, called, reduced, same
from dimcompat.shapes import ONE, Shape


def _along_rows(shape: Shape) -> int:
    return 0 if shape.is_column else 1


def _sums(expression: Expr, axis: int | None) -> Expr:
    if axis is None:
        return ex.total(expression)
    return ex.column_sums(expression) if axis == 0 else ex.row_sums(expression)


def _length(shape: Shape, axis: int | None) -> Expr | None:
    """1 where there is only one entry along the axis."""
    alone = shape.is_row if axis == 0 else shape.is_column if axis == 1 else shape.is_scalar
    return UNIT if alone else None


# ── logsumexp ────────────────────────────────────────────────────────────────────────────────────────


def _normal_logsumexp(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """Of one entry it is that entry; all of a vector needs no axis."""
    (u,) = arguments
    if _length(u.shape, axis) is not None:
        return u
    if axis is not None and (u.shape.is_column or u.shape.is_row):
        return LOGSUMEXP(u)
    return None


def _logsumexp_differential(arguments: Arguments, changes: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """``d logsumexp(u) = sum(softmax(u).*du)``."""
    (u,), (du,) = arguments, changes
    if axis is None and not u.shape.is_vector:
        weights = _exp(ex.subtract(u, LOGSUMEXP(u)))
    else:
        weights = SOFTMAX(u, axis=axis)
    return _sums(ex.hadamard(weights, du), axis)


def _exp(u: Expr) -> Expr:
    from dimcompat.functions.exponentials import EXP  # its own identities stand on this module

    return EXP(u)


LOGSUMEXP: Function = Function(
    name="logsumexp",
    group="log-sum-exp",
    summary="log(sum(exp(u))), over all entries or along an axis",
    example=("sum(logsumexp(S, axis=1))", {"S": "m, c"}),
    axis="optional",
    shape=reduced,
    build=_normal_logsumexp,
    differential=_logsumexp_differential,
    numpy=NumpyCode(
        "_logsumexp({0}, {axis})",
        """\
def _logsumexp(x, axis):
    top = np.max(x, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True))
""",
    ),
    latex=r"\operatorname{logsumexp}",
    transposition="swaps axis",
    by_rows=lambda s: ex.call(LOGSUMEXP, (s,), 1),
)


# ── softmax and its logarithm ────────────────────────────────────────────────────────────────────────


def _one(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """The softmax of one entry is 1."""
    (u,) = arguments
    return ex.ones(*u.shape) if _length(u.shape, axis) is not None else None


def _zero(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """The logsoftmax of one entry is 0."""
    (u,) = arguments
    return ex.zeros(*u.shape) if _length(u.shape, axis) is not None else None


def _undo_log(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``softmax(logsoftmax(u)) = softmax(u)``."""
    inside = called(arguments[0], LOGSOFTMAX)
    return SOFTMAX(inside.arguments[0], axis=axis) if inside is not None and inside.axis == axis else None


def _again(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``logsoftmax(logsoftmax(u)) = logsoftmax(u)``."""
    inside = called(arguments[0], LOGSOFTMAX)
    return inside if inside is not None and inside.axis == axis else None


def _unshifted(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``softmax(S + v) = softmax(S)`` where v is the same for all that is compared."""
    (argument,) = arguments
    coefficient, scalars, body = ex.split(argument)
    if axis is None or scalars or not isinstance(body, ex.Sum) or argument.shape[axis] is ONE:
        return None
    kept = [(part, factor) for part, factor in body.terms if part.shape[axis] is not ONE]
    if len(kept) == len(body.terms):
        return None
    return SOFTMAX(ex.scale(coefficient, ex.combine(body.shape, kept)), axis=axis)


def _softmax_differential(arguments: Arguments, changes: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """``dP = P.*(dS - rowsum(P.*dS))``."""
    (s,), (ds,) = arguments, changes
    p, axis = SOFTMAX(s, axis=axis), _along_rows(s.shape) if axis is None else axis
    return ex.hadamard(p, ex.subtract(ds, _sums(ex.hadamard(p, ds), axis)))


def _logsoftmax_differential(
    arguments: Arguments, changes: Arguments, axis: int | None, sizes: Sizes
) -> Expr:
    """``d logsoftmax(S) = dS - rowsum(softmax(S).*dS)``."""
    (s,), (ds,) = arguments, changes
    p, axis = SOFTMAX(s, axis=axis), _along_rows(s.shape) if axis is None else axis
    return ex.subtract(ds, _sums(ex.hadamard(p, ds), axis))


SOFTMAX: Function = Function(
    name="softmax",
    group="log-sum-exp",
    summary="exp(u)/sum(exp(u)), along each row of a matrix, along a vector, or along an axis",
    example=("sum(Y.*softmax(S))", {"Y": "m, c", "S": "m, c"}),
    axis="optional",
    default_axis=_along_rows,
    shape=same,
    build=_one,
    differential=_softmax_differential,
    numpy=NumpyCode(
        "_softmax({0}, {axis})",
        """\
def _softmax(x, axis):
    axis = axis if axis is not None else int(x.shape[1] > 1)
    weights = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return weights / np.sum(weights, axis=axis, keepdims=True)
""",
    ),
    latex=r"\operatorname{softmax}",
    transposition="swaps axis",
    unit_sums="axis",
    identities=(
        Identity(
            "softmax(logsoftmax(u)) = softmax(u)",
            _undo_log,
            ("softmax(logsoftmax(S))", "softmax(S)", {"S": "m, c"}),
        ),
        Identity(
            "softmax(S + v) = softmax(S)",
            _unshifted,
            ("softmax(S - 2*v)", "softmax(S)", {"S": "m, c", "v": "m"}),
        ),
    ),
    by_rows=lambda s: ex.call(SOFTMAX, (s,), 1),
)

LOGSOFTMAX: Function = Function(
    name="logsoftmax",
    group="log-sum-exp",
    summary="log(softmax(u)) = u - logsumexp(u), along the same axis as softmax",
    example=("-sum(Y.*logsoftmax(S))", {"Y": "m, c", "S": "m, c"}),
    axis="optional",
    default_axis=_along_rows,
    shape=same,
    build=_zero,
    differential=_logsoftmax_differential,
    numpy=NumpyCode(
        "_logsoftmax({0}, {axis})",
        """\
def _logsoftmax(x, axis):
    axis = axis if axis is not None else int(x.shape[1] > 1)
    low = x - np.max(x, axis=axis, keepdims=True)
    return low - np.log(np.sum(np.exp(low), axis=axis, keepdims=True))
""",
    ),
    latex=r"\operatorname{logsoftmax}",
    transposition="swaps axis",
    identities=(
        Identity(
            "logsoftmax(logsoftmax(u)) = logsoftmax(u)",
            _again,
            ("logsoftmax(logsoftmax(S))", "logsoftmax(S)", {"S": "m, c"}),
        ),
    ),
    by_rows=lambda s: ex.call(LOGSOFTMAX, (s,), 1),
)

RECORDS = (LOGSUMEXP, SOFTMAX, LOGSOFTMAX)
