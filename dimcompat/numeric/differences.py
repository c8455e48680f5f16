"""Directional derivatives by central differences, and how far they can be trusted.

A module of its own because it is plain numerical analysis: it knows functions of a step and
nothing of formulas. Two step sizes are combined (Richardson) and compared; a difference that
they do not agree on, at a kink or in the noise of rounding, decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dimcompat.numeric.machine import Array
from dimcompat.records import dataclass

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


def compare(along: Callable[[float], Array], here: Array, predicted: Array, typical: float) -> Comparison:
    """Compare a prediction with the differences of ``along``, a function of the step.

    ``typical`` is the size that the prediction has in a typical direction: a direction that
    happens to be nearly level must not be judged by its own small derivative.
    """
    magnitude = max(_largest(here), CANCELLED)
    scale, level = 0.0, False
    torn: list[float] = []
    failed: dict[float, float] = {}
    found: list[Array] = []
    for step in STEPS:
        rounding = ROUNDING * magnitude / step
        if 0.0 < scale < rounding / TRUSTED:
            continue  # nothing but noise at this step
        ends = [along(step), along(-step), along(step / 2), along(-step / 2)]
        wide = (ends[0] - ends[1]) / (2 * step)
        narrow = (ends[2] - ends[3]) / step
        measured = (4 * narrow - wide) / 3
        torn_by = _largest(wide - narrow)
        if not np.isfinite(torn_by):
            torn.append(step)
            continue
        error, own = _largest(measured - predicted), _largest(measured)
        if not np.isfinite(error):
            if torn_by <= max(rounding, TRUSTED * own) and own > rounding:
                failed[step] = np.inf
            else:
                torn.append(step)
            continue
        scale = max(own, _largest(predicted), typical)
        doubt = torn_by + rounding
        if scale <= rounding:
            level = True
        if scale == 0.0:
            break
        # A huge prediction must not make torn differences look good beside it: where a matrix is
        # singular up to rounding, both are noise.
        if torn_by > max(rounding, TRUSTED * min(scale, NEARLY_LEVEL * own)):
            torn.append(step)
        elif doubt <= TRUSTED * scale:
            if error <= BASE_TOLERANCE * scale + doubt:
                return Comparison(True, float(error / scale), scale=scale)
            failed[step] = error / scale
            found.append(measured)
    if failed and len(found) > 1:
        apart = max(_largest(one - found[0]) for one in found[1:]) / scale
        if min(failed.values()) <= AGREED * apart:  # the differences are no closer to each other
            return Comparison(None)
    # Differences across a kink agree with each other once the step dwarfs the distance to it: a
    # failure does not count where smaller steps are torn, nor a single one among torn steps.
    counted = [error for step, error in failed.items() if not torn or min(torn) > step]
    if len(counted) > 1 or (counted and not torn):
        return Comparison(False, float(min(counted)), scale=scale)
    return Comparison(None, level=level and not failed)


def _largest(array: Array) -> float:
    return float(np.abs(array).max())
