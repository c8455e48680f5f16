"""The order of a product of matrices: by symbols where they decide, at run time where sizes do."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from codegen import generated

import dimcompat as dc
from dimcompat.codegen.orders import depends_on_sizes
from dimcompat.shapes import ONE, Dim

M, N, P, Q = (Dim.symbol(name) for name in "mnpq")


@pytest.mark.parametrize(
    ("dims", "wanted"),
    [
        ((M, N, P), False),
        ((M, N, P, Q), True),
        ((N, N, N, N), False),
        ((M, N, N, ONE), False),
        ((M, N, M, N), True),
        ((Dim.number(3), N, N, N), False),
        ((N, N, N, Dim.number(3)), False),
    ],
)
def test_which_products_are_left_open(dims: tuple[Dim, ...], wanted: bool) -> None:
    assert depends_on_sizes(dims) is wanted


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("text", ["sumsq(A*X*B - C)", "tr((A*X*B)'*C) + sumsq(A*X*B)", "sum(tanh(A*X*B))"])
def test_a_product_left_open_is_right_for_all_sizes(text: str, target: str) -> None:
    pytest.importorskip(target)
    if target == "jax":
        pytest.importorskip("jax").config.update("jax_enable_x64", True)
    shapes = {"A": "p, m", "X": "m, n", "B": "n, q", "C": "p, q"}
    derivation = dc.derive(text, "X", shapes, verify=False)
    source = dc.generate(derivation, target)
    assert "multi_dot" in source
    function = generated.function_of(source)
    rng = np.random.default_rng(0)
    for m, n, p, q in itertools.product((1, 4), repeat=4):
        sizes = {"m": m, "n": n, "p": p, "q": q}
        values = {k: rng.standard_normal([sizes[d] for d in s.split(", ")]) for k, s in shapes.items()}
        value, gradient = function(**generated.arguments(function, values, sizes))
        assert np.allclose(np.asarray(value), dc.evaluate(derivation.objective, values, dims=sizes))
        assert np.allclose(np.asarray(gradient), dc.evaluate(derivation.gradient, values, dims=sizes))


def test_one_product_is_made_once() -> None:
    shapes = {"A": "p, m", "X": "m, n", "B": "n, q", "C": "p, q"}
    source = dc.generate(dc.derive("sumsq(A*X*B - C)", "X", shapes, verify=False), checks=False)
    assert source.count("multi_dot") == 2  # A*X*B, and A'*R*B'


def test_a_longer_product_uses_the_shorter_one_that_is_needed_anyway() -> None:
    shapes = {"X": "m, n", "w": "n", "y": "m"}
    derivation = dc.derive("sum(softplus(X*w)) - y'*X*w", "w", shapes, verify=False)
    source = dc.generate(derivation, checks=False)
    assert source.count("X @ w") == 1
    assert "X.T @ y" not in source


def test_a_product_stands_as_it_was_typed() -> None:
    shapes = {"X": "m, n", "U": "m, k", "V": "n, k"}
    source = dc.generate(dc.derive("sumsq(X - U*V')", ["U", "V"], shapes, verify=False), checks=False)
    assert "U @ V.T - X" in source
