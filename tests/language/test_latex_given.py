r"""What a LaTeX text defines with arguments or for each sample means its formula, and is never a factor."""

from __future__ import annotations

import pytest
from language.same_value import alike

import dimcompat as dc
from dimcompat.errors import DimcompatError
from dimcompat.language.latex import read_latex

LS = {"X": "m, n", "w": "n", "y": "m"}
SCALARS = {"a": "scalar", "b": "scalar", "x": "scalar", "y": "scalar", "w": "scalar"}
MORE = {**LS, "b": "scalar", "λ": "scalar"}
LABELS = {"S": "m, c", "y": "m labels(c)"}

SAME = [
    # a part keeps its arguments
    (r"f(x) = a x^2; L = (f(x)-y)^2", r"f = a x^2; L = (f-y)^2", SCALARS),
    (r"h(x) = w x + b; L = (h(x)-y)^2", r"h = w x + b; L = (h-y)^2", SCALARS),
    (r"J(a)=a^2; K=J(a)+1", r"J=a^2; K=J+1", SCALARS),
    (r"J(a)=a^2; K=J+1", r"J=a^2; K=J+1", SCALARS),
    (r"J(w) = \|Xw-y\|^2; K = J(w) + \lambda w^\top w", r"J = \|Xw-y\|^2; K = J + \lambda w^\top w", MORE),
    (r"J(w, b) = \|Xw+b-y\|^2; K = J(w,b)^2", r"J = \|Xw+b-y\|^2; K = J^2", MORE),
    (r"J(\mathbf{w}) = \|Xw-y\|^2; K = 2J(w)", r"J = \|Xw-y\|^2; K = 2J", MORE),
    (r"\mathcal{L}(w) = \|Xw-y\|^2; K = \mathcal{L}(w)+1", r"L = \|Xw-y\|^2; K = L+1", MORE),
    (r"\operatorname{loss}(w) = w^\top w; K = \operatorname{loss}(w)^2", r"J = w^\top w; K = J^2", LS),
    (r"f(x)=w^\top x+b; L=(f(x)-c)^2", r"f=w^\top x+b; L=(f-c)^2", {**MORE, "x": "n", "c": "scalar"}),
    # a parameter that is declared nowhere
    (r"f(t)=\frac{1}{1+e^{-t}}; L=f(w^\top x)", r"L=\frac{1}{1+e^{-w^\top x}}", {"w": "n", "x": "n"}),
    (r"\phi(t)=t^2; \mathbf{1}^\top\phi(w)", r"w^\top w", LS),
    (r"f(x)=w^\top x+b; L=\sum_i(f(x_i)-y_i)^2", r"L=\sum_i(w^\top x_i+b-y_i)^2", MORE),
    (
        r"h_\theta(x)=\theta^\top x; J=\sum_{i=1}^m(h_\theta(x^{(i)})-y^{(i)})^2",
        r"J=\sum_i(\theta^\top x_i-y_i)^2",
        {"X": "m, n", "θ": "n", "y": "m"},
    ),
    (r"k(u,v) = u^\top v; L = k(w, w) k(w, Xw)", r"(w^\top w)(w^\top X w)", {"w": "n", "X": "n, n"}),
    (r"f(x)=\mathbf{1}^\top x; f(w)f(y)", r"(\mathbf{1}^\top w)(\mathbf{1}^\top y)", LS),
    (r"f(x)=\sum_{j=1}^n x_j^2; \sum_{i=1}^m f(x_i)", r"\sum_i\sum_j x_{ij}^2", LS),
    (
        r"\ell(a, t) = (a - t)^2; a_i = w^\top x_i; J = \sum_i \ell(a_i, y_i)",
        r"J = \sum_i(w^\top x_i - y_i)^2",
        LS,
    ),
    (r"a^{(1)}(t) = t^2; L = \mathbf{1}^\top a^{(1)}(w)", r"w^\top w", LS),
    # one for each sample
    (r"\hat{y}_i = w^\top x_i + b; L = \sum_i(\hat{y}_i - y_i)^2", r"L = \sum_i(w^\top x_i+b-y_i)^2", MORE),
    (r"z_i = w^\top x_i; \ell_i = z_i^2; L = \sum_i \ell_i", r"L = \sum_i (w^\top x_i)^2", LS),
    (r"z_i = w^\top x_i; L = \sum_j z_j^2", r"L = \sum_i (w^\top x_i)^2", LS),
    (r"z^{(i)} = w^\top x^{(i)}; L = \sum_{i=1}^m (z^{(i)})^2", r"L = \sum_i (w^\top x_i)^2", LS),
    (
        r"p_{ik} = \frac{e^{s_{ik}}}{\sum_j e^{s_{ij}}}; L = -\sum_i\sum_k 1\{y_i=k\} \log p_{ik}",
        r"\sum_i (\log\sum_j e^{s_{ij}} - s_{i y_i})",
        LABELS,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "same", "shapes"), SAME)
