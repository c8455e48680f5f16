"""The check as a derivation shows it: both sides of a kink, and what cannot be computed."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.numeric.verification import verify


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("objective", "wrong", "right"),
    [("relu(s)", "1", "step(s)"), ("abs(s)", "1", "sign(s)"), ("relu(-s)", "-1", "-step(-s)")],
)
def test_both_sides_of_a_kink_are_met(objective: str, wrong: str, right: str, seed: int) -> None:
    shapes = {"s": "scalar"}
    program = dc.parse(objective, shapes)
    for formula, passed in ((wrong, False), (right, True)):
        results = {"s": dc.parse(formula, shapes).objective}
        assert verify(program.operation, program.symbols, results, seed=seed).passed is passed


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("sumsq(X)", {"X": "1000000000, n"}),
        ("sumsq(X)", {"X": "n^20, n"}),
        ("sum(ones(10^9,10^9))*sumsq(X)", {"X": "n"}),
        ("sumsq(X)", {"X": "3000, 3000"}),
        ("vec(X)", {"X": "300, 300"}),
        ("sumsq(inv(ones(2,2))*X)", {"X": "2"}),
        ("tr(inv(zeros(n,n))*X)", {"X": "n, n"}),
    ],
)
def test_what_cannot_be_computed_is_not_checked(text: str, shapes: dict[str, str]) -> None:
    derivation = dc.derive(text, "X", shapes)
    assert derivation.verification is not None and derivation.verification.passed is None
    assert derivation.render("text")


def test_an_infinite_error_can_be_told() -> None:
    derivation = dc.derive("D.^s", "s", {"D": "n, n diagonal", "s": "scalar positive"})
    assert derivation.verification is not None and derivation.verification.passed is False
    assert "∞" in derivation.render("text")
    assert '"max_relative_error": null' in derivation.render("json")


@pytest.mark.parametrize("text", ["s^(10^400)", "10^400*s^2", "sum(x.^(10^399*10))"])
def test_numbers_beyond_floats_are_not_checked(text: str) -> None:
    name = "s" if "s^" in text else "x"
    derivation = dc.derive(text, name, {"s": "scalar", "x": "n"})
    assert derivation.verification is not None and derivation.verification.passed is not False


def test_what_is_lost_in_rounding_is_no_failure() -> None:
    """The objective is a constant; its gradient, and so its Hessian, is what large numbers leave over."""
    text = "sum(exp(20*s)*x - x.*exp(20*s)) + sum(exp(25 + s - s)*x)"
    for order in (1, 2):
        derivation = dc.derive(text, "s", {"s": "scalar", "x": "n"}, order=order)
        assert derivation.verification is not None and derivation.verification.passed is not False
    nothing = dc.derive("-logsumexp(logsoftmax(outer(y,y), axis=1))", "y", {"y": "n"}, order=2)
    assert nothing.verification is not None and nothing.verification.passed is not False


@pytest.mark.parametrize("wrong", ["exp(10)", "0", "2*exp(10) + 1e-3"])
def test_a_wrong_formula_fails_beside_large_numbers(wrong: str) -> None:
    shapes = {"s": "scalar"}
    program = dc.parse("2*exp(10)*s", shapes)
    results = {"s": dc.parse(wrong, shapes).objective}
    assert verify(program.operation, program.symbols, results).passed is False
