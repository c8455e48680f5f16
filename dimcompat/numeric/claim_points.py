"""Points where a claim can be judged: finite, not zero, and steady.

A module of its own because a bad point makes a wrong claim look right or the other way round: where a
matrix is singular but for rounding the derivative is noise, and where it is zero it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dimcompat.expressions import Expr
from dimcompat.numeric import evaluation
from dimcompat.numeric.kinks import Kinks
from dimcompat.numeric.machine import UNCOMPUTABLE, Array, Functions
from dimcompat.numeric.machine import Program as Compiled
from dimcompat.numeric.sampling import Point, Sampler

POINTS = 5
FIRST_DRAWS = (0, 1, 2, 9, 16)
MOST_DRAWS, MOST_POOR = 240, 40
NUDGE, STEADY = 1e-11, 1e-7
BRANCH_DRAWS = 120
BEYOND_POINTS, MOST_BEYOND, MOST_FLAT = 40, 5, 3
SAME = 1e-7


class ClaimPoints(NamedTuple):
    """Points where the derivative is not zero, or poorer ones, and some where it is zero beyond a kink."""

    points: list[Point]
    flat: list[Point]


def claim_points(
    sampler: Sampler, expected: Expr, others: Sequence[Expr], functions: Functions, kinks: Kinks | None = None
) -> ClaimPoints:
    """Points where the derivative is steady and not zero and the others are finite, or else poorer ones; on
    both sides of every kink, as far as such points are found."""
    truth, rest = evaluation.compiled(expected), evaluation.compiled(*others)
    good: list[Point] = []
    poor: list[Point] = []
    flat: list[Point] = []
    for program in (truth, rest):
        sampler.keep(program.loops_fit)

    def sorted_in(point: Point, number: int) -> None:
        value = _steady(truth, point, functions, number)
        if value is None:
            return
        also = _finite(rest, point, functions)
        (good if also and np.any(value) else poor).append(point)
        if kinks is not None and also:
            if np.any(value):
                kinks.show(point)
            else:
                flat.append(point)

    draws = [*FIRST_DRAWS, *(n for n in range(sampler.limit) if n not in FIRST_DRAWS)]
    for number in draws[:MOST_DRAWS] if sampler.limit else []:
        sorted_in(sampler.draw(number), number)
        if len(good) == POINTS or (not good and len(poor) > MOST_POOR):
            break
    if kinks is not None and not kinks.complete:
        for number, point in enumerate(kinks.beyond(sampler)):
            enough = len(good) >= POINTS + MOST_BEYOND or len({str(one.sizes) for one in good}) > 1
            if number >= BEYOND_POINTS or (kinks.complete and len(good) > 1 and enough):
                break
            sorted_in(point, number)
    chosen = good if len(good) > 1 else [*good, *poor][:POINTS]
    return ClaimPoints(chosen, flat[-MOST_FLAT:] if chosen is good else [])


def wrong_on_a_branch(sampler: Sampler, expected: Expr, claimed: Expr, functions: Functions) -> bool:
    """Whether a claim that is right at some points is wrong at others: beyond a kink, where the derivative
    may be zero."""
    truth, claim = evaluation.compiled(expected), evaluation.compiled(claimed)
    for number in range(min(sampler.limit, BRANCH_DRAWS)):
        point = sampler.draw(number)
        right = _steady(truth, point, functions, number)
        found = None if right is None else _steady(claim, point, functions, number)
        if right is not None and found is not None and not same(*np.broadcast_arrays(found, right)):
            return True
    return False


def _steady(program: Compiled, point: Point, functions: Functions, number: int) -> Array | None:
    """The value, where it is finite and a tiny nudge changes it little."""
    run = program.bind(point.sizes, functions)
    rng = np.random.default_rng(number)
    nudged = {
        name: value * (1 + NUDGE * rng.standard_normal(value.shape)) if value.dtype.kind == "f" else value
        for name, value in point.values.items()
    }
    try:
        (value,), (near,) = run(point.values), run(nudged)
    except UNCOMPUTABLE:
        return None
    largest = float(np.abs(value).max())
    if not (np.isfinite(value).all() and np.isfinite(near).all() and largest < 1e100):
        return None
    return value if float(np.abs(value - near).max()) <= STEADY * max(largest, 1e-9) else None


def same(value: Array, target: Array) -> bool:
    """Whether two arrays are equal but for rounding, as measured by the second."""
    if value.shape != target.shape or not np.isfinite(value).all():
        return False
    scale = max(float(np.abs(target).max()), 1e-9)
    return float(np.abs(value - target).max()) <= SAME * scale


def _finite(program: Compiled, point: Point, functions: Functions) -> bool:
    try:
        return all(np.isfinite(value).all() for value in program.bind(point.sizes, functions)(point.values))
    except UNCOMPUTABLE:
        return False
