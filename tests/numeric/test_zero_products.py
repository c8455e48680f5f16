"""At the kink of a norm a formula has the value of the usual subgradient; an infinity stays one elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

import dimcompat as dc

PAIRS = [
    "sum(i, sum(j, (norm(X[i,:] - X[j,:]) - D[i,j])^2))",
    "sum(i, sum(j, norm(X[i,:] - X[j,:])))",
    "sum(i, sum(j, D[i,j]*exp(-norm(X[i,:] - X[j,:]))))",
    "sum(i, sum(j, 1/(1 + norm(X[i,:] - X[j,:]))))",
    "sum(sqrt(relu(X)))",
]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("text", PAIRS)
def test_a_sum_over_all_pairs_is_checked_and_finite(text: str, seed: int) -> None:
    shapes = {"X": "m, n"} | ({"D": "m, m"} if "D" in text else {})
    derivation = dc.derive(text, "X", shapes, seed=seed)
    assert derivation.verification is not None and derivation.verification.passed
    rng = np.random.default_rng(seed)
    values = {"X": rng.standard_normal((4, 2)), "D": rng.uniform(1, 2, (4, 4))}
    used = {name: values[name] for name in shapes}
    assert np.isfinite(dc.evaluate(derivation.gradient, used)).all()


def test_a_norm_at_zero() -> None:
    gradient = dc.derive("norm(x)", "x", {"x": "n"}).gradient
    assert not dc.evaluate(gradient, {"x": np.zeros(3)}).any()
    shapes = {"A": "m, n", "x": "n"}
    chained = dc.derive("norm(A*x)", "x", shapes).gradient
    assert not dc.evaluate(chained, {"A": np.ones((2, 3)), "x": np.zeros(3)}).any()


def test_an_infinity_that_meets_no_zero_stays() -> None:
    one_over = dc.parse("1/norm(x)", {"x": "n"}).objective
    assert np.isinf(dc.evaluate(one_over, {"x": np.zeros(3)})).all()
    shapes = {"x": "n", "a": "n", "A": "m, n"}
    beside = dc.parse("a/norm(x)", shapes).objective
    found = dc.evaluate(beside, {"x": np.zeros(2), "a": np.array([0.0, -2.0])})
    assert found[0, 0] == 0 and found[1, 0] == -np.inf
    through = dc.parse("A*(a./sqrt(x))", shapes).objective
    at = {"A": np.array([[1.0, 2.0], [0.0, 3.0], [-1.0, 0.0]]), "a": np.ones(2), "x": np.array([0.0, 1.0])}
    assert dc.evaluate(through, at).reshape(-1).tolist() == [np.inf, 3.0, -np.inf]


def test_a_missing_value_stays_missing() -> None:
    shapes = {"x": "n", "a": "n"}
    formula = dc.parse("a./sqrt(x)", shapes).objective
    assert np.isnan(dc.evaluate(formula, {"x": np.array([-1.0, 0.0]), "a": np.zeros(2)})[0, 0])


@pytest.mark.parametrize(("text", "order"), [("D.^s", 1), ("sum(D.^s)", 1), ("sum(D.^s)", 2)])
def test_a_power_of_zero_by_its_exponent(text: str, order: int) -> None:
    """Beside the diagonal ``D.^s`` is zero for every positive ``s``."""
    derivation = dc.derive(text, "s", {"D": "n, n diagonal", "s": "scalar positive"}, order=order)
    assert derivation.verification is not None and derivation.verification.passed
    value = dc.evaluate(derivation.results[0].expression, {"D": np.diag([2.0, 3.0]), "s": 1.5})
    assert np.isfinite(value).all()
