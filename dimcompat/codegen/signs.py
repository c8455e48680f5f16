"""Values that cannot be zero, or not negative, by what they are made of.

A module of its own because it is a small proof about numbers and knows nothing of how they are written.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.codegen.values import Op, Value, coefficient_of, exponents_of
from dimcompat.expressions import Symbol

DEEPEST = 12
_ADDING = frozenset({Op.TOTAL, Op.SUM0, Op.SUM1})
_VIEWS = frozenset({Op.TRANSPOSE, Op.COLUMN, Op.ROW, Op.STRETCH})
_MULTIPLYING = frozenset({Op.MATMUL, Op.DOT, Op.ROW_DOTS})


def is_positive(value: Value, depth: int = DEEPEST) -> bool:
    """Whether every entry is above zero."""
    match value.op:
        case Op.SIZE:
            return True
        case Op.NUMBER:
            return isinstance(value.facts, Fraction) and value.facts > 0
        case Op.INPUT:
            return isinstance(value.facts, Symbol) and "positive" in value.facts.attributes
        case _ if depth == 0:
            return False
        case Op.SUM:
            return _adds(value, depth) and any(is_positive(one, depth - 1) for one in value.operands)
        case Op.PRODUCT:
            return coefficient_of(value) > 0 and all(is_positive(one, depth - 1) for one in value.operands)
        case _ if value.op in _VIEWS:
            return is_positive(value.operands[0], depth - 1)
    return False


def _is_not_negative(value: Value, depth: int) -> bool:
    """Whether no entry is below zero."""
    if is_positive(value, depth):
        return True
    if depth == 0:
        return False
    match value.op:
        case Op.SUM:
            return _adds(value, depth)
        case Op.PRODUCT:
            powers = zip(value.operands, exponents_of(value), strict=True)
            return coefficient_of(value) > 0 and all(
                power % 2 == 0 or _is_not_negative(one, depth - 1) for one, power in powers
            )
        case _ if value.op in _MULTIPLYING:
            left, right = value.operands
            vectors = value.op is not Op.MATMUL or not value.axes
            return left is right and vectors
        case _ if value.op in _ADDING | _VIEWS:
            return _is_not_negative(value.operands[0], depth - 1)
    return False


def _adds(value: Value, depth: int) -> bool:
    """Whether a sum adds what is not negative."""
    assert isinstance(value.facts, tuple)
    return all(factor > 0 for factor in value.facts) and all(
        _is_not_negative(one, depth - 1) for one in value.operands
    )
