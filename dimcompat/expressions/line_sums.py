"""What ones beside a factor come to, where its columns or rows have a sum that is known.

A module of its own because a factor of ones is a sum: means that were taken away leave nothing of it, a
softmax leaves one, and what is the same all along a line stands outside of it.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.expressions.compounds import Call, Chain, Hadamard, Sum, Transpose
from dimcompat.expressions.entrywise import entry_product
from dimcompat.expressions.facts import sums_to_one
from dimcompat.expressions.leaves import Number, Ones, Zeros
from dimcompat.expressions.linear import chain_of, combine, factors_of, number, scaled, size_of, split
from dimcompat.expressions.node import Expr
from dimcompat.expressions.rationals import UNIT
from dimcompat.shapes import ONE, SCALAR, Shape


def beside_ones(left: Expr, right: Expr) -> Expr | None:
    """What a row of ones before a factor, or a column of ones after it, makes of it; else None."""
    if isinstance(left, Ones) and left.shape.is_row:
        return _summed(left, right)
    if isinstance(right, Ones) and right.shape.is_column and isinstance(left, _SUMMED):
        from dimcompat.expressions.products import transpose

        turned = _summed(transpose(right), transpose(left))
        return None if turned is None else transpose(turned)
    return None


_SUMMED = (Sum, Chain, Hadamard, Call, Transpose)


def _summed(ones: Expr, factor: Expr) -> Expr | None:
    if isinstance(factor, Ones) and factor.shape.is_column:
        return size_of(factor.shape.rows)
    total = _column_sum(factor)
    if total is not None:
        return scaled(UNIT, {}, Ones.make(Shape(ONE, factor.shape.cols)), (total, UNIT))
    if isinstance(factor, Sum):
        return _of_what_is_left(ones, factor)
    if isinstance(factor, Hadamard) and not factor.shape.is_vector:
        return _beside_rows(ones, factor)
    return None


def _column_sum(factor: Expr) -> Expr | None:
    """What each column adds up to, where that is known to be the same for all.

    That is so of a sum in which a number is added to matrices whose columns add up to one.
    """
    if sums_to_one(factor, 0):
        return number(1)
    if _vanishes(factor):
        return number(0)
    if not isinstance(factor, Sum):
        return None
    parts: list[tuple[Expr, Fraction]] = []
    for term, coefficient in factor.terms:
        own, scalars, body = split(term)
        total = _column_sum(body) if body is not None and body.shape == factor.shape else None
        if body is None or isinstance(body, Ones):
            total = size_of(factor.shape.rows)
        if total is None:
            return None
        parts.append((scaled(own, dict(scalars), None, (total, UNIT)), coefficient))
    return combine(SCALAR, parts)


def _vanishes(factor: Expr) -> bool:
    """Whether each column is known to add up to zero."""
    match factor:
        case Sum():
            return _is_centred(factor)
        case Chain():
            return _vanishes(factor.factors[0])
        case Hadamard():
            whole = [(base, exponent) for base, exponent in factor.factors if not base.shape.is_row]
            return len(whole) == 1 and whole[0][1] == 1 and _vanishes(whole[0][0])
        case _:
            return False


def _is_centred(factor: Sum) -> bool:
    """Whether the mean of each column of a sum is taken away in it."""
    rows, cols = factor.shape
    if rows is ONE or not any(term.shape.is_row for term, _ in factor.terms):
        return False
    totals: list[tuple[Expr, Fraction]] = []
    for term, coefficient in factor.terms:
        own, scalars, body = split(term)
        loose = list(scalars)
        if term.shape.is_row:
            loose.append((size_of(rows), UNIT))
        elif body is not None:
            body = chain_of((Ones.make(Shape(ONE, rows)), *factors_of(body)))
            if body.shape.is_scalar:
                loose.append((body, UNIT))
                body = None
        totals.append((scaled(own, {}, body, *loose), coefficient))
    total = combine(Shape(ONE, cols), totals)
    return isinstance(total, Zeros) or (isinstance(total, Number) and total.value == 0)


def _of_what_is_left(ones: Expr, factor: Sum) -> Expr | None:
    """``ones(1,m)*(A + C) = ones(1,m)*A`` where the columns of C add up to zero."""
    bodies = [split(term)[2] for term, _ in factor.terms]
    kept = [
        term for term, body in zip(factor.terms, bodies, strict=True) if body is None or not _vanishes(body)
    ]
    if len(kept) == len(factor.terms):
        return None
    from dimcompat.expressions.products import multiply

    return multiply(ones, combine(factor.shape, kept))


def _beside_rows(ones: Expr, factor: Hadamard) -> Expr | None:
    """``ones(1,m)*(A .* r) = (ones(1,m)*A) .* r`` of a row r."""
    rows = [(base, exponent) for base, exponent in factor.factors if base.shape.is_row]
    if not rows:
        return None
    from dimcompat.expressions.products import multiply

    rest = entry_product((base, exponent) for base, exponent in factor.factors if not base.shape.is_row)
    return entry_product([(multiply(ones, rest), UNIT), *rows])
