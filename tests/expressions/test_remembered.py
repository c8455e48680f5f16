"""What constructors remember: the same answers, not for ever, and never a fault."""

from __future__ import annotations

import gc
import weakref

import pytest

import dimcompat as dc
from dimcompat import expressions as ex
from dimcompat.expressions import remembered as memory
from dimcompat.expressions.remembered import remembered


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
