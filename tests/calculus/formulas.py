"""Texts to expressions, and points to evaluate them at: what the tests of the calculus share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.expressions import Expr

SIZES = {"m": 3, "n": 4, "p": 2, "q": 5, "c": 3}


def read(text: str, shapes: Mapping[str, str]) -> Expr:
    """The expression that a text stands for, without the declarations around it."""
    return ex.plain(dc.parse(text, shapes).objective)


def declared(shapes: Mapping[str, str]) -> dict[str, ex.Symbol]:
    """The declared names as symbols."""
    return dict(dc.parse("0", shapes).symbols)


def point(
    shapes: Mapping[str, str], seed: int = 0, sizes: Mapping[str, int] | None = None
) -> dict[str, np.ndarray]:
    """Small random values, none of them negative or near 0, that have the declared attributes."""
    draw = np.random.default_rng(seed)
    sizes = sizes or SIZES
    values: dict[str, np.ndarray] = {}
    for name, symbol in declared(shapes).items():
        shape = (symbol.shape.rows.size(sizes), symbol.shape.cols.size(sizes))
        if symbol.labels is not None:
            values[name] = draw.integers(0, symbol.labels.size(sizes), shape)
            continue
        value = draw.uniform(0.2, 1.2, shape)
        if symbol.attributes & {"symmetric"}:
            value = value + value.T
        if "posdef" in symbol.attributes:
            value = value @ value.T + np.eye(shape[0])
        if "diagonal" in symbol.attributes:
            value = np.diag(np.diag(value))
        if "orthogonal" in symbol.attributes:
            value = np.linalg.qr(value)[0]
        values[name] = value
    return values


def value(
    expression: Expr, values: Mapping[str, np.ndarray], sizes: Mapping[str, int] | None = None
) -> np.ndarray:
    """The matrix of numbers that an expression stands for."""
    return dc.evaluate(expression, values, dims=dict(sizes or SIZES))


def close(found: np.ndarray, expected: np.ndarray, tolerance: float = 1e-8) -> bool:
    """Whether two matrices have one shape and the same entries, within rounding."""
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=tolerance, atol=tolerance * max(1.0, float(np.abs(expected).max())))
    )
