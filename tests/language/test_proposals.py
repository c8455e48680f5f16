"""What a fault proposes can be read, fits, and means what is likely meant."""

from __future__ import annotations

import re

import pytest

import dimcompat as dc
from dimcompat.errors import DimcompatError
from dimcompat.functions.other_names import BY_ORDER, INSTEAD

SHAPES = {
    "X": "m, n", "A": "n, n", "B": "m, n", "K": "m, m", "w": "n", "x": "n", "z": "m", "y": "m", "b": "m",
    "λ": "scalar", "a": "scalar", "S": "m, c", "Y": "m, c", "p": "n positive", "q": "n positive",
}  # fmt: skip

FITTING = [
    ("sum(relu(1-y*(X*w)))", "y.*(X*w)"),
    ("sum(log(1+exp(-y*X*w)))", "-y.*(X*w)"),
    ("sumsq(y*(X*w))", "y.*(X*w)"),
    ("exp(w*x)", "w'*x"),
    ("sum(i, y[i]*(w*x))", "w'*x"),
    ("x'*A*x / x'*x", "x'*A*x/(x'*x)"),
    ("diag(K)+diag(K)'-2*K", "diag(K)*ones(1,m) + diag(K)'"),
    ("sumsq(x + z')", "x*ones(1,m) + z'"),
    ("sumsq(x' + z)", "x' + z*ones(1,n)"),
    ("log det(A)", "log(det(A))"),
]


def hint_of(text: str, shapes: dict[str, str] = SHAPES) -> tuple[DimcompatError, str]:
    with pytest.raises(DimcompatError) as caught:
        dc.parse(text, shapes)
    return caught.value, caught.value.hint or ""


@pytest.mark.parametrize(("text", "instead"), FITTING)
def test_what_is_proposed_fits_in_its_place(text: str, instead: str) -> None:
    error, hint = hint_of(text)
    assert hint == f"Did you mean {instead}?"
    assert error.span is not None
    start, end = error.span
    end = len(text) if error.code == "E115" else end  # the argument in brackets belongs to it
    dc.parse(f"{text[:start]}{instead}{text[end:]}", SHAPES)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x.T * B * x", "B must be square here."),
        ("z'*B*z", "B must be square here."),
        ("norm(B*z-b)", "Did you mean B'*z? Or is the declaration z: n meant?"),
        ("x'*z", "Is the declaration z: n meant?"),
        ("λ*x'*x + lambda", "Did you mean λ? λ is 1×1."),
        ("norm(x, 1)", "Write norm1(…)."),
        ("log det A", "Did you mean log(det(A))?"),
        ("log det(A'*(A + A))", "Did you mean log(det(…))?"),
        ("exp a", "Did you mean exp(a)?"),
        ("a b", "A product is written with *."),
        ("sum_i (x[i])", "Did you mean sum(i, …)?"),
        ("sum_i x[i]^2", "Did you mean sum(i, …)?"),
        ("sum(i=1..m, b[i])", "Did you mean sum(i, …)?"),
        ("sum(i=1:m, b[i])", "Did you mean sum(i, …)?"),
        ("sum(x > 0)", "write step(a - b)"),
        ("sum([x; b])", "W_h*h + W_x*x"),
        ("J(w) = sumsq(X*w - y)", "J = …"),
        ("f(x) = x'*A*x", "f = …"),
        ("f(x, z) = x'*B'*z", "f = …"),
        ("g(t) = t + B", "g = …"),
    ],
)
def test_the_hint_says_what_to_write(text: str, hint: str) -> None:
    assert hint in hint_of(text)[1]


def test_dimensions_without_a_comma() -> None:
    assert hint_of("v: n n; sum(v)", {})[1] == "Did you mean n, n?"
    assert "attributes are" in hint_of("v: n, n symetric; tr(v)", {})[1]


def test_brackets_of_an_index_are_no_concatenation() -> None:
    assert hint_of("sum(x[1; 2])")[0].code == "E111"


@pytest.mark.parametrize(("name", "instead"), INSTEAD.items())
def test_functions_of_other_languages(name: str, instead: str) -> None:
    error, hint = hint_of(f"{name}(x, x)")
    assert (error.code, hint) == ("E306", f"Write {instead}.")
    if "…" not in instead:
        shapes = {**SHAPES, "x": "n", "y": "n", "a": "n", "b": "n", "q": "n positive"}
        shapes |= {"y": "n", "p": "n positive"}
        dc.parse(re.sub(r"^-", "0 - ", instead), shapes)


def test_functions_of_an_order_are_our_own() -> None:
    for name, orders in BY_ORDER.items():
        assert all(f"{known}(x)" for known in orders.values())
        for known in (name, *orders.values()):
            dc.parse(f"{known}(x)", SHAPES)
