"""Which sides of the kinks points show, and points moved until they show the others.

A module of its own because a formula that is right on one side of a kink says nothing of the other: both the
check of a derivation and that of a claim look for points on both, and for nothing else here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric import evaluation, typed
from dimcompat.numeric.machine import UNCOMPUTABLE, Array, Bound, Functions, Machine, Program
from dimcompat.numeric.sampling import Point, Sampler
from dimcompat.operations import Operation
from dimcompat.shapes import Dim, Shape

Change = Callable[[Point], Point]

FACTORS = (4.0, -1.0, -4.0, 0.2, 20.0, -20.0, 300.0, -300.0)
BASES = 6
PLAIN_DRAWS = 72
MOST_TRIALS, LARGEST_WORK = 300, 100_000
BEYOND, FARTHEST = 1.5, 1e8
_THREE = Dim.number(3)
_HOLES = Shape(Dim.symbol("kinks"), Dim.number(1))


class Kinks:
    """The kinks of operations and expressions, and the sides of them that were shown so far.

    ``shown`` has a row for each kink: whether its argument was met below zero, and above it.
    """

    def __init__(self, program: Program, functions: Functions) -> None:
        self.program, self.functions = program, functions
        count = sum(shape.rows.value or 0 for _, shape in program.outputs)
        self.shown = np.zeros((count, 2), dtype=bool)
        self._bound: dict[tuple[tuple[str, int], ...], Bound] = {}

    def afresh(self) -> Kinks:
        """The same kinks, of which nothing was shown yet."""
        return Kinks(self.program, self.functions)

    @property
    def complete(self) -> bool:
        """Whether both sides of every kink were shown."""
        return bool(self.shown.all())

    def sides(self, point: Point) -> Array:
        """Which sides a point shows, none of them where it has no value."""
        extents = self._extents(point)
        return np.stack([extents[:, 0] < 0, extents[:, 1] > 0], axis=1)

    def show(self, point: Point) -> None:
        """Take what a point shows as shown."""
        self.shown |= self.sides(point)

    def touched(self, point: Point) -> bool:
        """Whether an argument is zero there: the point is on a kink."""
        return bool((self._extents(point)[:, 2] == 0).any())

    def beyond(self, sampler: Sampler, made: Change = lambda point: point) -> Iterator[Point]:
        """Points on sides that are not shown yet, found by drawing, scaling and following one name.

        A side that has been found is looked for with other sizes too; whoever has seen enough stops.
        ``made`` changes every point first, so that it fulfils a condition.
        """
        rare = ~self.shown
        left = min(MOST_TRIALS, 2 * BASES + LARGEST_WORK // max(1, self.program.cost))
        for candidate in _candidates(self, sampler, made):
            if left <= 0 or not rare.any():
                return
            left -= 1
            if (self.sides(candidate) & rare).any():
                yield candidate

    def _extents(self, point: Point) -> Array:
        key = tuple(point.sizes.items())
        if key not in self._bound:
            self._bound[key] = self.program.bind(point.sizes, self.functions)
        try:
            return np.vstack(self._bound[key](point.values))
        except UNCOMPUTABLE:
            return np.full((len(self.shown), 3), np.nan)

    def crossing(self, near: Point, far: Point, factor: float) -> Iterator[float]:
        """Factors at which a missing side should begin, if its argument goes on as from 1 to ``factor``."""
        here, there = self._extents(near), self._extents(far)
        for kink, side in np.argwhere(~self.shown):
            change = there[kink, side] - here[kink, side]
            way = -here[kink, side] / change if change else np.nan
            if np.isfinite(way) and 0 < way < FARTHEST:
                yield 1 + BEYOND * (factor - 1) * way


def kinks_of(
    operations: Iterable[Operation], expressions: Iterable[Expr], functions: Functions
) -> Kinks | None:
    """The kinks that are met on the way to these values, None where there are none."""
    machine = Machine()
    typed.written(machine, *operations)
    expressions = list(expressions)
    evaluation.writer_of(machine, *expressions).program(expressions)
    outputs = _extents_of(machine)
    return Kinks(machine.finish(outputs), functions) if outputs else None


def _extents_of(machine: Machine) -> list[tuple[int, Shape]]:
    """Slots with a row for each kink: the least argument, the greatest one, and the one nearest to zero."""
    found: list[tuple[int, Shape]] = []
    for nonsmooth, operands in list(machine.kinks):
        holes = [Symbol.make(f"argument {place}", _HOLES) for place in range(len(operands))]
        argument: Expr = nonsmooth(*holes)
        if argument.shape == _HOLES:  # one that has a single number for a whole value cannot be crossed
            known = dict(zip(holes, operands, strict=True))
            slot = evaluation.Writer(machine, known).write(argument)
            found.append((machine.apply(_extent, slot), Shape(Dim.number(1), _THREE)))
    for loop in list(machine.loops):
        inside = _extents_of(loop.inside)
        if inside:
            count = sum(shape.rows.value or 0 for _, shape in inside)
            found.append((machine.apply(_over_all, loop.stacked(inside)), Shape(Dim.number(count), _THREE)))
    return found


def _extent(argument: Array) -> Array:
    return np.array([[argument.min(), argument.max(), np.abs(argument).min()]])


def _over_all(rounds: Array) -> Array:
    return np.stack([rounds[:, :, 0].min(0), rounds[:, :, 1].max(0), rounds[:, :, 2].min(0)], axis=1)


def _candidates(kinks: Kinks, sampler: Sampler, made: Change) -> Iterator[Point]:
    """The first draws with one name scaled, ever more; then followed to where a side begins; then draws."""
    bases = [sampler.draw(number) for number in range(min(BASES, sampler.limit))]
    names = [symbol.name for symbol in sampler.symbols if symbol.name in kinks.program.machine.inputs]
    yield from map(made, bases)
    for factor in FACTORS:
        for name in names:
            yield from map(made, _scaled(sampler, bases, name, factor))
    for name in names:
        for base in bases[:2]:
            for far in _scaled(sampler, [base], name, FACTORS[0]):
                for factor in kinks.crossing(made(base), made(far), FACTORS[0]):
                    yield from map(made, _scaled(sampler, bases, name, factor))
    for number in range(BASES, min(PLAIN_DRAWS, sampler.limit)):
        yield made(sampler.draw(number))


def _scaled(sampler: Sampler, bases: Iterable[Point], name: str, factor: float) -> Iterator[Point]:
    for base in bases:
        point = sampler.scaled(base, [name], factor)
        if point is not None:
            yield point
