"""Very long, deep and branching inputs, through the whole pipeline: an answer or a clear error, in time.

A bound is a few times what an idle machine takes, and far below what a way of working that grows faster
than its input would need: each of these once ran for minutes, or did not end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import dimcompat as dc

BOUND = 12.0
SCALAR = {"s": "scalar"}
VECTOR = {"x": "n", "s": "scalar"}
LONG = 100_000


@contextmanager
def in_time(bound: float = BOUND) -> Iterator[None]:
    """Time of this process alone, so that a busy machine counts for little."""
    start = time.process_time()
    yield
    assert time.process_time() - start < bound


def nested(function: str, depth: int, inside: str) -> str:
    return f"{function}(" * depth + inside + ")" * depth


def sums(depth: int, function: str = "") -> str:
    """The product of ``y[i0]*y[i1]*…`` summed over every index, ``sum(y)^depth``, or a function of it."""
    heads = "".join(f"sum(i{number}, " for number in range(depth))
    return f"{heads}{function}({'*'.join(f'y[i{number}]' for number in range(depth))})" + ")" * depth


# ── derivations ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "wrt", "shapes", "order"),
    [
        ("v" * 10_000 + "^2", "v" * 10_000, {"v" * 10_000: "scalar"}, 1),
        ("+".join("s" * LONG), "s", SCALAR, 1),
        ("tr(" + "*".join("A" * 180) + ")", "A", {"A": "n, n"}, 1),
        ("tr(" + "*".join("AB" * 30) + ")", "A", {"A": "n, n", "B": "n, n"}, 1),
        ("*".join(f"(s + {number})" for number in range(1, 60)), "s", SCALAR, 1),
        (nested("sin", 50, "s"), "s", SCALAR, 2),
        (nested("exp", 30, "s"), "s", SCALAR, 2),
        ("sum(" + nested("sin", 20, "x") + ")", "x", VECTOR, 2),
        (sums(8), "y", {"y": "n"}, 1),
        (sums(30), "y", {"y": "n"}, 1),
        ("+".join(f"sin({number}*s)" for number in range(400)), "s", SCALAR, 1),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_derivations_end_in_time(source: str, wrt: str, shapes: dict[str, str], order: int) -> None:
    with in_time():
        derivation = dc.derive(source, wrt, shapes, order=order)
        assert derivation.verification is not None and derivation.verification.passed is not False
        derivation.render("text")
        derivation.render("json")


def test_a_thousand_declarations() -> None:
    names = [f"x{number}" for number in range(1000)]
    declared = "\n".join(f"{name}: n" for name in names)
    objective = " + ".join(f"{name}'*{name}" for name in names)
    with in_time():
        derivation = dc.derive(f"{declared}\n{objective}", "x7")
        assert str(derivation.gradient) == "2*x7"
        assert derivation.verification is not None and derivation.verification.passed
        derivation.render("text")


def test_what_is_too_deep_or_too_long_is_refused_in_time() -> None:
    for text, code in (
        ("s" + "'" * 200_000, "E133"),
        ("(" * LONG + "s" + ")" * LONG, "E121"),
        ("+".join(f"s^{number}" for number in range(12_000)), "E148"),
        ("1" * LONG, "E107"),
    ):
        with in_time(), pytest.raises(dc.ParseError) as caught:
            dc.derive(text, "s", SCALAR)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("s" * LONG, "E133"),
        (r"\frac{1}{" * (LONG // 8) + "s" + "}" * (LONG // 8), "E121"),
        (r"\alpha" * (LONG // 6), "E133"),
        (r"\sum_{i=1}^n " * 3000 + "x_i", "E121"),
        ("s" + r"^\top" * (LONG // 5), "E133"),
        (r"\|" * (LONG // 2), "E108"),
    ],
    ids=["names", "fractions", "letters", "sums", "transposes", "norms"],
)
def test_latex_is_refused_in_time(text: str, code: str) -> None:
    with in_time(), pytest.raises(dc.ParseError) as caught:
        dc.derive(text, "s", VECTOR, notation="latex")
    assert caught.value.code == code


def test_a_long_sum_in_latex() -> None:
    with in_time():
        assert str(dc.derive("+".join("s" * (LONG // 2)), "s", SCALAR, notation="latex").gradient) == "50000"


# ── the numeric check of sums within sums ────────────────────────────────────────────────────────────


def test_sums_within_sums_are_checked_at_small_sizes() -> None:
    found = dc.derive(sums(8), "y", {"y": "n"})
    assert found.verification is not None and found.verification.passed
    assert max(found.verification.dims.values()) < 4
    lost = dc.derive(sums(30), "y", {"y": "n"}).verification
    assert lost is not None and lost.passed is None


# ── claims ───────────────────────────────────────────────────────────────────────────────────────────


def words(pattern: Callable[[int], str], count: int) -> str:
    return "+".join(pattern(number) for number in range(count))


@pytest.mark.parametrize(
    ("claim", "cause"),
    [
        ("+".join("x" * (LONG // 2)), "factor"),
        ("2*x" + "+x-x" * (LONG // 4), "right"),
        ("(" * 190 + "2*x" + ")" * 190, "right"),
        ("x*" + "*".join("s" * 60), "other"),
        (words(lambda number: f"sin({number}*x)", 1000), "other"),
        ("2*x" + "''" * 90, "right"),
    ],
    ids=lambda value: value[:16],
)
def test_claims_are_judged_in_time(claim: str, cause: str) -> None:
    with in_time():
        assert dc.check("x'*x", "x", claim, VECTOR).cause == cause


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ("2*" + "v" * LONG, "E301"),
        ("(" * LONG + "x" + ")" * LONG, "E121"),
        ("2*x" + "'" * LONG, "E133"),
        (words(lambda number: f"sin({number}*x)", LONG // 10), "E148"),
    ],
    ids=["name", "brackets", "quotes", "sum"],
)
def test_claims_that_cannot_be_read_are_refused_in_time(claim: str, code: str) -> None:
    with in_time(), pytest.raises(dc.DimcompatError) as caught:
        dc.check("x'*x", "x", claim, VECTOR)
    assert caught.value.code == code and caught.value.where == "claim"


def test_a_claim_about_sums_within_sums() -> None:
    shapes = {"y": "n"}
    with in_time():
        assert dc.check(sums(8), "y", "8*sum(y)^7*ones(n)", shapes).correct
        assert dc.check("sum(y)^21", "y", f"21*{sums(20)}*ones(n)", shapes).correct
        with pytest.raises(dc.UnsupportedError) as caught:
            dc.check("sum(y)^21", "y", f"{sums(20, 'sin')}*ones(n)", shapes)
        assert caught.value.code == "E420"
