"""What every derivation has, over all gradients, programs and upstream cases of the corpus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import acceptance
import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.derivation import WEAKEST_FIRST, Derivation, Step
from dimcompat.expressions import Expr

CASES = {
    f"{name} {case['id']}": case
    for name, kinds in {"identities": ("gradient",), "programs": (), "upstream": ()}.items()
    for case in acceptance.load(name, *kinds)
}
every_case = pytest.mark.parametrize("case_id", CASES)


@cache
def derived(case_id: str) -> Derivation:
    return acceptance.derive(CASES[case_id], verify=False)


def products(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.kind == "product"]


def through_links(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.through is not None]


@every_case
def test_no_product_is_decided_by_a_rule(case_id: str) -> None:
    assert [step for step in products(derived(case_id)) if step.decided_by == "rule"] == []


@every_case
def test_steps_run_from_the_problem_to_the_results(case_id: str) -> None:
    derivation = derived(case_id)
    kinds = [step.kind for step in derivation.steps]
    assert kinds[0] == "problem" and kinds.count("problem") == 1
    assert kinds[-1] == "result" and kinds.count("result") == len(derivation.results)
    assert derivation.steps[0].equation.right is derivation.objective
    last = {step.variable: step for step in derivation.steps if step.kind == "result"}
    for result in derivation.results:
        assert isinstance(result.variable, str)
        assert last[result.variable].equation.right is result.expression
        assert last[result.variable].equation.left == (derivation.loss, result.variable)


@every_case
def test_consecutive_steps_meet(case_id: str) -> None:
    """The derivative that a step is given is one that a step before it found, or the problem gives."""
    derivation = derived(case_id)
    found: dict[object, list[Expr]] = {}
    given = derivation.steps[0].upstream
    if given is not None:
        found[given.left] = [given.right]
    for step in derivation.steps[1:]:
        if step.upstream is not None:
            assert opened(step.upstream.right) in found.get(step.upstream.left, []), step
        if isinstance(step.equation.left, tuple):
            found.setdefault(step.equation.left, []).append(opened(step.equation.right))


def opened(value: Expr) -> Expr:
    """A derivative that is used by its name, as it was found."""
    return value.definition if isinstance(value, ex.Named) and value.quotient is not None else value


@every_case
def test_every_name_is_defined_before_it_is_used(case_id: str) -> None:
    derivation = derived(case_id)
    program = dc.parse(CASES[case_id]["text"], CASES[case_id].get("shapes"))
    known = {declared.name for declared in derivation.declarations} | {derivation.name}
    known |= program.function_names  # and the t of f(t) = …
    parts = set(program.parts)
    given = derivation.steps[0].upstream
    known |= {name.name for name in _leaves([given.right] if given else [])}
    for step in derivation.steps:
        for equation in step.names:
            assert {leaf.name for leaf in _leaves([equation.right])} <= known | parts, step
            if isinstance(equation.left, str):
                known.add(equation.left)
        if step.kind not in ("problem", "name"):
            spoken = {leaf.name for leaf in _leaves([step.equation.right, *step.scalar, *step.factors])}
            assert spoken <= known | parts, f"{step.kind} {step.variable}: {spoken - known - parts}"
        if step.defines is not None:
            known.add(step.defines)


def _leaves(expressions: list[Expr]) -> Iterator[ex.Symbol | ex.Named]:
    for expression in expressions:
        yield from (leaf for leaf in expression.symbols if isinstance(leaf, ex.Symbol | ex.Named))


@every_case
def test_decided_by_is_that_of_the_weakest_link(case_id: str) -> None:
    derivation = derived(case_id)
    if len(derivation.results) == 1:
        decisions = [step.decided_by for step in through_links(derivation) if step.decided_by]
        weakest = min([*decisions, "dimensions"], key=WEAKEST_FIRST.index)  # type: ignore[arg-type]
        assert derivation.results[0].decided_by == weakest
        counts = [len(step.candidates) for step in products(derivation)]
        assert derivation.results[0].candidates == max([*counts, 1])


@every_case
def test_products_show_how_they_were_decided(case_id: str) -> None:
    for step in products(derived(case_id)):
        listed = [candidate.expression for candidate in step.candidates]
        assert listed[0] is step.arranged and step.candidates[0].miss == 0
        assert len(set(listed)) == len(listed) <= 12
        assert all(one.shape == step.wanted for one in listed)
        assert (step.decided_by == "dimensions") is (len(listed) == 1)
        assert (step.junctions is not None) is (len(listed) > 1)
        assert step.walk and step.walk[0].start is step.wanted.rows and step.walk[-1].end is step.wanted.cols
        assert all(a.end is b.start for a, b in zip(step.walk, step.walk[1:], strict=False))
        if step.junctions is not None:
            assert step.junctions.wanted.rows is not step.junctions.wanted.cols or step.wanted.is_scalar


@every_case
def test_a_sum_of_contributions_is_the_sum_of_those_found(case_id: str) -> None:
    derivation = derived(case_id)
    found: dict[object, list[Expr]] = {}
    for step in derivation.steps:
        if step.kind == "collect":
            given = found[step.equation.left]
            assert len(step.terms) > 1
            assert all(term in given for term in step.terms), step
        elif isinstance(step.equation.left, tuple):
            found.setdefault(step.equation.left, []).append(step.equation.right)


@every_case
def test_as_if_everything_were_a_number(case_id: str) -> None:
    """Where every dimension is 1, what a step says "as if scalar" is the derivative that it finds."""
    derivation = derived(case_id)
    program = dc.parse(CASES[case_id]["text"], CASES[case_id].get("shapes"))
    if program.functions:
        return
    dims = [dim for s in program.symbols.values() for dim in (*s.shape, s.labels) if dim is not None]
    sizes = {name: 1 for dim in dims for name in dim.symbols}
    draw = np.random.default_rng(0)
    values = {
        name: np.zeros((1, 1), int)
        if symbol.labels is not None
        else draw.uniform(0.3, 0.9, (symbol.shape.rows.size(sizes), symbol.shape.cols.size(sizes)))
        for name, symbol in program.symbols.items()
    }
    values[f"d{derivation.loss}_d{derivation.name}"] = np.array([[0.7]])
    for step in through_links(derivation):
        if (
            not step.scalar
            or step.kind in ("rule", "samples")
            or any(isinstance(s, ex.Index) for s in step.equation.right.symbols)
        ):
            continue
        found = dc.evaluate(step.equation.right, values, dims=sizes)
        said = np.prod([dc.evaluate(factor, values, dims=sizes).item() for factor in step.scalar])
        assert found.item() == pytest.approx(said, rel=1e-6), f"{step.variable}: {step.equation.right}"


def test_several_occurrences_are_numbered() -> None:
    for case_id in CASES:
        counted: dict[object, list[tuple[int, int]]] = {}
        for step in through_links(derived(case_id)):
            if step.occurrence is not None:
                counted.setdefault(step.variable, []).append(step.occurrence)
        for uses in counted.values():
            last, total = uses[-1]
            assert last == total and [k for k, _ in uses] == sorted(k for k, _ in uses), case_id


RENDER_ALL = """
import json, sys
import dimcompat as dc
for text, wrt, shapes in json.load(sys.stdin):
    text = dc.derive(text, wrt, shapes, verify=False).render(width=100)
    print(json.dumps(text))
"""


def rendered(cases: list[acceptance.Case], hash_seed: str) -> list[bytes]:
    """The derivations of the cases in a process of their own, sorted."""
    done = subprocess.run(
        [sys.executable, "-c", RENDER_ALL],
        input=json.dumps([(case["text"], case["wrt"], case.get("shapes")) for case in cases]).encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return sorted(done.stdout.splitlines())


def test_derivations_depend_on_nothing_but_their_source() -> None:
    cases = [case for case in CASES.values() if case["kind"] == "program" and "deep" not in case["id"]]
    cases += [case for case in CASES.values() if case["kind"] == "gradient"][::4]
    assert rendered(cases, "1") == rendered(cases[::-1], "2")
