"""Generated NumPy code of every function record's example against `evaluate`."""

from __future__ import annotations

import numpy as np
import pytest
from codegen import generated

import dimcompat as dc
from dimcompat.functions import REGISTRY


@pytest.mark.parametrize("name", REGISTRY)
def test_every_record(name: str) -> None:
    for derivation, point in generated.record_examples(name):
        values = point.values
        for checks in (True, False):
            source = dc.generate(derivation, checks=checks)
            function = generated.function_of(source)
            for form in (values, generated.flat(values, derivation)):
                value, gradient = function(**generated.arguments(function, form, point.sizes))
                expected = dc.evaluate(derivation.objective, values, dims=point.sizes)
                assert np.allclose(value, expected, rtol=generated.TOLERANCE), source
                truth = dc.evaluate(derivation.gradient, values, dims=point.sizes)
                assert np.allclose(np.reshape(gradient, truth.shape), truth, rtol=generated.TOLERANCE), source


def test_log_sum_exp_of_large_scores_is_finite() -> None:
    shapes = {"S": "m, c", "Y": "m, c"}
    scores = np.array([[1000.0, -1000.0, 3.0], [-2000.0, -2001.0, -2002.0]])
    weights = np.ones((2, 3)) / 3
    for text in (
        "-sum(Y.*log(softmax(S)))",
        "sum(logsumexp(S, axis=1)) + sumsq(Y)",
        "P = softmax(S); sum(Y.*log(P))",
    ):
        function = generated.function_of(dc.generate(dc.derive(text, "S", shapes, verify=False)))
        arguments = generated.arguments(function, {"S": scores, "Y": weights}, {})
        value, gradient = function(**arguments)
        assert np.isfinite(value), text
        assert np.isfinite(gradient).all(), text


@pytest.mark.parametrize(
    "text", ["sum(log(1 + exp(x)))", "sum(softplus(x))", "-sum(log(sigmoid(x)))", "sum(silu(x))"]
)
def test_the_logistic_family_is_stable(text: str) -> None:
    function = generated.function_of(dc.generate(dc.derive(text, "x", {"x": "n"}, verify=False)))
    value, gradient = function(np.array([-800.0, -40.0, 0.0, 40.0, 800.0]))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
    if "silu" not in text:
        small = 1 / (1 + np.exp(40.0))
        assert np.allclose(
            np.abs(gradient[[1, 3]]), [small, 1.0] if "-" not in text else [1.0, small], rtol=1e-12
        )


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("-sum(Y.*logsoftmax(X*W))", {"X": "m, n", "W": "n, c", "Y": "m, c"}),
        ("sum(logsumexp(X*W, axis=1) - pick(X*W, y))", {"X": "m, n", "W": "n, c", "y": "m labels(c)"}),
        ("H = tanh(X*W); sumsq(H*V - Y)", {"X": "m, n", "W": "n, h", "V": "h, c", "Y": "m, c"}),
    ],
)
def test_hessians_of_weights_are_filled_block_by_block(text: str, shapes: dict[str, str]) -> None:
    derivation = dc.derive(text, "W", shapes, order=2, verify=False)
    source = dc.generate(derivation, checks=False)
    assert "_grid_product" in source
    sizes = {"m": 5, "n": 3, "c": 4, "h": 2}
    rng = np.random.default_rng(5)
    values = {
        name: rng.integers(0, 4, 5)
        if "labels" in shape
        else rng.standard_normal([sizes[d] for d in shape.split(", ")])
        for name, shape in shapes.items()
    }
    function = generated.function_of(source)
    found = function(**generated.arguments(function, values, {}))
    assert np.allclose(found, dc.evaluate(derivation.hessians["W", "W"], values), rtol=1e-10, atol=1e-12)
