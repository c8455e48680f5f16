"""What must hold for a claim that is not always right: some matrix symmetric, a vector of length 1.

A module of its own because each condition is a way to change a random value, nothing more; a claim
that is right at points changed so, and only there, is right under that condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from dimcompat.expressions import Symbol
from dimcompat.numeric import evaluation
from dimcompat.numeric.bench import ONE, Bench, Multiple, ratio
from dimcompat.numeric.claim_points import SAME
from dimcompat.numeric.machine import Array, Bound
from dimcompat.numeric.sampling import Point
from dimcompat.numeric.trials import UNCOMPUTABLE
from dimcompat.shapes import Shape
from dimcompat.verdict import Formula, Said


class Condition(NamedTuple):
    """The key of its name, the shapes it can be asked of, and how a value is made to fulfil it."""

    key: str
    of: Callable[[Shape], bool]
    made: Callable[[Array], Array]


def _orthonormal(value: Array) -> Array:
    tall = value if value.shape[0] >= value.shape[1] else value.T
    columns = np.asarray(np.linalg.qr(tall)[0])
    return columns if tall is value else columns.T


def _matrix(shape: Shape) -> bool:
    return not shape.is_vector


def _square(shape: Shape) -> bool:
    return shape.is_square and not shape.is_scalar


def _vector(shape: Shape) -> bool:
    return shape.is_vector and not shape.is_scalar


def _any(shape: Shape) -> bool:
    return not shape.is_scalar


def _summing(axis: int | None) -> Callable[[Array], Array]:
    def made(value: Array) -> Array:
        positive = np.abs(value) + 0.1
        return np.asarray(positive / positive.sum(axis=axis, keepdims=True))

    return made


LIKELY_CONDITIONS = (
    Condition("symmetric", _square, lambda value: (value + value.T) / 2),
    Condition("orthogonal", _square, _orthonormal),
    Condition("orthonormal columns", lambda s: _matrix(s) and not s.is_square, _orthonormal),
    Condition("diagonal", _square, lambda value: np.diag(np.diag(value))),
    Condition("positive", lambda shape: True, lambda value: np.abs(value) + 0.1),
    Condition("negative", lambda shape: True, lambda value: -np.abs(value) - 0.1),
    Condition("sum one", _vector, _summing(None)),
    Condition("rows sum to one", _matrix, _summing(1)),
    Condition("columns sum to one", _matrix, _summing(0)),
)
MOST_JOINT = 4
JOINT = ("symmetric", "positive")
"""Conditions that several names may have to fulfil together."""

SCALES = (1.0, 3.0, -2.0)
"""The other names are tried in several sizes, so that no condition seems to matter by its size alone."""

STRICT = ("symmetric", "orthogonal", "sum one", "rows sum to one", "length one")
"""Conditions so common that a factor besides is worth telling."""

BESIDE_A_SLIP = ("symmetric", "rows sum to one")
"""Conditions that textbooks have silently, so that a claim may rest on one and have a slip besides."""

RARE_CONDITIONS = (
    Condition("length one", _vector, lambda value: value / np.linalg.norm(value)),
    Condition("entries add up to zero", _vector, lambda value: value - value.mean()),
    Condition("columns add up to zero", _matrix, lambda value: value - value.mean(axis=0, keepdims=True)),
    Condition("zeros and ones", _any, lambda value: (np.arange(value.size).reshape(value.shape) % 2) * 1.0),
)


def condition(
    bench: Bench, symbols: Mapping[str, Symbol], conditions: Sequence[Condition]
) -> tuple[Said, Multiple] | None:
    """The first condition under which the claim is a simple multiple of the derivative at every point."""
    operation = bench.claim.operation
    if operation is None or operation.shape != bench.shape:
        return None
    values = (bench.expected, operation.value)
    program = evaluation.compiled(*values)
    used = {symbol.name for symbol in evaluation.symbols_of(*values)}
    bound = [(program.bind(point.sizes, bench.functions), point) for point in bench.points]
    symbols_used = [symbol for name, symbol in symbols.items() if name in used]
    for asked, names in _tried(symbols_used, conditions):
        found: list[float] = []
        for run, point in bound:
            ratios = [_ratio(run, _changed(point, asked, names, scale)) for scale in SCALES]
            known = [one for one in ratios if one is not None]
            if ratios[0] is None or len(known) < 2 or not max(known) - min(known) <= SAME:
                break
            found.append(ratios[0])
        multiple = bench.multiple(found, broad=False) if len(found) == len(bound) else None
        if multiple is not None and (multiple == ONE or (asked.key in STRICT and not multiple.dims)):
            key = f"claim.if.{asked.key}" + (" together" if len(names) > 1 else "")
            return Said(key, (("name", Formula(", ".join(names))),)), multiple
    return None


def benches(bench: Bench, symbols: Mapping[str, Symbol]) -> Iterator[tuple[Said, Bench]]:
    """The bench where a common condition is fulfilled, one after another: a claim may need one and be wrong
    besides."""
    used = {symbol.name for symbol in evaluation.symbols_of(bench.expected)}
    asked = [condition for condition in LIKELY_CONDITIONS if condition.key in BESIDE_A_SLIP]
    for condition, names in _tried([symbol for name, symbol in symbols.items() if name in used], asked):
        if len(names) == 1:
            points = [Point(point.sizes, _changed(point, condition, names, 1.0)) for point in bench.points]
            changed = bench.at(points)
            if all(np.isfinite(target).all() and target.any() for target in changed.targets):
                yield Said(f"claim.if.{condition.key}", (("name", Formula(names[0])),)), changed


def _changed(point: Point, asked: Condition, names: Sequence[str], scale: float) -> dict[str, Array]:
    """The values with the condition fulfilled, the other names of another size."""
    values = {
        name: value if name in names or value.dtype.kind != "f" else scale * value
        for name, value in point.values.items()
    }
    return values | {name: asked.made(values[name]) for name in names}


def _ratio(run: Bound, values: Mapping[str, Array]) -> float | None:
    """The claim's ratio to the derivative, NaN where it is no multiple, None where there is no value."""
    try:
        expected, claimed = run(values)
    except UNCOMPUTABLE:
        return None
    if not np.isfinite(expected).all() or not (np.any(expected) or np.any(claimed)):
        return None
    found = ratio(claimed, expected)
    return np.nan if found is None else found


def _tried(
    symbols: list[Symbol], conditions: Sequence[Condition]
) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    numbers = [symbol for symbol in symbols if symbol.labels is None]
    for asked in conditions:
        able = [s.name for s in numbers if asked.of(s.shape) and not _holds(asked.key, s)]
        for name in able:
            yield asked, (name,)
        if asked.key in JOINT and len(able) <= MOST_JOINT:
            groups = (combinations(able, count) for count in range(2, len(able) + 1))
            yield from ((asked, some) for group in groups for some in group)


def _holds(key: str, symbol: Symbol) -> bool:
    return key in symbol.attributes or (key == "symmetric" and symbol.symmetric)
