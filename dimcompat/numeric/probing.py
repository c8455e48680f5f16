"""How far the other arrangements of a product are from the chosen one, at random points.

A module of its own because it answers the reader's question about a step ("and the others?"),
not whether a result is right: named parts are computed from their definitions, so that a
derivative that happens to be symmetric is symmetric here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from math import isfinite, sqrt

import numpy as np

from dimcompat.derivation import Step
from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric import evaluation, facts
from dimcompat.numeric.machine import Array
from dimcompat.numeric.sampling import Sampler
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.numeric.verification import MOST_ROUNDS

POINTS = 2
SAME = 1e-9


def probe(steps: Iterable[Step], symbols: Mapping[str, Symbol], seed: int = 0) -> tuple[Step, ...]:
    """The steps, every candidate of a product step with its distance from the chosen one filled in.

    A step none of whose points is finite stays as it is.
    """
    steps = tuple(steps)
    wanted = [number for number, step in enumerate(steps) if len(step.candidates) > 1]
    expressions = [c.expression for number in wanted for c in steps[number].candidates]
    misses = _misses(expressions, [len(steps[number].candidates) for number in wanted], symbols, seed)
    filled = dict(zip(wanted, misses, strict=True))
    return tuple(_filled(step, filled.get(number)) for number, step in enumerate(steps))


def _filled(step: Step, misses: list[float] | None) -> Step:
    if misses is None:
        return step
    pairs = zip(step.candidates, misses, strict=True)
    return replace(step, candidates=tuple(replace(c, miss=miss) for c, miss in pairs))


def _misses(
    expressions: list[Expr], counts: list[int], symbols: Mapping[str, Symbol], seed: int
) -> list[list[float] | None]:
    """For each group of expressions their distances from its first, or None where nothing is finite."""
    if not expressions:
        return []
    program = evaluation.compiled(*expressions)
    used = {symbol.name: symbol for symbol in evaluation.symbols_of(*expressions)}
    used |= {name: symbol for name, symbol in symbols.items() if name in used}
    dims = sorted(program.machine.dims, key=str)
    nodes = list(facts.every_node(*expressions))
    sampler = Sampler(used.values(), facts.asked((), nodes), dims, seed=seed)
    sampler.keep(partial(program.loops_at_most, MOST_ROUNDS))
    functions = stand_ins(facts.called((), nodes), seed)
    worst: list[list[float] | None] = [None] * len(counts)
    points = [0] * len(counts)
    with np.errstate(all="ignore"):
        for number in range(sampler.limit):
            point = sampler.draw(number)
            outputs = program.bind(point.sizes, functions)(point.values)
            start = 0
            for group, count in enumerate(counts):
                found = _distances(outputs[start : start + count])
                start += count
                if found is None or points[group] >= POINTS:
                    continue
                points[group] += 1
                so_far = worst[group] or [0.0] * count
                worst[group] = [max(pair) for pair in zip(so_far, found, strict=True)]
            if min(points) >= POINTS:
                break
    return worst


def _distances(values: list[Array]) -> list[float] | None:
    sizes = list(map(_size, values))
    if not all(map(isfinite, sizes)) and not all(np.isfinite(value).all() for value in values):
        return None
    distances = [0.0]
    for value, size in zip(values[1:], sizes[1:], strict=True):
        distance = _size(value - values[0])
        scale = sizes[0] or size or 1.0
        distances.append(0.0 if distance <= SAME * scale else distance / scale)
    return distances


def _size(value: Array) -> float:
    """The Frobenius norm, as NumPy computes it, without what its function for all norms asks first."""
    entries = value.ravel(order="K")
    return sqrt(entries.dot(entries))
