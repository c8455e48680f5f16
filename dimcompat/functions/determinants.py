"""Trace, determinant and inverse: tr, det, logdet, inv, adj.

A module of its own because the rules of a determinant fill a file: the differential is
the trace of an inverse, and a determinant of a product is a product of determinants.
"""

from __future__ import annotations

from itertools import pairwise

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Function, Identity, NumpyCode, Sizes
from dimcompat.functions.rules import UNIT, same, scalar, square_only

# ── trace and determinant ────────────────────────────────────────────────────────────────────────────


def _determinant_of_one(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    (x,) = arguments
    if x.shape.is_scalar:
        return x
    return UNIT if isinstance(x, ex.Identity) else None


def _determinant_of_power(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``det(X^k) = det(X)^k`` (Matrix Cookbook 21, 23)."""
    (x,) = arguments
    return ex.power(DET(x.base), x.exponent) if isinstance(x, ex.MatrixPower) else None


def _determinant_of_product(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``det(A*B) = det(A)*det(B)`` for square factors (Matrix Cookbook 20)."""
    parts = _square_parts(arguments[0])
    return ex.multiply(*(DET(part) for part in parts)) if parts is not None else None


def _determinant_of_multiple(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """``det(c*X) = c^n*det(X)`` (Matrix Cookbook 19)."""
    (x,) = arguments
    coefficient, scalars, body = ex.split(x)
    if body is None or body is x:
        return None
    size = ex.exponent_of(ex.size_of(x.shape.rows))
    return ex.multiply(ex.power(ex.scaled(coefficient, dict(scalars), None), size), DET(body))


def _square_parts(x: Expr) -> list[Expr] | None:
    """The square matrices, at least two, that a product splits into, or None."""
    if not isinstance(x, ex.Chain):
        return None
    dim = x.shape.rows
    cuts = [0, *(place for place, f in enumerate(x.factors) if place and f.shape.rows is dim), len(x.factors)]
    if len(cuts) == 2:
        return None
    return [ex.multiply(*x.factors[start:end]) for start, end in pairwise(cuts)]


def _logdet_of_identity(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    return ex.number(0) if isinstance(arguments[0], ex.Identity) or arguments[0] is UNIT else None


def _logdet_of_power(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    (x,) = arguments
    return ex.scale(x.exponent, LOGDET(x.base)) if isinstance(x, ex.MatrixPower) else None


def _logdet_of_product(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    parts = _square_parts(arguments[0])
    return ex.add(*(LOGDET(part) for part in parts)) if parts is not None else None


TR: Function = Function(
    name="tr",
    group="linear algebra",
    summary="trace, the sum of the diagonal",
    example=("tr(A*X)", {"A": "n, m", "X": "m, n"}),
    aliases=("trace",),
    shape=square_only("tr", scalar),
    build=lambda x, axis, sizes: ex.trace(x[0]),
    adjoints=(lambda g, x, axis, sizes: ex.multiply(g, ex.identity(x[0].shape.rows)),),
    numpy=NumpyCode(
        "np.trace({0}).reshape(1, 1)", stacked="np.trace({0}, axis1=-2, axis2=-1)[..., None, None]"
    ),
    latex=r"\operatorname{tr}",
    transposition="invariant",
)

DET: Function = Function(
    name="det",
    group="linear algebra",
    summary="determinant",
    example=("det(X)", {"X": "n, n"}),
    shape=square_only("det", scalar),
    # Matrix Cookbook (46)
    differential=lambda x, dx, axis, sizes: ex.multiply(
        DET(x[0]), ex.trace(ex.multiply(ex.inverse(x[0]), dx[0]))
    ),
    numpy=NumpyCode("np.linalg.det({0}).reshape(1, 1)", stacked="np.linalg.det({0})[..., None, None]"),
    latex=r"\det",
    domain=("square",),
    transposition="invariant",
    identities=(
        Identity("the determinant of the identity is one", _determinant_of_one, ("det(eye(n))", "1", {})),
        Identity("det(inv(X)) = 1/det(X)", _determinant_of_power, ("det(inv(X))", "1/det(X)", {"X": "n, n"})),
        Identity(
            "det(A*B) = det(A)*det(B)",
            _determinant_of_product,
            ("det(A*B)", "det(A)*det(B)", {"A": "n, n", "B": "n, n"}),
        ),
        Identity(
            "det(c*X) = c^n*det(X)", _determinant_of_multiple, ("det(2*X)", "2^n*det(X)", {"X": "n, n"})
        ),
    ),
)

LOGDET: Function = Function(
    name="logdet",
    group="linear algebra",
    summary="logarithm of the absolute value of the determinant",
    example=("logdet(X)", {"X": "n, n"}),
    shape=square_only("logdet", scalar),
    # Matrix Cookbook (43)
    differential=lambda x, dx, axis, sizes: ex.trace(ex.multiply(ex.inverse(x[0]), dx[0])),
    numpy=NumpyCode(
        "np.linalg.slogdet({0})[1].reshape(1, 1)", stacked="np.linalg.slogdet({0})[1][..., None, None]"
    ),
    latex=r"\log\left\lvert\det {0}\right\rvert",
    domain=("square",),
    parity="even",
    transposition="invariant",
    identities=(
        Identity("logdet of the identity is zero", _logdet_of_identity, ("logdet(eye(n))", "0", {})),
        Identity(
            "logdet(inv(X)) = -logdet(X)", _logdet_of_power, ("logdet(inv(X))", "-logdet(X)", {"X": "n, n"})
        ),
        Identity(
            "logdet(A*B) = logdet(A) + logdet(B)",
            _logdet_of_product,
            ("logdet(A*B)", "logdet(A) + logdet(B)", {"A": "n, n", "B": "n, n"}),
        ),
    ),
)

INV: Function = Function(
    name="inv",
    group="linear algebra",
    summary="inverse matrix: X^-1",
    example=("a'*inv(X)*b", {"a": "n", "X": "n, n", "b": "n"}),
    shape=square_only("inv", same),
    lowering=lambda x, axis, sizes: operations.power(x[0], operations.leaf(ex.number(-1))),
    numpy=NumpyCode("np.linalg.inv({0})", stacked="np.linalg.inv({0})"),
    latex=r"\operatorname{inv}",
    domain=("square",),
    parity="odd",
    transposition="commutes",
)

ADJ: Function = Function(
    name="adj",
    group="linear algebra",
    summary="adjugate: det(X)*inv(X), of an invertible matrix",
    example=("a'*adj(X)*b", {"a": "n", "X": "n, n", "b": "n"}),
    shape=square_only("adj", same),
    lowering=lambda x, axis, sizes: operations.multiply(
        operations.call(DET, x), operations.power(x[0], operations.leaf(ex.number(-1)))
    ),
    numpy=NumpyCode("np.linalg.det({0}) * np.linalg.inv({0})"),
    latex=r"\operatorname{adj}",
    domain=("square",),
    transposition="commutes",
)

RECORDS = (TR, DET, LOGDET, INV, ADJ)
