"""Directions in which variables are moved together, and their values after many steps at once.

A module of its own because it only moves numbers: which directions there are, and what formulas predict
for them, is the affair of the visit to a point.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from dimcompat.numeric.machine import Array
from dimcompat.records import dataclass


@dataclass(slots=True)
class Moves:
    """The directions along which the variables of one group are moved together.

    ``first`` is the number of the first of them among all directions; ``predicted`` is the change of the
    objective along each by the formulas, ``typical`` the size that it has in a typical direction.
    """

    names: list[str]
    first: int
    directions: dict[str, Array]
    predicted: Array
    typical: list[float]

    @property
    def stop(self) -> int:
        return self.first + len(self.typical)


def stepped(
    values: Mapping[str, Array], moves: Iterable[Moves], which: list[int], steps: Sequence[float]
) -> dict[str, Array]:
    """The values after these steps along each of the directions of these numbers, which are in order; those
    that move are stacks, with all steps along the first direction first."""
    found = dict(values)
    lengths, each = np.array(steps)[:, np.newaxis, np.newaxis], len(steps)
    for move in moves:
        start, stop = bisect_left(which, move.first), bisect_left(which, move.stop)
        if start == stop:
            continue
        rows = [number - move.first for number in which[start:stop]]
        for name, directions in move.directions.items():
            taken = directions if len(rows) == len(directions) else directions[rows]
            value = values[name]
            moved = (value + lengths * taken[:, np.newaxis]).reshape(-1, *value.shape)
            if len(rows) < len(which):
                stack = np.empty((each * len(which), *value.shape))
                stack[: each * start] = stack[each * stop :] = value
                stack[each * start : each * stop] = moved
                moved = stack
            found[name] = moved
    return found
