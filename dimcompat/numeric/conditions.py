"""What must hold for a claim that is not always right: some matrix symmetric, a vector of length 1.

A module of its own because each condition is a way to change a random value, nothing more; a claim
that is right at points changed so, and only there, is right under that condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dimcompat.expressions import Symbol
from dimcompat.numeric import evaluation
from dimcompat.numeric.bench import ONE, Bench, Multiple, ratio
from dimcompat.numeric.machine import Array
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
    Condition("sum one", _vector, _summing(None)),
    Condition("rows sum to one", _matrix, _summing(1)),
    Condition("columns sum to one", _matrix, _summing(0)),
    Condition("positive", lambda shape: True, lambda value: np.abs(value) + 0.1),
    Condition("negative", lambda shape: True, lambda value: -np.abs(value) - 0.1),
)
STRICT = ("symmetric", "orthogonal", "sum one", "rows sum to one", "length one")
"""Conditions so common that a factor besides is worth telling."""

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
            changed = {name: asked.made(point.values[name]) for name in names}
            try:
                expected, claimed = run({**point.values, **changed})
            except UNCOMPUTABLE:
                return None
            one = ratio(claimed, expected) if np.isfinite(expected).all() else None
            if one is None:
                break
            found.append(one)
        multiple = bench.multiple(found, broad=False) if len(found) == len(bound) else None
        if multiple is not None and (multiple == ONE or asked.key in STRICT):
            return Said(f"claim.if.{asked.key}", (("name", Formula(", ".join(names))),)), multiple
    return None


def _tried(
    symbols: list[Symbol], conditions: Sequence[Condition]
) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    numbers = [symbol for symbol in symbols if symbol.labels is None]
    for asked in conditions:
        able = [s.name for s in numbers if asked.of(s.shape) and not _holds(asked.key, s)]
        for name in able:
            yield asked, (name,)
        if len(able) > 1 and asked.key in ("symmetric", "positive"):
            yield asked, tuple(able)


def _holds(key: str, symbol: Symbol) -> bool:
    return key in symbol.attributes or (key == "symmetric" and symbol.symmetric)
