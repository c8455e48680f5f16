"""Functions of the user: records of equal content are one, derivatives, partial derivatives, domains."""

from __future__ import annotations

import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.errors import UnknownNameError, UnsupportedError
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions import find
from dimcompat.functions.formulas import at, slope
from dimcompat.functions.record import Function
from dimcompat.functions.user import by_formula, elementwise, of_matrix, primed
from dimcompat.language.program import read
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

m, n = Dim.symbol("m"), Dim.symbol("n")
t, a = Symbol.make("t", SCALAR), Symbol.make("a", SCALAR)
X = Symbol.make("X", Shape(m, n))


def formula(text: str) -> Expr:
    return ex.plain(read(text, {"t": "scalar", "a": "scalar"}).objective)


def defined(name: str, text: str, *more: Symbol) -> Function:
    value = formula(text)
    return by_formula(name, value, (t, *more), operations.leaf(value))


def test_equal_records_are_one_object() -> None:
    assert elementwise("f", 1) is primed(elementwise("f"))
    assert of_matrix("phi", Shape(m, n)) is of_matrix("phi", Shape(m, n))
    assert defined("f", "t^2") is defined("f", "t^2")
    assert primed(defined("f", "t^3")) is primed(defined("f", "t^3"))


def test_functions_of_one_name_are_not_confused() -> None:
    one, other = defined("f", "t^2"), defined("f", "t^3")
    assert one(X) is not other(X)
    assert str(one(X)) == str(other(X)) == "f(X)"
    assert elementwise("f")(X) is not one(X)
    first = dc.derive("f(t) = t^2\nx: n\nsum(f(x))", wrt="x").gradient
    second = dc.derive("f(t) = t^3\nx: n\nsum(f(x))", wrt="x").gradient
    assert str(first) == str(second) == "f'(x)"
    assert dc.evaluate(first, {"x": [2.0]}).tolist() == [[4.0]]
    assert dc.evaluate(second, {"x": [2.0]}).tolist() == [[12.0]]


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("t*sigmoid(t)", "sigmoid(t) + t*sigmoid(t)*(1 - sigmoid(t))"),
        ("t/(1 + t^2)", "1/(1 + t^2) - 2*t^2/(1 + t^2)^2"),
        ("t^a", "a*t^(a - 1)"),
        ("a^t", "a^t*log(a)"),
        ("abs(t)", "sign(t)"),
        ("maximum(t, 1)", "(1 + sign(t - 1))/2"),
        ("exp(a)", "0"),
        ("exp(sin(t^2))", "2*t*cos(t^2)*exp(sin(t^2))"),
    ],
)
def test_slopes(text: str, derivative: str) -> None:
    assert slope(formula(text), t) is formula(derivative)


def test_a_formula_at_every_entry() -> None:
    assert str(at(formula("t*exp(a*t)"), {t: X})) == "X.*exp(a*X)"
    assert str(at(formula("maximum(a, t)^2"), {t: X})) == "maximum(a, X).^2"
    found = at(formula("a^t"), {t: X})
    values = {"a": 2.0, "X": [[1.0, 3.0]]}
    np.testing.assert_allclose(dc.evaluate(found, values), [[2.0, 8.0]])


def test_a_derivative_without_its_argument_is_written_out() -> None:
    twice = defined("f", "2*t")
    assert primed(twice)(X) is ex.scale(2, ex.ones(m, n))
    assert primed(primed(twice))(X) is ex.zeros(m, n)


def test_domains() -> None:
    assert defined("f", "log(t)").domain == ("positive",)
    assert defined("f", "sqrt(t)*a", a).domain == ("positive", "real")
    assert defined("f", "1/t").domain == ("nonzero",)
    assert defined("f", "t^2").domain == ("real",)


def test_the_second_derivative_of_a_function_of_a_matrix_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="phi is an unnamed function of a matrix") as caught:
        dc.derive("phi: function(m)\nx: m\nphi(x)", wrt="x", order=2)
    assert caught.value.code == "E416"


def test_only_scalar_formulas_have_a_slope() -> None:
    det = find("det")
    assert det is not None
    with pytest.raises(AssertionError, match="not scalar arithmetic"):
        slope(ex.Call.make(det, (t,), None, (), SCALAR), t)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────


def test_unnamed_functions_are_handed_in() -> None:
    gradient = dc.derive("f: elementwise\nX: m, n\nw: n\nsum(f(X*w))", wrt="w").gradient
    X, w = np.arange(6.0).reshape(3, 2) / 7, np.array([0.3, -0.2])
    found = dc.evaluate(gradient, {"X": X, "w": w}, functions={"f": (np.sin, np.cos)})
    np.testing.assert_allclose(found[:, 0], X.T @ np.cos(X @ w))
    with pytest.raises(UnknownNameError, match="f is an unnamed function"):
        dc.evaluate(gradient, {"X": X, "w": w})
    with pytest.raises(UnknownNameError, match="f' is needed"):
        dc.evaluate(gradient, {"X": X, "w": w}, functions={"f": np.sin})


def test_a_gradient_may_come_flat() -> None:
    gradient = dc.derive("phi: function(m)\nX: m, n\nw: n\nphi(X*w)", wrt="w").gradient
    X, w = np.arange(6.0).reshape(3, 2) / 7, np.array([0.3, -0.2])
    functions = {"phi": (lambda u: (u**3).sum(), lambda u: 3 * u.ravel() ** 2)}
    found = dc.evaluate(gradient, {"X": X, "w": w}, functions=functions)
    np.testing.assert_allclose(found[:, 0], X.T @ (3 * (X @ w) ** 2))


def test_defined_functions_need_nothing_handed_in() -> None:
    source = "a: scalar\nX: m, n\nw: n\nf(t) = a*t*sigmoid(t)\nZ = X*w\nsum(f(Z))"
    gradients = dc.derive(source, wrt=["w", "a"]).gradients
    X, w = np.arange(6.0).reshape(3, 2) / 7, np.array([0.3, -0.2])
    s = 1 / (1 + np.exp(-X @ w))
    values = {"X": X, "w": w, "a": 2.0}
    for gradient in (gradients["w"], gradients["w"].expanded):
        found = dc.evaluate(gradient, values)
        np.testing.assert_allclose(found[:, 0], X.T @ (2 * (s + X @ w * s * (1 - s))))
    np.testing.assert_allclose(dc.evaluate(gradients["a"], values), [[(X @ w * s).sum()]])


def test_what_was_handed_out_is_derived_again() -> None:
    source = "w: n\na = sumsq(w)\nf(t) = a*t*sigmoid(t)\ng(t) = f(t)^2\nsum(g(w))"
    again = dc.derive(dc.parse(source).objective, wrt="w")
    assert again.verification is not None and again.verification.passed
    assert str(again.gradient) == "4*sum(w.*sigmoid(w).*f(w))*w + g'(w)"


def test_functions_that_call_each_other_share_what_they_compute() -> None:
    lines = ["f_0(t) = t", *(f"f_{k}(t) = sin(f_{k - 1}(t))*f_{k - 1}(t/2)" for k in range(1, 5))]
    derivation = dc.derive("\n".join([*lines, "x: n", "sum(f_4(x))"]), wrt="x")
    assert derivation.verification is not None and derivation.verification.passed


def test_a_column_is_wanted_where_one_is_declared() -> None:
    phi = of_matrix("phi", Shape(n, ONE))
    with pytest.raises(dc.ShapeError, match=r"phi is declared as function\(n, 1\)"):
        phi(X)
