"""The numeric check: every result against differences of the objective as its author typed it.

A module of its own because it is the product's promise that no wrong formula is shown as
checked. It knows nothing of how a result was derived: it computes the objective with `typed`,
the results with `evaluation`, and compares them in random directions at random points.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Literal

import numpy as np

from dimcompat import expressions as ex
from dimcompat.derivation import Verification
from dimcompat.expressions import Expr, Number, Symbol, Zeros
from dimcompat.numeric import evaluation, facts, typed
from dimcompat.numeric.machine import Bound, Functions, Program
from dimcompat.numeric.sampling import Sampler
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.numeric.visit import Found, Objective, Problem, Visit
from dimcompat.operations import Operation
from dimcompat.shapes import Shape

LARGEST_WORK = 1_500_000
EXTRA_POINTS = 6
UNCLEAR_POINTS = 40
BRANCHED_POINTS = 24
LARGEST_ARRAY = 1_500_000
MOST_ROUNDS = 5_000


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
    ``functions`` gives unnamed functions a meaning, which have a random one otherwise.

    A result of the wrong shape fails without a point. Where a number decides which formula holds, as in
    ``relu(s)``, there are more ``points``, so that both are met. ``passed`` is None where no point had a
    finite objective or none decided anything, and where an array would be too large or loops too many to
    compute.
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
    formulas = evaluation.compiled(*results.values())
    dims = sorted(problem.typed.machine.dims | formulas.machine.dims, key=str)
    branched = facts.has_branches(operation)
    sampler = Sampler(declared.values(), facts.of_operations(operation), dims, seed=seed, both_signs=branched)
    sizes = facts.shapes([operation, *parts.values()], results.values())
    sampler.keep(lambda given: all(shape.size.size(given) <= LARGEST_ARRAY for shape in sizes))
    for program in (problem.typed, formulas):
        sampler.keep(partial(program.loops_at_most, MOST_ROUNDS))
    meanings = {**stand_ins(facts.records(operation, *results.values()), seed), **(functions or {})}
    if branched:
        points = max(points, BRANCHED_POINTS)
    with np.errstate(all="ignore"):
        found = _visited(problem, formulas, sampler, points, meanings)
    return _summary(problem, found)


def _fits(problem: Problem, operation: Operation, name: str, result: Expr) -> bool:
    """Whether a result has the shape that a derivative by this name has."""
    variable, value = problem.variables[name].shape, operation.shape
    if problem.jacobian and variable.is_scalar and not problem.flat:
        return result.shape == value
    wanted = Shape(variable.size, value.size) if problem.jacobian else variable
    return result.shape == (wanted.transposed if problem.turned else wanted)


def _is_zero(result: Expr) -> bool:
    return isinstance(result, Zeros) or (isinstance(result, Number) and result.value == 0)


def _visited(
    problem: Problem, formulas: Program, sampler: Sampler, points: int, functions: Functions
) -> Found:
    """Points drawn and visited until every name is decided at enough of them, or it is hopeless."""
    bound: dict[tuple[tuple[str, int], ...], tuple[Bound, Bound]] = {}
    found = Found()
    seen: list[dict[str, int]] = []
    for number in range(sampler.limit):
        if found.failed or _enough(problem, found, len(seen), points):
            break
        point = sampler.draw(number)
        repeated = len(seen) == points - 1 and all(sizes == point.sizes for sizes in seen)
        if repeated and len(sampler.assignments) > 1 and number < sampler.limit // 2:
            continue
        key = tuple(point.sizes.items())
        if key not in bound:
            bound[key] = problem.typed.bind(point.sizes, functions), formulas.bind(point.sizes, functions)
        rng = np.random.default_rng((sampler.seed, number, 1))
        if Visit(problem, point, *bound[key], rng).report(found):
            seen.append(point.sizes)
    return found


def _enough(problem: Problem, found: Found, seen: int, points: int) -> bool:
    if found.unclear >= UNCLEAR_POINTS or seen >= points + EXTRA_POINTS:
        return True
    if seen < points:
        return False
    return problem.work > LARGEST_WORK or all(found.decided[name] >= points for name in problem.names)


def _summary(problem: Problem, found: Found) -> Verification:
    if found.failed:
        return Verification(False, float(found.error), found.points, found.dims)
    if not problem.names or any(name not in found.decided for name in problem.names):
        return Verification(None, None, 0)
    return Verification(True, float(found.error), found.points, found.dims)
