"""One random point: every result there against differences of the objective.

A module of its own because a point is where formulas and numbers meet: which directions stay
on a variable's set, what a formula predicts along them, and which points decide nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property

import numpy as np

from dimcompat.expressions import Symbol
from dimcompat.numeric.differences import CANCELLED, ROUNDING, STEPS, Comparison, compare
from dimcompat.numeric.machine import Array, Bound, Program
from dimcompat.numeric.sampling import Point
from dimcompat.operations import Operation
from dimcompat.records import dataclass

Objective = Callable[[Mapping[str, Array], Mapping[str, int]], Array]
"""An objective that somebody else computes, from values and sizes."""

WORK_AT_A_POINT = 60_000
DIRECTIONS, FEWER_DIRECTIONS = 3, 2
OUTSIDE = 1e-9
SMALL_ERROR, TINY = 1e-2, 1e-6
ABSURD = 1e15
"""An objective this large is that of a product that exploded: its differences say little."""
_MIRRORED = frozenset({"symmetric", "posdef"})


@dataclass(slots=True)
class Problem:
    """What is checked: the objective as typed, and the names by which it is differentiated.

    ``variables`` has a symbol for every name; ``parts`` are those of them that the program
    defines, which the objective takes as shifts of their values and also returns; ``zero`` are those
    whose result is zero by its form. ``jacobian`` tells gradients from Jacobians, ``flat`` makes even a
    derivative by a scalar one, ``turned`` is the numerator layout. ``work`` counts operations done.
    """

    typed: Program
    names: list[str]
    variables: Mapping[str, Symbol]
    parts: Mapping[str, Operation]
    zero: frozenset[str]
    on_set: bool
    jacobian: bool
    flat: bool
    turned: bool
    objective: Objective | None
    work: int = 0


@dataclass(slots=True)
class Found:
    """What the points have shown so far."""

    worst: float = 0.0
    failures: list[tuple[float, float]] = field(default_factory=list)
    largest: float = 0.0
    points: int = 0
    dims: dict[str, int] = field(default_factory=dict)
    decided: Counter[str] = field(default_factory=Counter)
    level: Counter[str] = field(default_factory=Counter)
    unclear: int = 0
    finite: bool = False

    @property
    def failed(self) -> bool:
        return any(not self._is_noise(*failure) for failure in self.failures)

    @property
    def error(self) -> float:
        """The largest relative error that counts."""
        counted = [error for error, scale in self.failures if not self._is_noise(error, scale)]
        return max([self.worst, *counted])

    def _is_noise(self, error: float, scale: float) -> bool:
        """A small error of a derivative that is tiny beside those at other points: there the formula itself
        is lost in rounding, as ``1 + erf(u)`` is far out."""
        return error < SMALL_ERROR and scale < TINY * self.largest


class Visit:
    """One point: the objective and all results there, then direction by direction."""

    def __init__(
        self, problem: Problem, point: Point, objective: Bound, formulas: Bound, rng: np.random.Generator
    ) -> None:
        self.problem, self.point, self.objective, self.rng = problem, point, objective, rng
        self.formulas = formulas
        self.scales: dict[str, float] = {}

    def value(self, values: Mapping[str, Array]) -> Array:
        """The objective at values of the declared names and shifts of the parts."""
        self.problem.work += 1 + self.problem.typed.cost
        if self.problem.objective is not None:
            return np.atleast_2d(self.problem.objective(values, self.point.sizes))
        return self.objective(values)[0]

    def start(self) -> Array:
        """The objective at the point itself; how large the variables are is noted on the way."""
        sizes = self.point.sizes
        for name, part in self.problem.parts.items():
            self.point.values[name] = np.zeros((part.shape.rows.size(sizes), part.shape.cols.size(sizes)))
        here, *parts = self.objective(self.point.values)
        of_parts = dict(zip(self.problem.parts, parts, strict=True))
        for name in self.problem.names:
            value = of_parts.get(name, self.point.values[name])
            self.scales[name] = float(np.sqrt(np.mean(value * value))) or 1.0
        return here if self.problem.objective is None else self.value(self.point.values)

    def _upright(self, name: str, output: Array) -> Array:
        """A result in denominator layout; as it is where its shape is the objective's."""
        in_objective_shape = self.problem.jacobian and self._by_scalar(name)
        return output.T if self.problem.turned and not in_objective_shape else output

    def _by_scalar(self, name: str) -> bool:
        return self.problem.variables[name].shape.is_scalar and not self.problem.flat

    def report(self, found: Found) -> bool:
        """Add what this point shows; whether it is a point that counts."""
        here = self.start()
        if not np.isfinite(here).all() or np.abs(here).max() > ABSURD:
            return False
        found.finite = True
        outputs = self.formulas(self.point.values)
        gradients = {
            name: self._upright(name, np.broadcast_to(output, shape))
            for name, output, shape in zip(self.problem.names, outputs, self.formulas.shapes, strict=True)
        }
        comparisons = list(self._comparisons(here, gradients))
        if any(c.agrees is None and not c.level for _, c in comparisons):
            # A kink, or too steep for differences: this point decides nothing, though a failure
            # beside it counts.
            found.unclear += 1
            comparisons = [pair for pair in comparisons if pair[1].agrees is False]
            if not comparisons:
                return False
        found.points += 1
        found.dims = found.dims or dict(self.point.sizes)
        decided: set[str] = set()
        level: set[str] = set()
        for names, comparison in comparisons:
            if comparison.agrees is False:
                found.failures.append((comparison.error, comparison.scale))
            else:
                found.worst = max(found.worst, comparison.error)
                found.largest = max(found.largest, comparison.scale)
            if comparison.agrees or (comparison.level and self.problem.zero.issuperset(names)):
                decided.update(names)
            elif comparison.level:
                level.update(name for name in names if self._cancels(gradients[name]))
        found.decided.update(decided)
        found.level.update(level - decided)
        return True

    def _comparisons(
        self, here: Array, gradients: Mapping[str, Array]
    ) -> Iterable[tuple[list[str], Comparison]]:
        for names in self._groups(gradients):
            yield from ((names, c) for c in self._off_the_set(names, here, gradients))
            for number in range(DIRECTIONS if len(names) == 1 else FEWER_DIRECTIONS):
                directions = {name: self._direction(name, signs=number == 0) for name in names}
                yield names, self._along(self._balanced(directions, gradients), here, gradients)

    def _groups(self, gradients: Mapping[str, Array]) -> list[list[str]]:
        """The variables one at a time; in groups of similar gradients where there are very many."""
        names = self.problem.names
        runs = len(names) * DIRECTIONS * 4 * max(1, self.problem.typed.cost)
        count = max(2, len(names) * WORK_AT_A_POINT // max(runs, 1))
        if count >= len(names):
            return [[name] for name in names]
        ranked = sorted(names, key=lambda name: self._weight(gradients[name], name))
        size = -(-len(names) // count)
        return [ranked[i : i + size] for i in range(0, len(ranked), size)]

    def _balanced(self, directions: dict[str, Array], gradients: Mapping[str, Array]) -> dict[str, Array]:
        """Directions of a group shortened until no variable's part drowns another's."""
        if len(directions) == 1:
            return directions
        weights = {name: self._weight(gradients[name], name) for name in directions}
        least = min((weight for weight in weights.values() if weight), default=0.0)
        return {
            name: direction * (least / weights[name] if weights[name] else 1.0)
            for name, direction in directions.items()
        }

    def _weight(self, gradient: Array, name: str) -> float:
        weight = float(np.linalg.norm(gradient)) * self.scales[name]
        return weight if np.isfinite(weight) else 0.0

    def _direction(self, name: str, *, signs: bool) -> Array:
        shape = self.point.values[name].shape
        drawn = self.rng.choice((-1.0, 1.0), shape) if signs else self.rng.standard_normal(shape)
        return self._projected(name, drawn, mean=not signs) * self.scales[name]

    def _projected(self, name: str, array: Array, *, mean: bool = True) -> Array:
        attributes = self.problem.variables[name].attributes
        if not self.problem.on_set:
            return array
        if "diagonal" in attributes:
            return np.diagflat(np.diagonal(array))
        if attributes & _MIRRORED:
            return (array + array.T) / 2 if mean else np.tril(array) + np.tril(array, -1).T
        return array

    def _off_the_set(
        self, names: Sequence[str], here: Array, gradients: Mapping[str, Array]
    ) -> Iterable[Comparison]:
        """A gradient on a set lies in it: directions on the set cannot show what does not."""
        noise = ROUNDING * max(float(np.abs(here).max()), CANCELLED)
        for name in names if not self.problem.jacobian else ():
            gradient = gradients[name]
            outside = np.linalg.norm(gradient - self._projected(name, gradient))
            size = np.linalg.norm(gradient)
            if outside > OUTSIDE * size and size * self.scales[name] > noise:
                yield Comparison(False, float(outside / size), scale=float(size))

    def _along(
        self, directions: Mapping[str, Array], here: Array, gradients: Mapping[str, Array]
    ) -> Comparison:
        predicted, typical = self._predicted(directions, here, gradients)
        values = dict(self.point.values)
        start = {name: values[name] for name in directions}

        def along(step: float) -> Array:
            for name, direction in directions.items():
                values[name] = start[name] + step * direction
            return self.value(values)

        comparison = compare(along, here, predicted, typical)
        if comparison.agrees is False and comparison.error * comparison.scale <= self._noise():
            return Comparison(None)
        return comparison

    def _cancels(self, gradient: Array) -> bool:
        """Whether a result is zero but for rounding, as measured by what it is made of."""
        return float(np.abs(gradient).max()) <= ROUNDING * self._inside_formulas

    def _noise(self) -> float:
        """What rounding alone can make of large numbers that cancel on the way to a derivative."""
        inside = self.objective.largest_inside(self.point.values) / max(STEPS)
        return ROUNDING * max(inside, self._inside_formulas)

    @cached_property
    def _inside_formulas(self) -> float:
        return self.formulas.largest_inside(self.point.values)

    def _predicted(
        self, directions: Mapping[str, Array], here: Array, gradients: Mapping[str, Array]
    ) -> tuple[Array, float]:
        """The change of the objective that the formulas predict, and its size in a typical direction."""
        predicted = np.zeros(here.shape)
        typical = np.inf
        for name, direction in directions.items():
            gradient = gradients[name]
            length = float(np.linalg.norm(direction))
            if not self.problem.jacobian:
                predicted = predicted + np.sum(gradient * direction)
                size = length * float(np.linalg.norm(gradient)) / np.sqrt(gradient.size)
            elif self._by_scalar(name):
                predicted = predicted + gradient * direction
                size = length * float(np.abs(gradient).max())
            else:
                change = gradient.T @ direction.reshape(-1, 1, order="F")
                predicted = predicted + change.reshape(here.shape, order="F")
                size = length * float(np.linalg.norm(gradient)) / np.sqrt(gradient.size)
            typical = min(typical, size)
        return predicted, typical if np.isfinite(typical) else 0.0
