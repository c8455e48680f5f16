"""Points on both sides of kinks: how they are found, and what is judged there."""

from __future__ import annotations

import numpy as np
import pytest

import dimcompat as dc
from dimcompat.numeric import facts
from dimcompat.numeric.kinks import Kinks, kinks_of
from dimcompat.numeric.sampling import Sampler
from dimcompat.numeric.verification import verify

SHAPES = {"x": "n", "X": "m, n", "w": "n", "y": "m", "s": "scalar", "S": "m, c", "k": "m labels(c)"}


def shapes_of(text: str) -> dict[str, str]:
    return {name: shape for name, shape in SHAPES.items() if name in text}


def kinks_and_sampler(text: str, seed: int = 0) -> tuple[Kinks | None, Sampler]:
    program = dc.parse(text, shapes_of(text))
    sampler = Sampler(program.symbols.values(), facts.of_operations(program.operation), seed=seed)
    return kinks_of([program.operation], [], {}), sampler


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "text",
    [
        "sum(abs(x - 3))",
        "sum(minimum(relu(x), 6))",
        "abs(s - 100000)",
        "sum(relu(1 - y.*(X*w)))",
        "sum(i, relu(1 - y[i]*(X[i,:]*w)))",
        "sum(i, sum(j, relu(S[i,j] - S[i,k[i]] + 5)))",
        "h(t) = minimum(abs(t), 8)\nsum(h(x))",
        "sum(relu(log(x) - 2))",
    ],
)
def test_both_sides_are_found(text: str, seed: int) -> None:
    kinks, sampler = kinks_and_sampler(text, seed)
    assert kinks is not None
    for point in kinks.beyond(sampler):
        kinks.show(point)
        if kinks.complete:
            break
    assert kinks.complete


@pytest.mark.parametrize("text", ["sum(exp(x))", "norm2(X*w - y)", "sum(i, (X[i,:]*w)^2)"])
def test_where_nothing_can_be_crossed_nothing_is_looked_for(text: str) -> None:
    assert kinks_and_sampler(text)[0] is None


def test_what_cannot_be_reached_is_given_up() -> None:
    kinks, sampler = kinks_and_sampler("sum(relu(x.^2 + 1))")
    assert kinks is not None
    kinks.show(sampler.draw(0))
    assert not list(kinks.beyond(sampler)) and not kinks.complete


def test_declared_facts_hold_beyond_kinks() -> None:
    program = dc.parse("sum(relu(x - 50)) + tr(relu(50 - A))", {"x": "n positive", "A": "n, n symmetric"})
    kinks = kinks_of([program.operation], [], {})
    assert kinks is not None
    found = list(kinks.beyond(Sampler(program.symbols.values(), {})))
    assert found
    for point in found:
        assert (point.values["x"] > 0).all()
        assert np.array_equal(point.values["A"], point.values["A"].T)


CLIPPED = "sum(maximum(minimum(x, 1), -1))"
ONE_SIDED = [
    ("sum(abs(x - 3))", "x", "-ones(n)"),
    ("sum(minimum(relu(x), 6))", "x", "step(x)"),
    ("sum(relu(1 - y.*(X*w)))", "w", "-X'*y"),
    ("sum(relu(1 - x))", "x", "-ones(n)"),
    ("sum(minimum(x, 1))", "x", "ones(n)"),
    (CLIPPED, "x", "ones(n)"),
    ("sum(relu(X*w + 1))", "w", "X'*ones(m)"),
    ("sum(relu(2 - x))", "x", "-ones(n)"),
    ("sum(relu(x + 1))", "x", "ones(n)"),
    ("sum(abs(x + 2))", "x", "ones(n)"),
    ("sum(minimum(x, 3))", "x", "ones(n)"),
    ("sum(relu(6 - relu(6 - relu(x))))", "x", "step(x)"),
    ("sum(relu(2 - X*w))", "w", "-X'*ones(m)"),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("objective", "wrt", "formula"), ONE_SIDED)
def test_a_formula_that_is_wrong_beyond_a_kink_fails(
    objective: str, wrt: str, formula: str, seed: int
) -> None:
    shapes = shapes_of(objective)
    program = dc.parse(objective, shapes)
    wrong = {wrt: dc.parse(formula, shapes).objective}
    assert verify(program.operation, program.symbols, wrong, seed=seed).passed is False
    derivation = dc.derive(objective, wrt, shapes, seed=seed)
    assert derivation.verification is not None and derivation.verification.passed


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("objective", "wrt", "claim"), ONE_SIDED)
def test_the_derivative_of_a_kink_that_a_claim_lacks_is_named(
    objective: str, wrt: str, claim: str, seed: int
) -> None:
    verdict = dc.check(objective, wrt, claim, shapes_of(objective), seed=seed)
    assert verdict.cause == "factor"
    assert "step(" in verdict.reason or "sign(" in verdict.reason
    assert verdict.repair is not None
    assert dc.check(objective, wrt, verdict.repair, shapes_of(objective), seed=seed + 10).correct


@pytest.mark.parametrize("seed", range(6))
def test_no_condition_is_said_that_does_not_hold(seed: int) -> None:
    hinge = dc.check(
        "sum(i, sum(j, relu(S[i,j] - S[i,k[i]] + 1)))",
        "S",
        "1 - c*onehot(k, c)",
        {"S": "m, c", "k": "m labels(c)"},
        seed=seed,
    )
    assert not hinge.correct and hinge.cause != "conditional"
    layer = {"W": "m, n", "x": "n", "b": "m", "y": "m"}
    verdict = dc.check("sumsq(relu(W*x + b) - y)", "W", "2*(relu(W*x + b) - y)*x'", layer, seed=seed)
    assert verdict.cause == "factor" and "step(W*x + b)" in verdict.reason


@pytest.mark.parametrize("seed", range(4))
def test_the_sign_of_a_name_stays_a_condition(seed: int) -> None:
    verdict = dc.check("sum(abs(x))", "x", "ones(n)", {"x": "n"}, seed=seed)
    assert verdict.cause == "conditional" and "positive" in verdict.reason


@pytest.mark.parametrize(
    ("objective", "kink", "claim"),
    [
        ("sum(relu(1 - x))", 1, "-ones(n)"),
        ("sum(abs(x - 3))", 3, "-ones(n)"),
        ("sum(minimum(x, 7))", 7, "ones(n)"),
    ],
)
def test_the_small_example_is_beyond_a_kink_and_not_on_it(objective: str, kink: int, claim: str) -> None:
    verdict = dc.check(objective, "x", claim, {"x": "n"})
    assert verdict.evidence is not None
    numbers = [number for row in dict(verdict.evidence.values)["x"] for number in row]
    assert kink not in numbers and max(numbers) > kink


def test_a_multiple_on_one_side_alone_is_no_multiple() -> None:
    verdict = dc.check("relu(s - 3)", "s", "2", {"s": "scalar"})
    assert not verdict.correct
    assert verdict.repair is None or dc.check("relu(s - 3)", "s", verdict.repair, {"s": "scalar"}).correct
