"""How far the other arrangements of a product are from the chosen one."""

from __future__ import annotations

import pytest

from dimcompat import expressions as ex
from dimcompat import operations as op
from dimcompat.derivation import Candidate, Equation, Step
from dimcompat.expressions import Expr, Symbol
from dimcompat.functions.record import NumpyCode
from dimcompat.numeric.probing import Probe, probe
from dimcompat.numeric.verification import verify
from dimcompat.shapes import ONE, Dim, Shape

n = Dim.symbol("n")
A = Symbol.make("A", Shape(n, n))
S = Symbol.make("S", Shape(n, n), frozenset({"symmetric"}))
w = Symbol.make("w", Shape(n, ONE))
SYMBOLS = {"A": A, "S": S, "w": w}


def product(*candidates: Expr) -> Step:
    return Step("product", Equation("g", candidates[0]), candidates=tuple(map(Candidate, candidates)))


def misses(*candidates: Expr, seed: int = 0) -> list[float | None]:
    (step,) = probe((product(*candidates),), SYMBOLS, seed)
    return [candidate.miss for candidate in step.candidates]


def test_a_wrong_arrangement_misses() -> None:
    chosen, other = misses(ex.multiply(A, w), ex.multiply(ex.transpose(A), w))
    assert chosen == 0.0
    assert other is not None and other > 1e-3


def test_equal_arrangements_do_not() -> None:
    gram = ex.Named.make("G", ex.multiply(A, ex.transpose(A)))
    assert misses(ex.multiply(gram, w), ex.multiply(ex.transpose(gram), w)) == [0.0, 0.0]
    part = ex.Named.make("Q", ex.multiply(A, A))
    assert (misses(ex.multiply(part, w), ex.multiply(ex.transpose(part), w))[1] or 0.0) > 1e-3


def test_steps_without_a_choice_stay() -> None:
    steps = (product(w), Step("result", Equation("g", w)), product(ex.multiply(A, w), w))
    probed = probe(steps, SYMBOLS, 0)
    assert probed[:2] == steps[:2]
    assert probed[2].candidates[1].miss is not None
    assert probe((), SYMBOLS, 0) == ()


def test_a_step_that_cannot_be_computed_stays() -> None:
    class Never:
        name = "t_nothing"
        parity = transposition = "none"
        domain = ("real",)
        numpy = NumpyCode("{0} * np.nan")

        def shape_of(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> Shape:
            return arguments[0].shape

        def rewrite(self, arguments: tuple[Expr, ...], axis: int | None, sizes: tuple[Dim, ...]) -> None:
            return None

    lost = product(ex.call(Never(), (w,)), w)
    fine = product(ex.multiply(A, w), w)
    probed = probe((lost, fine), SYMBOLS, 0)
    assert probed[0] == lost
    assert probed[1].candidates[1].miss


@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides(seed: int) -> None:
    candidates = ex.multiply(A, w), ex.multiply(ex.transpose(A), w)
    assert misses(*candidates, seed=seed) == misses(*candidates, seed=seed)
    assert misses(*candidates, seed=seed) != misses(*candidates, seed=3)


def test_the_points_of_a_check_show_the_candidates() -> None:
    left, right = ex.multiply(A, w), ex.multiply(ex.transpose(A), w)
    operation = op.multiply(op.transpose(op.leaf(w)), op.multiply(op.leaf(A), op.leaf(w)))
    shown = Probe((product(left, right), product(right, right)))
    assert verify(operation, SYMBOLS, {"w": ex.add(left, right)}, probe=shown).passed
    assert shown.complete
    first, second = shown.filled
    assert first.candidates[0].miss == 0.0 and (first.candidates[1].miss or 0.0) > 1e-3
    assert [candidate.miss for candidate in second.candidates] == [0.0, 0.0]


def test_what_a_check_does_not_show_is_seen_at_other_points() -> None:
    for other in (ex.multiply(S, w), ex.multiply(ex.multiply(A, A), w)):
        shown = Probe((product(ex.multiply(A, w), other),))
        objective = op.multiply(op.transpose(op.leaf(w)), op.leaf(w))
        verify(objective, {"w": w}, {"w": ex.scale(2, w)}, probe=shown)
        assert not shown.complete
        shown.finish(SYMBOLS)
        assert shown.complete
        assert (shown.filled[0].candidates[1].miss or 0.0) > 1e-3
