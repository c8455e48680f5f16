"""Coefficients and exponents: exact fractions, of which nearly all are one.

A module of its own because every constructor multiplies them, and a product with one should cost nothing.
"""

from __future__ import annotations

from fractions import Fraction

UNIT = Fraction(1)


def rational(value: Fraction | int) -> Fraction:
    """The number as a fraction; one is always the same object."""
    if value is UNIT or value == 1:
        return UNIT
    return value if isinstance(value, Fraction) else Fraction(value)


def times(left: Fraction, right: Fraction) -> Fraction:
    """The product of two fractions."""
    if left is UNIT:
        return right
    return left if right is UNIT else left * right
