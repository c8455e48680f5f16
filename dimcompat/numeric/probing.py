"""How far the other arrangements of a product are from the chosen one, at random points.

A module of its own because it answers the reader's question about a step ("and the others?"),
not whether a result is right: named parts are computed from their definitions, so that a
derivative that happens to be symmetric is symmetric here as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite, sqrt

import numpy as np

from dimcompat.derivation import Candidate, Step
from dimcompat.expressions import Symbol
from dimcompat.numeric import evaluation, facts
from dimcompat.numeric.machine import Array
from dimcompat.numeric.sampling import Sampler
from dimcompat.numeric.stand_ins import stand_ins
from dimcompat.records import replace

POINTS = 2
SAME = 1e-9


class Probe:
    """The candidates of steps, and how far those of each step have been found from the chosen one.

    ``expressions`` are the candidates of all steps that have several.
    """

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)
        self._counts = [len(step.candidates) for step in self.steps if len(step.candidates) > 1]
        self.expressions = [
            candidate.expression
            for step in self.steps
            if len(step.candidates) > 1
            for candidate in step.candidates
        ]
        self._misses: list[list[float] | None] = [None] * len(self._counts)
        self._points = [0] * len(self._counts)

    @property
    def complete(self) -> bool:
        """Whether every step has been met at enough points."""
        return min(self._points, default=POINTS) >= POINTS

    def show(self, values: Sequence[Array]) -> None:
        """Take the values of the expressions at a point."""
        stop = 0
        for group, count in enumerate(self._counts):
            start, stop = stop, stop + count
            found = _distances(values[start:stop]) if self._points[group] < POINTS else None
            if found is not None:
                self._points[group] += 1
                so_far = self._misses[group] or found
                self._misses[group] = [max(pair) for pair in zip(so_far, found, strict=True)]

    def finish(self, symbols: Mapping[str, Symbol], seed: int = 0) -> None:
        """Go to points of its own for the steps that have not been met at enough others."""
        if self.complete:
            return
        program = evaluation.compiled(*self.expressions)
        used = {symbol.name: symbol for symbol in evaluation.symbols_of(*self.expressions)}
        used |= {name: symbol for name, symbol in symbols.items() if name in used}
        dims = sorted(program.machine.dims, key=str)
        asked = facts.asked((), facts.every_node(*self.expressions))
        sampler = Sampler(used.values(), asked, dims, seed=seed)
        sampler.keep(program.loops_fit)
        functions = stand_ins(program.machine.unnamed, seed)
        with np.errstate(all="ignore"):
            for point in sampler:
                self.show(program.bind(point.sizes, functions)(point.values))
                if self.complete:
                    break

    @property
    def filled(self) -> tuple[Step, ...]:
        """The steps, every candidate of a product step with its distance from the chosen one filled in.

        A step none of whose points is finite stays as it is.
        """
        misses = iter(self._misses)
        return tuple(_filled(step, next(misses)) if len(step.candidates) > 1 else step for step in self.steps)


def probe(steps: Iterable[Step], symbols: Mapping[str, Symbol], seed: int = 0) -> tuple[Step, ...]:
    """The steps with the distances of their candidates filled in, at points of their own."""
    found = Probe(steps)
    found.finish(symbols, seed)
    return found.filled


def _filled(step: Step, misses: list[float] | None) -> Step:
    if misses is None:
        return step
    pairs = zip(step.candidates, misses, strict=True)
    return replace(step, candidates=tuple(Candidate(c.expression, miss, c.order) for c, miss in pairs))


def _distances(values: Sequence[Array]) -> list[float] | None:
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
