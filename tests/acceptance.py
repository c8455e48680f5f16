"""Scores one case of the corpora: is the derivative right, and is its form what the contract asks?

The format of a case is described in corpus/README.md and corpus/README-programs.md. The expected
derivatives were computed outside the project and stand in the case as points. Everything here takes plain
data or a finished derivation, so that other tests can score with it too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import dimcompat as dc

CORPUS = Path(__file__).parent / "corpus"
TOLERANCE = 1e-6
# fmt: off
STEP_KINDS = frozenset({
    "problem", "name", "product", "scaling", "entrywise", "sum", "reduction", "broadcast", "rule", "samples",
    "collect", "simplify", "result",
})
# fmt: on
DECIDED_BY = ("rule", "distinct dimensions", "dimensions")  # weakest first

Case = dict[str, Any]

_DEFINITION = re.compile(r"^\s*[^\W\d]\w*\s*(\(\s*\w+\s*\))?\s*=")
_CALL = re.compile(r"[^\W\d]\w*(?=\()")
_OPERATOR = re.compile(r"\.\*|\./|\.\^|\*\*|\.T\b|['ᵀ+\-*/@^⊙⊘·]")
_FOUND_ON_THE_WAY = re.compile(r"\bd[^\W\d]\w*_d[^\W\d]\w*")


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────


def load(name: str, *kinds: str) -> list[Case]:
    """The cases of corpus/NAME.jsonl, of these kinds only if any are given."""
    lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    return [case for case in cases if not kinds or case["kind"] in kinds]


def is_expression(case: Case) -> bool:
    """One expression: no second statement, nothing defined."""
    text = case["text"]
    return not ("\n" in text or ";" in text or _DEFINITION.match(text))


def wanted(case: Case) -> list[str]:
    """The names to differentiate by, as a list."""
    return [case["wrt"]] if isinstance(case["wrt"], str) else list(case["wrt"])


def derive(case: Case, **options: Any) -> Any:
    """The derivation that the case asks for."""
    by_kind = {"hessian": {"order": 2}, "upstream": {"upstream": True}, "infer": {"infer": True}}
    options = by_kind.get(case["kind"], {}) | options
    for key in ("notation", "objective"):
        if case.get(key):
            options.setdefault(key, case[key])
    return dc.derive(case["text"], wrt=case["wrt"], shapes=case.get("shapes") or None, **options)


def results(derivation: Any, case: Case) -> dict[str, Any]:
    """Name → the derivative by it."""
    names = wanted(case)
    return {names[0]: derivation.gradient} if len(names) == 1 else {n: derivation.gradients[n] for n in names}


# ── is it right ──────────────────────────────────────────────────────────────────────────────────────


def error(actual: Any, expected: Any) -> float:
    """The largest error, relative to the largest expected entry; infinite where the shapes differ.

    One of the two may be a flat list: a vector's orientation is judged only where both have one.
    """
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
    flat = actual.ndim < 2 or expected.ndim < 2
    if actual.shape != expected.shape:
        vectors = all(array.ndim < 2 or 1 in array.shape for array in (actual, expected))
        if not (flat and vectors and actual.size == expected.size):
            return float("inf")
        actual = actual.reshape(expected.shape)
    if not np.isfinite(actual).all():
        return float("inf")
    if actual.size == 0:
        return 0.0
    return float(np.abs(actual - expected).max() / max(1e-9, np.abs(expected).max()))


def points(case: Case) -> Iterator[tuple[dict[str, np.ndarray], dict[str, Any]]]:
    """Input values and name → the derivative expected there, for each stored point."""
    for point in case["points"]:
        truth = point["derivative"]
        expected = truth if isinstance(truth, dict) else {wanted(case)[0]: truth}
        yield {name: np.asarray(value) for name, value in point["values"].items()}, expected


def worst_error(formulas: Mapping[str, Any], case: Case) -> float:
    """The largest error of the formulas over the case's points."""
    return max(
        error(dc.evaluate(formula, values), expected[name])
        for values, expected in points(case)
        for name, formula in formulas.items()
    )


