"""Random points: sizes for the dimensions, values for the declared names.

A module of its own because a check is worth as much as its points: nothing is square or
symmetric by accident, declared attributes hold, several sizes and several ranges are tried,
and the same seed gives the same points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import numpy as np

from dimcompat.expressions import Symbol
from dimcompat.numeric.machine import Array
from dimcompat.records import dataclass
from dimcompat.shapes import Dim

Generator = np.random.Generator
PRIMES = (2, 3, 5, 7, 11, 13)
ASSIGNMENTS, TRIES = 6, 8
FIXED_RECIPES = ("normal", "small", "positive", "unit")
MIXED = ("normal", "small", "positive", "unit", "large", "tiny", "huge")
RECIPES = 50
WORST_CONDITION = 30.0
CLEARLY, LARGEST_BOUNDED = 0.9, 16
LARGEST_CONDITIONED = 100
MANY_MATRICES = 12
DAMPING = 5.0
STREAMS = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """Sizes of the dimension symbols and values of the declared names."""

    sizes: dict[str, int]
    values: dict[str, Array]


class Sampler:
    """Draws points, the likeliest to suit first: each range with every assignment of sizes.

    ``both_signs`` turns the sign of whole values in every other draw, most ranges being positive. ``rng``
    goes on in the stream of the last draw.
    """

    def __init__(
        self,
        symbols: Iterable[Symbol],
        facts: Mapping[str, frozenset[str]],
        dims: Iterable[Dim] = (),
        *,
        seed: int = 0,
        both_signs: bool = False,
    ) -> None:
        self.symbols = list(symbols)
        self.facts = facts
        self.seed = seed
        self.both_signs = both_signs
        self.rng = Generator(np.random.PCG64(_seeds(seed)))
        shapes = chain.from_iterable(symbol.shape for symbol in self.symbols)
        labels = (symbol.labels for symbol in self.symbols if symbol.labels is not None)
        matrices = [symbol for symbol in self.symbols if not symbol.shape.is_vector]
        # products of very many must neither explode nor vanish
        self.damping = DAMPING / len(matrices) if len(matrices) > MANY_MATRICES else None
        # the 2×2 rotations commute and make zeros where larger ones make none
        orthogonal = any("orthogonal" in symbol.attributes for symbol in self.symbols)
        primes = PRIMES[1:] if orthogonal else PRIMES
        self.assignments = _assignments(frozenset((*shapes, *labels, *dims)), seed, primes)

    def keep(self, suits: Callable[[dict[str, int]], bool]) -> None:
        """Draw with those assignments of sizes alone that suit; where sizes suit, smaller ones do."""
        if not suits(self.largest):
            self.assignments = [sizes for sizes in self.assignments if suits(sizes)]

    @property
    def largest(self) -> dict[str, int]:
        """The largest size that each dimension symbol has in any assignment."""
        return {name: max(sizes[name] for sizes in self.assignments) for name in self.assignments[0]}

    @property
    def limit(self) -> int:
        """How many draws are worth trying."""
        return RECIPES * len(self.assignments)

    def stream(self, *number: int) -> Generator:
        """The beginning of a stream of random numbers, the same whenever it is asked for; it ends where the
        next one begins."""
        self.rng.bit_generator.state = _beginning(self.seed, *number)
        return self.rng

    def draw(self, number: int) -> Point:
        """The draw of this number, the same whenever it is asked for."""
        recipe, which = divmod(number, len(self.assignments))
        sizes = self.assignments[which]
        rng = self.stream(number)
        values = self._turned(sizes, rng)
        for symbol in self.symbols:
            if symbol.name in values:
                continue
            shape = (symbol.shape.rows.size(sizes), symbol.shape.cols.size(sizes))
            if symbol.labels is not None:
                values[symbol.name] = rng.integers(0, symbol.labels.size(sizes), shape)
                continue
            asked = self.facts.get(symbol.name, frozenset())
            value = _value(symbol, shape, _range(recipe, asked, rng), asked, rng)
            if self.both_signs and number % 2 and not (asked or symbol.attributes):
                value = value * rng.choice((-1.0, 1.0))
            if self.damping is not None:
                value = _damped(symbol, value, min(1.0, self.damping))
            values[symbol.name] = value
        return Point(sizes, values)

    def _turned(self, sizes: Mapping[str, int], rng: Generator) -> dict[str, Array]:
        """The values of the square matrices where there are very many: nearly rotations."""
        names: dict[int, list[str]] = {}
        for symbol in self.symbols if self.damping is not None else ():
            if symbol.shape.is_square and not symbol.shape.is_scalar and not symbol.attributes:
                names.setdefault(symbol.shape.rows.size(sizes), []).append(symbol.name)
        strength = min(1.0, self.damping or 0.0)
        values: dict[str, Array] = {}
        for size, alike in names.items():
            found = _nearly_rotations((len(alike), size, size), strength, rng)
            values |= zip(alike, found, strict=True)
        return values

    def scaled(self, point: Point, names: Iterable[str], factor: float) -> Point | None:
        """The point with the values of these names multiplied, None where one of them cannot be."""
        values = dict(point.values)
        for symbol in (symbol for symbol in self.symbols if symbol.name in names):
            asked = self.facts.get(symbol.name, frozenset()) | symbol.attributes
            if symbol.labels is not None or asked & _KEPT or (factor < 0 and asked & _ONE_SIGN):
                return None
            values[symbol.name] = factor * values[symbol.name]
        return Point(point.sizes, values)

    def __iter__(self) -> Iterator[Point]:
        return (self.draw(number) for number in range(self.limit))


@lru_cache(STREAMS)
def _seeds(seed: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed)


@lru_cache(STREAMS)
def _beginning(*entropy: int) -> Mapping[str, Any]:
    """The state that a generator has when it is seeded with this; seeding takes longer than most draws."""
    return np.random.PCG64(entropy).state


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(STREAMS)
def _assignments(dims: frozenset[Dim], seed: int, sizes_from: tuple[int, ...]) -> list[dict[str, int]]:
    """The assignments for these dimensions, which most derivations have in common."""
    names = sorted({name for dim in dims for name in dim.symbols})
    return assignments(names, list(dims), np.random.default_rng((seed, len(names))), sizes_from)


def assignments(
    symbols: list[str], dims: list[Dim], rng: Generator, sizes_from: tuple[int, ...] = PRIMES
) -> list[dict[str, int]]:
    """Some assignments of sizes to the symbols of these dimensions, distinct sizes for distinct ones.

    With two symbols each of them is the larger one in turn.
    """
    if not symbols:
        return [{}]
    pool = [sizes_from[i % len(sizes_from)] for i in range(max(3, len(symbols)))]
    pools = np.array([pool]).repeat(ASSIGNMENTS * TRIES, axis=0)
    orders = iter(rng.permuted(pools, axis=1).tolist())
    coincidences: dict[tuple[int, ...], int] = {}
    found: list[tuple[int, ...]] = []
    for number in range(ASSIGNMENTS):
        tried: list[tuple[int, tuple[int, ...]]] = []
        for drawn in islice(orders, TRIES):
            order = tuple(drawn[: len(symbols)])
            if number % 2 and len(symbols) > 1:
                order = _turned(order, found[-1])
            if order not in coincidences:
                coincidences[order] = _coincidences(dims, dict(zip(symbols, order, strict=True)))
            tried.append((coincidences[order] + (order in found), order))
            if not tried[-1][0]:
                break
        found.append(min(tried, key=itemgetter(0))[1])
    return [dict(zip(symbols, order, strict=True)) for order in found]


def _turned(order: tuple[int, ...], last: tuple[int, ...]) -> tuple[int, ...]:
    """These sizes, arranged in the opposite order to the last assignment's."""
    ranks = sorted(range(len(last)), key=lambda i: -last[i])
    turned = [0] * len(last)
    for rank, size in zip(ranks, sorted(order), strict=True):
        turned[rank] = size
    return tuple(turned)


