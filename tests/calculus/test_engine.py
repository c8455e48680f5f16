"""From a program to its derivation: what is shown where dimensions mislead, and what may be asked for."""

from __future__ import annotations

from collections.abc import Mapping

import acceptance
import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Step
from dimcompat.expressions.rebuild import substituted_names


def derive(text: str, wrt: str | list[str], shapes: Mapping[str, str], **options: bool | str) -> Derivation:
    return dc.derive(text, wrt, shapes, **options)  # type: ignore[arg-type]


def products(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.kind == "product"]


def through_links(derivation: Derivation) -> list[Step]:
    return [step for step in derivation.steps if step.through is not None]


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


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("x'*(A*x)*(b'*x)", {"x": "n", "A": "n, n", "b": "n"}),  # names s and t are given to parts
        ("s*x'*A*x", {"x": "n", "A": "n, n", "s": "scalar"}),
        ("p = A*x; x'*B*p", {"x": "n", "A": "n, n", "B": "n, n"}),
        ("x'*A*x + sum(y)", {"x": "n", "A": "n, n", "y": "s"}),
    ],
)
def test_a_dimension_made_up_for_a_junction_has_no_other_meaning(text: str, shapes: dict[str, str]) -> None:
    derivation = derive(text, "x", shapes, verify=False)
    meant = {
        derivation.name,
        *shapes,
        *(n for shape in shapes.values() for n in shape.replace(",", " ").split()),
    }
    meant |= {
        equation.left
        for step in derivation.steps
        for equation in step.names
        if isinstance(equation.left, str)
    }
    meant |= set(dc.parse(text, shapes).parts)
    for step in products(derivation):
        if step.junctions is not None:
            made_up = {str(dim) for _, shape in step.junctions.factors for dim in shape} - {"1"}
            assert not made_up & meant


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
    for case in acceptance.load("identities", "gradient")[:20]:
        acceptance.derive(case, verify=False)
    assert [derive(*one).render() for one in reversed(texts)] == before[::-1]


@pytest.mark.parametrize("text", ["x'*A*z", "tr(A*A)", "tr(A*B)", "sumsq(A*x)", "logdet(A)"])
def test_numerator_layout_by_a_square_matrix(text: str) -> None:
    shapes = {"A": "n, n", "B": "n, n", "x": "n", "z": "n"}
    usual, turned = derive(text, "A", shapes), derive(text, "A", shapes, layout="numerator")
    assert ex.plain(turned.gradient) is ex.transpose(ex.plain(usual.gradient))
    assert turned.verification is not None and turned.verification.passed is True


def test_a_long_polynomial_stays_a_sum() -> None:
    text = " + ".join(f"s^{power}" for power in range(2, 300))
    derivation = derive(text, "s", {"s": "scalar"})
    assert "(" not in str(derivation.gradient)
    assert derivation.verification is not None and derivation.verification.passed is not False
