"""Points at which a claim is judged, and how a formula relates to the derivative there.

A module of its own because every guess at what went wrong is confirmed by the same measure: equal at
all points, or a constant multiple of the derivative, or its transpose, for two assignments of sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from fractions import Fraction
from itertools import combinations

import numpy as np

from dimcompat.expressions import Expr
from dimcompat.language.claim import Claim
from dimcompat.language.syntax import Node
from dimcompat.numeric import evaluation, facts
from dimcompat.numeric.claim_points import SAME, claim_points, same, wrong_on_a_branch
from dimcompat.numeric.kinks import kinks_of
from dimcompat.numeric.machine import Array
from dimcompat.numeric.sampling import Point, Sampler
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.numeric.trials import Trials, Value
from dimcompat.program import Program
from dimcompat.records import dataclass
from dimcompat.shapes import Dim, Shape

LARGEST_NUMERATOR, LARGEST_DENOMINATOR = 100_000, 64
SIMPLE = frozenset(sign * Fraction(2) ** power for sign in (1, -1) for power in (-2, -1, 0, 1, 2))
"""Factors that are likely to be lost or doubled."""


@dataclass(frozen=True, slots=True)
class Multiple:
    """A number times powers of dimensions."""

    number: Fraction
    dims: tuple[tuple[str, int], ...] = ()

    @property
    def inverse(self) -> Multiple:
        return Multiple(1 / self.number, tuple((name, -power) for name, power in self.dims))

    @property
    def is_whole(self) -> bool:
        """Whether nothing is divided by."""
        return self.number.denominator == 1 and all(power > 0 for _, power in self.dims)

    @property
    def text(self) -> str:
        """Plain text, such as ``2``, ``1/m``, ``-2/m``."""
        above = [str(abs(self.number.numerator))] if abs(self.number.numerator) != 1 else []
        below = [str(self.number.denominator)] if self.number.denominator != 1 else []
        for name, power in self.dims:
            (above if power > 0 else below).append(name if abs(power) == 1 else f"{name}^{abs(power)}")
        top = "*".join(above) or "1"
        bottom = f"({'*'.join(below)})" if len(below) > 1 else "".join(below)
        return ("-" if self.number < 0 else "") + (f"{top}/{bottom}" if below else top)


ONE = Multiple(Fraction(1))


@dataclass(frozen=True, slots=True)
class Match:
    """How a formula relates to the derivative: it is ``multiple`` times it, or its transpose."""

    multiple: Multiple = ONE
    turned: bool = False

    @property
    def is_exact(self) -> bool:
        return self.multiple == ONE and not self.turned


class Bench:
    """The points, the derivative there, and trials of formulas."""

    def __init__(self, program: Program, claim: Claim, expected: Expr, seed: int = 0) -> None:
        self.claim = claim
        self.expected = expected
        self.shape = expected.shape
        values = [expected] if claim.operation is None else [expected, claim.operation.value]
        records = facts.records(program.operation, *values)
        self.functions = stand_ins(records, seed)
        names = {*claim.scope.dimensions, *(n for value in values for n in _dimension_names(value))}
        dims = [Dim.symbol(name) for name in sorted(names)]
        asked = facts.of_operations(program.operation)
        self.branched = facts.has_branches(program.operation)
        self.sampler = Sampler(program.symbols.values(), asked, dims, seed=seed, both_signs=self.branched)
        self.kinks = kinks_of([program.operation], values, self.functions)
        found = claim_points(self.sampler, expected, values[1:], self.functions, self.kinks)
        self.points, self.flat = found
        self.trials = Trials(claim.scope, [*self.points, *self.flat], self.functions)
        self.targets = [self.trials.of_expression(expected, at).array for at in range(len(self.points))]
        self.scales = [float(np.abs(target).max()) for target in self.targets]
        self.count = 0

    def at(self, points: Sequence[Point]) -> Bench:
        """The same bench at other points, where the derivative has a value at each of them."""
        other = copy(self)
        other.points, other.flat = list(points), []
        other.trials = Trials(self.claim.scope, points, self.functions)
        other.targets = [other.trials.of_expression(self.expected, at).array for at in range(len(points))]
        other.scales = [float(np.abs(target).max()) for target in other.targets]
        return other

    # relations

    def equal(self, value: Array, at: int) -> bool:
        """Whether these numbers are the derivative at a point."""
        return same(value, self.targets[at])

    def wrong_on_a_branch(self, claimed: Expr) -> bool:
        """Whether a claim that is right at the points is wrong beyond a kink."""
        if not self.vanishes_where_flat(lambda at: self.trials.of_expression(claimed, at)):
            return True
        return self.branched and wrong_on_a_branch(self.sampler, self.expected, claimed, self.functions)

    def vanishes_where_flat(self, value_at: Callable[[int], Value | None]) -> bool:
        """Whether values, a function of the point, are zero where the derivative is so beyond a kink."""
        beyond = range(len(self.points), len(self.points) + len(self.flat))
        values = (value_at(at) for at in beyond)
        return all(value is not None and same(value.array, np.zeros_like(value.array)) for value in values)

    def match(self, tree: Node, *, broad: bool = False) -> Match | None:
        """How a tree relates to the derivative; ``broad`` allows unlikely factors too."""
        self.count += 1
        value = self.trials.value(tree)
        if value is None or not self.fits(value.shape):
            return None
        found = self.related(lambda at: self.trials.value(tree, at), value, broad=broad)
        if found is None or not self.vanishes_where_flat(lambda at: self.trials.value(tree, at)):
            return None
        return found

    def fits(self, shape: Shape) -> bool:
        return shape in (self.shape, self.shape.transposed)

    def related(self, value_at: Callable[[int], Value | None], first: Value, *, broad: bool) -> Match | None:
        """The relation of values, a function of the point, whose first is at hand."""
        for turned in (False, True):
            wanted = self.shape.transposed if turned else self.shape
            if first.shape != wanted or (turned and self.is_scalar):
                continue
            ratio = self.ratio(first.array.T if turned else first.array, 0)
            if ratio is None:
                continue
            ratios = [ratio]
            for at in range(1, len(self.points)):
                value = value_at(at)
                one = None if value is None else self.ratio(value.array.T if turned else value.array, at)
                if one is None:
                    break
                ratios.append(one)
            else:
                multiple = self.multiple(ratios, broad=broad)
                if multiple is not None:
                    return Match(multiple, turned)
        return None

    @property
    def is_scalar(self) -> bool:
        return self.shape.is_scalar

    def ratio(self, value: Array, at: int) -> float | None:
        """c where the value is c times the derivative, None where it is no multiple of it."""
        return ratio(value, self.targets[at])

    def multiple(self, ratios: Sequence[float], *, broad: bool) -> Multiple | None:
        """What these ratios are at points of different sizes."""
        for dims in _monomials(sorted(self.claim.scope.dimensions)):
            pairs = zip(ratios, self.points, strict=True)
            numbers = [ratio / _size(dims, point.sizes) for ratio, point in pairs]
            if max(numbers) - min(numbers) > SAME * abs(numbers[0]):
                continue
            number = Fraction(numbers[0]).limit_denominator(LARGEST_DENOMINATOR)
            exact = abs(float(number) - numbers[0]) <= SAME * abs(numbers[0])
            if (
                exact
                and number
                and (number in SIMPLE or (broad and abs(number.numerator) <= LARGEST_NUMERATOR))
            ):
                return Multiple(number, dims)
        return None


def ratio(value: Array, target: Array) -> float | None:
    """c where the value is c times the target, None where it is no multiple of it."""
    if not np.isfinite(value).all():
        return None
    if same(value, target):
        return 1.0
    square = float(np.vdot(target, target))
    if square == 0.0:
        return None
    found = float(np.vdot(target, value)) / square
    largest = float(np.abs(value).max())
    if found == 0.0 or float(np.abs(value - found * target).max()) > SAME * largest:
        return None
    return found


def _dimension_names(value: Expr) -> set[str]:
    program = evaluation.compiled(value)
    return {name for dim in program.machine.dims for name in dim.symbols}


def _monomials(names: Sequence[str]) -> Iterator[tuple[tuple[str, int], ...]]:
    yield ()
    for name in names:
        yield from ((((name, 1),), ((name, -1),)))
    for first, second in combinations(names, 2):
        yield from (((first, p), (second, q)) for p in (1, -1) for q in (1, -1))
    for name in names:
        yield from ((((name, 2),), ((name, -2),)))


def _size(dims: Sequence[tuple[str, int]], sizes: Mapping[str, int]) -> float:
    result = 1.0
    for name, power in dims:
        result *= float(sizes.get(name, 1)) ** power
    return result
