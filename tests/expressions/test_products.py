"""Products and powers in normal form: what they fold to, and that what is written reads back."""

from __future__ import annotations

from itertools import product

import pytest

import dimcompat as dc
from dimcompat import expressions as ex

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
