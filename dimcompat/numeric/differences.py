"""Directional derivatives by central differences, and how far they can be trusted.

A module of its own because it is plain numerical analysis: it knows functions of a step and
nothing of formulas. Two step sizes are combined (Richardson) and compared; a difference that
they do not agree on, at a kink or in the noise of rounding, decides nothing. All directions that
wait for a step go together, since NumPy takes about as long for a dozen small arrays as for one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite
from typing import Any

import numpy as np

from dimcompat.numeric.machine import Array
from dimcompat.records import dataclass

Along = Callable[[list[int], Sequence[float]], Array]
"""The values of a function for these steps along each of the directions of these numbers, in a stack."""
Change = float | Array
"""A value or a difference of values: a plain float for a scalar, with which Python is quicker than NumPy."""

Size = Callable[[Any], float]
"""How large a change is."""

STEPS = (1e-4, 1e-5, 1e-3, 1e-2, 1e-6)
TRUSTED = 1e-5
ROUNDING = 64 * float(np.finfo(float).eps)
BASE_TOLERANCE = 1e-8
NEARLY_LEVEL = 100.0
AGREED = 2.0
CANCELLED = 1e-3
"""An objective smaller than this is taken to have cancelled from numbers near one, rounding and all."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A predicted directional derivative against differences.

    ``error`` is relative to the size of the derivative. ``agrees`` is None where the differences
    decide nothing; ``level`` then tells that the objective does not change as far as can be seen.
    ``scale`` is the size of the derivative.
    """

    agrees: bool | None
    error: float = 0.0
    level: bool = False
    scale: float = 0.0


def compare(along: Along, here: Array, predicted: Array, typical: Sequence[float]) -> list[Comparison]:
    """Compare predictions, one for each direction, with the differences of ``along``.

    ``typical`` is the size that a prediction has in a typical direction: a direction that
    happens to be nearly level must not be judged by its own small derivative.
    """
    magnitude = max(largest_of(here), CANCELLED)
    size: Size = abs if here.size == 1 else largest_of
    (centre,) = _each(here[np.newaxis])
    directions = [
        _Direction(magnitude, centre, change, large, size)
        for change, large in zip(_each(predicted), typical, strict=True)
    ]
    for step in STEPS:
        waiting = [number for number, direction in enumerate(directions) if direction.waits_for(step)]
        if not waiting:
            continue
        ends = _each(along(waiting, (step, -step, step / 2, -step / 2)))
        for place, number in enumerate(waiting):
            directions[number].take(step, *ends[4 * place : 4 * place + 4])
        if all(direction.over for direction in directions):
            break
    return [direction.verdict for direction in directions]


class _Direction:
    """What the steps tried so far show along one direction."""

    def __init__(self, magnitude: float, here: Change, predicted: Change, typical: float, size: Size) -> None:
        self.magnitude, self.here, self.predicted = magnitude, here, predicted
        self.typical, self.size = typical, size
        self.scale, self.level = 0.0, False
        self.torn: list[float] = []
        self.failed: dict[float, float] = {}
        self.found: list[Change] = []
        self.agreed: Comparison | None = None
        self.over = False

    def waits_for(self, step: float) -> bool:
        """Whether this step is worth trying: not where there is nothing but noise at it."""
        return not self.over and not 0.0 < self.scale < ROUNDING * self.magnitude / step / TRUSTED

    def take(
        self, step: float, after: Change, before: Change, half_after: Change, half_before: Change
    ) -> None:
        """Note what the function is one step and half a step to both sides."""
        rounding = ROUNDING * self.magnitude / step
        wide = (after - before) / (2 * step)
        narrow = (half_after - half_before) / step
        measured = (4 * narrow - wide) / 3
        size = self.size
        torn_by, error, own = size(wide - narrow), size(measured - self.predicted), size(measured)
        if not isfinite(torn_by):
            self.torn.append(step)
            return
        if not isfinite(error):
            if torn_by <= max(rounding, TRUSTED * own) and own > rounding:
                self.failed[step] = inf
            else:
                self.torn.append(step)
            return
        self.scale = scale = max(own, size(self.predicted), self.typical)
        doubt = torn_by + rounding
        if scale <= rounding:
            self.level = True
        if scale == 0.0:
            self.over = True
        # A huge prediction must not make torn differences look good beside it: where a matrix is
        # singular up to rounding, both are noise.
        elif torn_by > max(rounding, TRUSTED * min(scale, NEARLY_LEVEL * own)):
            self.torn.append(step)
        elif doubt <= TRUSTED * scale:
            tolerance = BASE_TOLERANCE * scale + doubt
            if error <= tolerance:
                # so crude a step must not let pass what finer ones have found wrong
                if not self.failed or tolerance < scale * min(self.failed.values()):
                    self.agreed = Comparison(True, error / scale, scale=scale)
                    self.over = True
            elif self._is_between_slopes(step, measured, after + before, half_after + half_before, tolerance):
                self.torn.append(step)
            else:
                self.failed[step] = error / scale
                self.found.append(measured)

    def _is_between_slopes(
        self, step: float, measured: Any, ends: Any, half_ends: Any, tolerance: float
    ) -> bool:
        """Whether the prediction lies between the slopes to both sides, which tells nothing on a kink: there
        ``relu(D)`` is beside the diagonal of ``D``, and differences are the mean of both slopes."""
        apart = (4 * (half_ends - 2 * self.here) - (ends - 2 * self.here)) / step
        return bool(np.all(abs(measured - self.predicted) - abs(apart) / 2 <= tolerance))

    @property
    def verdict(self) -> Comparison:
        if self.agreed is not None:
            return self.agreed
        if self.failed and len(self.found) > 1:
            apart = max(self.size(one - self.found[0]) for one in self.found[1:]) / self.scale
            if min(self.failed.values()) <= AGREED * apart:  # the differences are no closer to each other
                return Comparison(None)
        # Differences across a kink agree with each other once the step dwarfs the distance to it: a
        # failure does not count where smaller steps are torn, nor a single one among torn steps.
        counted = [error for step, error in self.failed.items() if not self.torn or min(self.torn) > step]
        if len(counted) > 1 or (counted and not self.torn):
            return Comparison(False, min(counted), scale=self.scale)
        return Comparison(None, level=self.level and not self.failed)


def _each(stack: Array) -> list[Change]:
    """The values in a stack."""
    scalars = stack.shape[1:] == (1, 1)
    return stack.reshape(-1).tolist() if scalars else list(stack)


def largest_of(array: Array) -> float:
    """The largest absolute value among the entries."""
    return abs(array.item()) if array.size == 1 else float(np.abs(array).max())
