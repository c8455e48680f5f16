"""The principle itself: the factors of a product arranged by a walk over dimensions.

A module of its own because it is the heart of the method. The factors are edges
between their two dimensions, a transpose walks an edge backwards, and an arrangement of
shape p×q is a walk from p to q over every edge once. The derivative is found directly,
as a rotation of the chain; the walks that the declared shapes allow are listed for the
reader only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dimcompat import expressions as ex
from dimcompat.derivation import Edge, Junctions
from dimcompat.expressions import Expr
from dimcompat.shapes import ONE, Dim, Shape

MOST_CANDIDATES = 12
MOST_TRIALS = 600


def rotation(factors: Sequence[Expr], place: int, upstream: Expr | None, *, closed: bool) -> tuple[Expr, ...]:
    """The factors of the derivative by ``factors[place]``, in order.

    ``upstream`` is the matrix derivative by the whole product, or None where it is a scalar
    and stands in front. For a trace (``closed``) the product bites its own tail.
    """
    before = [ex.transpose(factor) for factor in reversed(factors[:place])]
    after = [ex.transpose(factor) for factor in reversed(factors[place + 1 :])]
    if closed or upstream is None:
        return (*before, *after)
    return (*before, upstream, *after)


def walk(factors: Sequence[Expr]) -> tuple[Edge, ...]:
    """The factors of a product as the edges that lead through their dimensions."""
    return tuple(Edge(factor, factor.shape.rows, factor.shape.cols) for factor in factors)


def candidates(
    bag: Sequence[Expr], wanted: Shape, finish: Callable[[Expr], Expr]
) -> dict[Expr, tuple[Expr, ...]]:
    """The distinct products of shape ``wanted`` that use every factor of the bag once, transposed or not,
    each with its factors in order.

    ``finish`` brings a product into the form that is compared and shown. At most 12 are listed.
    """
    found: dict[Expr, tuple[Expr, ...]] = {}
    for trial, order in enumerate(_walks(list(bag), wanted)):
        product = finish(ex.multiply(*order)) if order else None
        if product is not None and product.shape == wanted:
            found.setdefault(product, tuple(order))
        if len(found) == MOST_CANDIDATES or trial == MOST_TRIALS:
            break
    return found


def _walks(bag: list[Expr], wanted: Shape) -> Iterator[list[Expr]]:
    """Every Eulerian trail from the wanted rows to the wanted columns, depth first."""
    options = [(factor, ex.transpose(factor)) for factor in bag]
    unused = _Unused(len(bag))
    chosen: list[Expr] = []

    def tries(here: Dim) -> Iterator[tuple[int, Expr]]:
        seen: set[Expr] = set()
        for place in unused:
            plain, turned = options[place]
            for factor in (plain,) if plain is turned else (plain, turned):
                if factor.shape.rows is here and factor not in seen:
                    seen.add(factor)
                    yield place, factor

    stack = [tries(wanted.rows)]
    places: list[int] = []
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            if places:
                unused.put_back(places.pop())
                chosen.pop()
            continue
        place, factor = step
        if len(chosen) == len(bag) - 1:
            if factor.shape.cols is wanted.cols:
                yield [*chosen, factor]
            continue
        unused.take(place)
        places.append(place)
        chosen.append(factor)
        stack.append(tries(factor.shape.cols))


class _Unused:
    """The places of a bag that are not taken, in order; what was taken last is put back first.

    A chain of neighbours, so that a long product is not looked through from its start at every step.
    """

    def __init__(self, count: int) -> None:
        self._after = [*range(1, count + 1), 0]
        self._before = [count, *range(count)]

    def __iter__(self) -> Iterator[int]:
        end = len(self._after) - 1
        place = self._after[end]
        while place != end:
            yield place
            place = self._after[place]

    def take(self, place: int) -> None:
        self._after[self._before[place]] = self._after[place]
        self._before[self._after[place]] = self._before[place]

    def put_back(self, place: int) -> None:
        self._after[self._before[place]] = place
        self._before[self._after[place]] = place


def junctions(
    factors: Sequence[Expr],
    place: int,
    *,
    closed: bool,
    taken: frozenset[str],
    upstream: Expr | None = None,
) -> Junctions:
    """The chain with a dimension of its own at every junction, and the shape wanted in those.

    A matrix derivative by the whole product has the chain's two outer dimensions.
    """
    names = _fresh_dims(taken)
    labels = [next(names) for _ in range(len(factors) + 1)]
    first, last = factors[0].shape.rows, factors[-1].shape.cols
    if closed:
        labels[-1] = labels[0]
    else:
        labels[0] = first if first is ONE else labels[0]
        labels[-1] = last if last is ONE else labels[-1]
    shapes = [Shape(labels[i], labels[i + 1]) for i in range(len(factors))]
    labelled = list(zip(factors, shapes, strict=True))
    if upstream is not None:
        labelled.append((upstream, Shape(labels[0], labels[-1])))
    return Junctions(tuple(labelled), shapes[place])


def _fresh_dims(taken: frozenset[str]) -> Iterator[Dim]:
    for name in "pstuvklhqr":
        if name not in taken:
            yield Dim.symbol(name)
    number = 1
    while True:
        yield Dim.symbol(f"d_{number}")
        number += 1
