"""What is known of a single factor of a product.

A module of its own because the neighbour rules of a product ask these questions, and
the answers need no product.
"""

from __future__ import annotations

from dimcompat.expressions.compounds import Call, Transpose
from dimcompat.expressions.leaves import Identity, Symbol
from dimcompat.expressions.node import Expr


def sums_to_one(factor: Expr, axis: int) -> bool:
    """Whether the entries of each row (axis 1) or column (axis 0) are known to add up to one."""
    if isinstance(factor, Transpose):
        return sums_to_one(factor.operand, 1 - axis)
    if not isinstance(factor, Call):
        return isinstance(factor, Identity)
    sums = factor.function.unit_sums
    return (sums == "rows" and axis == 1) or (sums == "axis" and factor.axis == axis)


def is_orthogonal(factor: Expr) -> bool:
    """Whether a factor is a name declared orthogonal, transposed or not."""
    leaf = factor.operand if isinstance(factor, Transpose) else factor
    return isinstance(leaf, Symbol) and "orthogonal" in leaf.attributes
