"""One random point: every result there against differences of the objective.

A module of its own because a point is where formulas and numbers meet: which directions stay
on a variable's set, what a formula predicts along them, and which points decide nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, reduce
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np

from dimcompat.expressions import Symbol
from dimcompat.numeric.differences import CANCELLED, ROUNDING, STEPS, Comparison, compare, largest_of
from dimcompat.numeric.machine import Array, Bound, Program, one_of
from dimcompat.numeric.moves import Moves, stepped
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
_SETS = frozenset({"diagonal", "symmetric", "posdef"})


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
    """One point: the objective and all results there, then differences along all directions.

    The objective is computed at up to ``at_once`` points in one run. ``inside`` is everything that was
    computed of the formulas; they ``overflowed`` where that left one of them without a value.
    """

    def __init__(
        self,
        problem: Problem,
        point: Point,
        objective: Bound,
        formulas: Bound,
        rng: np.random.Generator,
        at_once: int,
    ) -> None:
        self.problem, self.point, self.objective, self.rng = problem, point, objective, rng
        self.formulas, self.at_once = formulas, at_once
        self.inside: list[Any] | None = None
        self.overflowed = False
        self.scales: dict[str, float] = {}
        self.lengths: dict[str, float] = {}

    def start(self) -> Array:
        """The objective at the point itself; how large the variables are is noted on the way."""
        sizes = self.point.sizes
        for name, part in self.problem.parts.items():
            self.point.values[name] = np.zeros((part.shape.rows.size(sizes), part.shape.cols.size(sizes)))
        here, *parts = self.objective(self.point.values)
        of_parts = dict(zip(self.problem.parts, parts, strict=True))
        for name in self.problem.names:
            value = of_parts.get(name, self.point.values[name])
            self.scales[name] = _length(value) / sqrt(value.size) or 1.0
        if self.problem.objective is None:
            return here
        self.problem.work += self._work
        return self._by_another(self.point.values)

    @property
    def _work(self) -> int:
        """How much it is to compute the objective once."""
        return 1 + self.problem.typed.cost

    def _by_another(self, values: Mapping[str, Array]) -> Array:
        assert self.problem.objective is not None
        return np.atleast_2d(self.problem.objective(values, self.point.sizes))

    def _upright(self, name: str, output: Array) -> Array:
        """A result in denominator layout; as it is where its shape is the objective's."""
        in_objective_shape = self.problem.jacobian and self._by_scalar(name)
        return output.T if self.problem.turned and not in_objective_shape else output

    def _by_scalar(self, name: str) -> bool:
        return self.problem.variables[name].shape.is_scalar and not self.problem.flat

    def report(self, found: Found) -> bool:
        """Add what this point shows; whether it is a point that counts."""
        here = self.start()
        if not largest_of(here) <= ABSURD:
            return False
        found.finite = True
        self.inside = self.formulas.inside(self.point.values)
        outputs = self.formulas.outputs_of(self.inside)
        gradients = {
            name: self._upright(name, output if output.shape == shape else np.broadcast_to(output, shape))
            for name, output, shape in zip(self.problem.names, outputs, self.formulas.shapes, strict=True)
        }
        self.lengths = {name: _length(gradient) for name, gradient in gradients.items()}
        comparisons = self._comparisons(here, gradients)
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
        for name in decided:
            found.decided[name] += 1
        for name in level - decided:
            found.level[name] += 1
        return True

    def _comparisons(self, here: Array, gradients: Mapping[str, Array]) -> list[tuple[list[str], Comparison]]:
        groups = self._groups()
        found = [(names, c) for names in groups for c in self._off_the_set(names, here, gradients)]
        moves: list[Moves] = []
        for names in groups:
            first = moves[-1].stop if moves else 0
            moves.append(self._moves(names, first, here, gradients))
        if not moves:
            return found
        predicted = moves[0].predicted if len(moves) == 1 else np.concatenate([m.predicted for m in moves])
        typical = [size for move in moves for size in move.typical]

        def along(which: list[int], steps: Sequence[float]) -> Array:
            return self._along(moves, which, steps)

        compared = compare(along, here, predicted, typical)
        for move in moves:
            for comparison in compared[move.first : move.stop]:
                lost = comparison.agrees is False and self._says_little(comparison)
                found.append((move.names, Comparison(None) if lost else comparison))
        return found

    def _says_little(self, failure: Comparison) -> bool:
        """Whether it may be the arithmetic that failed, and not the formula."""
        if failure.error == inf:
            self.overflowed = self.overflowed or self._overflows()
            return self.overflowed
        return failure.error * failure.scale <= self._noise()

    def _overflows(self) -> bool:
        """Whether a result leaves the floating-point numbers on the way: it gets too large, or divides by
        what is zero but for rounding. What has no value there, as the root of -1, does not count."""
        met: list[str] = []
        with np.errstate(all="ignore", over="call", divide="call", call=lambda kind, _: met.append(kind)):
            self.formulas(self.point.values)
        return bool(met)

    def _groups(self) -> list[list[str]]:
        """The variables one at a time; in groups of similar gradients where there are very many."""
        names = self.problem.names
        runs = len(names) * DIRECTIONS * 4 * max(1, self.problem.typed.cost)
        count = max(2, len(names) * WORK_AT_A_POINT // max(runs, 1))
        if count >= len(names):
            return [[name] for name in names]
        ranked = sorted(names, key=self._weight)
        size = -(-len(names) // count)
        return [ranked[i : i + size] for i in range(0, len(ranked), size)]

    def _moves(self, names: list[str], first: int, here: Array, gradients: Mapping[str, Array]) -> Moves:
        count = DIRECTIONS if len(names) == 1 else FEWER_DIRECTIONS
        directions = self._balanced(self._directions(names, count))
        changes, sizes = [], []
        for name, moved in directions.items():
            change, size = self._predicted(name, moved, here, gradients[name])
            changes.append(change)
            squares = np.square(moved).reshape(count, -1).sum(1).tolist()
            sizes.append([size * sqrt(square) for square in squares])
        typical = [min(inf, *of_one) for of_one in zip(*sizes, strict=True)]
        known = [size if isfinite(size) else 0.0 for size in typical]
        return Moves(names, first, directions, reduce(np.add, changes), known)

    def _directions(self, names: Sequence[str], count: int) -> dict[str, Array]:
        """Random directions of every name, one below another: the first of signs alone."""
        found = {}
        for name in names:
            found[name] = directions = self.rng.standard_normal((count, *self.point.values[name].shape))
            np.copysign(1.0, directions[0], out=directions[0])
            if self._kept_to(name):
                directions[0] = self._projected(name, directions[0], mean=False)
                directions[1:] = self._projected(name, directions[1:])
            directions *= self.scales[name]
        return found

    def _balanced(self, directions: dict[str, Array]) -> dict[str, Array]:
        """Directions of a group shortened until no variable's part drowns another's."""
        if len(directions) == 1:
            return directions
        weights = {name: self._weight(name) for name in directions}
        least = min((weight for weight in weights.values() if weight), default=0.0)
        return {
            name: direction * (least / weights[name] if weights[name] else 1.0)
            for name, direction in directions.items()
        }

    def _weight(self, name: str) -> float:
        weight = self.lengths[name] * self.scales[name]
        return weight if isfinite(weight) else 0.0

    def _kept_to(self, name: str) -> frozenset[str]:
        """The attributes of a variable that keep directions on a set."""
        return self.problem.variables[name].attributes & _SETS if self.problem.on_set else frozenset()

    def _projected(self, name: str, array: Array, *, mean: bool = True) -> Array:
        """A matrix, or each of a stack, on the set of a variable."""
        kept_to = self._kept_to(name)
        if not kept_to:
            return array
        if "diagonal" in kept_to:
            return np.where(np.eye(array.shape[-1], dtype=bool), array, 0.0)
        turned = array.swapaxes(-1, -2)
        return (array + turned) / 2 if mean else np.where(np.tri(array.shape[-1], dtype=bool), array, turned)

    def _off_the_set(
        self, names: Sequence[str], here: Array, gradients: Mapping[str, Array]
    ) -> Iterable[Comparison]:
        """A gradient on a set lies in it: directions on the set cannot show what does not."""
        for name in names if not self.problem.jacobian else ():
            if not self._kept_to(name):
                continue
            gradient = gradients[name]
            noise = ROUNDING * max(float(np.abs(here).max()), CANCELLED)
            outside = np.linalg.norm(gradient - self._projected(name, gradient))
            size = self.lengths[name]
            if outside > OUTSIDE * size and size * self.scales[name] > noise:
                yield Comparison(False, float(outside / size), scale=size)

    def _along(self, moves: list[Moves], which: list[int], steps: Sequence[float]) -> Array:
        """The objective after these steps along each of the directions of these numbers, in a stack."""
        self.problem.work += len(which) * len(steps) * self._work
        found = []
        directions, lengths = max(1, self.at_once // len(steps)), min(self.at_once, len(steps))
        for start in range(0, len(which), directions):
            some = which[start : start + directions]
            for first in range(0, len(steps), lengths):
                taken = steps[first : first + lengths]
                values = stepped(self.point.values, moves, some, taken)
                found.append(self._stacked(values, len(some) * len(taken)))
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _stacked(self, values: Mapping[str, Array], count: int) -> Array:
        """The objective at so few points that one run does."""
        if self.problem.objective is None:
            return self.objective.stacked(values, count)[0]
        return np.stack([self._by_another(one_of(values, number)) for number in range(count)])

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

    def _predicted(self, name: str, directions: Array, here: Array, gradient: Array) -> tuple[Array, float]:
        """The changes of the objective that a formula predicts, and what their size is in a typical direction
        of length one."""
        if self.problem.jacobian and self._by_scalar(name):
            return gradient * directions, float(np.abs(gradient).max())
        size = self.lengths[name] / sqrt(gradient.size)
        if not self.problem.jacobian:
            changes = directions.reshape(len(directions), -1) @ gradient.reshape(-1, 1)
            return changes[:, :, np.newaxis], size
        rows, cols = here.shape
        changes = directions.swapaxes(1, 2).reshape(len(directions), -1) @ gradient
        return changes.reshape(len(directions), cols, rows).swapaxes(1, 2), size


def _length(array: Array) -> float:
    """The Frobenius norm."""
    entries = array.reshape(-1)
    return sqrt(entries.dot(entries))
