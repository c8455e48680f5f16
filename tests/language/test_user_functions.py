"""Functions that a text declares or defines: how they are read, printed, derived, and what is refused."""

from __future__ import annotations

import json

import pytest

import dimcompat as dc
from dimcompat.errors import DimcompatError, ParseError, ShapeError, UnknownNameError, UnsupportedError
from dimcompat.language.program import read
from dimcompat.language.within import read_expression
from dimcompat.renderers.latex_formula import latex_formula
from dimcompat.renderers.numpy_formula import numpy_formula
from dimcompat.renderers.unicode_formula import unicode_formula

SHAPES = {"X": "m, n", "W": "n, c", "w": "n", "a": "scalar"}


@pytest.mark.parametrize(
    ("source", "wrt", "gradient"),
    [
        ("f: elementwise\nsum(f(X*w))", "w", "X'*f'(X*w)"),
        ("f: elementwise\nsum(f'(X*w))", "w", "X'*f''(X*w)"),
        ("f: elementwise\nf(a)^2", "a", "2*f(a)*f'(a)"),
        ("phi: function(m, c)\nphi(X*W)", "W", "X'*grad_phi(X*W)"),
        ("φ: function(n)\nφ(w)", "w", "grad_φ(w)"),
        ("f(t) = t*sigmoid(t)\nsum(f(X*w))", "w", "X'*f'(X*w)"),
        ("f(t) = 2*t\nsum(f(X*w))", "w", "2*X'*ones(m)"),
        ("f(t) = a*t\nsum(f(X))", "a", "sum(X)"),
        ("f(t) = a*t\ng(a) = a*f(2*a)\nsum(g(X))", "a", "2*sum(X.^2)"),
        ("f(a) = a^2\na*sum(f(X))", "a", "sum(f(X))"),
        ("b = a^2\nf(t) = sin(b*t)\nsum(f(w))", "a", "2*a*sum(w.*cos(b*w))"),
        ("f(t) = t^2/n\nsum(f(X))", "X", "f'(X)"),
        ("f: elementwise\ng(t) = t*f(t^2)\nsum(g(w))", "w", "g'(w)"),
        ("h(t) = abs(t) + minimum(t, 1)\nsum(h(X))", "X", "h'(X)"),
    ],
)
def test_gradients_are_right_and_keep_the_names(source: str, wrt: str, gradient: str) -> None:
    derivation = dc.derive(source, wrt=wrt, shapes=SHAPES)
    program = dc.parse(source, shapes=SHAPES)
    expected = read_expression(gradient, program).value
    found = dc.parse(source, shapes=SHAPES)  # the same text has the same records
    assert read_expression(str(derivation.gradient), found).value is expected
    assert derivation.verification is not None and derivation.verification.passed


def test_other_orders_and_objectives() -> None:
    hessian = dc.derive("f: elementwise\nsum(f(X*w))", wrt="w", shapes=SHAPES, order=2)
    assert str(hessian.hessians["w", "w"]) == "X'*diag(f''(X*w))*X"
    upstream = dc.derive("f: elementwise\nZ = f(X*W)", wrt="W", shapes=SHAPES, upstream=True)
    assert str(upstream.gradient.expanded) == "X'*(dL_dZ.*f'(X*W))"
    for derivation in (hessian, upstream):
        assert derivation.verification is not None and derivation.verification.passed


def test_spellings() -> None:
    declared = "f: elementwise\nφ: function(m, n)\nf__l: elementwise\n"
    program = read(declared + "φ(X)*f(X) + f'(X) + ∇φ(X) + f__l'(X)", SHAPES)
    text = str(program.objective)
    again = read(declared + text, SHAPES)
    assert again.operation.value is program.operation.value
    one = read("φ: function(m, n)\n∇φ(X)", SHAPES).operation.value
    assert read("φ: function(m, n)\ngrad_φ(X)", SHAPES).operation.value is one
    assert unicode_formula(one) == "∇φ(X)"
    assert latex_formula(one) == r"\nabla \varphi(X)"
    prime = read("f: elementwise\nf''(X)", SHAPES).operation.value
    assert unicode_formula(prime) == "f''(X)"
    assert latex_formula(prime) == "f''(X)"
    assert numpy_formula(prime) == "f_prime_prime(X)"
    assert latex_formula(read("f__l: elementwise\nf__l'(X)", SHAPES).operation.value) == "{f^{(l)}}'(X)"


def test_functions_beside_the_text() -> None:
    shapes = {**SHAPES, "f": "elementwise", "phi": "function(m, n)"}
    assert str(dc.derive("sum(f(w)) + phi(X)", wrt="X", shapes=shapes).gradient) == "grad_phi(X)"


def test_formulas_are_stated_once_before_they_are_used() -> None:
    source = "s(t) = 1/(1 + exp(-t))\ng(t) = t*s(2*t)\nL = sumsq(g(X*w)) + sum(g(w))"
    steps = json.loads(dc.derive(source, wrt="w", shapes=SHAPES).render("json"))["steps"]
    stated = [equation for step in steps if step["kind"] == "name" for equation in step["names"]]
    for left in ("s(t)", "g(t)", "s'(t)", "g'(t)"):
        assert sum(equation.startswith(f"{left} = ") for equation in stated) == 1
    assert "g'(t) = 2*t*s'(2*t) + s(2*t)" in stated
    first = next(
        place for place, step in enumerate(steps) if any("g'(t) =" in e for e in step.get("names", ()))
    )
    assert not any("g'" in step["text"] for step in steps[:first])


