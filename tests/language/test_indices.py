"""Sums over samples in the text: what indices and labels mean, and that they are written as they are read."""

from __future__ import annotations

import pytest

from dimcompat import expressions as ex
from dimcompat.language.program import read
from dimcompat.language.typed_layout import typed_layout
from dimcompat.renderers.latex_formula import latex_formula, latex_layout
from dimcompat.renderers.numpy_formula import numpy_formula
from dimcompat.renderers.unicode_formula import unicode_layout
from dimcompat.shapes import Dim

SHAPES = {
    "X": "m, n",
    "Z": "n, m",
    "A": "n, n",
    "S": "m, c",
    "M": "c, n",
    "w": "n",
    "y": "m",
    "b": "c",
    "r": "1, c",
    "t": "m labels(c)",
    "l": "labels(c)",
    "W_1": "m, n",
}

# what is typed, and its matrix form
FORMS = [
    ("sum(i, y[i])", "sum(y)"),
    ("sum(i, r[i])", "sum(r)"),
    ("sum(i, X[i,:]*w)", "sum(X*w)"),
    ("sum(i, (w'*X[i,:]' - y[i])^2)", "sumsq(X*w - y)"),
    ("sum(j, sumsq(A*Z[:,j] - w))", "sumsq(A*Z - w)"),
    ("sum(i, X[i,:]'*X[i,:])", "X'*X"),
    ("sum(i, y[i]*X[i,:]')", "X'*y"),
    ("sum(i, X[i,:])", "colsum(X)"),
    ("sum(i, Z[:,i])", "rowsum(Z)"),
    ("sum(i, sum(j, X[i,j]*w[j]*y[i]))", "y'*X*w"),
    ("sum(i, sum(j, X[i,j]))", "sum(X)"),
    ("sum(i, (X*A)[i,:]*w)", "sum(X*A*w)"),
    ("sum(i, Z[:,i]'*w)", "sum(Z'*w)"),
    ("sum(i, X'[:,i]'*w)", "sum(X*w)"),
    ("sum(i, X[:,:][i,:]*w)", "sum(X*w)"),
    ("sum(i, y[i]) + sum(i, w[i])", "sum(y) + sum(w)"),
    ("sum(i, y[i])*sum(i, y[i])", "sum(y)^2"),
    ("sum(i, 3*w'*w*y[i])", "3*w'*w*sum(y)"),
    ("sum(i, log(sum(j, exp(S[i,j]))))", "sum(logsumexp(S, axis=1))"),
    ("sum(i, norm2(X[i,:]))", "sum(sqrt(rowsum(X.^2)))"),
    ("sum(i, softmax(S[i,:]))", "colsum(softmax(S))"),
    ("sum(i, S[i,t[i]])", "sum(pick(S, t))"),
    ("sum(i, pick(S[i,:], t[i]))", "sum(pick(S, t))"),
    ("sum(i, y[i]*onehot(t[i], c))", "y'*onehot(t, c)"),
    ("sum(i, b[t[i]]*y[i])", "y'*onehot(t, c)*b"),
    ("sum(i, r[t[i]]*y[i])", "r*onehot(t, c)'*y"),
    ("sum(i, M[t[i],:]*X[i,:]')", "tr(X'*onehot(t, c)*M)"),
    ("sum(i, y[i]*S[:,t[i]])", "S*onehot(t, c)'*y"),
    ("b[l]", "onehot(l, c)*b"),
    ("r[l]", "r*onehot(l, c)'"),
    ("M[l,:]", "onehot(l, c)*M"),
    ("S[:,l]", "S*onehot(l, c)'"),
    ("e + sum(e, y[e])", "e + sum(y)"),
]


@pytest.mark.parametrize(("typed", "matrix"), FORMS)
def test_sums_have_a_matrix_form(typed: str, matrix: str) -> None:
    assert read(typed, SHAPES).operation.value is read(matrix, SHAPES).operation.value


