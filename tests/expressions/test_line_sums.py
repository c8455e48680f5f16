"""Sums of rows and columns that are known, beside the sums that NumPy forms of the same matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex

SHAPES = {"X": "m, n", "Y": "m, n", "A": "m, k", "r": "1, n", "c": "m", "x": "m", "s": "scalar"}
SIZES = {"m": 5, "n": 3, "k": 2}

MEANS = "X - mean(X, axis=0)", "X - mean(X, axis=1)"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("sum(x - mean(x))", "0"),
        ("mean(x' - mean(x))", "0"),
        ("sum(3*s*(A*A'*x - mean(A*A'*x)))", "0"),
        (f"colsum({MEANS[0]})", "zeros(1,n)"),
        (f"rowsum({MEANS[1]})", "zeros(m)"),
        (f"colsum(({MEANS[0]})./r)", "zeros(1,n)"),
        (f"colsum(({MEANS[0]})*X'*A)", "zeros(1,k)"),
        (f"rowsum(A*A'*({MEANS[1]}))", "zeros(m)"),
        (f"colsum(Y + s*({MEANS[0]}))", "colsum(Y)"),
        (f"rowsum(Y - c.*({MEANS[1]}))", "rowsum(Y)"),
        ("colsum(X./r)", "colsum(X)./r"),
        ("rowsum(c.*X.*Y)", "c.*rowsum(X.*Y)"),
        ("sum(eye(m)*x - mean(x))", "0"),
    ],
)
def test_a_sum_that_is_known(text: str, folded: str) -> None:
    found, expected = (ex.plain(dc.parse(one, SHAPES).objective) for one in (text, folded))
    assert found is expected


@pytest.mark.parametrize(
    "text",
    [
        f"colsum({MEANS[1]})",
        f"rowsum({MEANS[0]})",
        "colsum(X - mean(X))",
        "rowsum(X - mean(X))",
        "sum(x - 2*mean(x))",
        "sum(x + mean(x))",
        f"colsum(c.*({MEANS[0]}))",
        f"colsum(({MEANS[0]}).^2)",
        f"colsum(X'*({MEANS[1]}))",
        "sum(x - mean(c))",
    ],
)
def test_a_sum_that_only_looks_known(text: str) -> None:
    found = ex.plain(dc.parse(text, SHAPES).objective)
    assert not isinstance(found, (ex.Zeros, ex.Number))


VALUES: dict[str, Callable[..., Any]] = {
    f"colsum(Y./r + s*({MEANS[0]}).*r)": lambda X, Y, r, s: (Y / r + s * (X - X.mean(0)) * r).sum(0)[None],
    f"colsum(Y.*r - X - ({MEANS[0]}))": lambda X, Y, r: (Y * r - X - (X - X.mean(0))).sum(0)[None],
    f"rowsum(c.*Y + s*c.*({MEANS[1]}).*r)": lambda X, Y, c, s, r: (
        c * Y + s * c * (X - X.mean(1)[:, None]) * r
    ).sum(1)[:, None],
    f"mean(c.*({MEANS[0]})./r, axis=0)": lambda X, c, r: (c * (X - X.mean(0)) / r).mean(0)[None],
    "mean((x - mean(x)).*c)": lambda x, c: ((x - x.mean()) * c).mean(),
    f"colsum(({MEANS[1]}).*r)": lambda X, r: ((X - X.mean(1)[:, None]) * r).sum(0)[None],
    f"sum(({MEANS[0]})*X'*x)": lambda X, x: ((X - X.mean(0)) @ X.T @ x).sum(),
    f"x'*({MEANS[0]})*X'*ones(m)": lambda X, x: (x.T @ (X - X.mean(0)) @ X.T).sum(),
}


@pytest.mark.parametrize("text", VALUES)
@pytest.mark.parametrize("sizes", [SIZES, {"m": 3, "n": 3, "k": 3}])
def test_the_value_is_that_of_the_sum(text: str, sizes: dict[str, int]) -> None:
    random = np.random.default_rng(7)
    objective = dc.parse(text, SHAPES).objective
    by_hand = VALUES[text]
    names = by_hand.__code__.co_varnames[: by_hand.__code__.co_argcount]
    values = {name: _drawn(random, SHAPES[name], sizes) for name in names}
    found = np.asarray(dc.evaluate(objective, values))
    wanted = np.asarray(by_hand(**values))
    assert np.allclose(found.reshape(wanted.shape), wanted, rtol=1e-12, atol=1e-12)


def _drawn(random: np.random.Generator, shape: str, sizes: dict[str, int]) -> Any:
    if shape == "scalar":
        return random.normal()
    dims = [1 if dim == "1" else sizes[dim] for dim in shape.split(", ")]
    return random.normal(size=dims if len(dims) == 2 else [*dims, 1])


@pytest.mark.parametrize(
    "text",
    [
        "E = (mean(X,axis=1) - mean(X))*ones(1,n) + ones(m)*mean(X - mean(X,axis=1),axis=0)\n"
        "J = sumsq(E - mean(E,axis=1))",
        "F = c*ones(1,n) - mean(X - mean(X,axis=0),axis=1)\nE = F - mean(F)\nJ = sumsq(E - rowsum(E)/n)",
        "E = (c - mean(c))*ones(1,n) - mean(X - mean(X,axis=1),axis=0)\nJ = dot(Y, E - rowsum(E)/n)",
    ],
)
def test_a_factor_may_come_to_more_when_it_is_turned(text: str) -> None:
    derivation = dc.derive(text, "X", SHAPES)
    assert derivation.verification is not None and derivation.verification.passed is not False
