"""Derivatives in the names of the program: what textbooks print of values that are divided by something."""

from __future__ import annotations

import pytest

import dimcompat as dc
from dimcompat.derivation import Derivation

SHAPES = {"x": "n", "t": "n", "W": "k, n", "y": "k", "X": "m, n", "eps": "scalar", "s": "scalar"}

UNIT = "u = x/norm(x)"
LAYER = "c = x - mean(x); s_ = sqrt(mean(c.^2) + eps); v = c/s_"
BATCH = "M = mean(X, axis=0); C = X - M; V = mean(C.^2, axis=0); Z = C./sqrt(V + eps)"


def derive(text: str, wrt: str, *, upstream: bool = False) -> Derivation:
    return dc.derive(text, wrt, SHAPES, upstream=upstream)


@pytest.mark.parametrize(
    ("text", "wrt", "printed"),
    [
        (UNIT, "x", "(dL_du - (dL_du'*u)*u)/norm2(x)"),
        ("u = x/sqrt(x'*x)", "x", "(dL_du - (dL_du'*u)*u)/norm2(x)"),
        ("G = X/norm(X)", "X", "(dL_dG - dot(G, dL_dG)*G)/norm2(X)"),
        (LAYER, "x", "(dL_dv - mean(dL_dv) - (dL_dv'*v)*v/n)/s_"),
        (
            "M = mean(X, axis=0); sd = sqrt(mean((X - M).^2, axis=0) + eps); Z = (X - M)./sd",
            "X",
            "(dL_dZ - Z.*mean(Z.*dL_dZ, axis=0) - mean(dL_dZ, axis=0))./sd",
        ),
        (BATCH, "X", "(dL_dZ - Z.*mean(Z.*dL_dZ, axis=0) - mean(dL_dZ, axis=0))./sqrt(V + eps)"),
    ],
)
def test_what_is_given_is_used(text: str, wrt: str, printed: str) -> None:
    derivation = derive(text, wrt, upstream=True)
    assert str(derivation.gradient) == printed
    assert derivation.verification is not None and derivation.verification.passed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (f"{UNIT}; L = t'*u", "(t - L*u)/norm2(x)"),
        (f"{LAYER}; L = t'*v + s", "(t - mean(t) - (t'*v)*v/n)/s_"),
    ],
)
def test_a_part_on_the_way_is_used_too(text: str, printed: str) -> None:
    derivation = derive(text, "x")
    assert str(derivation.gradient) == printed
    assert derivation.verification is not None and derivation.verification.passed


def test_the_step_says_what_the_quotient_is_of() -> None:
    page = derive(BATCH, "X", upstream=True).render("text", width=120)
    assert "Z is a quotient, so C is Z ⊙ sqrt(V + eps)" in page
    page = derive(UNIT, "x", upstream=True).render("text", lang="zh")
    assert "u 是商，所以 x 就是 norm2(x)·u" in page


def test_a_quotient_that_does_not_stand_in_the_result_is_not_spoken_of() -> None:
    text = "a = exp(x)/sum(exp(x)); q = tanh(a); u = q/norm2(q)"
    for step in derive(text, "x", upstream=True).steps:
        part = dict(step.facts).get("part")
        assert step.reason != "quotient" or part in step.equation.right.symbols


def test_a_quotient_is_told_as_it_was_typed() -> None:
    page = derive("r = (t - x)/norm2(t - x)", "x", upstream=True).render("text", width=120)
    assert "r is a quotient, so t − x is " in page


@pytest.mark.parametrize("text", ["u = s*x; L = sumsq(u)", "u = x*norm(x); L = sumsq(u)"])
def test_a_product_is_not_divided_by_what_may_be_zero(text: str) -> None:
    gradient = derive(text, "x").gradient
    assert "/" not in str(gradient)
