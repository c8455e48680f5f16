"""The smallest point at which a claim goes wrong: sizes 1 or 2, small whole numbers.

A module of its own because it is for the reader, who can redo it by hand; the judging is done
elsewhere, at random points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from dimcompat.expressions import Expr, Symbol
from dimcompat.numeric import evaluation
from dimcompat.numeric.claim_points import same
from dimcompat.numeric.kinks import Kinks
from dimcompat.numeric.machine import UNCOMPUTABLE, Array, Functions
from dimcompat.numeric.sampling import Point
from dimcompat.verdict import Evidence

TRIES = 24
LARGEST_BEYOND = 12
"""What kinks may need: small numbers, which are easier to read, may all lie on one side."""
MOST_SIZES = 8
MOST_ENTRIES = 12


def counterexample(
    expected: Expr,
    claimed: Expr,
    symbols: Mapping[str, Symbol],
    functions: Functions,
    kinks: Kinks | None = None,
    seed: int = 0,
) -> Evidence | None:
    """A point where the two differ, as small and as round as one is found; None where they fit nowhere."""
    if expected.shape != claimed.shape:
        return None
    program = evaluation.compiled(expected, claimed)
    used = {symbol.name for symbol in evaluation.symbols_of(expected, claimed)}
    needed = [symbol for name, symbol in symbols.items() if name in used]
    beside = kinks.program.machine if kinks is not None else None
    others = frozenset(beside.inputs) - used if beside is not None else frozenset()
    drawn = [*needed, *(symbol for name, symbol in symbols.items() if name in others)]
    names = {name for dim in program.machine.dims for name in dim.symbols}
    names |= {name for dim in (beside.dims if beside is not None else ()) for name in dim.symbols}
    names |= {name for symbol in drawn for dim in symbol.shape for name in dim.symbols}
    names |= {name for symbol in drawn if symbol.labels is not None for name in symbol.labels.symbols}
    rounds = (range(TRIES),) if kinks is None else (range(TRIES), range(TRIES, 2 * TRIES))
    for tries, sizes in product(rounds, _sizes(sorted(names))):
        run = program.bind(sizes, functions)
        best: tuple[float, int, Evidence] | None = None
        for number in tries:
            rng = np.random.default_rng((seed, number))
            values = {symbol.name: _value(symbol, sizes, rng, number) for symbol in drawn}
            try:
                right, wrong = run(values)
            except UNCOMPUTABLE:
                continue
            shape = (expected.shape.rows.size(sizes), expected.shape.cols.size(sizes))
            right, wrong = np.broadcast_to(right, shape), np.broadcast_to(wrong, shape)
            finite = np.isfinite(right).all() and np.isfinite(wrong).all()
            if not finite or same(np.asarray(wrong), np.asarray(right)) or _close(wrong, right):
                continue
            if kinks is not None and kinks.touched(Point(sizes, values)):
                continue
            cost = _roughness(right, wrong) + sum(_heaviness(values[symbol.name]) for symbol in needed) / 50
            evidence = _evidence(needed, values, sizes, np.asarray(wrong), np.asarray(right))
            if best is None or cost < best[0]:
                best = (cost, number, evidence)
        if best is not None:
            return best[2]
    return None


def _close(wrong: Array, right: Array) -> bool:
    return float(np.abs(wrong - right).max()) < 1e-3


def _sizes(names: list[str]) -> Iterator[dict[str, int]]:
    """All sizes 1, then one of them 2, then all."""
    yield dict.fromkeys(names, 1)
    for name in names[:MOST_SIZES] if len(names) > 1 else []:
        yield {**dict.fromkeys(names, 1), name: 2}
    yield dict.fromkeys(names, 2)


def _value(symbol: Symbol, sizes: Mapping[str, int], rng: np.random.Generator, number: int) -> Array:
    shape = (symbol.shape.rows.size(sizes), symbol.shape.cols.size(sizes))
    if symbol.labels is not None:
        return rng.integers(0, symbol.labels.size(sizes), shape)
    attributes = symbol.attributes
    largest = 2 if number < TRIES // 2 else 3 if number < TRIES else LARGEST_BEYOND
    low = 1 if number % TRIES < TRIES // 3 or "positive" in attributes else -largest
    value: Array = rng.integers(low, largest + 1, shape).astype(np.float64)
    if "orthogonal" in attributes:
        value = np.eye(*shape)[:, ::-1] if number % 2 else np.eye(*shape)
    elif "diagonal" in attributes:
        value = np.diag(np.diag(value))
    elif "posdef" in attributes:
        value = value @ value.T + np.eye(shape[0])
    elif symbol.symmetric and shape[0] == shape[1]:
        value = np.tril(value) + np.tril(value, -1).T
    return value


def _roughness(*arrays: Array) -> float:
    """How hard the numbers are to read: fractions, then sizes."""
    flat = np.concatenate([array.reshape(-1) for array in arrays])
    return float((np.abs(flat - np.rint(flat)) > 1e-9).sum()) * 10 + float(np.abs(flat).sum()) / 100


def _heaviness(value: Array) -> float:
    """Small positive numbers are the easiest to follow; a zero may hide what happens."""
    return float(np.abs(value).sum()) + 2.0 * float((value < 0).sum()) + 3.0 * float((value == 0).sum())


def _evidence(
    needed: list[Symbol], values: Mapping[str, Array], sizes: Mapping[str, int], wrong: Array, right: Array
) -> Evidence:
    worst = int(np.argmax(np.abs(wrong - right)))
    entry = (worst // right.shape[1], worst % right.shape[1])
    return Evidence(
        tuple((symbol.name, _rows(values[symbol.name])) for symbol in needed),
        tuple(sizes.items()),
        _rows(wrong),
        _rows(right),
        entry,
    )


def _rows(array: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(number) for number in row) for row in array)
