"""Code for second derivatives: blocks filled in place, the small core, the product with a direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dimcompat as dc

SIZES = {"m": 5, "n": 4, "k": 3, "c": 3, "h": 2}
CASES = [
    ("x'*A*x", ["x"], {"A": "n, n", "x": "n"}),
    ("sumsq(A*x) + w'*x", ["x"], {"A": "m, n", "x": "n", "w": "n"}),
    ("(y*A*y')^2", ["y"], {"A": "n, n", "y": "1, n"}),
    ("sumsq(X - U*V')", ["U", "V"], {"X": "m, n", "U": "m, k", "V": "n, k"}),
    ("sumsq(X - U*V')", ["V"], {"X": "m, n", "U": "m, k", "V": "n, k"}),
    ("sum(logsumexp(X*W, axis=1) - pick(X*W, y))", ["W"], {"X": "m, n", "W": "n, c", "y": "m labels(c)"}),
    (
        "H = tanh(X*W + b); sumsq(H*V - Y)",
        ["W", "b", "V"],
        {"X": "m, n", "W": "n, h", "b": "1, h", "V": "h, c", "Y": "m, c"},
    ),
    ("sum(exp(s*x))", ["s", "x"], {"s": "scalar", "x": "n"}),
    ("tr(X'*C*X)", ["X"], {"X": "m, n", "C": "m, m"}),
]


def values_of(shapes: dict[str, str]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    found: dict[str, np.ndarray] = {}
    for name, shape in shapes.items():
        if shape == "scalar":
            found[name] = np.asarray(0.7)
        elif "labels" in shape:
            found[name] = rng.integers(0, SIZES["c"], SIZES["m"])
        else:
            found[name] = rng.standard_normal([int(SIZES.get(part, 1)) for part in shape.split(", ")])
    return found


def call(source: str, values: dict[str, object]) -> object:
    module: dict[str, object] = {}
    exec(source, module)
    (function,) = (module[name] for name in module if name.startswith("hessian"))
    wanted = function.__code__.co_varnames[: function.__code__.co_argcount]  # type: ignore[attr-defined]
    return function(**{name: values[name] for name in wanted})  # type: ignore[operator]


def columns(array: object) -> np.ndarray:
    """The stacked columns of a matrix; a vector as it is."""
    return np.asarray(array).reshape(-1, order="F")


@pytest.mark.parametrize(("text", "wrt", "shapes"), CASES)
@pytest.mark.parametrize("layout", ["denominator", "numerator"])
def test_the_matrix_is_the_derivation_s(
    text: str, wrt: list[str], shapes: dict[str, str], layout: str
) -> None:
    derivation = dc.derive(text, wrt, shapes, order=2, layout=layout, verify=False)
    values = values_of(shapes)
    found = call(dc.generate(derivation), values)
    blocks = found if isinstance(found, dict) else {(wrt[0], wrt[0]): found}
    for key, block in blocks.items():
        expected = dc.evaluate(derivation.hessians[key], values, dims=SIZES)
        assert np.allclose(block, expected, rtol=1e-11, atol=1e-12), key
    arrays = list(blocks.values())
    for place, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[:place])


@pytest.mark.parametrize(("text", "wrt", "shapes"), CASES)
@pytest.mark.parametrize("layout", ["denominator", "numerator"])
@pytest.mark.parametrize("checks", [True, False])
def test_the_product_is_the_matrix_times_the_direction(
    text: str, wrt: list[str], shapes: dict[str, str], layout: str, checks: bool
) -> None:
    derivation = dc.derive(text, wrt, shapes, order=2, layout=layout, verify=False)
    values = values_of(shapes)
    rng = np.random.default_rng(4)
    directions = {name: rng.standard_normal(np.shape(values[name])) for name in wrt}
    given = values | {f"d{name}": direction for name, direction in directions.items()}
    found = call(dc.generate(derivation, hessian="product", checks=checks), given)
    found = found if isinstance(found, tuple) else (found,)
    for first, product in zip(wrt, found, strict=True):
        expected = 0
        for second in wrt:
            block = dc.evaluate(derivation.hessians[first, second], values, dims=SIZES)
            expected = expected + block @ columns(directions[second])
        assert np.shape(product) == np.shape(values[first])
        assert np.allclose(columns(product), expected, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize(
    "target", [pytest.param("torch", marks=pytest.mark.torch), pytest.param("jax", marks=pytest.mark.jax)]
)
@pytest.mark.parametrize(("text", "wrt", "shapes"), CASES)
@pytest.mark.parametrize("form", ["matrix", "core", "product"])
def test_the_frameworks_return_what_numpy_does(
    target: str, text: str, wrt: list[str], shapes: dict[str, str], form: Any
) -> None:
    framework = pytest.importorskip(target)
    if target == "jax":
        framework.config.update("jax_enable_x64", True)
    derivation = dc.derive(text, wrt, shapes, order=2, verify=False)
    values = values_of(shapes)
    rng = np.random.default_rng(5)
    given = values | {f"d{name}": rng.standard_normal(np.shape(values[name])) for name in wrt}
    expected = call(dc.generate(derivation, hessian=form), given)
    found = call(dc.generate(derivation, target, hessian=form), given)
    if isinstance(expected, dict):
        assert isinstance(found, dict) and found.keys() == expected.keys()
        expected, found = tuple(expected.values()), tuple(found.values())
    expected, found = (side if isinstance(side, tuple) else (side,) for side in (expected, found))
    for mine, other in zip(expected, found, strict=True):
        assert np.allclose(mine, np.asarray(other), rtol=1e-9, atol=1e-10)


def test_no_product_forms_the_matrix() -> None:
    shapes = {"X": "m, n", "U": "m, k", "V": "n, k"}
    derivation = dc.derive("sumsq(X - U*V')", ["U", "V"], shapes, order=2, verify=False)
    source = dc.generate(derivation, hessian="product", checks=False)
    assert not any(helper in source for helper in ("_kron(", "_kron_eye(", "_eye_kron(", "_kron_commuted("))


def test_the_core_makes_the_block() -> None:
    shapes = {"X": "m, n", "U": "m, k", "V": "n, k"}
    derivation = dc.derive("sumsq(X - U*V')", "U", shapes, order=2, verify=False)
    source = dc.generate(derivation, hessian="core")
    values = values_of(shapes)
    core = call(source, values)
    whole = dc.evaluate(derivation.hessians["U", "U"], values)
    assert "kron(d2J_dU_dU, eye(m))" in source
    assert np.allclose(np.kron(core, np.eye(SIZES["m"])), whole)


def test_the_core_of_a_block_without_structure_is_the_block() -> None:
    derivation = dc.derive("x'*A*x", "x", {"x": "n", "A": "n, n"}, order=2, verify=False)
    values = values_of({"A": "n, n"})
    assert np.allclose(call(dc.generate(derivation, hessian="core"), values), values["A"] + values["A"].T)


def test_a_direction_does_not_take_a_declared_name() -> None:
    derivation = dc.derive("sum((x.*dx).^3)", "x", {"x": "n", "dx": "n"}, order=2, verify=False)
    x, dx, direction = np.ones(4), np.full(4, 2.0), np.arange(4.0)
    given = {"x": x, "dx": dx, "dx_": direction}
    assert np.allclose(call(dc.generate(derivation, hessian="product"), given), 6 * dx**3 * direction)


@pytest.mark.parametrize("options", [{"order": 2}, {}])
def test_what_is_no_form_is_refused(options: dict[str, int]) -> None:
    derivation = dc.derive("x'*x", "x", {"x": "n"}, verify=False, **options)
    with pytest.raises(dc.UnsupportedError) as caught:
        dc.generate(derivation, hessian="diagonal")  # type: ignore[arg-type]
    assert caught.value.code == "E489"
    assert caught.value.where == "hessian"