def test_it_means_its_formula(typed: str, same: str, shapes: dict[str, str]) -> None:
    assert alike(*(dc.parse(text, shapes, notation="latex") for text in (typed, same)))


FAULTS = [
    (r"J(a)=a^2; K=J(2a)+1", "E156", "J(2a)", SCALARS),
    (r"J(a)=a^2; K=J(a, b)+1", "E156", "J(a, b)", SCALARS),
    (r"J(w,b) = \|Xw+b-y\|^2; K = J(w, 2b)", "E156", "J(w, 2b)", MORE),
    (r"f(b)=\frac{1}{1+e^{-b}}; L=f(w^\top w)", "E156", r"f(w^\top w)", MORE),
    (r"J = w^\top w; z_i = w^\top x_i; \sum_i z_i; L = J + z_i", "E307", "z_i", LS),
    (r"z_i = w^\top x_i; L = \sum_i z_i + z_i", "E307", "z_i", LS),
    (r"L = \sum_i z_i^2; z_i = w^\top x_i", "E305", "z_i", LS),
    (r"L = \sum_i x_i^\top w; z_i = w^\top x_i", "E157", "z_i", LS),
    (r"y_i = w^\top x_i; L = \sum_i y_i", "E134", "y_i", LS),
    (r"f(x)=\sum_{i=1}^n x_i^2; \sum_{i=1}^m f(x_i)", "E151", "f(x_i)", LS),
    (r"f(x)=\sum_{i=1}^n x_i^2; f(y)", "E225", "n", LS),
    (r"f(x) = x^2; L = f'(x)", "E306", "f", SCALARS),
    (r"f(x) = x^2; L = f^2(x)", "E424", "f^2", SCALARS),
    (r"a(t) = t^2; L = a(x)", "E134", "a(t)", SCALARS),
    (r"f(t) = t^2; f(t) = t^3; L = f(x)", "E134", "f(t)", SCALARS),
]


@pytest.mark.parametrize(("typed", "code", "at", "shapes"), FAULTS)
def test_other_uses_are_faults(typed: str, code: str, at: str, shapes: dict[str, str]) -> None:
    with pytest.raises(DimcompatError) as caught:
        dc.parse(typed, shapes, notation="latex")
    error = caught.value
    assert error.code == code, error.message
    assert error.span is not None and typed[slice(*error.span)] == at
    assert error.hint


def test_the_error_says_what_the_name_stands_for() -> None:
    with pytest.raises(DimcompatError) as caught:
        dc.parse(r"J(a)=a^2; K=J(2a)", SCALARS, notation="latex")
    assert "J(a)" in caught.value.message and "J(2a)" in caught.value.message
    assert r"J \cdot (…)" in (caught.value.hint or "")


def test_a_name_without_arguments_is_still_multiplied() -> None:
    product = dc.parse(r"f = a^2; L = f(x + y)", SCALARS, notation="latex")
    assert product.objective is dc.parse("f = a^2; L = f*(x + y)", SCALARS).objective


def test_claims_know_the_arguments() -> None:
    source, shapes = r"J(w)=\|w\|^2; K = J(w)^2", {"w": "n"}
    assert dc.check(source, "w", "4 J(w) w", shapes, notation="latex").correct
    both = r"J(w)=\|w\|^2; K(w) = J(w)^2"
    assert dc.check(both, "w", r"2 \nabla_J K(w) w", shapes, notation="latex").correct
    with pytest.raises(DimcompatError) as caught:
        dc.check(source, "w", "4 J(2w) w", shapes, notation="latex")
    assert (caught.value.code, caught.value.where) == ("E156", "claim")


def test_the_program_is_told_in_the_plain_notation() -> None:
    program = read_latex(r"z_i = w^\top x_i; L = \sum_i z_i^2", LS).program
    assert dc.parse(program.text, LS).objective is program.objective
    assert list(program.parts) == ["L"]


def test_a_formula_written_out_too_often_is_refused() -> None:
    doubled = ";".join(rf"f_{{{n + 1}}}(x) = f_{{{n}}}(3x^\top x) + f_{{{n}}}(2x^\top x)" for n in range(30))
    with pytest.raises(DimcompatError) as caught:
        dc.parse(rf"f_0(x) = x^\top x; {doubled}; f_{{30}}(2w)", {"w": "n"}, notation="latex")
    assert caught.value.code == "E148"
