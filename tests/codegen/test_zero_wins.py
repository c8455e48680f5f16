"""Generated code where a norm is zero: what `evaluate` says of the same formula, and no warning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from codegen.generated import function_of

import dimcompat as dc

ROWS = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 5.0]])
ZEROS = {
    "norm2(X)": {"X": np.zeros((2, 3))},
    "norm2(x)": {"x": np.zeros(3)},
    "a'*x/norm2(x)": {"a": np.array([1.0, 0.0, 2.0]), "x": np.zeros(3)},
    "norm2(A*x)": {"A": np.ones((2, 3)), "x": np.zeros(3)},
    "sum(i, sum(j, norm2(X[i,:] - X[j,:])))": {"X": ROWS},
    "sum(i, sum(j, (norm2(X[i,:] - X[j,:]) - G[i,j])^2))": {"X": ROWS, "G": np.ones((3, 3))},
    "sum(i, sum(j, G[i,j]*exp(-norm2(X[i,:] - X[j,:]))))": {"X": ROWS, "G": np.ones((3, 3))},
    "sum(i, norm2(X[i,:]))": {"X": np.array([[0.0, 0.0], [3.0, 4.0]])},
    "sum(sqrt(relu(X)))": {"X": np.array([[-1.0, 4.0], [0.25, -2.0]])},
    "sum(sqrt(x))": {"x": np.array([0.0, 4.0])},
    "sum(sqrt(rowsum(X.^2)))": {"X": np.array([[0.0, 0.0], [3.0, 4.0]])},
}
SHAPES = {"X": "m, n", "x": "n", "a": "n", "A": "m, n", "G": "m, m", "D": "n, n diagonal", "s": "scalar"}


def derived(text: str, name: str, names: Any) -> Any:
    return dc.derive(text, name, {other: SHAPES[other] for other in names}, verify=False)


def agrees(derivation: Any, found: Any, values: Any) -> bool:
    truth = dc.evaluate(derivation.gradient, values)
    return np.allclose(np.asarray(found, float).reshape(truth.shape), truth, rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize("text", ZEROS)
@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
def test_a_norm_at_zero(text: str, target: str) -> None:
    values = ZEROS[text]
    framework = pytest.importorskip(target)
    if target == "jax":
        framework.config.update("jax_enable_x64", True)
    name = "x" if "x" in values else "X"
    derivation = derived(text, name, values)
    function = function_of(dc.generate(derivation, target=target))
    if target == "torch":
        given: dict[str, Any] = {key: framework.tensor(value) for key, value in values.items()}
    else:
        given = {key: np.array(value) for key, value in values.items()}
    with np.errstate(divide="ignore" if text == "sum(sqrt(x))" else "warn"):  # which is infinite at zero
        _, gradient = function(**given)
    assert agrees(derivation, gradient, values)


@pytest.mark.parametrize("text", ["sum(D.^s)", "D.^s"])
def test_a_power_of_zero_by_its_exponent(text: str) -> None:
    values = {"D": np.diag([2.0, 3.0]), "s": 1.5}
    derivation = derived(text, "s", values)
    function = function_of(dc.generate(derivation))
    with np.errstate(divide="ignore"):
        _, gradient = function(**values)
    assert agrees(derivation, gradient, values) and np.isfinite(gradient).all()


@pytest.mark.parametrize(
    "text", ["sum(X./sqrt(1/2 + X.^2))", "sumsq(X)/sqrt(1 + sumsq(X))", "sum(X./sqrt(G))", "1/sqrt(s)"]
)
def test_what_cannot_meet_a_zero_is_written_plainly(text: str) -> None:
    shapes = {"X": "m, n", "G": "m, n positive", "s": "scalar"}
    derivation = dc.derive(text, "s" if "s)" in text and "X" not in text else "X", shapes, verify=False)
    assert "def _" not in dc.generate(derivation)


def test_a_scalar_below_a_root() -> None:
    derivation = dc.derive("x'*x/sqrt(s)", "s", {"x": "n", "s": "scalar"}, verify=False)
    _, gradient = function_of(dc.generate(derivation))(x=np.array([1.0, 2.0]), s=4.0)
    assert gradient == -0.3125