# sums that stay, and labels as they are written
WRITTEN = [
    "sum(i, exp(-rowsum((X - X[i,:]).^2)))",
    "sum(i, y[i]*exp(-rowsum((X - X[i,:]).^2)))",
    "2*sum(i, exp(-rowsum((X - X[i,:]).^2)))",
    "sum(sum(i, exp(X - X[i,:])))",
    "sum(i, exp(Z - Z[:,i]))",
    "sum(i, exp(X - X[i,:]))*w",
    "sum(i, exp(X - X[i,:]))'*y",
    "sum(i, inv(A + X[i,:]'*X[i,:]))",
    "tr(sum(i, inv(A + X[i,:]'*X[i,:])))",
    "sum(i, exp(X - sum(i, exp(X - X[i,:]))[i,:]))",
    "sum(i, logdet(A + exp(y[i])*eye(n)))",
    "sum(i, inv(A + w[i]*eye(n))[i,:])",
    "sum(i, W_1[i,:]*inv(A + W_1[i,:]'*W_1[i,:])*w)",
    "sum(i, exp(X - b[t[i]]))",
    "sum(i, exp(X + M[t[i],:]))",
    "sum(i, exp(X - S[i,t[i]]))",
    "b[l]",
    "r[l]",
    "M[l,:]",
    "S[:,l]",
    "M'[:,l]",
    "onehot(l, c)'/b[l]",
    "2*b[l]*r",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_is_read_again(text: str) -> None:
    value = read(text, SHAPES).operation.value
    again = read(str(value), SHAPES).operation.value
    assert again is value


def test_the_plain_text() -> None:
    written = {text: str(read(text, SHAPES).operation.value) for text in WRITTEN}
    assert written["sum(i, exp(X - S[i,t[i]]))"] == "sum(i, exp(X - S[i,t[i]]))"
    assert written["sum(i, exp(X + M[t[i],:]))"] == "sum(i, exp(M[t[i],:] + X))"
    assert written["b[l]"] == "b[l]"
    assert written["onehot(l, c)'/b[l]"] == "onehot(l, c)'/b[l]"
    assert written["S[:,l]"] == "S[:,l]"


def test_other_notations() -> None:
    value = read("sum(i, exp(W_1 - W_1[i,:] - S[i,t[i]]))", SHAPES).operation.value
    assert latex_formula(value).startswith(r"\sum_{i=1}^{m} ")
    assert r"(W_{1})_{i,:}" in latex_formula(value)
    assert r"S_{i,t_{i}}" in latex_formula(value)
    assert "for i in range(m)" in numpy_formula(value)
    assert "W_1[[i], :]" in numpy_formula(value)
    assert "S[i, t.reshape(-1)[i]].reshape(1, 1)" in numpy_formula(value)


@pytest.mark.parametrize(
    "text",
    [
        "sum(i, (X[i,:]*w - y[i])^2)",
        "sum(i, log(sum(j, exp(S[i,j]))) - S[i,t[i]])",
        "sum(i, M[t[i],:]*w + b[t[i]] + r[l])",
        "sum(i, y[i])*sum(i, X[i,:])",
    ],
)
def test_the_problem_stands_as_typed(text: str) -> None:
    plain = unicode_layout(typed_layout(read(text, SHAPES).operation))
    for nice, typed in (("·", "*"), ("−", "-"), ("²", "^2")):
        plain = plain.replace(nice, typed)
    assert plain == text
    assert r"\sum_{i=1}^{m}" in latex_layout(typed_layout(read(text, SHAPES).operation))


def test_an_index_runs_over_what_it_indexes() -> None:
    operation = read("sum(i, X[:,i]*w[i])", SHAPES).operation
    assert operation.indices == (ex.Index.make("i", Dim.symbol("n")),)
    assert operation.shape.is_column


def test_sums_side_by_side_may_share_a_name() -> None:
    left, right = read("sum(i, y[i]^2) - sum(i, w[i]^2)", SHAPES).operation.operands
    assert [str(total.indices[0].dim) for total in (left, right) if total.indices[0]] == ["m", "n"]


def test_the_innermost_sum_binds() -> None:
    nested = read("sum(i, y[i]*sum(i, w[i]))", SHAPES).operation.value
    assert nested is read("sum(y)*sum(w)", SHAPES).operation.value


def test_an_objective_is_not_called_like_an_index() -> None:
    assert read("sum(J, y[J])", SHAPES).name != "J"


def test_an_index_of_one() -> None:
    shapes = {"u": "1, n", "v": "1", "w": "n"}
    assert read("sum(i, u[i,:]*w)", shapes).operation.value is read("u*w", shapes).operation.value
