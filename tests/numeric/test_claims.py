"""A right claim is right in every form; a wrong one is told its true cause, and its repair is right."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from claim_cases import CASES

import dimcompat as dc
from dimcompat.language.parser import parse_expression
from dimcompat.language.rewriting import negated, number, places, replaced, text_of, turned
from dimcompat.language.typed_tree import tree_layout
from dimcompat.language.writer import write_layout
from dimcompat.numeric.bench import Multiple, ratio
from dimcompat.numeric.claim_points import same
from dimcompat.numeric.diagnosis import scaled

CORPUS = Path(__file__).parents[1] / "corpus" / "claims.jsonl"
LS = {"X": "m, n", "w": "n", "y": "m"}
SQUARES = "(X*w - y)'*(X*w - y)"
ALL = [(source, shapes, wrt, claim, causes) for source, shapes, wrt, c in CASES for claim, causes in c]


@pytest.mark.parametrize(("source", "shapes", "wrt", "claim", "causes"), ALL)
def test_cause(source: str, shapes: dict[str, str], wrt: str, claim: str, causes: str) -> None:
    verdict = dc.check(source, wrt, claim, shapes)
    assert verdict.cause in causes.split("|"), verdict.reason
    assert verdict.correct is (verdict.cause == "right")
    assert re.match(r"\S.*\.$", verdict.reason)
    assert "{" not in verdict.reason
    if verdict.repair is not None:
        again = dc.check(source, wrt, verdict.repair, shapes)
        assert again.correct, f"{verdict.repair}: {again.reason}"
    if verdict.evidence is not None:
        assert not np.allclose(verdict.evidence.claimed, verdict.evidence.right)


def test_the_table_has_every_cause() -> None:
    causes = {cause for *_, given in ALL for cause in given.split("|")}
    assert causes == set(dc.verdict.Cause.__args__)  # type: ignore[attr-defined]


def test_few_are_left_unexplained() -> None:
    wrong = [case for case in ALL if case[4] != "right"]
    unnamed = [case for case in wrong if set(case[4].split("|")) <= {"other", "shape"}]
    assert len(unnamed) < 0.05 * len(wrong)


def test_the_corpus() -> None:
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        verdict = dc.check(case["text"], case["wrt"], case["claim"], case.get("shapes"))
        assert verdict.correct is case["correct"], case["id"]
        assert verdict.cause != "other", case["id"]


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_factor_says_why() -> None:
    verdict = dc.check(SQUARES, "w", "X'*(X*w - y)", LS)
    assert verdict.reason == (
        "A factor 2 is missing. J = r'*r has r as a factor twice, so the product rule gives two equal terms; "
        "the claim has one."
    )
    assert verdict.repair == "2*X'*(X*w - y)"
    assert verdict.evidence is not None
    assert dict(verdict.evidence.dims) == {"m": 1, "n": 1}
    assert verdict.evidence.claimed == ((1.0,),) and verdict.evidence.right == ((2.0,),)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("2*X*(X*w - y)", "X should be X'"),
        ("2*X'*(X*w + y)", "sign of y"),
        ("2*(X*w - y)*X'", "2*(X*w - y)*X' should be 2*X'*(X*w - y)"),
        ("2*X'*X*w", "The term -2*X'*y is missing"),
        ("2*(X*w - y)", "factor X' is missing"),
        ("1/m*X'*(X*w - y)", "factor"),
    ],
)
def test_the_reason_names_the_part(claim: str, words: str) -> None:
    reason = dc.check(SQUARES, "w", claim, LS).reason
    assert any(option in reason for option in words.split("|")), reason


def test_conditions_are_named() -> None:
    quadratic = {"A": "n, n", "w": "n"}
    assert "symmetric A" in dc.check("w'*A*w", "w", "2*A*w", quadratic).reason
    cross = {"y": "n", "z": "n"}
    assert "add up to 1" in dc.check("-y'*log(softmax(z))", "z", "softmax(z) - y", cross).reason


def test_a_symmetric_variable() -> None:
    shapes = {"A": "n, n symmetric", "B": "n, n"}
    assert dc.check("tr(A*B)", "A", "(B + B')/2", shapes).correct
    assert dc.check("tr(A*B)", "A", "B'", shapes).cause == "conditional"
    assert dc.check("tr(A*B)", "A", "B + B' - diag(diag(B))", shapes).cause == "conditional"


def test_a_derivative_that_is_zero() -> None:
    shapes = {"a": "n", "x": "n", "y": "n"}
    assert dc.check("a'*x", "y", "zeros(n)", shapes).correct
    assert "does not depend on y" in dc.check("a'*x", "y", "y", shapes).reason


def test_kinks_do_not_count() -> None:
    assert dc.check("abs(a)", "a", "a/abs(a)", {"a": "scalar"}).correct


def test_points_where_the_claim_has_no_value_do_not_count() -> None:
    assert dc.check("logdet(X)", "X", "inv(X)'*log(det(X))/log(det(X))", {"X": "n, n"}).correct


def test_unnamed_functions() -> None:
    shapes = {"A": "m, n", "x": "n"}
    source = "f: elementwise\nsum(f(A*x))"
    assert dc.check(source, "x", "A'*f'(A*x)", shapes).correct
    assert dc.check(source, "x", "A'*f(A*x)", shapes).cause == "factor"
    assert dc.check(source, "x", "f'(A*x)", shapes).cause == "factor"


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "2*X'*(X*w - y)",
        "-(A + B)'*C",
        "(-2)*x",
        "-x^2",
        "a^-1",
        "(X^-1)'",
        "X./(y + 1)./z",
        "A*(B.*C)",
        "x - (y - z)",
        "sum(X, axis=0)'",
        "ones(1,m)*X",
        "sum(i, X[i,:]'*y[i])",
        "0.5*x",
        "f'(x)",
        "(a*b)^2",
        "2^(a + b)",
        "-inv(X)'*a",
    ],
)
def test_trees_are_written_as_they_are_read(text: str) -> None:
    def shape(root: object) -> list[str]:
        return [type(node).__name__ for _, node in places(root)]  # type: ignore[arg-type]

    root = parse_expression(text)
    assert shape(parse_expression(text_of(root))) == shape(root) or "0.5" in text
    assert text_of(parse_expression(text_of(root))) == text_of(root)
    again = parse_expression(write_layout(tree_layout(root)))
    assert sorted(shape(again)) == sorted(shape(root)) or text in (
        "0.5*x",
        "(-2)*x",
        "-inv(X)'*a",
        "-(A + B)'*C",
    )


def test_replacing_shares_the_rest() -> None:
    root = parse_expression("A*(B + C)")
    path = next(path for path, node in places(root) if text_of(node) == "C")
    new = replaced(root, path, turned(parse_expression("D")))
    assert text_of(new) == "A*(B + D')"
    assert text_of(root) == "A*(B + C)"
    assert text_of(negated(negated(root))) == "A*(B + C)"
    assert text_of(number(Fraction(-1, 2))) == "-1/2"


@pytest.mark.parametrize(
    ("text", "multiple", "expected"),
    [
        ("X'*r", Multiple(Fraction(2)), "2*X'*r"),
        ("2*X'*r", Multiple(Fraction(1, 2)), "X'*r"),
        ("2*X'*r", Multiple(Fraction(-1, 2)), "-X'*r"),
        ("X'*r", Multiple(Fraction(-2)), "-2*X'*r"),
        ("-X'*r", Multiple(Fraction(-1)), "X'*r"),
        ("X'*r/m", Multiple(Fraction(1), (("m", 1),)), "m*X'*r/m"),
        ("A + B", Multiple(Fraction(2)), "2*(A + B)"),
    ],
)
def test_a_number_goes_to_the_front(text: str, multiple: Multiple, expected: str) -> None:
    assert text_of(scaled(parse_expression(text), multiple)) == expected


def test_multiples_in_words() -> None:
    half_over = Multiple(Fraction(-1, 2), (("m", -1), ("n", 2)))
    assert half_over.text == "-n^2/(2*m)"
    assert half_over.inverse.text == "-2*m/n^2"
    assert Multiple(Fraction(3), (("m", 1),)).is_whole and not half_over.is_whole


def test_ratios() -> None:
    target = np.array([[1.0, 2.0]])
    assert ratio(3 * target, target) == pytest.approx(3)
    assert ratio(target + 1, target) is None
    assert ratio(np.zeros((1, 2)), target) is None
    assert same(target * (1 + 1e-9), target) and not same(target * (1 + 1e-5), target)


def test_work_is_bounded() -> None:
    """A claim that nothing explains, and one that is long, are judged all the same."""
    import time

    long = " + ".join(["2*X'*(X*w - y)"] * 400)
    started = time.perf_counter()
    assert dc.check(SQUARES, "w", long, LS).cause == "factor"
    assert dc.check(SQUARES, "w", "X'*tanh(X*w).*w + w*(w'*w) - 3*X'*exp(y)", LS).cause in ("other", "shape")
    assert time.perf_counter() - started < 20
