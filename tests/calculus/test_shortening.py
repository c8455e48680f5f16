"""A result that is too long for its reader is given in named parts, and means what it meant."""

from __future__ import annotations

import numpy as np
import pytest

import dimcompat as dc
from dimcompat.calculus.cost import cost
from dimcompat.calculus.shortening import LONGEST_WRITTEN_OUT, in_named_parts

LONG = {
    "norm of a network": ("norm2(tanh(A*sigmoid(B*y)))", "y", {"A": "m, n", "B": "n, p", "y": "p"}, 2),
    "constant": ("-logsumexp(logsoftmax(outer(y,y), axis=1))", "y", {"y": "n"}, 2),
    "two blocks": (
        "norm2(tanh(A*sigmoid(B*y + b)))",
        "y,b",
        {"A": "m, n", "B": "n, p", "y": "p", "b": "n"},
        2,
    ),
    "symmetric": ("norm2(tanh(S*sigmoid(S*y)))", "y", {"S": "n, n, symmetric", "y": "n"}, 2),
}


@pytest.fixture(scope="module", params=LONG)
def derived(request: pytest.FixtureRequest) -> dc.Derivation:
    source, wrt, shapes, order = LONG[request.param]
    return dc.derive(source, wrt, shapes, order=order)


def names_given(derivation: dc.Derivation) -> dict[str, object]:
    return {
        equation.left: equation.right
        for step in derivation.steps
        for equation in step.names
        if isinstance(equation.left, str)
    }


def test_every_result_is_short(derived: dc.Derivation) -> None:
    assert all(cost(result.expression) <= LONGEST_WRITTEN_OUT for result in derived.results)


def test_every_name_in_a_result_is_given_by_a_step(derived: dc.Derivation) -> None:
    declared = {given.name for given in derived.declarations}
    given = names_given(derived)
    for result in derived.results:
        used = {leaf.name for leaf in result.expression.symbols}  # type: ignore[attr-defined]
        assert used <= declared | set(given)
        assert used & set(given)


def test_names_are_given_before_they_are_used(derived: dc.Derivation) -> None:
    step = next(step for step in derived.steps if step.reason == "shorten")
    seen: set[str] = set()
    own = [str(equation.left) for equation in step.names]
    for equation in step.names:
        used = {leaf.name for leaf in equation.right.symbols}  # type: ignore[attr-defined]
        assert used & set(own) <= seen
        seen.add(str(equation.left))


def test_the_parts_put_back_are_the_result(derived: dc.Derivation) -> None:
    declared = {given.name for given in derived.declarations}
    rng = np.random.default_rng(0)
    sizes = {"m": 3, "n": 4, "p": 2}
    values = {}
    for given in derived.declarations:
        value = rng.standard_normal([sizes.get(str(dim), 1) for dim in given.shape])
        values[given.name] = value + value.T if "symmetric" in given.attributes else value
    for pair, result in derived.hessians.items():
        assert {leaf.name for leaf in result.expanded.symbols} <= declared, pair  # type: ignore[attr-defined]
        found = dc.evaluate(result, values, dims=sizes)
        assert np.allclose(found, dc.evaluate(result.expanded, values, dims=sizes), atol=1e-10)


@pytest.mark.parametrize("format", ["text", "latex", "markdown", "html", "json"])
def test_every_format_tells_it(derived: dc.Derivation, format: str) -> None:
    assert derived.render(format)
    assert derived.render(format, lang="zh")


def test_a_short_result_is_left_alone() -> None:
    derivation = dc.derive("sumsq(X*w - y)", "w", {"X": "m, n", "w": "n", "y": "m"}, order=2)
    assert in_named_parts(derivation) is derivation


def test_what_an_earlier_step_named_keeps_its_name() -> None:
    source, wrt, shapes, order = LONG["norm of a network"]
    derivation = dc.derive(source, wrt, shapes, order=order, verify=False)
    step = next(step for step in derivation.steps if step.reason == "shorten")
    earlier = [
        equation
        for other in derivation.steps[: derivation.steps.index(step)]
        for equation in other.names
        if isinstance(equation.left, str)
    ]
    meant = {equation.left: str(equation.right.expanded) for equation in earlier}
    again = {str(n.left): str(n.right) for n in step.names if n.left in meant}
    assert again
    whole = "sigmoid(B*y)"
    first = next(name for name, formula in meant.items() if formula == whole)
    assert again[first] == whole