def _coincidences(dims: list[Dim], sizes: Mapping[str, int]) -> int:
    return len(dims) - len({dim.size(sizes) for dim in dims})


# ── values ───────────────────────────────────────────────────────────────────────────────────────────

_DRAWS: dict[str, Callable[[Generator, tuple[int, int]], Array]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "small": lambda rng, shape: 0.3 * rng.standard_normal(shape),
    "positive": lambda rng, shape: rng.uniform(0.5, 2.0, shape),
    "unit": lambda rng, shape: rng.uniform(0.1, 0.9, shape),
    "large": lambda rng, shape: rng.uniform(6.0, 9.0, shape),
    "huge": lambda rng, shape: rng.uniform(60.0, 400.0, shape),
    "tiny": lambda rng, shape: rng.uniform(0.01, 0.1, shape),
    "above one": lambda rng, shape: rng.uniform(1.2, 3.0, shape),
    "within one": lambda rng, shape: rng.uniform(-0.9, 0.9, shape),
    "nonzero": lambda rng, shape: rng.uniform(0.5, 2.0, shape) * rng.choice((-1.0, 1.0), shape),
}
_STRICTEST_FIRST = ("unit", "above one", "positive", "within one", "nonzero")
_KEPT = frozenset({"orthogonal"})
_ONE_SIGN = frozenset({"positive", "posdef", "unit", "above one"})
_SCALE = {"small": 0.3, "tiny": 0.05, "unit": 0.5, "large": 7.0, "huge": 200.0}


