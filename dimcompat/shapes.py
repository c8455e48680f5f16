"""Dimensions and shapes: the arithmetic that every other room relies on.

A module of its own because the whole product stands on one question, "are these
two dimensions equal?", and it must have one answer: two dimensions are equal
when their polynomials are, never because nothing shows that they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import ClassVar, NamedTuple
from weakref import WeakValueDictionary

Monomial = tuple[tuple[str, int], ...]

NAMES_AT_HAND = 1_000
"""Dimensions that are kept although nothing uses them any more."""


class Dim:
    """A dimension: a polynomial with positive integer coefficients in dimension symbols.

    Equal dimensions are one object as long as anything uses it, so comparing two of them costs nothing. A
    dimension without symbols also equals the plain integer.
    """

    __slots__ = ("__weakref__", "_hash", "symbols", "terms", "text", "value")

    terms: tuple[tuple[Monomial, int], ...]
    text: str
    value: int | None
    """The size, where no symbol is in it."""
    symbols: frozenset[str]
    """The names of the dimension symbols in it."""
    _hash: int
    _known: ClassVar[WeakValueDictionary[tuple[tuple[Monomial, int], ...], Dim]] = WeakValueDictionary()

    def __new__(cls, terms: Mapping[Monomial, int]) -> Dim:
        ordered = tuple(sorted(terms.items(), key=lambda term: (-_degree(term[0]), term[0])))
        found = cls._known.get(ordered)
        if found is None:
            found = super().__new__(cls)
            found.terms = ordered
            found.text = " + ".join(_monomial_text(monomial, factor) for monomial, factor in ordered)
            found.value = ordered[0][1] if len(ordered) == 1 and ordered[0][0] == () else None
            found.symbols = frozenset(name for monomial, _ in ordered for name, _ in monomial)
            found._hash = hash(found.value) if found.value is not None else hash(ordered)
            cls._known[ordered] = found
        return found

    @staticmethod
    @lru_cache(maxsize=NAMES_AT_HAND)
    def symbol(name: str) -> Dim:
        """The dimension that is called ``name``."""
        return Dim({((name, 1),): 1})

    @staticmethod
    def number(value: int) -> Dim:
        """A known size; it must be positive."""
        if value < 1:
            raise ValueError(f"a dimension is a positive integer, not {value}")
        return Dim({(): value})

    def size(self, sizes: Mapping[str, int]) -> int:
        """The number it stands for when each symbol has the size given."""
        if self.value is not None:
            return self.value
        if self.text in sizes:  # one symbol alone
            return sizes[self.text]
        total = 0
        for monomial, factor in self.terms:
            for name, power in monomial:
                factor *= sizes[name] ** power
            total += factor
        return total

    def __add__(self, other: Dim | int) -> Dim:
        if not isinstance(other, (Dim, int)):
            return NotImplemented
        terms = dict(self.terms)
        for monomial, factor in as_dim(other).terms:
            terms[monomial] = terms.get(monomial, 0) + factor
        return Dim(terms)

    def __mul__(self, other: Dim | int) -> Dim:
        if not isinstance(other, (Dim, int)):
            return NotImplemented
        terms: dict[Monomial, int] = {}
        for left, left_factor in self.terms:
            for right, right_factor in as_dim(other).terms:
                powers = dict(left)
                for name, power in right:
                    powers[name] = powers.get(name, 0) + power
                monomial = tuple(sorted(powers.items()))
                terms[monomial] = terms.get(monomial, 0) + left_factor * right_factor
        return Dim(terms)

    def __pow__(self, exponent: int) -> Dim:
        result = ONE
        for _ in range(exponent):
            result = result * self
        return result

    __radd__ = __add__
    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, int) and self.value == other)

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def __reduce__(self) -> tuple[type[Dim], tuple[dict[Monomial, int]]]:
        return (Dim, (dict(self.terms),))


def _degree(monomial: Monomial) -> int:
    return sum(power for _, power in monomial)


def _monomial_text(monomial: Monomial, factor: int) -> str:
    parts = [name if power == 1 else f"{name}^{power}" for name, power in monomial]
    if factor != 1 or not parts:
        parts.insert(0, str(factor))
    return "*".join(parts)


ONE = Dim({(): 1})


def as_dim(value: Dim | int | str) -> Dim:
    """A dimension from a dimension, a size or the name of a symbol."""
    if isinstance(value, Dim):
        return value
    return Dim.symbol(value) if isinstance(value, str) else Dim.number(value)


class Shape(NamedTuple):
    """Rows and columns. A scalar is 1×1, a column n×1, a row 1×n."""

    rows: Dim
    cols: Dim

    @property
    def transposed(self) -> Shape:
        return Shape(self.cols, self.rows)

    @property
    def is_scalar(self) -> bool:
        return self.rows is ONE and self.cols is ONE

    @property
    def is_column(self) -> bool:
        """One column; a scalar is one too."""
        return self.cols is ONE

    @property
    def is_row(self) -> bool:
        """One row; a scalar is one too."""
        return self.rows is ONE

    @property
    def is_vector(self) -> bool:
        """A column or a row; a scalar is both."""
        return self.rows is ONE or self.cols is ONE

    @property
    def is_square(self) -> bool:
        return self.rows is self.cols

    @property
    def size(self) -> Dim:
        """How many entries."""
        return self.rows * self.cols

    def __str__(self) -> str:
        return f"{_factor_text(self.rows)}×{_factor_text(self.cols)}"

    def __repr__(self) -> str:
        return f"({self.rows}, {self.cols})"


def _factor_text(dim: Dim) -> str:
    return f"({dim})" if len(dim.terms) > 1 else str(dim)


SCALAR = Shape(ONE, ONE)


def largest(shapes: Iterable[Shape], sizes: Mapping[str, int]) -> int:
    """How many entries the largest of these has when each symbol has the size given."""
    found: dict[Dim, int] = {}
    most = 1
    for rows, cols in shapes:
        for dim in (rows, cols):
            if dim not in found:
                found[dim] = dim.size(sizes)
        most = max(most, found[rows] * found[cols])
    return most


def broadcast(shapes: Iterable[Shape]) -> Shape | None:
    """The shape that entry-by-entry operations on these operands have, or None.

    One operand at a time is stretched: a scalar, a row or a column against a
    larger operand. A column and a row do not stretch each other.
    """
    result = SCALAR
    for shape in shapes:
        rows = shape.rows if result.rows is ONE else result.rows
        cols = shape.cols if result.cols is ONE else result.cols
        joint = Shape(rows, cols)
        if joint not in (shape, result) or not stretches(shape, joint):
            return None
        result = joint
    return result


def stretches(shape: Shape, target: Shape) -> bool:
    """Whether an operand of this shape is stretched, or fits as it is, into the target."""
    return shape.rows in (ONE, target.rows) and shape.cols in (ONE, target.cols)
