"""Generated PyTorch and JAX code against the corpus, and against automatic differentiation of its own value.

They run where the framework is installed (`nox -s jax`, `nox -s torch`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import acceptance
import numpy as np
import pytest
from codegen import generated

import dimcompat as dc
from dimcompat.functions import REGISTRY

PROJECTED = {"symmetric", "posdef", "diagonal"}
Slope = Callable[[Callable[[Any], Any], np.ndarray], np.ndarray]


def _of_torch(function: Callable[[Any], Any], at: np.ndarray) -> np.ndarray:
    torch = pytest.importorskip("torch")
    point = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(function(point), point, allow_unused=True)
    return np.zeros_like(at) if found is None else found.numpy()


def _of_jax(function: Callable[[Any], Any], at: np.ndarray) -> np.ndarray:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return np.asarray(jax.grad(function)(jax.numpy.asarray(at, float)))


both = pytest.mark.parametrize(
    ("target", "slope"),
    [
        pytest.param("torch", _of_torch, marks=pytest.mark.torch),
        pytest.param("jax", _of_jax, marks=pytest.mark.jax),
    ],
)


@pytest.fixture(autouse=True)
def _double_precision(target: str) -> Any:
    framework = pytest.importorskip(target)
    if target == "jax":
        framework.config.update("jax_enable_x64", True)
        yield
        return
    before = framework.get_default_dtype()
    framework.set_default_dtype(framework.float64)
    yield
    framework.set_default_dtype(before)


def agrees(found: Any, truth: Any) -> bool:
    found, truth = np.asarray(found, float), np.asarray(truth, float)
    return found.size == truth.size and bool(
        np.abs(found.ravel() - truth.ravel()).max() <= generated.TOLERANCE * max(1e-9, np.abs(truth).max())
    )


def agrees_with_autograd(
    function: Any, arguments: Mapping[str, Any], name: str, found: Any, slope: Slope
) -> bool:
    """Whether a gradient is what the framework makes of the value that the same function returns."""
    parameter = name if name in arguments else f"{name}_"
    truth = slope(
        lambda point: function(**{**arguments, parameter: point})[0], np.asarray(arguments[parameter], float)
    )
    return bool(np.allclose(np.ravel(found), np.ravel(truth), rtol=generated.TOLERANCE, atol=1e-9))


@both
@pytest.mark.parametrize("case_id", generated.CASES)
def test_corpus(target: str, slope: Slope, case_id: str) -> None:
    case = generated.CASES[case_id]
    derivation = generated.derived(case)
    source = dc.generate(derivation, target)
    function = generated.function_of(source)
    values, dims, expected, objective = next(generated.points(case))
    arguments = generated.arguments(function, values, dims)
    found = generated.derivatives(function(**arguments), derivation, case)
    if "" in found:
        assert agrees(found.pop(""), objective), source
    for name, truth in expected.items():
        assert agrees(found[name], truth), source
    if function.__name__ != "value_and_gradient":
        return
    attributes = {declared.name: declared.symbol.attributes for declared in derivation.declarations}
    for name in acceptance.wanted(case):
        if not attributes.get(name, PROJECTED) & PROJECTED:
            assert agrees_with_autograd(function, arguments, name, found[name], slope), source


@both
@pytest.mark.parametrize("record", REGISTRY)
def test_every_record(target: str, slope: Slope, record: str) -> None:
    for derivation, point in generated.record_examples(record):
        (variable,) = derivation.gradients
        source = dc.generate(derivation, target)
        function = generated.function_of(source)
        arguments = generated.arguments(function, point.values, point.sizes)
        value, gradient = function(**arguments)
        assert agrees(value, dc.evaluate(derivation.objective, point.values, dims=point.sizes)), source
        assert agrees(gradient, dc.evaluate(derivation.gradient, point.values, dims=point.sizes)), source
        symbol = next(d.symbol for d in derivation.declarations if d.name == variable)
        if not symbol.attributes & PROJECTED:
            assert agrees_with_autograd(function, arguments, variable, gradient, slope), source


@both
def test_no_checks(target: str, slope: Slope) -> None:
    framework = pytest.importorskip(target)
    array = framework.jax.numpy.asarray if hasattr(framework, "jax") else None
    array = array or (framework.tensor if target == "torch" else framework.numpy.asarray)
    derivation = dc.derive("sumsq(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}, verify=False)
    function = generated.function_of(dc.generate(derivation, target, checks=False))
    X, w, y = np.arange(6.0).reshape(2, 3), np.ones(3), np.ones(2)
    _, gradient = function(*map(array, (X, w, y)))
    assert agrees(gradient, 2 * X.T @ (X @ w - y))


@both
def test_wrong_shapes_are_named(target: str, slope: Slope) -> None:
    derivation = dc.derive("sumsq(X*w)", "w", {"X": "m, n", "w": "n"}, verify=False)
    function = generated.function_of(dc.generate(derivation, target))
    with pytest.raises(ValueError, match="w must have shape"):
        function(np.ones((2, 3)), np.ones(2))


@both
def test_index_sums(target: str, slope: Slope) -> None:
    text = "sum(i, sum(j, exp(-sumsq(X[i,:] - X[j,:]))))"
    derivation = dc.derive(text, "X", {"X": "m, n"}, verify=False)
    function = generated.function_of(dc.generate(derivation, target))
    X = np.random.default_rng(0).standard_normal((4, 2))
    value, gradient = function(X)
    assert agrees(value, sum(np.exp(-np.sum((a - b) ** 2)) for a in X for b in X))
    assert agrees_with_autograd(function, {"X": X}, "X", gradient, slope)
