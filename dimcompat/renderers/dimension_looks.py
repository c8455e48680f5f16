"""How a dimension looks in pictures: how long its edges are, and their colour.

A module of its own because a dimension has one look in all pictures of a derivation, whatever they show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from dimcompat.derivation import Derivation
from dimcompat.records import dataclass
from dimcompat.shapes import ONE, Dim

COLOURS = 5
_SIZES = (5, 3, 4, 7, 2, 6)
"""What the symbols are taken for where dimensions are compared: the first declared is a large one."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Look:
    """The share of the longest edge that the edges of a dimension have, and their colour.

    The dimension 1 has neither; what is out of colours has a share alone.
    """

    share: float
    colour: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """The places of dimensions, and of the symbols in them, in the order of their declaration."""

    dims: dict[Dim, int]
    symbols: dict[str, int]


def order_of(derivation: Derivation) -> Order:
    """The order of the declared dimensions."""
    dims = [dim for given in derivation.declarations for dim in given.shape if dim is not ONE]
    return Order(_placed(dims, {}), _placed(_symbols(dims), {}))


def looks_of(drawn: Iterable[Dim], junctions: Sequence[Dim], order: Order) -> dict[Dim, Look]:
    """The looks of the dimensions in one picture; of those that are not declared ``junctions`` come first.

    Larger dimensions have longer edges. Each has a colour to itself, its own one where that is free.
    """
    dims = {dim for dim in drawn if dim is not ONE}
    places = _placed((dim for dim in (*junctions, *drawn) if dim in dims), order.dims)
    ordered = sorted(places, key=lambda dim: places[dim])
    symbols = _placed(_symbols(ordered), order.symbols)
    sizes = {name: _SIZES[place % len(_SIZES)] for name, place in symbols.items()}
    colours: dict[Dim, int | None] = {}
    for dim in ordered:
        free = ((places[dim] + further) % COLOURS for further in range(COLOURS))
        colours[dim] = next((colour for colour in free if colour not in colours.values()), None)
    ranked = sorted(ordered, key=lambda dim: dim.size(sizes))
    shares = {dim: (rank + 1) / len(ranked) for rank, dim in enumerate(ranked)}
    return {ONE: Look(0, None)} | {dim: Look(shares[dim], colours[dim]) for dim in ordered}


def _symbols(dims: Iterable[Dim]) -> list[str]:
    return [name for dim in dims for name in sorted(dim.symbols)]


def _placed(items: Iterable[Item], known: Mapping[Item, int]) -> dict[Item, int]:
    """The place of each item: the known one, or the next after all of those."""
    places: dict[Item, int] = {}
    further = len(known)
    for item in items:
        if item not in places:
            places[item] = known.get(item, further)
            further += item not in known
    return places
