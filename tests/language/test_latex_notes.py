r"""Formulas as lecturers write them: indicators, points, bars, aims before an objective, components."""

from __future__ import annotations

import pytest
from language.same_value import alike

import dimcompat as dc
from dimcompat.errors import DimcompatError
from dimcompat.language.latex import read_latex

LS = {"X": "m, n", "w": "n", "y": "m"}
LABELS = {"P": "m, c", "y": "m labels(c)", "l": "labels(c)", "p": "c"}
SQUARE = {"A": "n, n", "X": "n, n"}

FORMULAS = [
    (r"\left|\left| Xw-y \right|\right|_2^2", "norm2(X*w - y)^2", LS),
    (r"\left||Xw-y\right||^2", "norm2(X*w - y)^2", LS),
    (r"\left\lVert\left| w^\top w \right|\right\rVert", "norm2(abs(w'*w))", LS),
    (r"\sum_i (\mathbf{w}\cdot\mathbf{x}_i - y_i)^2", "sum(i, (X[i,:]*w - y[i])^2)", LS),
    (r"\sum_i (\mathbf{x}_i\cdot\mathbf{w} - y_i)^2", "sum(i, (X[i,:]*w - y[i])^2)", LS),
    (r"(2w\cdot w)^2 + m w\cdot w", "(2*w'*w)^2 + m*(w'*w)", LS),
    (r"X\cdot w", "X*w", LS),
    (r"-\sum_i\sum_k \mathbb{1}[y_i=k] \log P_{ik}", "-sum(i, log(P[i,y[i]]))", LABELS),
    (r"-\sum_i\sum_k \mathbf{1}\{y_i=k\} \log P_{ik}", "-sum(i, log(P[i,y[i]]))", LABELS),
    (r"-\sum_i\sum_k 1\{k = y^{(i)}\} \log P_{ik}", "-sum(i, log(P[i,y[i]]))", LABELS),
    (r"-\sum_i\sum_k \mathbb{1}_{\{y_i=k\}} \log P_{ik}", "-sum(i, log(P[i,y[i]]))", LABELS),
    (r"-\sum_k \mathbb{I}(l=k) \log p_k", "-log(p[l])", LABELS),
    (r"\underset{w}{\arg\min} \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\underset{w}{\operatorname{argmin}}\; \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\operatorname*{arg\,min}_w \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"w^*=\arg\min_w \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\hat{w} = \arg\min_w \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\text{minimize } \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\min \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\nabla_w \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\frac{\partial}{\partial w} \|Xw-y\|^2", "norm2(X*w - y)^2", LS),
    (r"\frac{d}{dw} \left(w^\top w + 1\right)", "w'*w + 1", LS),
    (r"\frac{d}{2} w^\top w", "d/2*w'*w", {**LS, "d": "scalar"}),
    (r"{1\over 2}\|w\|^2", "1/2*norm2(w)^2", LS),
    (r"\mathbf{tr}(X^\top X)", "tr(X'*X)", LS),
    (r"g(t) = \sigma(t); g'(w^\top w)", "g(t) = sigmoid(t); g'(w'*w)", LS),
]


@pytest.mark.parametrize(("typed", "plain", "shapes"), FORMULAS)
def test_formula(typed: str, plain: str, shapes: dict[str, str]) -> None:
    assert alike(dc.parse(typed, shapes, notation="latex"), dc.parse(plain, shapes))


FAULTS = [
    (r"\sum_{i\ne j} A_{ij}", "E424", r"\sum_{i\ne j}", r"\sum_i \sum_j a_{ij} - \sum_i a_{ii}", SQUARE),
    (r"\sum_{i<j} A_{ij}", "E424", r"\sum_{i<j}", r"\frac{1}{2}", SQUARE),
    (r"\sum_i\sum_k 1\{y_i=k\}", "E424", r"1\{y_i=k\}", "y: m labels(c)", LS),
    (r"\sigma'(w)", "E306", r"\sigma", "f(t) = sigmoid(t)", LS),
    (r"\tanh'(w)", "E306", r"\tanh", "f(t) = tanh(t)", LS),
    (r"\nabla_w \|w\|^2 + w^\top w", "E424", r"\nabla_w", "--wrt", LS),
    (r"w\cdot w^2", "E205", "w^2", ".^2", LS),
    (r"X w\cdot y", "E201", r"X w\cdot y", "(X w)'", LS),
    (r"\foo w", "E152", r"\foo", r"\mathrm{foo}", LS),
]


@pytest.mark.parametrize(("typed", "code", "at", "hint", "shapes"), FAULTS)
def test_what_is_not_read_says_what_to_write(
    typed: str, code: str, at: str, hint: str, shapes: dict[str, str]
) -> None:
    with pytest.raises(DimcompatError) as caught:
        dc.parse(typed, shapes, notation="latex")
    error = caught.value
    assert (error.code, error.span and typed[slice(*error.span)]) == (code, at)
    assert hint in (error.hint or "")


def test_a_known_command_in_the_wrong_place_is_not_called_unknown() -> None:
    with pytest.raises(DimcompatError) as caught:
        dc.parse(r"\R w", LS, notation="latex")
    assert caught.value.code == "E132"


COMPONENTS = [
    (r"\frac{\partial J}{\partial w_j} = 2\sum_i(w^\top x_i-y_i)x_{ij}", "w", "right"),
    (r"\frac{\partial J}{\partial \mathbf{w}_{j}} = 2\sum_{i=1}^m(w^\top x_i-y_i)x_{ij}", "w", "right"),
    (r"\frac{\partial J}{\partial w_j} = \sum_i(w^\top x_i-y_i)x_{ij}", "w", "factor"),
    (r"\frac{\partial J}{\partial X_{ij}} = 2(w^\top x_i-y_i)w_j", "X", "right"),
    (r"\frac{\partial J}{\partial x_{ij}} = 2(w^\top x_i-y_i)w_j", "X", "right"),
]


@pytest.mark.parametrize(("claim", "wrt", "cause"), COMPONENTS)
def test_claims_about_one_component(claim: str, wrt: str, cause: str) -> None:
    assert dc.check(r"\|Xw-y\|^2", wrt, claim, LS, notation="latex").cause == cause


def test_plain_claims_about_one_component() -> None:
    claim = "∂J/∂w_j = 2*sum(i, (X[i,:]*w - y[i])*X[i,j])"
    assert dc.check("sumsq(X*w - y)", "w", claim, LS).correct


def test_sums_name_the_dimension_they_end_at() -> None:
    found = read_latex(r"\frac{1}{2m}\sum_{i=1}^m (z_i - y_i)^2", infer=True)
    assert found.inferred == {"z": "m", "y": "m"}


@pytest.mark.parametrize(
    "typed", [r"w^\top x_i", r"x_i^T w", r"w^{\top} \mathbf{x}_{i}", r"w^{\mathsf T} x^{(i)}"]
)
def test_what_is_inferred_beside_a_transpose_is_a_row(typed: str) -> None:
    found = read_latex(rf"\frac{{1}}{{2m}}\sum_{{i=1}}^m ({typed} - y_i)^2", infer=True)
    assert found.inferred == {"w": "n", "X": "m, n", "y": "m"}
    assert found.samples == {"x": "X"}


def test_entries_of_inferred_columns_stay_entries() -> None:
    assert read_latex(r"\sum_i (z_i - y_i)^2 + x^\top x", infer=True).samples == {}
