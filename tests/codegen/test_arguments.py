"""How generated functions take and check their arguments, and what they are called."""

from __future__ import annotations

import ast
import builtins
import inspect
import keyword
from typing import Any

import numpy as np
import pytest
from codegen.generated import function_of

import dimcompat as dc

RNG = np.random.default_rng(7)
LEAST_SQUARES = {"X": "m, n", "w": "n", "y": "m"}


def built(text: str, wrt: Any, shapes: dict[str, str] | None = None, **options: Any) -> Any:
    checks = options.pop("checks", True)
    target = options.pop("target", "numpy")
    derivation = dc.derive(text, wrt=wrt, shapes=shapes, verify=False, **options)
    return function_of(dc.generate(derivation, target, checks=checks))


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


# ── names and order ──────────────────────────────────────────────────────────────────────────────────


def test_arguments_stand_in_the_order_of_declaration() -> None:
    assert parameters(built("sumsq(X*w - y)", "w", {"y": "m", "w": "n", "X": "m, n"})) == ["y", "w", "X"]


def test_only_what_the_formula_needs() -> None:
    assert parameters(built("Z = X*W", "W", {"X": "m, n", "W": "n, c"}, upstream=True)) == ["X", "dL_dZ"]
    assert parameters(built("x'*A*x", "x", {"A": "n, n", "x": "n"}, order=2)) == ["A"]


@pytest.mark.parametrize(
    ("text", "order", "upstream", "name"),
    [
        ("sumsq(X*w - y)", 1, False, "value_and_gradient"),
        ("sumsq(X*w - y)", 2, False, "hessian"),
        ("X*w - y", 1, False, "value_and_jacobian"),
        ("Z = X*w - y", 1, True, "gradient"),
    ],
)
def test_the_name_of_the_function(text: str, order: int, upstream: bool, name: str) -> None:
    assert built(text, "w", LEAST_SQUARES, order=order, upstream=upstream).__name__ == name


@pytest.mark.parametrize(
    "names",
    [
        ("lambda", "in"),
        ("np", "float"),
        ("value_and_gradient", "t1"),
        ("θ", "W__l"),
        ("class", "sum"),
        ("J", "i"),
    ],
)
def test_names_that_mean_something_else_in_python(names: tuple[str, str]) -> None:
    first, second = names
    function = built(f"sumsq({first}*{second})", second, {first: "m, n", second: "n"})
    A, x = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
    value, gradient = function(A, x)
    assert np.isclose(value, np.sum((A @ x) ** 2))
    assert np.allclose(gradient, 2 * A.T @ A @ x)
    assert not [n for n in parameters(function) if keyword.iskeyword(n) or n in dir(builtins)]


def test_one_public_function_and_no_imports_but_the_librarys() -> None:
    tree = ast.parse(dc.generate(dc.derive("sum(gelu(X*w))", wrt="w", shapes=LEAST_SQUARES)))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert [name for name in functions if not name.startswith("_")] == ["value_and_gradient"]
    imports = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    assert imports <= {"numpy", "math"}


def test_a_hostile_docstring_stays_one() -> None:
    source = dc.generate(dc.derive("sumsq(X*w - y)", wrt="w", shapes=LEAST_SQUARES))
    assert ast.get_docstring(ast.parse(source).body[-1])  # type: ignore[arg-type]


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────


def test_results_take_the_form_of_their_variables() -> None:
    function = built("sumsq(X*w + a - y)", ["w", "a"], {**LEAST_SQUARES, "a": "scalar"})
    X, w, y = RNG.standard_normal((4, 3)), RNG.standard_normal(3), RNG.standard_normal(4)
    value, dw, da = function(X, w, y, 0.5)
    assert isinstance(value, float)
    assert isinstance(da, float)
    assert dw.shape == (3,)
    _, dw, da = function(X, w[:, None], y[:, None], [[0.5]])
    assert dw.shape == (3, 1)
    assert np.shape(da) == (1, 1)


def test_a_row_may_be_flat() -> None:
    function = built("sumsq(X + b)", "b", {"X": "m, c", "b": "1, c"})
    X, b = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
    assert function(X, b)[1].shape == (3,)
    assert function(X, b[None, :])[1].shape == (1, 3)


def test_lists_and_integers_are_arrays() -> None:
    value, gradient = built("sumsq(X*w - y)", "w", LEAST_SQUARES)([[1, 2], [3, 4]], [1, 1], [0, 0])
    assert value == 58.0
    assert gradient.tolist() == [48.0, 68.0]


