"""What constructors remember: the same answers, not for ever, and never a fault."""

from __future__ import annotations

import gc
import weakref

import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.codegen.factors import estimate
from dimcompat.codegen.orders import depends_on_sizes
from dimcompat.expressions import remembered as memory
from dimcompat.expressions.remembered import remembered
from dimcompat.language.assembly import dimension
from dimcompat.shapes import NAMES_AT_HAND, Dim


def symbols(*names: str) -> list[ex.Symbol]:
    return [ex.Symbol.make(name, dc.parse("A", {"A": "n, n"}).objective.shape) for name in names]


def test_an_answer_is_made_once() -> None:
    made: list[tuple[ex.Expr, ...]] = []

    @remembered
    def pair(*factors: ex.Expr) -> ex.Expr:
        made.append(factors)
        return ex.multiply(*factors)

    left, right = symbols("A", "B")
    assert pair(left, right) is pair(left, right) is ex.multiply(left, right)
    assert pair(right, left) is not pair(left, right)
    assert made == [(left, right), (right, left)]


def test_two_constructors_keep_apart() -> None:
    (matrix,) = symbols("A")
    assert remembered(ex.transpose)(matrix) is not remembered(lambda one: one)(matrix)


def test_a_fault_is_raised_each_time() -> None:
    column = ex.Symbol.make("x", dc.parse("x", {"x": "n"}).objective.shape)
    for _ in range(2):
        with pytest.raises(dc.ShapeError):
            ex.multiply(column, column)


def test_what_is_old_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ENOUGH", 0)
    made = weakref.ref(ex.multiply(*symbols("never_seen_again", "nor_this")))
    for name in ("x", "y", "z"):
        dc.derive(f"sumsq({name})", name, {name: "n"})
    gc.collect()
    assert made() is None


def test_much_is_forgotten_whatever_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 10)
    first = weakref.ref(ex.multiply(*symbols("first_of_many", "second_of_many")))
    for number in range(30):
        ex.multiply(*symbols(f"left_{number}", f"right_{number}"))
    gc.collect()
    assert first() is None


def test_a_transpose_is_not_held_by_its_operand() -> None:
    (matrix,) = symbols("turned_once")
    turned = weakref.ref(ex.transpose(matrix))
    gc.collect()
    assert turned() is None
    assert ex.transpose(ex.transpose(matrix)) is matrix


def test_dimensions_do_not_pile_up() -> None:
    """All that is kept by dimension forgets what has not been asked for since a thousand others."""
    first = weakref.ref(Dim.symbol("the_first_of_many"))
    for number in range(NAMES_AT_HAND + 1):
        name = "the_first_of_many" if number == 0 else f"one_of_many_{number}"
        dim = Dim.symbol(name)
        assert Dim.symbol(name) is dim
        dimension(dim)
        estimate(dim)
        depends_on_sizes((dim, dim))
    gc.collect()
    assert first() is None


def test_a_dimension_in_use_stays_one_object() -> None:
    held = Dim.symbol("held_by_a_test") * 3
    for number in range(NAMES_AT_HAND + 1):
        Dim.symbol(f"one_of_others_{number}")
    gc.collect()
    assert Dim.symbol("held_by_a_test") * 3 is held
