"""Whether the cheapest order of a product of matrices is the same for all sizes.

A module of its own because it asks about sizes that nobody knows yet: a product whose order they decide
is left to the moment when the arrays are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product

from dimcompat.shapes import NAMES_AT_HAND, ONE, Dim

SIZES = (10, 1000)
MOST_FACTORS, MOST_DIMS = 6, 5
WORTH = 1.5
"""An order that costs no more than this many times the cheapest one is as good."""


@lru_cache(maxsize=NAMES_AT_HAND)
def depends_on_sizes(dims: tuple[Dim, ...]) -> bool:
    """Whether no one order of multiplying matrices d0×d1, d1×d2, … is good for all sizes."""
    count = len(dims) - 1
    symbols = sorted({name for dim in dims for name in dim.symbols})
    if count < 3 or count > MOST_FACTORS or len(symbols) > MOST_DIMS or ONE in dims:
        return False
    good: set[_Order] | None = None
    for sizes in product(SIZES, repeat=len(symbols)):
        numbers = [dim.size(dict(zip(symbols, sizes, strict=True))) for dim in dims]
        costs = {order: _cost(order, numbers) for order in _orders(0, count)}
        least = min(costs.values())
        fine = {order for order, cost in costs.items() if cost <= WORTH * least}
        good = fine if good is None else good & fine
        if not good:
            return True
    return False


_Order = tuple[tuple[int, int, int], ...]
"""The products of an order, each by where its factors start, are cut and end."""


@cache
def _orders(start: int, end: int) -> tuple[_Order, ...]:
    """Every order of multiplying the factors between two places."""
    if end - start == 1:
        return ((),)
    return tuple(
        (*left, *right, (start, cut, end))
        for cut in range(start + 1, end)
        for left in _orders(start, cut)
        for right in _orders(cut, end)
    )


def _cost(order: _Order, sizes: Sequence[int]) -> int:
    return sum(sizes[start] * sizes[cut] * sizes[end] for start, cut, end in order)
