"""Coefficients and exponents: exact fractions, of which nearly all are one.

A module of its own because every constructor multiplies them, and a product with one should cost nothing.
"""

from __future__ import annotations

from fractions import Fraction


class _One(Fraction):
    """One, whose hash is not computed every time that a node with it is looked up."""

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        return 1

    def __reduce__(self) -> tuple[type[Fraction], tuple[int]]:
        return Fraction, (1,)


UNIT: Fraction = _One(1)


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
