"""The numeric check: every result against differences of the objective as its author typed it.

A module of its own because it is the product's promise that no wrong formula is shown as
checked. It knows nothing of how a result was derived: it computes the objective with `typed`,
the results with `evaluation`, and compares them in random directions at random points.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from dimcompat import expressions as ex
from dimcompat.derivation import Verification
from dimcompat.expressions import Expr, Number, Symbol, Zeros
from dimcompat.numeric import evaluation, facts, typed
from dimcompat.numeric.kinks import Kinks, kinks_of
from dimcompat.numeric.machine import Bound, Functions, Machine, Program
from dimcompat.numeric.probing import Probe
from dimcompat.numeric.sampling import Generator, Point, Sampler
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.numeric.visit import Found, Objective, Problem, Visit
from dimcompat.operations import Operation
from dimcompat.shapes import Shape, largest

LARGEST_WORK = 1_500_000
EXTRA_POINTS = 6
UNCLEAR_POINTS = 40
BRANCHED_POINTS = 24
LARGEST_ARRAY, ENTRIES_AT_ONCE = 1_500_000, 5_000_000
BEYOND_POINTS = 60
LEVEL_BASES, LEVEL_POINTS = 2, 9
LEVEL_WORK = 100_000
LEVEL_FACTORS = (1e-2, 1e-4, 1e-6, 1e-8, 1e2)


def verify(
    operation: Operation,
    symbols: Mapping[str, Symbol],
    results: Mapping[str, Expr],
    *,
    seed: int = 0,
    points: int = 3,
    layout: Literal["denominator", "numerator"] = "denominator",
    on_set: bool = True,
    jacobian: bool = False,
    objective: Objective | None = None,
    functions: Functions | None = None,
    probe: Probe | None = None,
) -> Verification:
    """Check derivatives, name of the variable to formula, at random points.

    For a scalar objective a formula is a gradient; by a variable declared symmetric, posdef or
    diagonal it is the gradient on that set. Directions stay on the set (``on_set=False``: they are
    free, and a gradient is the unconstrained one). For another objective it is, by a
    scalar, the derivatives in the objective's shape, otherwise the Jacobian of ``vec(F)``, entry
    (i, j) being ∂vec(F)_j/∂vec(X)_i; ``jacobian=True`` asks for that whatever the shapes. In the
    numerator layout all of these are transposed, but not a derivative by a scalar.

    A name may be that of a part of the program: the derivative is then the one by its value.
    ``objective`` computes the objective in place of the operation, whose shape still counts;
    ``functions`` gives unnamed functions a meaning, which have a random one otherwise. A ``probe`` is
    shown its expressions at the same points, as far as it needs them.

    A result of the wrong shape fails without a point. Where a number decides which formula holds, as in
    ``relu(s)``, there are more ``points``, so that both are met; and there are some beyond every kink that
    can be reached. A derivative that is zero throughout passes where points of very different sizes show
    that. Where a result leaves the floating-point numbers though the objective does not, other points are
    tried. ``passed`` is None where no point had a finite objective or none decided anything, and where an
    array would be too large or loops too many to compute.
    """
    results = {name: ex.plain(result) for name, result in results.items()}
    operations = list(facts.every_operation([operation]))
    leaves = [found.value for found in operations if found.kind == "leaf"]
    declared = {s.name: s for s in evaluation.symbols_of(*leaves, *results.values())}
    declared |= {name: s for name, s in symbols.items() if name in declared or name in results}
    defined = {found.name: found for found in operations if found.name is not None}
    parts = {name: defined[name] for name in results if name not in declared and name in defined}
    problem = Problem(
        typed=typed.compiled(operation, *parts.values(), shifted=frozenset(parts)),
        names=list(results),
        variables=declared | {name: Symbol.make(name, part.shape) for name, part in parts.items()},
        parts=parts,
        zero=frozenset(name for name, result in results.items() if _is_zero(result)),
        on_set=on_set,
        jacobian=jacobian or not operation.shape.is_scalar,
        flat=jacobian,
        turned=layout == "numerator",
        objective=objective if not parts else None,
    )
    if any(not _fits(problem, operation, name, result) for name, result in results.items()):
        return Verification(False, None, 0)
    candidates = [] if probe is None else probe.expressions
    writer = evaluation.writer_of(Machine(), *results.values(), *candidates)
    formulas = writer.program(list(results.values()))
    kinked = problem.typed.machine.is_kinked or formulas.machine.is_kinked
    inside = (problem.typed.machine.shapes, formulas.machine.shapes)
    shapes = {found.shape for found in operations}.union(*inside)
    dims = sorted(problem.typed.machine.dims | formulas.machine.dims, key=str)
    branched = any(map(facts.is_branch, operations))
    sampler = Sampler(declared.values(), facts.asked(operations), dims, seed=seed, both_signs=branched)
    sampler.keep(
        lambda sizes: (
            largest(shapes, sizes) <= LARGEST_ARRAY
            and problem.typed.loops_fit(sizes)
            and formulas.loops_fit(sizes)
        )
    )
    probed = writer.program(candidates, after=formulas)
    unnamed = problem.typed.machine.unnamed | formulas.machine.unnamed
    meanings = {**stand_ins(unnamed, seed), **(functions or {})}
    if branched:
        points = max(points, BRANCHED_POINTS)
    if not sampler.assignments:
        return Verification(None, None, 0, why="large")
    kinks = kinks_of([operation, *parts.values()], results.values(), meanings) if kinked else None
    with np.errstate(all="ignore"):
        visiting = _Visiting(problem, formulas, sampler, points, meanings, kinks, shapes)
        if probe is not None and all(name in declared for _, name in probed.inputs):
            visiting.probe = probe, probed
        visiting.draws()
        visiting.beyond_kinks()
        visiting.where_level()
        if visiting.overflow_hides_a_side and not visiting.found.failed:
            return Verification(None, None, 0, why="overflow")
    return _summary(problem, visiting.found, kinked=kinks is not None, overflows=bool(visiting.overflows))


def _fits(problem: Problem, operation: Operation, name: str, result: Expr) -> bool:
    """Whether a result has the shape that a derivative by this name has."""
    variable, value = problem.variables[name].shape, operation.shape
    if problem.jacobian and variable.is_scalar and not problem.flat:
        return result.shape == value
    wanted = Shape(variable.size, value.size) if problem.jacobian else variable
    return result.shape == (wanted.transposed if problem.turned else wanted)


def _is_zero(result: Expr) -> bool:
    return isinstance(result, Zeros) or (isinstance(result, Number) and result.value == 0)


class _Visiting:
    """Points drawn and visited until every name is decided at enough of them, or it is hopeless."""

    def __init__(
        self,
        problem: Problem,
        formulas: Program,
        sampler: Sampler,
        points: int,
        functions: Functions,
        kinks: Kinks | None,
        shapes: set[Shape],
    ) -> None:
        self.problem, self.formulas, self.sampler, self.points = problem, formulas, sampler, points
        self.functions, self.kinks = functions, kinks
        self.probe: tuple[Probe, Program] | None = None
        self.found = Found()
        self.overflows: list[Point] = []
        self.bound: dict[tuple[tuple[str, int], ...], tuple[Bound, Bound]] = {}
        entries = largest(shapes, sampler.largest) * (1 + problem.typed.cost)
        self.at_once = max(1, ENTRIES_AT_ONCE // entries)

    def visit(self, point: Point, rng: Generator) -> bool:
        """Add what a point shows, with directions from a stream; whether it is a point that counts."""
        key = tuple(point.sizes.items())
        if key not in self.bound:
            programs = (self.problem.typed, self.formulas)
            typed, formulas = (program.bind(point.sizes, self.functions) for program in programs)
            self.bound[key] = typed, formulas
        visit = Visit(self.problem, point, *self.bound[key], rng, self.at_once)
        counts = visit.report(self.found)
        if self.probe is not None and visit.inside is not None:
            self._show(*self.probe, visit)
        if counts and self.kinks is not None:
            self.kinks.show(point)
        if visit.overflowed:
            self.overflows.append(point)
        return counts

    @property
    def overflow_hides_a_side(self) -> bool:
        """Whether there is a side of a kink on which the results were met without a value alone."""
        if self.kinks is None:
            return False
        return any((self.kinks.sides(point) & ~self.kinks.shown).any() for point in self.overflows)

    def _show(self, probe: Probe, program: Program, visit: Visit) -> None:
        """Let the candidates be seen at a point where the results have been computed."""
        sizes = visit.point.sizes
        if probe.complete or not program.loops_fit(sizes):
            return
        bound = program.bind(sizes, self.functions, visit.formulas)
        probe.show(bound.outputs_of(bound.inside(visit.point.values, visit.inside)))

    def draws(self) -> None:
        """The points as they are drawn."""
        sampler = self.sampler
        seen: list[dict[str, int]] = []
        for number in range(sampler.limit):
            if self.found.failed or self.enough(len(seen)):
                break
            point = sampler.draw(number)
            repeated = len(seen) == self.points - 1 and all(sizes == point.sizes for sizes in seen)
            if repeated and len(sampler.assignments) > 1 and number < sampler.limit // 2:
                continue
            if self.visit(point, sampler.rng):
                seen.append(point.sizes)

    def enough(self, seen: int) -> bool:
        if self.found.unclear >= UNCLEAR_POINTS or seen >= self.points + EXTRA_POINTS:
            return True
        if seen < self.points:
            return False
        return self.problem.work > LARGEST_WORK or self.decided

    @property
    def decided(self) -> bool:
        return all(self.found.decided[name] >= self.points for name in self.problem.names)

    def beyond_kinks(self) -> None:
        """Points on the sides of kinks that the draws have not shown."""
        if self.kinks is None or self.kinks.complete:
            return
        for number, point in enumerate(self.kinks.beyond(self.sampler)):
            over = number >= BEYOND_POINTS or self.problem.work > LARGEST_WORK
            if self.found.failed or over or (self.kinks.complete and self.decided):
                break
            self.visit(point, self.sampler.stream(self.sampler.limit + number, 1))

    def where_level(self) -> None:
        """The objective did not change by a name: is it so at points of any size, or far out alone?"""
        found, names = self.found, self.problem.names
        undecided = [name for name in names if name not in found.decided]
        level = all(found.level[name] for name in undecided)
        if self.kinks is not None or found.failed or not undecided or not level:
            return
        most = self.problem.work + LEVEL_WORK
        bases = [self.sampler.draw(number) for number in range(LEVEL_BASES)]
        scaled = [
            self.sampler.scaled(base, base.values, factor) for factor in LEVEL_FACTORS for base in bases
        ]
        for number, point in enumerate(point for point in scaled if point is not None):
            if self.found.failed or self.problem.work > most:
                break
            self.visit(point, self.sampler.stream(self.sampler.limit + BEYOND_POINTS + number, 1))


def _summary(problem: Problem, found: Found, *, kinked: bool, overflows: bool) -> Verification:
    if found.failed:
        return Verification(False, float(found.error), found.points, found.dims)
    undecided = [name for name in problem.names if name not in found.decided]
    level = bool(undecided) and all(found.level[name] >= LEVEL_POINTS for name in undecided)
    if level and kinked:  # between kinks a formula may be zero that is not so elsewhere
        return Verification(None, None, 0, why="level")
    if problem.names and (level or not undecided):
        return Verification(True, float(found.error), found.points, found.dims)
    if overflows:
        return Verification(None, None, 0, why="overflow")
    return Verification(None, None, 0, why="unclear" if found.finite else "")
