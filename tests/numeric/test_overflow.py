"""Results that leave the floating-point numbers where the objective does not: no verdict there."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.derivation import Verification
from dimcompat.numeric.verification import verify


def verified(objective: str, name: str, formula: str, seed: int = 0) -> Verification:
    shapes = {"x": "n", "s": "scalar"}
    program = dc.parse(objective, shapes)
    result = ex.plain(dc.parse(formula, shapes).objective)
    return verify(program.operation, program.symbols, {name: result}, seed=seed)


RIGHT_WHERE_FINITE = "2*x.*exp(softplus(900*x))./(1 + exp(900*x))"


@pytest.mark.parametrize("seed", range(4))
def test_other_points_are_tried(seed: int) -> None:
    assert verified("sumsq(x)", "x", RIGHT_WHERE_FINITE, seed).passed
    assert verified("sumsq(x)", "x", "2*" + RIGHT_WHERE_FINITE, seed).passed is False


@pytest.mark.parametrize("formula", ["2*x + exp(900 + x.^2)", "2*x./(exp(-900 - x.^2))"])
def test_what_is_finite_nowhere_is_not_checked(formula: str) -> None:
    assert verified("sumsq(x)", "x", formula) == Verification(None, None, 0, why="overflow")


def test_a_side_of_a_kink_without_a_value_is_not_passed_over() -> None:
    assert verified("s^2", "s", "2*s/step(s)") == Verification(None, None, 0, why="overflow")
    assert verified("s^2", "s", "3*s/step(s)").passed is False


def test_no_value_where_none_is_too_large_is_wrong() -> None:
    assert verified("sumsq(x)", "x", "2*x.*exp(log1p(sqrt(x)))./(1 + sqrt(x))").passed is False
