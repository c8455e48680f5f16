"""The acceptance corpus: true derivatives from outside the project, met by what dimcompat derives."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import acceptance
import pytest

CASES = {
    case["id"]: case for case in acceptance.load("identities", "gradient") if acceptance.is_expression(case)
}
TEXTBOOK_SHARE = 0.98

every_case = pytest.mark.parametrize("case_id", CASES)


@dataclass(frozen=True)
class Outcome:
    """A case and what was derived for it, as an object and as JSON."""

    case: acceptance.Case
    derivation: Any
    data: dict[str, Any]


@cache
def outcome(case_id: str) -> Outcome:
    """Each case is derived once, however many tests look at it."""
    case = CASES[case_id]
    derivation = acceptance.derive(case)
    return Outcome(case, derivation, json.loads(derivation.render("json")))


def test_the_corpus_is_whole() -> None:
    assert len(CASES) == 104


@every_case
def test_derivative(case_id: str) -> None:
    found = outcome(case_id)
    formula = found.derivation.gradient
    error = acceptance.worst_error({found.case["wrt"]: formula}, found.case)
    assert error <= acceptance.TOLERANCE, f"{found.case['text']}: {formula}"


@every_case
def test_parses_back(case_id: str) -> None:
    found = outcome(case_id)
    formula = found.derivation.gradient
    assert acceptance.parse_back_error(formula, found.case) <= acceptance.TOLERANCE, str(formula)


@every_case
def test_verified(case_id: str) -> None:
    verification = outcome(case_id).derivation.verification
    assert verification is not None
    assert verification.passed is True
    assert verification.points > 0


@every_case
def test_steps(case_id: str) -> None:
    assert acceptance.step_faults(outcome(case_id).data) == []


@every_case
def test_no_product_is_decided_by_a_rule(case_id: str) -> None:
    products = [step for step in outcome(case_id).data["steps"] if step["kind"] == "product"]
    assert [step["text"] for step in products if step["decided_by"] == "rule"] == []


@every_case
def test_latex(case_id: str) -> None:
    data = outcome(case_id).data
    formulas = [part["latex"] for part in (*data["results"], *data["steps"])]
    assert [formula for formula in formulas if not acceptance.latex_is_balanced(formula)] == []


def test_textbook_form() -> None:
    """Of the printed formulas, all but a few have no more operators than the source's."""
    excess = {id: acceptance.textbook_excess(outcome(id).derivation.gradient, CASES[id]) for id in CASES}
    counted = {id: count for id, count in excess.items() if count is not None}
    longer = [
        f"{id}: {outcome(id).derivation.gradient}   for   {CASES[id]['textbook']}"
        for id, count in counted.items()
        if count > 0
    ]
    assert len(counted) - len(longer) >= TEXTBOOK_SHARE * len(counted), "\n".join(longer)


# ── the scoring itself, with answers that are wrong on purpose ──────────────────────────────────────


@pytest.mark.parametrize(
    ("actual", "expected", "close"),
    [
        ([[1.0, 2.0]], [[1.0, 2.0]], True),
        ([[1.0 + 1e-8, 2.0]], [[1.0, 2.0]], True),
        ([[1.0, 2.0]], [[1.0, 2.001]], False),
        ([[1.0], [2.0]], [[1.0, 2.0]], False),  # a transposed vector is a wrong shape
        ([[1.0], [2.0]], [1.0, 2.0], True),  # a flat list says nothing of orientation
        ([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0, 3.0, 4.0], False),
        ([[float("nan")]], [[1.0]], False),
        ([[0.0]], [[0.0]], True),
    ],
)
def test_scoring_of_values(actual: Any, expected: Any, close: bool) -> None:
    assert (acceptance.error(actual, expected) <= acceptance.TOLERANCE) is close


PRODUCT = {
    "kind": "product",
    "title": "through r",
    "text": "dJ_dw = 2*X'*r",
    "latex": "2X^{\\top}r",
    "scalar": "X*2*r",
    "wanted": ["n", "1"],
    "factors": [{"text": "X", "shape": ["m", "n"]}, {"text": "2*r", "shape": ["m", "1"]}],
    "arranged": "2*X'*r",
    "candidates": ["2*X'*r"],
    "decided_by": "dimensions",
}
SAID = {"title": "t", "text": "x", "latex": "x"}
DERIVATION: dict[str, Any] = {
    "steps": [{"kind": "problem", **SAID}, PRODUCT, {"kind": "result", **SAID}],
    "results": [{"decided_by": "dimensions"}],
}


def test_scoring_accepts_good_steps() -> None:
    assert acceptance.step_faults(DERIVATION) == []


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "guess"},
        {"title": ""},
        {"text": " "},
        {"latex": ""},
        {"scalar": ""},
        {"wanted": ["n"]},
        {"factors": []},
        {"factors": [{"text": "X", "shape": ["m"]}]},
        {"arranged": "2*r*X"},
        {"candidates": []},
        {"candidates": ["2*X'*r", "2*X*r"]},
        {"candidates": ["2*X'*r"] * 13, "decided_by": "distinct dimensions"},
        {"decided_by": "luck"},
        {"decided_by": "distinct dimensions"},  # and the result says dimensions
    ],
    ids=str,
)
def test_scoring_refuses_bad_steps(change: dict[str, Any]) -> None:
    data = copy.deepcopy(DERIVATION)
    data["steps"][1].update(change)
    assert acceptance.step_faults(data) != []


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(0, 0)])
def test_scoring_refuses_half_a_derivation(cut: slice) -> None:
    assert acceptance.step_faults({**DERIVATION, "steps": DERIVATION["steps"][cut]}) != []


@pytest.mark.parametrize(
    ("latex", "good"),
    [
        (r"\frac{a}{b}", True),
        (r"\left(a\right)", True),
        (r"a \leftarrow b \rightarrow c", True),
        (r"\{a\}", True),
        ("", False),
        (r"\frac{a}{b", False),
        (r"a}{", False),
        (r"\left(a)", False),
    ],
)
def test_scoring_of_latex(latex: str, good: bool) -> None:
    assert acceptance.latex_is_balanced(latex) is good


@pytest.mark.parametrize(
    ("text", "count"), [("2*X'*(X*w - y)", 5), ("softmax(S) - Y", 2), ("p.^2 ./ q", 2), ("X.T @ y", 2)]
)
def test_scoring_of_length(text: str, count: int) -> None:
    assert acceptance.operators(text) == count
