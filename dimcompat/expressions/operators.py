"""What the operators of the language mean, and which shapes each of them takes.

A module of its own because text, Python objects and operations as typed all go through
the same checks, and the constructors behind them are more lenient: they stretch a row
and a column into one sum where the algebra needs it, which a user may not write.
"""

from __future__ import annotations

from fractions import Fraction
from numbers import Rational

from dimcompat.callers import wrong_argument
from dimcompat.errors import ShapeError, UnsupportedError
from dimcompat.expressions.entrywise import entrywise_power, hadamard, power
from dimcompat.expressions.leaves import Number
from dimcompat.expressions.linear import add, exponent_of, size_of, subtract
from dimcompat.expressions.node import Expr
from dimcompat.expressions.products import matrix_power, multiply
from dimcompat.expressions.scope import plain
from dimcompat.shapes import Dim, broadcast

LARGEST_MATRIX_EXPONENT = 64


def as_expression(value: object) -> Expr:
    """A Python number, a dimension or an expression as an expression; a float is read as it prints.

    Raises ArgumentError for anything else.
    """
    if isinstance(value, Expr):
        return plain(value)
    if isinstance(value, Dim):
        return size_of(value)
    if isinstance(value, float):
        return Number.make(Fraction(repr(float(value))))
    if isinstance(value, Rational) and not isinstance(value, bool):
        return Number.make(Fraction(int(value.numerator), int(value.denominator)))
    raise wrong_argument("operand", "a number, a dimension or an expression", value)


def plus(left: Expr, right: Expr) -> Expr:
    """``left + right``, one of them stretched where it is a scalar, a row or a column."""
    _require_broadcast("add", left, right)
    return add(left, right)


def minus(left: Expr, right: Expr) -> Expr:
    """``left - right``, stretched as for a sum."""
    _require_broadcast("subtract", left, right)
    return subtract(left, right)


def times(left: Expr, right: Expr) -> Expr:
    """``left * right``: the matrix product, or scaling where one of them is a scalar."""
    scaling = left.shape.is_scalar or right.shape.is_scalar
    if not scaling and left.shape.cols is not right.shape.rows:
        raise ShapeError(
            f"cannot multiply {left.shape} by {right.shape}: "
            f"{left.shape.cols} and {right.shape.rows} are different dimensions",
            code="E201",
        )
    return multiply(left, right)


def over(left: Expr, right: Expr) -> Expr:
    """``left / right``, where the right side is a scalar."""
    if not right.shape.is_scalar:
        raise ShapeError(
            f"cannot divide by a matrix: the divisor is {right.shape}, and / divides by a scalar",
            code="E204",
            hint="use ./ to divide entry by entry, or multiply by inv(…)",
        )
    return multiply(left, power(right, Fraction(-1)))


def entry_times(left: Expr, right: Expr) -> Expr:
    """``left .* right``, stretched as for a sum."""
    _require_broadcast("multiply entry by entry", left, right)
    return hadamard(left, right)


def entry_over(left: Expr, right: Expr) -> Expr:
    """``left ./ right``, stretched as for a sum."""
    _require_broadcast("divide entry by entry", left, right)
    return hadamard(left, entrywise_power(right, Fraction(-1)))


def to_the(base: Expr, exponent: Expr) -> Expr:
    """``base ^ exponent``: any power of a scalar, an integer power of a square matrix."""
    if not exponent.shape.is_scalar:
        raise ShapeError(f"an exponent is a scalar, and this one is {exponent.shape}", code="E206")
    if base.shape.is_scalar:
        return power(base, exponent_of(exponent))
    return matrix_power(base, _matrix_exponent(base, exponent))


def _matrix_exponent(base: Expr, exponent: Expr) -> int:
    if not base.shape.is_square:
        raise ShapeError(
            f"only a square matrix has a power, and this one is {base.shape}",
            code="E205",
            hint="use .^ for the power of each entry",
        )
    if not isinstance(exponent, Number) or exponent.value.denominator != 1:
        raise UnsupportedError(
            "the power of a matrix needs an integer as its exponent",
            code="E402",
            hint="use .^ for the power of each entry",
        )
    if abs(exponent.value) > LARGEST_MATRIX_EXPONENT:
        raise UnsupportedError(
            f"matrix powers above {LARGEST_MATRIX_EXPONENT} are not supported", code="E403"
        )
    return int(exponent.value)


def entry_to_the(base: Expr, exponent: Expr) -> Expr:
    """``base .^ exponent``, the exponent a scalar."""
    if not exponent.shape.is_scalar:
        raise UnsupportedError(
            f"the exponent of .^ must be a scalar, and this one is {exponent.shape}",
            code="E404",
            hint="exp(B .* log(A)) raises each entry of A to its own power",
        )
    return entrywise_power(base, exponent_of(exponent))


def _require_broadcast(verb: str, left: Expr, right: Expr) -> None:
    if broadcast((left.shape, right.shape)) is not None:
        return
    crossed = (left.shape.is_row and right.shape.is_column) or (left.shape.is_column and right.shape.is_row)
    reason = ": one side may be stretched, not both" if crossed else ""
    raise ShapeError(f"cannot {verb} {left.shape} and {right.shape}{reason}", code="E203")
