"""Products and powers in normal form: what they fold to, and that what is written reads back."""

from __future__ import annotations

from functools import reduce
from itertools import product

import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.expressions.rebuild import folded
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


@pytest.mark.parametrize("around", ["{}", "tr({})", "C*{}", "tr({} - sin(C))", "sum({}*C)", "C.*{}"])
@pytest.mark.parametrize("power", [-3, -1, 2, 3])
@pytest.mark.parametrize("signs", list(product("+-", repeat=3)))
def test_powers_of_sums_of_a_matrix_and_its_transpose_read_back(
    around: str, power: int, signs: tuple[str, str, str]
) -> None:
    one, two, three = signs
    text = around.format(f"({one}C {two} C' {three} 2*s)^({power})")
    shapes = {"C": "m, m", "s": "scalar"}
    found = ex.plain(dc.parse(text, shapes).objective)
    assert ex.plain(dc.parse(str(found), shapes).objective) is found


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("rowsum((1 - s)*onehot(l, c) + s/c*ones(m,c))", "ones(m)"),
        ("rowsum(softmax(S) - onehot(l, c))", "zeros(m)"),
        ("colsum(softmax(S, axis=0) + 2)", "(2*m + 1)*ones(1,c)"),
        ("rowsum(softmax(S) + S)", "(S + softmax(S))*ones(c)"),
    ],
)
def test_lines_that_add_up_to_a_number(text: str, total: str) -> None:
    shapes = {"S": "m, c", "l": "m labels(c)", "s": "scalar"}
    assert str(dc.parse(text, shapes).objective) == total


@pytest.mark.parametrize(
    ("text", "definition", "short"),
    [
        ("2*X - 2*Y + Z", "X - Y", "Z + 2*R"),
        ("2*Y - 2*X + Z", "X - Y", "Z - 2*R"),
        ("X*(Y - X)'", "X - Y", "-X*R'"),
        ("X - 2*Y", "X - Y", "X - 2*Y"),
        ("exp(X*Y') - X*Y'", "X*Y'", "exp(R) - R"),
    ],
)
def test_a_name_stands_for_its_definition(text: str, definition: str, short: str) -> None:
    shapes = dict.fromkeys("XYZR", "m, m")
    root, whole, name = (ex.plain(dc.parse(each, shapes).objective) for each in (text, definition, "R"))
    assert folded(root, whole, name) is ex.plain(dc.parse(short, shapes).objective)


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