def parse_back_error(formula: Any, case: Case) -> float:
    """The error at the case's first point of the formula printed, read again and evaluated."""
    text = str(getattr(formula, "expanded", formula))
    values, expected = next(points(case))
    again = dc.parse(text, shapes=case["shapes"]).objective
    return error(dc.evaluate(again, values), expected[wanted(case)[0]])


# ── is its form what the contract asks ───────────────────────────────────────────────────────────────


def step_faults(data: Mapping[str, Any]) -> list[str]:
    """What the derivation, in the contract's JSON form, lacks or contradicts."""
    steps = data.get("steps", [])
    faults = []
    kinds = [step.get("kind") for step in steps]
    if kinds[:1] != ["problem"] or kinds[-1:] != ["result"]:
        faults.append("the steps do not run from the problem to the result")
    for number, step in enumerate(steps, 1):
        found = [*_text_faults(step), *(_product_faults(step) if step.get("kind") == "product" else ())]
        faults += [f"step {number} ({step.get('kind')}): {fault}" for fault in found]
    for result in data.get("results", []):
        if result.get("decided_by") not in DECIDED_BY:
            faults.append(f"the result is decided by {result.get('decided_by')!r}")
    products = [step for step in steps if step.get("kind") == "product"]
    if products and data.get("results"):
        weakest = min((s.get("decided_by") for s in products), key=_weakness)
        claimed = min((r.get("decided_by") for r in data["results"]), key=_weakness)
        if _weakness(claimed) > _weakness(weakest):
            faults.append(f"the result is decided by {claimed!r}, a step by {weakest!r}")
    return faults


def _text_faults(step: Mapping[str, Any]) -> Iterator[str]:
    if step.get("kind") not in STEP_KINDS:
        yield "the contract has no such kind"
    for key in ("title", "text", "latex"):
        if not str(step.get(key, "")).strip():
            yield f"no {key}"


def _product_faults(step: Mapping[str, Any]) -> Iterator[str]:
    factors: Sequence[Mapping[str, Any]] = step.get("factors") or ()
    candidates: Sequence[str] = step.get("candidates") or ()
    if not factors or not all(f.get("text") and len(f.get("shape", ())) == 2 for f in factors):
        yield "not every factor has a text and a shape"
    if len(step.get("wanted") or ()) != 2:
        yield "no wanted shape"
    for key in ("scalar", "arranged"):
        if not step.get(key):
            yield f"no {key}"
    if not candidates or candidates[0] != step.get("arranged"):
        yield "the candidates do not begin with the chosen one"
    if len(candidates) > 12:
        yield f"{len(candidates)} candidates"
    if len(set(candidates)) != len(candidates):
        yield "a candidate is listed twice"
    decided = step.get("decided_by")
    if decided not in DECIDED_BY:
        yield f"decided by {decided!r}"
    if decided == "dimensions" and len(candidates) != 1:
        yield f"dimensions are said to decide among {len(candidates)}"


def _weakness(decided_by: Any) -> int:
    return DECIDED_BY.index(decided_by) if decided_by in DECIDED_BY else len(DECIDED_BY)


def latex_is_balanced(latex: str) -> bool:
    """Not empty, braces paired, and as many \\left as \\right."""
    depth = 0
    for token in re.findall(r"\\.|[{}]", latex, flags=re.DOTALL):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return False
    left, right = (len(re.findall(rf"\\{side}(?![a-zA-Z])", latex)) for side in ("left", "right"))
    return bool(latex.strip()) and depth == 0 and left == right


def operators(text: str) -> int:
    """Operators and calls in a formula of the plain notation."""
    text = re.sub(r"\s+", "", text)
    return len(_CALL.findall(text)) + len(_OPERATOR.findall(text))


def textbook_excess(formula: Any, case: Case) -> int | None:
    """Operators that the printed formula has beyond the source's; None where they cannot be compared."""
    text, textbook = str(formula), case.get("textbook")
    if not textbook or (_FOUND_ON_THE_WAY.search(text) and not _FOUND_ON_THE_WAY.search(textbook)):
        return None
    return operators(text) - operators(textbook)
