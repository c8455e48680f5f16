"""From a program to its derivation: what every derivation of the corpus has, and what special ones show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import acceptance
import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.derivation import WEAKEST_FIRST, Derivation, Step
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import substituted_names

CASES = {
    f"{name} {case['id']}": case
    for name, kinds in {"identities": ("gradient",), "programs": (), "upstream": ()}.items()
    for case in acceptance.load(name, *kinds)
}
every_case = pytest.mark.parametrize("case_id", CASES)


@cache
def derived(case_id: str) -> Derivation:
    return acceptance.derive(CASES[case_id], verify=False)


def derive(text: str, wrt: str | list[str], shapes: Mapping[str, str], **options: bool | str) -> Derivation:
    return dc.derive(text, wrt, shapes, **options)  # type: ignore[arg-type]


def products(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.kind == "product"]


def through_links(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.through is not None]


# ── every derivation ─────────────────────────────────────────────────────────────────────────────────


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


def test_several_occurrences_are_numbered() -> None:
    for case_id in CASES:
        counted: dict[object, list[tuple[int, int]]] = {}
        for step in through_links(derived(case_id)):
            if step.occurrence is not None:
                counted.setdefault(step.variable, []).append(step.occurrence)
        for uses in counted.values():
            last, total = uses[-1]
            assert last == total and [k for k, _ in uses] == sorted(k for k, _ in uses), case_id


# ── where dimensions mislead ─────────────────────────────────────────────────────────────────────────

QUADRATIC = {"A": "n, n", "w": "n"}


def test_a_quadratic_form_lists_both_arrangements() -> None:
    first, second = products(derive("w'*A*w", "w", QUADRATIC))
    for step, chosen, other in ((first, "A*w", "A'*w"), (second, "A'*w", "A*w")):
        assert [str(candidate.expression) for candidate in step.candidates] == [chosen, other]
        assert step.decided_by == "distinct dimensions"
        assert step.candidates[1].miss is not None and step.candidates[1].miss > 0.01
        assert step.junctions is not None and len(step.junctions.factors) == 3
    assert str(derive("w'*A*w", "w", QUADRATIC).gradient) == "(A + A')*w"


def test_a_symmetric_matrix_leaves_one_arrangement() -> None:
    derivation = derive("w'*A*w", "w", {**QUADRATIC, "A": "n, n symmetric"})
    assert {step.decided_by for step in products(derivation)} == {"dimensions"}
    assert str(derivation.gradient) == "2*A*w"


def test_an_arrangement_that_is_equal_here_says_so() -> None:
    """With Z = X'*A*X and X square, ``A*X*inv(Z)`` and ``A'*X*inv(Z)'`` are both the inverse of X'."""
    first, _ = products(derive("det(X'*A*X)", "X", {"X": "n, n", "A": "n, n"}))
    misses = {str(candidate.expression): candidate.miss for candidate in first.candidates}
    assert misses["det(Z)*A*X*inv(Z)"] == misses["det(Z)*A'*X*inv(Z)'"] == 0
    others = [miss for text, miss in misses.items() if text[7:] not in ("A*X*inv(Z)", "A'*X*inv(Z)'")]
    assert others and all(miss is not None and miss > 0.01 for miss in others)


def test_one_expression_is_listed_once() -> None:
    (step,) = products(derive("u = A*x; u'*M*u", "M", {"M": "n, n", "A": "n, n", "x": "n"}))
    assert [str(candidate.expression) for candidate in step.candidates] == ["u*u'"]


def test_a_trace_of_a_square() -> None:
    derivation = derive("tr(X^2)", "X", {"X": "n, n"})
    assert str(derivation.gradient) == "2*X'"
    for step in products(derivation):
        assert [str(candidate.expression) for candidate in step.candidates] == ["X'", "X"]
        assert step.candidates[1].miss is not None and step.candidates[1].miss > 0.01


def test_without_the_check_no_probe_is_made() -> None:
    first, _ = products(derive("w'*A*w", "w", QUADRATIC, verify=False))
    assert first.candidates[1].miss is None


# ── what may be asked for ────────────────────────────────────────────────────────────────────────────

LAYER = "Z = X*W + b; H = tanh(Z); J = sumsq(H - Y)"
LAYER_SHAPES = {"X": "m, n", "W": "n, c", "b": "1, c", "Y": "m, c", "z": "n"}


def test_an_unused_variable_gives_zeros_and_a_note() -> None:
    derivation = derive(LAYER, ["W", "z"], LAYER_SHAPES)
    shape = derivation.gradients["z"].shape
    assert str(shape) == "n×1" and ex.plain(derivation.gradients["z"]) is ex.zeros(*shape)
    assert [(note.key, dict(note.facts)) for note in derivation.notes] == [("unused variable", {"name": "z"})]
    assert derivation.verification is not None and derivation.verification.passed is True


def test_by_a_named_intermediate() -> None:
    derivation = derive(LAYER, "H", LAYER_SHAPES)
    assert str(derivation.gradient) == "2*(H - Y)"
    assert str(derivation.gradient.expanded) == "2*(tanh(X*W + b) - Y)"
    assert derivation.verification is not None and derivation.verification.passed is True


def test_by_the_objective_itself() -> None:
    assert str(derive(LAYER, "J", LAYER_SHAPES).gradient) == "1"


def test_several_variables_share_their_steps() -> None:
    together = derive(LAYER, ["W", "b", "X"], LAYER_SHAPES, verify=False)
    alone = [derive(LAYER, name, LAYER_SHAPES, verify=False) for name in "WbX"]
    shared = [step.variable for step in through_links(together)]
    assert sorted(filter(None, shared)) == ["H", "R", "W", "X", "Z", "b"]
    assert sum(len(through_links(one)) for one in alone) > len(shared)
    for one, name in zip(alone, "WbX", strict=True):
        assert together.gradients[name] is one.gradient
    names = list(together.gradients)
    assert names == ["W", "b", "X"]
    with pytest.raises(AttributeError, match="gradients"):
        _ = together.gradient


def test_a_name_asked_for_twice_counts_once() -> None:
    assert list(derive("w'*A*w", ["w", "w, A"], QUADRATIC).gradients) == ["w", "A"]


@pytest.mark.parametrize("attribute", ["symmetric", "posdef", "diagonal"])
def test_structured_variables_have_their_other_forms(attribute: str) -> None:
    shapes = {"S": f"n, n {attribute}", "B": "n, n"}
    derivation = derive("tr(B*S)", "S", shapes)
    (result,) = derivation.results
    forms = {form.name: str(form.expression) for form in result.forms}
    if attribute == "diagonal":
        assert str(derivation.gradient) == "diag(diag(B))"
        assert forms == {"unconstrained": "B'"}
    else:
        assert str(derivation.gradient) == "1/2*(B + B')" or str(derivation.gradient) == "(B + B')/2"
        assert set(forms) == {"unconstrained", "independent entries"}
        assert forms["unconstrained"] == "B'"
        assert set(forms["independent entries"].replace("- diag(diag(B))", "").split(" + ")) >= {"B"}
    (step,) = (step for step in derivation.steps if step.reason == "projection")
    assert dict(step.facts)["attribute"] == attribute
    assert derivation.verification is not None and derivation.verification.passed is True


def test_the_three_forms_of_logdet() -> None:
    (result,) = derive("logdet(S)", "S", {"S": "n, n symmetric"}).results
    assert str(result.expression) == "inv(S)"
    assert {form.name: str(form.expression) for form in result.forms} == {
        "unconstrained": "inv(S)",
        "independent entries": "2*inv(S) - diag(diag(inv(S)))",
    }


def test_a_free_variable_has_no_other_form() -> None:
    assert derive("tr(B*S)", "S", {"S": "n, n", "B": "n, n"}).results[0].forms == ()


@pytest.mark.parametrize(("name", "shape"), [("W", "c×n"), ("b", "c×1"), ("X", "n×m")])
def test_numerator_layout_is_the_transpose(name: str, shape: str) -> None:
    usual = derive(LAYER, name, LAYER_SHAPES)
    turned = derive(LAYER, name, LAYER_SHAPES, layout="numerator")
    assert turned.layout == "numerator"
    assert str(turned.gradient.shape) == shape
    assert ex.plain(turned.gradient) is ex.transpose(ex.plain(usual.gradient))
    assert turned.steps[-1].wanted == turned.gradient.shape
    assert turned.verification is not None and turned.verification.passed is True


# ── upstream ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_loss_is_not_given() -> None:
    derivation = derive("S = X*W + b", ["X", "W", "b"], LAYER_SHAPES, upstream=True)
    assert (derivation.name, derivation.loss) == ("S", "L")
    assert {name: str(found) for name, found in derivation.gradients.items()} == {
        "X": "dL_dS*W'",
        "W": "X'*dL_dS",
        "b": "ones(1,m)*dL_dS",
    }
    values = {
        name: np.random.default_rng(0).normal(size=size)
        for name, size in {"X": (3, 4), "W": (4, 2), "b": (1, 2), "dL_dS": (3, 2)}.items()
    }
    found = dc.evaluate(derivation.gradients["W"], values)
    assert np.allclose(found, values["X"].T @ values["dL_dS"])
    assert derivation.verification is not None and derivation.verification.passed is True


def test_the_loss_takes_a_free_name() -> None:
    shapes = {"L": "m, n", "E": "n, c"}
    derivation = derive("S = L*E", "E", shapes, upstream=True)
    assert derivation.loss == "J" and str(derivation.gradient) == "L'*dJ_dS"
    assert derive("X*W", "W", LAYER_SHAPES, upstream=True).name == "F"


def test_the_broadcast_bias_says_why() -> None:
    derivation = derive("S = X*W + b", "b", LAYER_SHAPES, upstream=True)
    (step,) = through_links(derivation)
    assert (step.kind, step.reason) == ("broadcast", "copied to every row")
    assert str(step.equation.right) == "ones(1,m)*dL_dS"


# ── named parts ──────────────────────────────────────────────────────────────────────────────────────


def test_shared_weights_add_their_contributions_in_one_step() -> None:
    text = "h = tanh(W*x); g = tanh(W*h); sum(g)"
    derivation = derive(text, "W", {"W": "n, n", "x": "n"})
    (collect,) = (step for step in derivation.steps if step.kind == "collect")
    assert collect.variable == "W" and len(collect.terms) == 2
    assert derivation.verification is not None and derivation.verification.passed is True


def test_a_residual_connection_adds_at_the_part() -> None:
    text = "h = A*x; g = h + exp(h); sumsq(g)"
    derivation = derive(text, "x", {"A": "n, n", "x": "n"})
    collects = [step.variable for step in derivation.steps if step.kind == "collect"]
    assert collects == ["h"]


def test_results_in_program_names_evaluate_directly() -> None:
    derivation = derive(LAYER, "W", LAYER_SHAPES)
    draw = np.random.default_rng(1)
    values = {n: draw.normal(size=s) for n, s in {"X": (3, 4), "W": (4, 2), "b": (1, 2), "Y": (3, 2)}.items()}
    H = np.tanh(values["X"] @ values["W"] + values["b"])
    expected = values["X"].T @ (2 * (H - values["Y"]) * (1 - H**2))
    assert np.allclose(dc.evaluate(derivation.gradient, values), expected)
    assert np.allclose(dc.evaluate(derivation.gradient.expanded, values), expected)
    inner = {leaf.name for leaf in derivation.gradient.expanded.symbols}  # type: ignore[attr-defined]
    assert inner <= set(LAYER_SHAPES)
    assert substituted_names(derivation.results[0].expression) is derivation.results[0].expression.expanded


def test_what_is_printed_does_not_depend_on_what_was_derived_before() -> None:
    texts = [("w'*A*w", "w", QUADRATIC), (LAYER, "W", LAYER_SHAPES), ("logdet(A)", "A", QUADRATIC)]
    before = [derive(*one).render() for one in texts]
    for case_id in list(CASES)[:20]:
        derived(case_id)
    assert [derive(*one).render() for one in reversed(texts)] == before[::-1]