def test_what_a_scalar_does_is_stated() -> None:
    derivation = dc.derive("f(t) = t*exp(a*t)\nsum(f(X))", wrt="a", shapes=SHAPES)
    text = derivation.render("text")
    assert "∂f/∂a = t²·exp(a·t)" in text
    assert "a stands in the formula of f" in text


def test_unnamed_functions_are_explained() -> None:
    text = dc.derive("f: elementwise\nsum(f(X*w))", wrt="w", shapes=SHAPES).render("text")
    assert "f is any differentiable function" in text


def test_layers_with_any_function() -> None:
    """Example 5 of the principle: backpropagation through a_l = f(W_l*a_{l-1} + b_l)."""
    source = (
        "f: elementwise\nx: n\ny: p\nW_1: h, n\nb_1: h\nW_2: p, h\nb_2: p\n"
        "z_1 = W_1*x + b_1\na_1 = f(z_1)\nz_2 = W_2*a_1 + b_2\na_2 = f(z_2)\nL = sumsq(a_2 - y)/2"
    )
    derivation = dc.derive(source, wrt=["W_1", "b_1", "W_2", "b_2"])
    assert derivation.verification is not None and derivation.verification.passed
    text = derivation.render("text")
    for line in (
        "∂L/∂z_2 = r ⊙ f'(z_2)",
        "∂L/∂a_1 = W_2ᵀ·(r ⊙ f'(z_2))",
        "walk           p ─(r ⊙ f'(z_2))→ 1 ─a_1ᵀ→ h",
        "∂L/∂W_1 = ∂L/∂z_1·xᵀ",
    ):
        assert line in text


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "error", "code", "offending"),
    [
        ("f: elementwise\nsum(f(X, X))", ParseError, "E136", "f(X, X)"),
        ("f: elementwise\nsum(f(X, axis=0))", ParseError, "E137", "axis"),
        ("f(t) = t*X\nsum(f(X))", UnsupportedError, "E417", "X"),
        ("f(t) = t'\nsum(f(X))", UnsupportedError, "E417", "t'"),
        ("f(t) = sum(t)\nsum(f(X))", UnsupportedError, "E417", "sum"),
        ("f(t) = vector(t)\nsum(f(X))", UnsupportedError, "E417", "vector"),
        ("phi: function(m, n)\nf(t) = phi(t)\nsum(f(X))", UnsupportedError, "E417", "phi"),
        ("f(t) = t*q\nsum(f(X))", UnknownNameError, "E301", "q"),
        ("f(t) = g(t)\ng(t) = f(t)\nsum(f(X))", UnknownNameError, "E305", "g"),
        ("f(t) = f(t) + 1\nsum(f(X))", ParseError, "E150", "f"),
        ("f(t) = t*f'(t)\nsum(f(X))", ParseError, "E150", "f'"),
        ("Z = f(X)\nf(t) = t\nsum(Z)", UnknownNameError, "E305", "f"),
        ("Z = f(X)\nf: elementwise\nsum(Z)", UnknownNameError, "E305", "f"),
        ("f(t) = t\nf(t) = 2*t\nsum(f(X))", ParseError, "E134", "f"),
        ("f(t) = t\nf: elementwise\nsum(f(X))", ParseError, "E134", "f"),
        ("X(t) = t\nsum(X)", ParseError, "E134", "X"),
        ("sin(t) = t\nsum(sin(X))", ParseError, "E149", "sin"),
        ("ln: elementwise\nsum(ln(X))", ParseError, "E149", "ln"),
        ("expm: elementwise\nsum(X)", ParseError, "E149", "expm"),
        ("f: elementwise\nX*f", UnknownNameError, "E311", "f"),
        ("f: elementwise\nV: m, f\nsum(V)", ParseError, "E135", "f"),
        ("phi: function(m, c)\nphi(X)", ShapeError, "E208", "phi(X)"),
        ("phi: function(m, n)\nsum(phi'(X))", UnknownNameError, "E306", "phi'"),
        ("f: elementwise\nsum(grad_f(X))", UnknownNameError, "E306", "grad_f"),
        ("sum(X'(X))", UnknownNameError, "E306", "X'"),
        ("sum(sin'(X))", UnknownNameError, "E306", "sin'"),
        ("f(t, u) = t\nsum(X)", ParseError, "E124", "t, u"),
        ("y: labels(c)\nf(t) = t*y\nsum(f(X))", ShapeError, "E214", "y"),
        ("f(t) = 1/0\nsum(f(X))", UnsupportedError, "E405", "1/0"),
    ],
)
def test_faults(source: str, error: type[DimcompatError], code: str, offending: str) -> None:
    with pytest.raises(error) as caught:
        read(source, SHAPES)
    fault = caught.value
    assert type(fault) is error and fault.code == code
    assert fault.span is not None
    assert source[slice(*fault.span)] == offending


def test_formulas_have_a_limit() -> None:
    lines = ["f_0(t) = t", *(f"f_{k}(t) = f_{k - 1}(sin(t))*f_{k - 1}(cos(t))" for k in range(1, 60))]
    with pytest.raises(ParseError) as caught:
        read("\n".join([*lines, "sum(f_59(X))"]), SHAPES)
    assert caught.value.code == "E148"
    lines = ["f_0(t) = t", *(f"f_{k}(t) = sin(f_{k - 1}(t))" for k in range(1, 300))]
    with pytest.raises(ParseError) as caught:
        read("\n".join([*lines, "sum(f_299(X))"]), SHAPES)
    assert caught.value.code == "E133"
