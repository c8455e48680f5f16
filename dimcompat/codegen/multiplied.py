"""Products of matrices that have been multiplied: each is found again, and in its transposed form too.

A module of its own because what is the same product is a question of factors alone, whatever the order
in which they were multiplied.
"""

from __future__ import annotations

from dataclasses import field

from dimcompat.codegen.algebra import Algebra
from dimcompat.codegen.factors import Factor, Kind, dense, transposed
from dimcompat.codegen.values import Op, Value
from dimcompat.records import dataclass

Factors = tuple[Factor, ...]


@dataclass(slots=True)
class Multiplied:
    """The products that have been made, by what their factors are, transposed or not, in whatever order."""

    algebra: Algebra
    made: dict[frozenset[Value | Kind], list[tuple[Factors, Factor]]] = field(default_factory=dict)

    def find(self, factors: Factors) -> Factor | None:
        """The product of these factors where it, or its transpose, has been made."""
        alike = self.made.get(_parts(factors))
        if alike is None:
            return None
        found = next((product for known, product in alike if known == factors), None)
        if found is None:
            turned = self._turned(factors)
            mirrored = next((product for known, product in alike if known == turned), None)
            found = None if mirrored is None else transposed(self.algebra, mirrored)
        return found

    def keep(self, factors: Factors, product: Factor) -> Factor:
        """The product, which is found from now on; one that is its own transpose is symmetric."""
        if _part(factors[0]) is _part(factors[-1]) and self._turned(factors) == factors:
            self.algebra.symmetric.add(dense(self.algebra, product))
        self.made.setdefault(_parts(factors), []).append((factors, product))
        return product

    def _turned(self, factors: Factors) -> Factors:
        return tuple([transposed(self.algebra, factor) for factor in reversed(factors)])


def _parts(factors: Factors) -> frozenset[Value | Kind]:
    return frozenset([_part(factor) for factor in factors])


def _part(factor: Factor) -> Value | Kind:
    value = factor.values[0] if factor.kind is Kind.DENSE else None
    if value is None:
        return factor.kind
    return value.operands[0] if value.op is Op.TRANSPOSE else value
