"""Labels and diagonals that are added to matrices: written in place where nobody else sees the array.

Scores far from zero, arguments of integers and arguments that must stay as they are.
"""

from __future__ import annotations

import numpy as np
import pytest
from codegen.generated import arguments, function_of

import dimcompat as dc

CASES = {
    "cross-entropy": (
        "S = X*W\n1/m*sum(logsumexp(S, axis=1) - pick(S, y))",
        ["W"],
        {"X": "m, n", "W": "n, c", "y": "m labels(c)"},
    ),
    "two losses of the same scores": (
        "S = X*W\nsum(logsumexp(S, axis=1) - pick(S, y)) + sum(logsumexp(S, axis=1) - 2*pick(S, z))",
        ["W"],
        {"X": "m, n", "W": "n, c", "y": "m labels(c)", "z": "m labels(c)"},
    ),
    "scores that are given": (
        "sum(logsumexp(S, axis=1) - pick(S, y))",
        ["S"],
        {"S": "m, c", "y": "m labels(c)"},
    ),
    "one row of scores": ("logsumexp(s) - pick(s, y)", ["s"], {"s": "1, c", "y": "labels(c)"}),
    "a matrix as it is given": (
        "sum((A - onehot(y, c)).*B)",
        ["A", "B"],
        {"A": "m, c", "B": "m, c", "y": "m labels(c)"},
    ),
    "the probabilities too": (
        "P = softmax(X*W, axis=1)\nsum((P - onehot(y, c)).*B) + sum(P.^2)",
        ["W", "B"],
        {"X": "m, n", "W": "n, c", "B": "m, c", "y": "m labels(c)"},
    ),
    "a diagonal": (
        "sum((A*A' + diag(d)).*B)",
        ["A", "B", "d"],
        {"A": "n, c", "B": "n, n", "d": "n"},
    ),
    "a diagonal on what is given": (
        "sum((A + diag(d)).*B)",
        ["A", "B"],
        {"A": "n, n", "B": "n, n", "d": "n"},
    ),
    "an identity": ("sum((2*A*A' + 3*eye(n)).*B)", ["A", "B"], {"A": "n, c", "B": "n, n"}),
}
SIZES = ({"m": 5, "n": 4, "c": 3}, {"m": 3, "n": 3, "c": 3}, {"m": 1, "n": 2, "c": 2})


def drawn(shapes: dict[str, str], sizes: dict[str, int], scale: float = 1.0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    found: dict[str, np.ndarray] = {}
    for name, shape in shapes.items():
        if "labels" in shape:
            found[name] = rng.integers(0, sizes["c"], sizes["m"] if shape.startswith("m") else 1)
        else:
            dims = [sizes.get(part, 1) for part in shape.split(", ")]
            found[name] = np.round(3 * rng.standard_normal(dims)) * scale
    return found


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_the_results_are_the_formulas(name: str, sizes: dict[str, int]) -> None:
    text, wrt, shapes = CASES[name]
    derivation = dc.derive(text, wrt, shapes, verify=False)
    function = function_of(dc.generate(derivation, checks=False))
    values = drawn(shapes, sizes, 0.7)
    before = {key: value.copy() for key, value in values.items()}
    value, *gradients = function(**arguments(function, values, sizes))
    assert np.isclose(value, dc.evaluate(derivation.objective, values, dims=sizes))
    for variable, found in zip(wrt, gradients, strict=True):
        expected = dc.evaluate(derivation.gradients[variable], values, dims=sizes)
        assert np.allclose(found, np.reshape(expected, np.shape(found))), variable
    for key, array in values.items():
        assert np.array_equal(array, before[key]), key


@pytest.mark.parametrize("name", CASES)
def test_integers_count_as_the_same_numbers(name: str) -> None:
    text, wrt, shapes = CASES[name]
    function = function_of(dc.generate(dc.derive(text, wrt, shapes, verify=False), checks=False))
    floats = drawn(shapes, SIZES[0])
    integers = {key: value.astype(int) for key, value in floats.items()}
    pairs = zip(
        function(**arguments(function, integers, SIZES[0])),
        function(**arguments(function, floats, SIZES[0])),
        strict=True,
    )
    assert all(np.allclose(found, expected, rtol=1e-12) for found, expected in pairs)


@pytest.mark.parametrize("name", ["cross-entropy", "scores that are given", "one row of scores"])
@pytest.mark.parametrize("scale", [1e4, 1e15])
def test_scores_far_from_zero(name: str, scale: float) -> None:
    text, wrt, shapes = CASES[name]
    function = function_of(dc.generate(dc.derive(text, wrt, shapes, verify=False), checks=False))
    values = drawn(shapes, SIZES[0], scale)
    value, gradient = function(**arguments(function, values, SIZES[0]))
    assert np.isfinite(value) and value >= 0
    assert np.isfinite(gradient).all()


def test_a_score_that_is_hit_keeps_its_digits() -> None:
    text, wrt, shapes = CASES["scores that are given"]
    function = function_of(dc.generate(dc.derive(text, wrt, shapes, verify=False), checks=False))
    scores = np.array([[1e9 + 2.0, 1e9 - 1.0, 1e9]])
    value, _ = function(S=scores, y=np.array([0]))
    assert np.isclose(value, np.log1p(np.exp(-3.0) + np.exp(-2.0)), rtol=1e-12)
