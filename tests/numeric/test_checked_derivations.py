"""The check as a derivation shows it: both sides of a kink, and what cannot be computed."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

import dimcompat as dc
from dimcompat.derivation import Verification
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
    derivation = replace(dc.derive("s^2", "s", {"s": "scalar"}), verification=Verification(False, inf, 1))
    assert "∞" in derivation.render("text")
    assert '"max_relative_error": null' in derivation.render("json")


@pytest.mark.parametrize("objective", ["relu(D)", "maximum(D, 0)"])
def test_zeros_that_lie_on_a_kink_refute_nothing(objective: str) -> None:
    """Beside the diagonal the differences are 1/2, the derivative of the contract is 0."""
    shapes = {"D": "n, n diagonal"}
    check = dc.derive(objective, "D", shapes).verification
    assert check is not None and check.passed is None
    program = dc.parse(objective, shapes)
    wrong = {"D": dc.parse("2*diag(vec(step(D)))", shapes).objective}
    assert verify(program.operation, program.symbols, wrong, on_set=False).passed is False


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


@pytest.mark.parametrize("seed", range(8))
def test_what_fine_steps_find_wrong_no_crude_one_lets_pass(seed: int) -> None:
    program = dc.parse("a'*a*3", {"a": "n"})
    right, wrong = (dc.parse(text, {"a": "n"}).objective for text in ("6*a", "(6 + 2e-7)*a"))
    assert verify(program.operation, program.symbols, {"a": right}, seed=seed).passed is True
    assert verify(program.operation, program.symbols, {"a": wrong}, seed=seed).passed is False


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("text", ["sum(relu(x - 1))", "sum(relu(x - 2))", "sum(maximum(x, 3))"])
def test_what_is_level_at_most_points_is_checked_where_it_is_not(text: str, seed: int) -> None:
    verification = dc.derive(text, "x", {"x": "n"}, seed=seed).verification
    assert verification is not None and verification.passed


SOFTMAX = {"z": "n", "b": "scalar"}


def test_a_derivative_that_is_zero_without_showing_it_passes() -> None:
    derivation = dc.derive("sumsq(softmax(z + b))", "b", SOFTMAX)
    assert derivation.verification is not None and derivation.verification.passed


def test_a_formula_that_is_not_zero_where_nothing_changes_does_not_pass() -> None:
    program = dc.parse("sumsq(softmax(z + b))", SOFTMAX)
    for formula in ("1", "softmax(z)'*z", "10^-9*b"):
        results = {"b": dc.parse(formula, SOFTMAX).objective}
        assert verify(program.operation, program.symbols, results).passed is not True
    steep = dc.parse("sum(tanh(1000000*x))", {"x": "n"})
    wrong = {"x": dc.parse("2000000*(1 - tanh(1000000*x).^2)", {"x": "n"}).objective}
    assert verify(steep.operation, steep.symbols, wrong).passed is False


def test_a_sum_of_zeros_is_zero() -> None:
    shapes = {"X": "m, n", "W": "n, c", "b": "scalar", "y": "m labels(c)"}
    derivation = dc.derive("-sum(onehot(y, c).*logsoftmax(X*W + b))/m", "b", shapes)
    assert str(derivation.gradient) == "0"
    assert derivation.verification is not None and derivation.verification.passed


@pytest.mark.parametrize(
    ("text", "shape", "reason"),
    [
        ("sum(log(-exp(x)))", "n", "no point was found"),
        ("sumsq(x)", "1000000000", "too large to compute"),
        ("sum(relu(-exp(x)))", "n", "did not change"),
    ],
)
def test_the_reason_why_nothing_was_checked_is_true(text: str, shape: str, reason: str) -> None:
    derivation = dc.derive(text, "x", {"x": shape})
    assert derivation.verification is not None and derivation.verification.passed is None
    assert reason in " ".join(derivation.render("text").split())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_point_is_not_called_points(lang: str) -> None:
    derivation = dc.derive("sumsq(x)", "x", {"x": "n"})
    for passed in (True, False):
        once = replace(derivation, verification=Verification(passed, 0.5, 1, {"n": 5}))
        text = " ".join(once.render("text", lang=lang).split())
        assert "1 random points" not in text and ("1 random point" in text or lang == "zh")