def test_results_are_no_views_of_arguments() -> None:
    a, x = RNG.standard_normal(3), RNG.standard_normal(3)
    for checks in (True, False):
        _, gradient = built("a'*x", "x", {"a": "n", "x": "n"}, checks=checks)(a, x)
        assert not np.shares_memory(gradient, a)
    _, first, second = built("a'*(x + z)", ["x", "z"], {"a": "n", "x": "n", "z": "n"})(a, x, x)
    assert not np.shares_memory(first, second)


def test_sizes_that_no_array_shows_are_arguments() -> None:
    function = built("trace(eye(k))*sumsq(x)", "x", {"x": "n"})
    value, gradient = function(np.ones(3), k=2)
    assert value == 6.0
    assert gradient.tolist() == [4.0, 4.0, 4.0]


def test_sizes_are_solved_for() -> None:
    function = built("sum(X*ones(n + 1))/n", "X", {"X": "m, n + 1"})
    value, gradient = function(np.ones((2, 5)))
    assert value == pytest.approx(2.5)
    assert np.allclose(gradient, np.full((2, 5), 0.25))


def test_unnamed_functions_are_handed_in() -> None:
    function = built("f: elementwise; sum(f(X*w))", "w", {"X": "m, n", "w": "n"})
    assert parameters(function) == ["X", "w", "f", "f_prime"]
    X, w = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
    value, gradient = function(X, w, f=np.sin, f_prime=np.cos)
    assert np.isclose(value, np.sin(X @ w).sum())
    assert np.allclose(gradient, X.T @ np.cos(X @ w))


def test_functions_of_a_matrix_are_handed_in() -> None:
    function = built("phi: function(m, n); phi(A*X)", "X", {"A": "m, m", "X": "m, n"})
    A, X = RNG.standard_normal((3, 3)), RNG.standard_normal((3, 2))
    value, gradient = function(A, X, phi=lambda Z: np.sum(Z**3), grad_phi=lambda Z: 3 * Z**2)
    assert np.isclose(value, np.sum((A @ X) ** 3))
    assert np.allclose(gradient, A.T @ (3 * (A @ X) ** 2))


# ── checks ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"w": np.ones(4)}, "w must have shape (n,) or (n, 1) with n = 3, not (4,)"),
        ({"w": np.ones((1, 3))}, "w must have shape (n,) or (n, 1), not (1, 3)"),
        ({"X": np.ones(3)}, "X must have shape (m, n), not (3,)"),
        ({"X": np.ones((2, 3, 1))}, "X must have shape (m, n), not (2, 3, 1)"),
        ({"y": np.ones((5, 1))}, "y must have shape (m,) or (m, 1) with m = 2, not (5, 1)"),
        ({"y": 1.0}, "y must have shape (m,) or (m, 1), not ()"),
        ({"a": np.ones(2)}, "a must be a number, not (2,)"),
    ],
)
def test_wrong_shapes_are_named(change: dict[str, Any], said: str) -> None:
    good = {"X": np.ones((2, 3)), "w": np.ones(3), "y": np.ones(2), "a": 1.0}
    function = built("a*sumsq(X*w - y)", "w", {**LEAST_SQUARES, "a": "scalar"})
    function(**good)
    with pytest.raises(ValueError, match="must") as found:
        function(**{**good, **change})
    assert str(found.value) == said


def test_declared_sizes_are_checked() -> None:
    function = built("sumsq(X*w)", "w", {"X": "4, n", "w": "n"})
    with pytest.raises(ValueError, match=r"X must have shape \(4, n\) = \(4, 2\), not \(3, 2\)"):
        function(np.ones((3, 2)), np.ones(2))


@pytest.mark.parametrize(
    ("labels", "said"),
    [([0, 3], "from 0 to 2, not from 0 to 3"), ([-1, 0], "not from -1"), ([0.5, 1], "integers")],
)
def test_labels_are_checked(labels: list[float], said: str) -> None:
    function = built("sum(pick(S, y))", "S", {"S": "m, c", "y": "m labels(c)"})
    with pytest.raises(ValueError, match=said):
        function(np.ones((2, 3)), labels)


def test_checks_can_be_left_out() -> None:
    derivation = dc.derive("sumsq(X*w - y)", wrt="w", shapes=LEAST_SQUARES, verify=False)
    source = dc.generate(derivation, checks=False)
    assert "ValueError" not in source
    assert "asarray" not in source


def test_an_unknown_target_is_an_error() -> None:
    derivation = dc.derive("sumsq(X*w - y)", wrt="w", shapes=LEAST_SQUARES, verify=False)
    with pytest.raises(dc.UnsupportedError, match="numpy, torch, jax"):
        dc.generate(derivation, "fortran")
