"""The notations that share one layout: Unicode pastes back, LaTeX is balanced, NumPy computes."""

from __future__ import annotations

import numpy as np
import pytest
from acceptance import latex_is_balanced

from dimcompat import expressions as ex
from dimcompat.language.program import read
from dimcompat.numeric.evaluation import evaluate
from dimcompat.renderers.latex_formula import latex_formula
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.numpy_formula import numpy_formula
from dimcompat.renderers.unicode_formula import unicode_formula, unicode_shape
from dimcompat.shapes import ONE, Dim, Shape

SHAPES = {
    "X": "m, n",
    "Y": "m, n",
    "A": "n, n",
    "B": "n, n",
    "w": "n",
    "a": "n",
    "y": "m",
    "k": "scalar",
    "rate": "scalar",
    "λ": "scalar",
    "W__l": "n, n",
}
# typed, Unicode, LaTeX
CASES = [
    ("2*X'*(X*w - y)", "2·Xᵀ·(X·w − y)", r"2 X^{\top} (X w - y)"),
    ("inv(A)'*w", "A⁻ᵀ·w", r"A^{-\top} w"),
    ("inv(A + B)", "(A + B)⁻¹", "(A + B)^{-1}"),
    ("(A^3)'", "(A³)ᵀ", r"(A^{3})^{\top}"),
    ("A^-2", "A⁻²", "A^{-2}"),
    ("a.*w", "a ⊙ w", r"a \odot w"),
    ("a./w.^2", "a ⊘ w.^2", r"a \oslash w^{\odot 2}"),
    ("1/m*X'*y", "Xᵀ·y/m", r"\frac{1}{m} X^{\top} y"),
    ("2/m*X'*y", "2·Xᵀ·y/m", r"\frac{2}{m} X^{\top} y"),
    ("w/(2*sqrt(a'*w))", "w/(2·sqrt(aᵀ·w))", r"\frac{w}{2 \sqrt{a^{\top} w}}"),
    ("3/2*w", "3/2·w", r"\frac{3}{2} w"),
    ("(k/λ)^2", "k²/λ²", r"\frac{k^{2}}{\lambda^{2}}"),
    ("2*2^k", "2·2^k", r"2 \cdot 2^{k}"),
    ("norm2(w)", "norm2(w)", r"\lVert w \rVert"),
    ("kron(A, B)*vec(A*B)", "kron(A, B)·vec(A·B)", r"(A \otimes B) \operatorname{vec}(A B)"),
    ("kron(A', B)", "kron(Aᵀ, B)", r"A^{\top} \otimes B"),
    ("kron(A + B, B)'", "kron(A + B, B)ᵀ", r"((A + B) \otimes B)^{\top}"),
    ("W__l'*w", "W__lᵀ·w", r"{W^{(l)}}^{\top} w"),
    ("exp(-w.^2/2)", "exp(−w.^2/2)", r"\exp\left( -\frac{w^{\odot 2}}{2} \right)"),
    ("k*rate", "k·rate", r"k \thinspace \mathit{rate}"),
    ("rate*A*w", "rate·A·w", r"\mathit{rate} \thinspace A w"),
    ("logdet(A + B)", "logdet(A + B)", r"\log\left\lvert\det (A + B)\right\rvert"),
]


@pytest.mark.parametrize(("typed", "pretty", "latex"), CASES)
def test_spelled(typed: str, pretty: str, latex: str) -> None:
    expression = read(typed, SHAPES).operation.value
    assert unicode_formula(expression) == pretty
    assert latex_formula(expression) == latex
    assert latex_is_balanced(latex)
    assert read(unicode_formula(expression), SHAPES).operation.value is expression


NUMERIC = [
    "2*X'*(X*w - y)",
    "inv(A)'*w",
    "A^-2*w",
    "a.*w",
    "a./(1 + w.^2)",
    "X'*y/m",
    "w/(2*sqrt(1 + (a'*w)^2))",
    "3/2*w",
    "exp(w).^(1/2)",
    "det(A)*k",
    "kron(A, B)*vec(A*B)",
    "rowsum(X).*X",
    "X - mean(X, axis=0)",
    "ones(1,m)*X",
    "tr(A*B)*A + eye(n)",
    "norm2(w)^3*w",
    "maximum(a, w)",
    "step(w).*a",
]


@pytest.mark.parametrize("typed", NUMERIC)
def test_numpy_computes_the_same(typed: str) -> None:
    program = read(typed, SHAPES)
    rng = np.random.default_rng(1)
    sizes = {"m": 4, "n": 3}
    values = {
        name: rng.normal(size=(symbol.shape.rows.size(sizes), symbol.shape.cols.size(sizes)))
        for name, symbol in program.symbols.items()
    }
    code = numpy_formula(program.operation.value)
    found = eval(code, {"np": np, **values, **sizes})
    assert np.allclose(found, evaluate(program.operation.value, values, dims=sizes))


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("W", "W"),
        ("W1", "W_{1}"),
        ("W_1", "W_{1}"),
        ("x_i", "x_{i}"),
        ("a_prev", r"a_{\mathrm{prev}}"),
        ("W__l", "W^{(l)}"),
        ("y_hat", r"\hat{y}"),
        ("x_tilde_1", r"\tilde{x}_{1}"),
        ("μ_bar__l", r"\bar{\mu}^{(l)}"),
        ("x1_hat", r"x_{1,\mathrm{hat}}"),
        ("theta_1", r"\theta_{1}"),
        ("Σ", r"\Sigma"),
        ("λ", r"\lambda"),
        ("batch", r"\mathit{batch}"),
        ("n_", r"n\_"),
        ("_x", r"\mathit{\_x}"),
        ("_x_", r"\mathit{\_x\_}"),
        ("x__", r"\mathit{x\_\_}"),
        ("x_1_", r"\mathit{x\_1\_}"),
        ("dΣ", r"d\Sigma"),
        ("dXΣ", r"\mathit{dX}\Sigma"),
        ("f''", "f''"),
        ("w_a_b", "w_{a,b}"),
    ],
)
def test_names_in_latex(name: str, latex: str) -> None:
    assert latex_name(name) == latex


def test_derivative_names() -> None:
    x = ex.Symbol.make("x", Shape(Dim.symbol("n"), ONE))
    named = ex.Named.make("dJ_dz", ex.scale(2, x), ("J", "z"))
    assert unicode_formula(ex.transpose(named)) == "(∂J/∂z)ᵀ"
    assert unicode_formula(ex.scale(3, named)) == "3·∂J/∂z"
    assert latex_formula(ex.transpose(named)) == r"\left( \frac{\partial J}{\partial z} \right)^{\top}"


def test_shapes() -> None:
    m, n = Dim.symbol("m"), Dim.symbol("n")
    assert unicode_shape(Shape(m, n + 1)) == "m×(n+1)"
    assert unicode_shape(Shape(m * n, ONE)) == "(m·n)×1"
