"""Which sentence a step says, decided from its data."""

from __future__ import annotations

import pytest

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Equation, Step
from dimcompat.functions import find
from dimcompat.renderers.glyphs import ASCII, UNICODE
from dimcompat.renderers.outline import step_blocks
from dimcompat.renderers.scalars import scalar_product
from dimcompat.renderers.text import Page
from dimcompat.renderers.text_speller import TextSpeller
from dimcompat.renderers.told import Told, told_steps
from dimcompat.shapes import ONE, Dim, Shape

m, n = Dim.symbol("m"), Dim.symbol("n")
X = ex.Symbol.make("X", Shape(n, n))
x, y = (ex.Symbol.make(name, Shape(n, ONE)) for name in "xy")


def told(step: Step) -> list[str]:
    page = Page(TextSpeller("en", UNICODE), 100)
    page.blocks(list(step_blocks(Told(step), 1)))
    return [" ".join(line.split()) for line in page.lines]


def test_a_rule_shows_its_differential() -> None:
    logdet = find("logdet")
    assert logdet is not None
    change = ex.Symbol.make("dX", X.shape)
    lines = told(
        Step(
            "rule",
            Equation(("J", "X"), ex.transpose(ex.inverse(X))),
            variable="X",
            through=Equation("J", ex.call(logdet, (X,))),
            scalar=(ex.number(1),),
            decided_by="rule",
            reason="logdet",
            facts=(("function", "logdet"), ("differential", ex.trace(ex.multiply(ex.inverse(X), change)))),
        )
    )
    assert "rule d logdet(X) = tr(dX·X⁻¹)" in lines or "rule d logdet(X) = tr(X⁻¹·dX)" in lines
    assert "why what multiplies dX there, transposed, is the derivative" in lines


def test_a_sum_of_entries_brings_ones() -> None:
    z = ex.Symbol.make("z", Shape(ONE, ONE))
    lines = told(
        Step(
            "reduction",
            Equation(("J", "x"), ex.multiply(z, ex.ones(n, ONE))),
            variable="x",
            through=Equation("z", ex.total(x)),
            scalar=(z,),
            wanted=x.shape,
            factors=(z,),
            reason="sum",
            facts=(("function", "sum"),),
        )
    )
    assert "why every entry of x is added once: a factor of ones brings the missing dimension" in lines


def test_a_projection_is_no_equality() -> None:
    G = ex.multiply(X, ex.Symbol.make("M", X.shape))
    final = ex.scale(ex.number(1).value / 2, ex.add(G, ex.transpose(G)))  # type: ignore[attr-defined]
    lines = told(
        Step(
            "rule",
            Equation(("J", "X"), final),
            variable="X",
            before=G,
            wanted=X.shape,
            reason="projection",
            facts=(("attribute", "posdef"),),
        )
    )
    assert lines[0] == "1 X is symmetric: keep to such matrices"
    assert "G = X·M n×n" in lines
    assert any(line.startswith("∂J/∂X = (G + Gᵀ)/2 = ") for line in lines)


def test_contributions_are_added_as_they_are() -> None:
    terms = (ex.multiply(X, x), ex.scale(-1, ex.multiply(ex.transpose(X), x)), ex.add(ex.multiply(X, x), y))
    lines = told(Step("collect", Equation(("J", "x"), ex.add(*terms)), variable="x", terms=terms))
    assert lines[0] == "1 x occurs three times: add" or lines[0] == "1 x occurs 3 times: add"
    assert lines[1].startswith("∂J/∂x = X·x − Xᵀ·x + X·x + y = ")


def test_what_only_stands_in_another_order_is_shown_once() -> None:
    terms = (y, ex.multiply(X, x), ex.hadamard(x, y))
    lines = told(Step("collect", Equation(("J", "x"), ex.add(*terms)), variable="x", terms=terms))
    assert lines[1].count("=") == 1


def test_long_derivatives_are_spoken_of_by_their_sign() -> None:
    r = ex.hadamard(ex.add(x, y), ex.subtract(x, ex.number(1)), ex.add(y, ex.number(2)))
    lines = told(
        Step(
            "entrywise",
            Equation(("J", "x"), ex.hadamard(r, y)),
            variable="x",
            through=Equation("z", ex.hadamard(x, y)),
            upstream=Equation(("J", "z"), r),
            scalar=(y, r),
            wanted=x.shape,
            factors=(y, r),
        )
    )
    assert "as if scalar y, times ∂J/∂z" in lines
    assert "wanted n×1 y is n×1, ∂J/∂z is n×1" in lines


def test_uses_of_a_name_in_one_link_are_counted(quadratic: Derivation) -> None:
    assert [told.use for told in told_steps(quadratic)] == [(1, 2), (2, 2), None]


@pytest.mark.parametrize(
    ("factors", "expected", "plain"),
    [
        ((ex.number(2), x), "2·x", "2*x"),
        ((x, ex.number(-3)), "−3·x", "-3*x"),
        ((ex.ones(n, ONE), ex.identity(n)), "1", "1"),
        ((X, ex.transpose(x), ex.scale(2, y)), "2·X·x·y", "2*X*x*y"),
        ((ex.entrywise_power(x, -1), y), "1/x·y", "1/x*y"),
        ((ex.subtract(ex.number(1), ex.entrywise_power(x, 2)), y), "(1 − x²)·y", "(1 - x^2)*y"),
    ],
)
def test_as_if_everything_were_a_number(factors: tuple[ex.Expr, ...], expected: str, plain: str) -> None:
    shown = scalar_product(factors)
    assert UNICODE.scalars.write(shown).replace("(1/x)", "1/x") == expected
    assert ASCII.scalars.write(shown).replace("(1/x)", "1/x") == plain
