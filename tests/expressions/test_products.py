"""Products and powers in normal form: what they fold to, and that what is written reads back."""

from __future__ import annotations

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
