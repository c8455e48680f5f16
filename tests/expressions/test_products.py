"""Products and powers in normal form: what they fold to, and that what is written reads back."""

from __future__ import annotations

from functools import reduce

import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.shapes import ONE, Dim, Shape

SHAPES = {"C": "m, m", "L": "m, m", "y": "m"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ones(m,m)^3", "m^2*ones(m,m)"),
        ("tr(ones(m,m)^2)", "m^2"),
        ("zeros(m,m)^2", "zeros(m,m)"),
        ("tr((C.*(y - y))^2)", "0"),
        ("sumsq((1/2 + square(tanh(y - y))).^(1/2))", "m/2"),
    ],
)
def test_powers_of_constant_matrices(text: str, folded: str) -> None:
    assert str(ex.plain(dc.parse(text, SHAPES).objective)) == folded


@pytest.mark.parametrize(
    "text",
    ["exp(C)./exp(C)'", "(y'*L - sum(y))./exp(-y')*y", "((-y'*L + sum(y))./exp(-(y'.*y')))*y"],
)
def test_what_is_written_reads_back(text: str) -> None:
    found = ex.plain(dc.parse(text, SHAPES).objective)
    assert ex.plain(dc.parse(str(found), SHAPES).objective) is found


ATTRIBUTES = ((), ("symmetric",), ("orthogonal",), ("diagonal",), ("symmetric", "orthogonal"))


@pytest.mark.parametrize("attributes", ATTRIBUTES, ids="-".join)
def test_many_equal_factors_are_the_product_of_one_after_another(attributes: tuple[str, ...]) -> None:
    n = Dim.symbol("n")
    A = ex.Symbol.make("A", Shape(n, n), frozenset(attributes))
    x = ex.Symbol.make("x", Shape(n, ONE))
    for base in (A, A.T, ex.inverse(A), ex.matrix_power(A, 2), A + A.T @ A, ex.diagonal(x), ex.ones(n, n)):
        for after in ((), (x,), (A.T,), (ex.inverse(A),)):
            for count in (3, 4, 7):
                factors = [*[base] * count, *after]
                assert ex.multiply(*factors) is reduce(ex.multiply, factors)
