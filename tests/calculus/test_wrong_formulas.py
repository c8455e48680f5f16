"""The numeric check is fed formulas that are wrong on purpose, made from every gradient of the corpus.

Wrong means that the value differs at the corpus' own points, as computed there; such a formula must be
refused, and the right one accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache

import acceptance
import numpy as np
import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.derivation import Verification
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import substituted, substituted_names
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.labels import ONEHOT
from dimcompat.numeric.verification import verify
from dimcompat.shapes import SCALAR

CASES = {case["id"]: case for case in acceptance.load("identities", "gradient")}
DIFFERENT = 1e-4


@cache
def right(case_id: str) -> tuple[dc.Program, Expr]:
    """The program of a case and the formula that is right for it, in declared names alone."""
    case = CASES[case_id]
    program = dc.parse(case["text"], case.get("shapes"))
    derivation = dc.derive(case["text"], case["wrt"], case.get("shapes"), verify=False)
    return program, substituted_names(derivation.results[0].expression)


def checked(case_id: str, formula: Expr, seed: int = 0) -> Verification:
    program, _ = right(case_id)
    return verify(program.operation, program.symbols, {CASES[case_id]["wrt"]: formula}, seed=seed)


@cache
def values_at(case_id: str, formula: Expr) -> list[np.ndarray]:
    """The formula at the points of the corpus."""
    program, _ = right(case_id)
    first_entry = {name: np.array([[0]]) for name in ("row", "column")}
    return [
        dc.evaluate(formula, first_entry | values, dims=sizes(program, values))
        for values, _ in acceptance.points(CASES[case_id])
    ]


def sizes(program: dc.Program, values: dict[str, np.ndarray]) -> dict[str, int]:
    """The sizes of the dimension symbols that the values show."""
    return {
        str(dim): size
        for name, symbol in program.symbols.items()
        for dim, size in zip(symbol.shape, np.atleast_2d(values[name]).shape, strict=True)
        if dim.symbols == {str(dim)}
    }


def differs(case_id: str, formula: Expr) -> bool:
    """Whether a formula has another shape than the right one, or another value at a point of the corpus."""
    true = values_at(case_id, right(case_id)[1])
    return any(
        found.shape != expected.shape
        or not np.allclose(found, expected, rtol=DIFFERENT, atol=DIFFERENT * np.abs(expected).max())
        for found, expected in zip(values_at(case_id, formula), true, strict=True)
    )


# ── ways to be wrong ─────────────────────────────────────────────────────────────────────────────────


def transposed(formula: Expr) -> Iterator[Expr]:
    """The whole turned, and one square factor turned."""
    if formula.shape != SCALAR:
        yield ex.transpose(formula)
    for node in distinct_nodes(formula):
        if node.shape.is_square and node.shape != SCALAR and ex.transpose(node) is not node:
            yield substituted(formula, {node: ex.transpose(node)})


def scaled(formula: Expr) -> Iterator[Expr]:
    for factor in (2, Fraction(1, 2), Fraction(101, 100)):
        yield ex.scale(factor, formula)


def turned_around(formula: Expr) -> Iterator[Expr]:
    yield ex.scale(-1, formula)


def without_a_term(formula: Expr) -> Iterator[Expr]:
    """One term of a sum left out, wherever a sum stands, and one term's sign turned."""
    for node in distinct_nodes(formula):
        if isinstance(node, ex.Sum):
            for place in range(len(node.terms)):
                rest = [(b, c) for i, (b, c) in enumerate(node.terms) if i != place]
                body, factor = node.terms[place]
                yield substituted(formula, {node: ex.combine(node.shape, rest)})
                yield substituted(formula, {node: ex.combine(node.shape, [*rest, (body, -factor)])})


def with_one_entry_changed(formula: Expr) -> Iterator[Expr]:
    """0.05 added to one entry, wherever it is."""
    rows, cols = formula.shape
    row = ex.Symbol.make("row", SCALAR, frozenset(), rows)
    column = ex.Symbol.make("column", SCALAR, frozenset(), cols)
    first, second = ex.call(ONEHOT, (row,), None, (rows,)), ex.call(ONEHOT, (column,), None, (cols,))
    yield ex.add(formula, ex.scale(Fraction(1, 20), ex.multiply(ex.transpose(first), second)))


WAYS = (transposed, scaled, turned_around, without_a_term, with_one_entry_changed)


@pytest.mark.parametrize("way", WAYS, ids=[way.__name__.replace("_", " ") for way in WAYS])
def test_what_is_wrong_is_refused(way: Callable[[Expr], Iterator[Expr]]) -> None:
    missed: list[str] = []
    refused = 0
    for case_id in CASES:
        for formula in way(right(case_id)[1]):
            if differs(case_id, formula):
                found = checked(case_id, formula)
                refused += found.passed is False
                if found.passed is not False:
                    missed.append(f"{case_id}: {CASES[case_id]['text']}: {formula}: {found}")
    assert not missed, "\n".join(missed)
    assert refused >= 100


def test_what_is_right_is_accepted() -> None:
    for case_id in CASES:
        for seed in (0, 1):
            found = checked(case_id, right(case_id)[1], seed)
            assert found.passed is True, f"{case_id}: {found}"


def test_a_wrong_shape_is_refused_without_a_point() -> None:
    for case_id in CASES:
        _, formula = right(case_id)
        if not formula.shape.is_square:
            found = checked(case_id, ex.transpose(formula))
            assert (found.passed, found.points) == (False, 0)
