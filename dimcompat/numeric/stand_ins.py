"""Random smooth functions in the place of unnamed ones, with all their derivatives.

A module of its own because an unnamed function has no value: to check a formula that holds for
every function, take one that satisfies no identity by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from zlib import crc32

import numpy as np

from dimcompat.expressions import Operator
from dimcompat.numeric.calls import base_of, is_unnamed
from dimcompat.numeric.machine import Array

WAVES = 3
ORDERS = 8

StandIn = tuple[Callable[[Array], Array], ...]


def stand_ins(records: Iterable[Operator], seed: int = 0) -> dict[str, StandIn]:
    """A random smooth function, with derivatives, for every unnamed one among these records."""
    found: dict[str, StandIn] = {}
    for record in records:
        if not is_unnamed(record):
            continue
        base, _ = base_of(record)
        entrywise = getattr(record, "entrywise", False)
        found[base] = _entrywise(base, seed) if entrywise else _of_matrix(base, seed)
    return found


def _entrywise(name: str, seed: int) -> StandIn:
    """A sum of waves of different lengths, and of a parabola so that nothing is bounded or odd."""
    rng = np.random.default_rng((seed, crc32(name.encode())))
    heights, lengths, shifts = rng.uniform(0.5, 1.5, (3, WAVES))
    bend = (*rng.uniform(0.2, 0.6, 2), 0.0)

    def wave(order: int, u: Array) -> Array:
        total = np.zeros(np.shape(u))
        for height, length, shift in zip(heights, lengths, shifts, strict=True):
            total = total + height * length**order * np.sin(length * u + shift + order * np.pi / 2)
        parabola = (bend[0] * u + bend[1] * u * u, bend[0] + 2 * bend[1] * u, 2 * bend[1] + 0 * u)
        return total + parabola[order] if order < len(parabola) else total

    return tuple(partial(wave, order) for order in range(ORDERS))


def _of_matrix(name: str, seed: int) -> StandIn:
    """A number for a matrix, by waves across it in a few directions, and its gradient."""

    def directions(shape: tuple[int, ...]) -> tuple[Array, Array]:
        rng = np.random.default_rng((seed, crc32(name.encode()), *shape))
        return rng.standard_normal((WAVES, *shape)) / np.sqrt(np.prod(shape)), rng.uniform(0, 1, WAVES)

    def value(u: Array) -> Array:
        across, shifts = directions(np.shape(u))
        return np.array([[np.sin(np.tensordot(across, u, 2) + shifts).sum()]])

    def gradient(u: Array) -> Array:
        across, shifts = directions(np.shape(u))
        slopes = np.cos(np.tensordot(across, u, 2) + shifts)
        return np.asarray(np.tensordot(slopes, across, 1))

    return value, gradient
