"""Products in which an exact zero wins over an infinity: ``x/norm2(x)`` at ``x = 0``.

A module of its own because it states one convention of the contract: at a kink the value is that of the
usual subgradient. It serves formulas that divide by a root, where the root may be zero together with what
stands above it, as in the terms i = j of a sum over pairs of rows, and ``x^s*log(x)``, the derivative of a
power by its exponent, which is zero at ``x = 0``; other products are NumPy's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr
from dimcompat.functions.exponentials import LOG
from dimcompat.functions.rules import called
from dimcompat.numeric.machine import Array

_PASSING_ON = (
    *(ex.Named, ex.Scoped, ex.Sum, ex.Product, ex.Chain),
    *(ex.Hadamard, ex.Transpose, ex.Pick, ex.Diagonal),
)


def meets_infinity(factors: Iterable[tuple[Expr, Exponent]]) -> bool:
    """Whether one of the factors is a root below the line, or a power beside the logarithm of its base."""
    factors = list(factors)
    for base, power in factors:
        if power is ex.UNIT:
            continue
        if isinstance(power, Expr):
            logarithms = (called(other, LOG) for other, _ in factors)
            if any(log is not None and log.arguments[0] is base for log in logarithms):
                return True
        elif power.denominator > 1 and power.numerator < 0:
            return True
    return False


def passes_on(node: Expr) -> bool:
    """Whether an infinity in a part of a node may still be met by a zero beside the node."""
    return isinstance(node, _PASSING_ON)


def times(left: Array, right: Array) -> Array:
    """Entry by entry."""
    product: Array = left * right
    if np.isfinite(product).all():
        return product
    lost = (np.isinf(left) & (right == 0)) | ((left == 0) & np.isinf(right))
    return np.where(lost, 0.0, product)


def chain(*factors: Array, from_right: bool) -> Array:
    """The matrix product."""
    if from_right:
        return reduce(lambda product, factor: _matmul(factor, product), reversed(factors))
    return reduce(_matmul, factors)


def _matmul(left: Array, right: Array) -> Array:
    if np.isfinite(left).all() and np.isfinite(right).all():
        return left @ right
    product = np.where(np.isinf(left), 0.0, left) @ np.where(np.isinf(right), 0.0, right)
    for sign in (1.0, -1.0):
        met = _infinite(left, sign, right) + _infinite(right.T, sign, left.T).T
        product = product + np.where(met > 0, sign * np.inf, 0.0)
    return product


def _infinite(left: Array, sign: float, right: Array) -> Array:
    """How many infinities of a sign the infinite entries of the left factor make."""
    alike = (left == np.inf).astype(float) @ (sign * right > 0)
    opposite = (left == -np.inf).astype(float) @ (sign * right < 0)
    return np.asarray(alike + opposite)
