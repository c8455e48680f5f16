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
from dimcompat.messages import say
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
    raise wrong_argument(say("E440.an operand"), say("E440.operand"), value)


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
        head = say("E201", left=left.shape, right=right.shape)
        reason = say("E201.differ", left=left.shape.cols, right=right.shape.rows)
        raise ShapeError(say("because", head=head, reason=reason), code="E201")
    return multiply(left, right)


def over(left: Expr, right: Expr) -> Expr:
    """``left / right``, where the right side is a scalar."""
    if not right.shape.is_scalar:
        reason = say("E204.divisor", shape=right.shape)
        message = say("because", head=say("E204"), reason=reason)
        raise ShapeError(message, code="E204", hint=say("E204.hint"))
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
        raise ShapeError(say("E206", shape=exponent.shape), code="E206")
    if base.shape.is_scalar:
        return power(base, exponent_of(exponent))
    return matrix_power(base, _matrix_exponent(base, exponent))


def _matrix_exponent(base: Expr, exponent: Expr) -> int:
    if not base.shape.is_square:
        message = say("E205.power", shape=base.shape)
        raise ShapeError(message, code="E205", hint=say("use.entrywise power"))
    if not isinstance(exponent, Number) or exponent.value.denominator != 1:
        raise UnsupportedError(say("E402"), code="E402", hint=say("use.entrywise power"))
    if abs(exponent.value) > LARGEST_MATRIX_EXPONENT:
        raise UnsupportedError(say("E403", limit=LARGEST_MATRIX_EXPONENT), code="E403")
    return int(exponent.value)


def entry_to_the(base: Expr, exponent: Expr) -> Expr:
    """``base .^ exponent``, the exponent a scalar."""
    if not exponent.shape.is_scalar:
        raise UnsupportedError(say("E404", shape=exponent.shape), code="E404", hint=say("E404.hint"))
    return entrywise_power(base, exponent_of(exponent))


def _require_broadcast(verb: str, left: Expr, right: Expr) -> None:
    if broadcast((left.shape, right.shape)) is not None:
        return
    crossed = (left.shape.is_row and right.shape.is_column) or (left.shape.is_column and right.shape.is_row)
    message = say(f"E203.{verb}", left=left.shape, right=right.shape)
    if crossed:
        message = say("because", head=message, reason=say("E203.one side"))
    raise ShapeError(message, code="E203")
