"""What is known of a single factor of a product.

A module of its own because the neighbour rules of a product ask these questions, and
the answers need no product.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.expressions.compounds import Call, Sum, Transpose
from dimcompat.expressions.leaves import Ones, Symbol
from dimcompat.expressions.linear import combine, number, scaled, size_of, split
from dimcompat.expressions.node import Expr
from dimcompat.expressions.rationals import UNIT
from dimcompat.shapes import SCALAR


def sums_to_one(factor: Expr, axis: int) -> bool:
    """Whether the entries of each row (axis 1) or column (axis 0) are known to add up to one."""
    if isinstance(factor, Transpose):
        return sums_to_one(factor.operand, 1 - axis)
    if not isinstance(factor, Call):
        return False
    sums = factor.function.unit_sums
    return (sums == "rows" and axis == 1) or (sums == "axis" and factor.axis == axis)


def line_sum(factor: Expr, axis: int) -> Expr | None:
    """What each row (axis 1) or column (axis 0) adds up to, where that is known to be the same for all.

    That is so of a sum in which a number is added to matrices whose lines add up to one.
    """
    if sums_to_one(factor, axis):
        return number(1)
    if not isinstance(factor, Sum):
        return None
    parts: list[tuple[Expr, Fraction]] = []
    for term, coefficient in factor.terms:
        own, scalars, body = split(term)
        total = line_sum(body, axis) if body is not None and body.shape == factor.shape else None
        if body is None or isinstance(body, Ones):
            total = size_of(factor.shape.cols if axis == 1 else factor.shape.rows)
        if total is None:
            return None
        parts.append((scaled(own, dict(scalars), None, (total, UNIT)), coefficient))
    return combine(SCALAR, parts)


def is_orthogonal(factor: Expr) -> bool:
    """Whether a factor is a name declared orthogonal, transposed or not."""
    leaf = factor.operand if isinstance(factor, Transpose) else factor
    return isinstance(leaf, Symbol) and "orthogonal" in leaf.attributes
