"""Sizes that are not known yet, and what follows when two sizes are equal.

A module of its own because inference asks only this of dimensions: make these two equal, in
the most general way, or say that they cannot be. An unknown size is a `Dim` like any other,
a symbol that no text can hold.

No unknown size is ever 1: what is a scalar, a row or a column is decided by the kinds of the
names and by the operators, never by a size that turns out to be 1. So it is known at every
node which operand is stretched, and whether a product scales; nothing has to be tried out.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from dimcompat.shapes import ONE, Dim, Monomial, Shape

_MARK = "?"


class Unification:
    """What is known about unknown sizes so far."""

    def __init__(self) -> None:
        self.known: dict[str, Dim] = {}
        self.trail: list[tuple[str, Dim | None]] = []
        self.count = 0

    def fresh(self) -> Dim:
        """A size that nothing is known about."""
        self.count += 1
        return Dim.symbol(f"{_MARK}{self.count}")

    def dim(self, dim: Dim) -> Dim:
        """The dimension with everything put in that is known."""
        passed: list[str] = []
        while (name := _alone(dim)) is not None and name in self.known:
            passed.append(name)
            dim = self.known[name]
        while any(name in self.known for name in dim.symbols):
            dim = replaced(dim, self.known)
        for name in passed[:-1]:
            self._set(name, dim)
        return dim

    def shape(self, shape: Shape) -> Shape:
        """The shape with everything put in that is known."""
        return Shape(self.dim(shape.rows), self.dim(shape.cols))

    def equate(self, left: Dim, right: Dim) -> bool | None:
        """Makes two dimensions equal. False where they cannot be, None where that says too little.

        Of products, what stands on both sides is cancelled: with ``m*n = m*q``, n is q.
        """
        left, right = self.dim(left), self.dim(right)
        if left is right:
            return True
        left, right = _reduced(left, right)
        if left is right:
            return True
        if ONE in (left, right) or not (unknowns(left) or unknowns(right)):
            return False
        if _number(right) > _number(left):
            left, right = right, left
        for one, other in ((left, right), (right, left)):
            name = _alone(one)
            if name is not None:
                if name in other.symbols:
                    return False
                self._set(name, other)
                return True
        return None

    def mark(self) -> int:
        """A place to go back to."""
        return len(self.trail)

    def undo(self, mark: int) -> None:
        """Forgets what was found since then."""
        while len(self.trail) > mark:
            name, before = self.trail.pop()
            if before is None:
                del self.known[name]
            else:
                self.known[name] = before

    def _set(self, name: str, dim: Dim) -> None:
        self.trail.append((name, self.known.get(name)))
        self.known[name] = dim


def unknowns(dim: Dim) -> list[str]:
    """The unknown sizes in a dimension, the older ones first."""
    found = [name for name in dim.symbols if name.startswith(_MARK)]
    return sorted(found, key=lambda name: int(name.removeprefix(_MARK)))


def replaced(dim: Dim, sizes: dict[str, Dim]) -> Dim:
    """The dimension with the symbols replaced that have a size."""
    total: Dim | None = None
    for monomial, factor in dim.terms:
        product = Dim.number(factor)
        for name, power in monomial:
            product = product * sizes.get(name, Dim.symbol(name)) ** power
        total = product if total is None else total + product
    assert total is not None
    return total


def _alone(dim: Dim) -> str | None:
    """The unknown that the dimension is, if it is one."""
    if len(dim.terms) == 1 and dim.terms[0][1] == 1 and len(dim.terms[0][0]) == 1:
        name, power = dim.terms[0][0][0]
        return name if power == 1 and name.startswith(_MARK) else None
    return None


def _number(dim: Dim) -> int:
    """How young an unknown is; the younger one gets the size of the older one."""
    name = _alone(dim)
    return int(name.removeprefix(_MARK)) if name is not None else 0


def _reduced(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """Two dimensions that are equal where these are, with common factors and powers cancelled."""
    if len(left.terms) != 1 or len(right.terms) != 1:
        return left, right
    (one, first), (other, second) = left.terms[0], right.terms[0]
    powers = dict(one)
    for name, power in other:
        powers[name] = powers.get(name, 0) - power
    ratio = Fraction(first, second)
    root = gcd(*powers.values()) if ratio == 1 else 1
    over = {name: power // root for name, power in powers.items() if power > 0}
    under = {name: -power // root for name, power in powers.items() if power < 0}
    return _product(ratio.numerator, over), _product(ratio.denominator, under)


def _product(factor: int, powers: dict[str, int]) -> Dim:
    monomial: Monomial = tuple(sorted(powers.items()))
    return Dim({monomial: factor})