def _range(recipe: int, asked: frozenset[str], rng: Generator) -> str:
    """The range of a name in this recipe; what a function asks of the bare name goes first."""
    if recipe < len(FIXED_RECIPES):
        choice = FIXED_RECIPES[recipe]
    else:
        choice = MIXED[rng.integers(len(MIXED))]
        if rng.random() < 0.25:
            return choice
    if not asked:
        return choice
    if {"positive", "within one"} <= asked:
        return "unit"
    strictest = next((fact for fact in _STRICTEST_FIRST if fact in asked), None)
    if strictest is None or (strictest in ("positive", "nonzero") and choice in ("large", "tiny", "huge")):
        return choice
    return strictest


def _value(
    symbol: Symbol, shape: tuple[int, int], range_: str, asked: frozenset[str], rng: Generator
) -> Array:
    attributes = symbol.attributes
    scale = _SCALE.get(range_, 1.0)
    if "orthogonal" in attributes:
        tall = np.asarray(np.linalg.qr(rng.standard_normal((max(shape), min(shape))))[0])
        return tall if shape[0] >= shape[1] else tall.T
    if "posdef" in attributes:
        return scale * _posdef(shape, rng)
    if "positive" in attributes and range_ in ("normal", "small", "within one", "nonzero"):
        range_ = "positive"
    draw = _DRAWS[range_]
    if "diagonal" in attributes:
        return np.diagflat(draw(rng, (shape[0], 1)))
    if "symmetric" in attributes:
        return _well_conditioned(shape, lambda: _mirrored(draw(rng, shape)))
    if "posdef" in asked:
        skew = rng.standard_normal(shape)
        return scale * (_posdef(shape, rng) + 0.3 * (skew - skew.T))
    if symbol.shape.is_square and not symbol.shape.is_scalar:
        return _well_conditioned(shape, lambda: draw(rng, shape))
    return draw(rng, shape)


def _nearly_rotations(shape: tuple[int, int, int], strength: float, rng: Generator) -> Array:
    """A stack of square matrices that are among very many: their product must neither explode nor vanish.

    The more there are the less each may add (``strength``): in a thousand layers what each leaves of a
    derivative is taken to the power of a thousand.
    """
    rotations = np.linalg.qr(rng.standard_normal(shape))[0]
    nearly: Array = (1 + 0.1 * strength) * rotations * rng.uniform(0.95, 1.05, shape)
    return nearly


def _damped(symbol: Symbol, value: Array, strength: float) -> Array:
    """Another value among very many: a vector is small beside what it is added to."""
    if symbol.shape.is_scalar or symbol.attributes:
        return value
    if symbol.shape.is_vector:
        return 0.3 * strength * value
    return value * float(1.3 / np.sqrt(value.shape[1]))


def _posdef(shape: tuple[int, int], rng: Generator) -> Array:
    root = rng.standard_normal(shape)
    square: Array = root @ root.T / shape[0] + 0.5 * np.eye(shape[0])
    return square


def _mirrored(square: Array) -> Array:
    return np.tril(square) + np.tril(square, -1).T


def _well_conditioned(shape: tuple[int, int], draw: Callable[[], Array]) -> Array:
    """The first draw with a good condition number; else the last with its diagonal raised."""
    for _ in range(12):
        matrix = draw()
        if shape[0] > LARGEST_CONDITIONED:
            break
        if _clearly_well_conditioned(matrix):
            return matrix
        stretches = np.linalg.svd(matrix, compute_uv=False)
        if stretches[0] < WORST_CONDITION * stretches[-1]:
            return matrix
    raised: Array = matrix + np.abs(matrix).max() * np.eye(shape[0])
    return raised


def _clearly_well_conditioned(matrix: Array) -> bool:
    """Whether a bound on the condition number says so, in less time than the number takes.

    The bound is 2/|det M| · (‖M‖/√n)^n with the Frobenius norm (Guggenheimer, Edelman and Johnson, 1995); it
    is asked for less than is needed, so that rounding never makes it accept what the number would not. The
    powers of larger matrices might overflow.
    """
    entries, size = matrix.reshape(-1), len(matrix)
    if size > LARGEST_BOUNDED:
        return False
    bound = 2.0 * (entries.dot(entries) / size) ** (size / 2)
    return bool(bound < CLEARLY * WORST_CONDITION * abs(np.linalg.det(matrix)))
