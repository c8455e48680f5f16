"""Traces, and sums of rows, columns and all entries.

A module of its own because both close a product: a trace bites its own tail, a sum of
entries has ones at its ends.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.errors import ShapeError
from dimcompat.expressions.compounds import Chain, Diagonal, Sum, Trace, Transpose
from dimcompat.expressions.leaves import Identity, Ones, Zeros
from dimcompat.expressions.linear import scale, scaled, size_of, split
from dimcompat.expressions.node import Expr
from dimcompat.expressions.products import (
    is_palindrome,
    merge_neighbours,
    multiply,
    prefers_transpose,
    transpose,
    turned_around,
)
from dimcompat.expressions.rationals import UNIT
from dimcompat.expressions.remembered import remembered
from dimcompat.expressions.term_order import orientation_key
from dimcompat.messages import say
from dimcompat.shapes import ONE, Shape


@remembered
def trace(matrix: Expr) -> Expr:
    """The trace of a square matrix."""
    if not matrix.shape.is_square:
        raise ShapeError(say("E205.trace", shape=matrix.shape), code="E205")
    coefficient, scalars, body = split(matrix)
    if body is None:
        return matrix
    return scaled(coefficient, dict(scalars), None, (_trace_of(body), UNIT))


def _trace_of(body: Expr) -> Expr:
    match body:
        case Zeros():
            return Zeros.make(Shape(ONE, ONE))
        case Identity():
            return size_of(body.shape.rows)
        case Ones():
            return size_of(body.shape.rows)
        case Diagonal():
            return total(body.vector)
        case Transpose():
            return _trace_of(body.operand)
        case Chain():
            return _closed_chain(list(body.factors))
        case Sum() if prefers_transpose(body):
            return scale(*_pair(transpose(body)))
    return Trace.make(body)


def _pair(expression: Expr) -> tuple[Fraction, Expr]:
    coefficient, scalars, body = split(expression)
    assert body is not None and not scalars
    return coefficient, Trace.make(body)


def _closed_chain(factors: list[Expr]) -> Expr:
    """The trace of a product, rotated and oriented in the one way that is printed."""
    for place, factor in enumerate(factors):
        if factor.shape.rows is ONE:
            return multiply(*factors[place:], *factors[:place])
    merged = merge_neighbours(factors[-1], factors[0])
    if merged is not None and len(factors) > 1:
        return trace(multiply(merged, *factors[1:-1]))
    plain, around = _first_rotation(factors), turned_around(factors)
    if around is None:
        return Trace.make(Chain.make(plain, symmetric=is_palindrome(list(plain))))
    coefficient, turned = around[0], _first_rotation(around[1])
    if plain == turned and coefficient == -1:  # the trace of a product that is its own negative transpose
        return scaled(Fraction(0), {}, None)
    if orientation_key(plain) <= orientation_key(turned):
        return Trace.make(Chain.make(plain, symmetric=is_palindrome(list(plain))))
    return scale(coefficient, Trace.make(Chain.make(turned, symmetric=is_palindrome(list(turned)))))


def _first_rotation(factors: list[Expr]) -> tuple[Expr, ...]:
    rotations = (tuple(factors[place:] + factors[:place]) for place in range(len(factors)))
    return min(rotations, key=orientation_key)


def total(expression: Expr) -> Expr:
    """The sum of all entries, 1×1."""
    return row_sums(column_sums(expression))


def column_sums(expression: Expr) -> Expr:
    """The sum of each column, 1×c."""
    if expression.shape.is_row:
        return expression
    return multiply(Ones.make(Shape(ONE, expression.shape.rows)), expression)


def row_sums(expression: Expr) -> Expr:
    """The sum of each row, m×1."""
    if expression.shape.is_column:
        return expression
    return multiply(expression, Ones.make(Shape(expression.shape.cols, ONE)))
