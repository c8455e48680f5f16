"""Points hold what was declared, and nothing is square or symmetric by accident."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from dimcompat import expressions as ex
from dimcompat import operations as op
from dimcompat.expressions import Symbol
from dimcompat.numeric import facts, sampling
from dimcompat.numeric.machine import Array
from dimcompat.numeric.sampling import LARGEST_BOUNDED, Sampler, assignments
from dimcompat.shapes import ONE, Dim, Shape

m, n, c = (Dim.symbol(name) for name in "mnc")


def drawn(
    name: str, rows: Dim, cols: Dim, *attributes: str, asked: str | None = None, labels: Dim | None = None
) -> list[Array]:
    symbol = Symbol.make(name, Shape(rows, cols), frozenset(attributes), labels)
    sampler = Sampler([symbol], {name: frozenset({asked})} if asked else {}, seed=3)
    return [sampler.draw(number).values[name] for number in range(3 * len(sampler.assignments))]


def assigned(dims: list[Dim], seed: int = 0) -> list[dict[str, int]]:
    names = sorted({name for dim in dims for name in dim.symbols})
    return assignments(names, dims, np.random.default_rng((seed, len(names))))


def test_declared_sets() -> None:
    for value in drawn("A", n, n, "symmetric"):
        np.testing.assert_array_equal(value, value.T)
        assert np.linalg.cond(value) < 1e3
    for value in drawn("A", n, n, "posdef"):
        np.testing.assert_array_equal(value, value.T)
        assert np.linalg.eigvalsh(value).min() > 0
    for value in drawn("A", n, n, "diagonal"):
        np.testing.assert_array_equal(value, np.diag(np.diag(value)))
    for value in drawn("A", n, n, "orthogonal"):
        np.testing.assert_allclose(value.T @ value, np.eye(len(value)), atol=1e-12)
    for value in drawn("A", m, n, "positive"):
        assert value.min() > 0


def test_square_matrices_are_invertible_and_not_symmetric() -> None:
    for value in drawn("A", n, n):
        assert np.linalg.cond(value) < 1e3
        assert np.abs(value - value.T).max() > 1e-3


def test_every_class_occurs() -> None:
    values = drawn("y", m, ONE, labels=Dim.number(4))
    assert set(np.concatenate(values).ravel()) == {0, 1, 2, 3}
    assert all(value.dtype == np.int64 for value in values)


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [("positive", 0, np.inf), ("unit", 0, 1), ("above one", 1, np.inf), ("within one", -1, 1)],
)
def test_what_functions_ask(asked: str, low: float, high: float) -> None:
    for value in drawn("x", n, ONE, asked=asked):
        assert low < value.min() <= value.max() < high


def test_a_matrix_that_should_be_posdef_is_not_symmetric() -> None:
    for value in drawn("A", n, n, asked="posdef"):
        assert np.linalg.eigvalsh(value + value.T).min() > 0
        assert np.abs(value - value.T).max() > 1e-3


def test_sizes_are_distinct_and_each_dimension_is_the_larger_one_in_turn() -> None:
    found = assigned([m, n, ONE, m * n], seed=1)
    assert all(sizes["m"] != sizes["n"] for sizes in found)
    assert {sizes["m"] > sizes["n"] for sizes in found} == {True, False}
    assert len({tuple(sizes.items()) for sizes in found}) > 2


def test_no_polynomial_has_the_size_of_another() -> None:
    for sizes in assigned([m, n, n + 1, m + n], seed=2):
        assert len({sizes["m"], sizes["n"], sizes["n"] + 1, sizes["m"] + sizes["n"]}) == 4


def test_many_dimensions() -> None:
    dims = [Dim.symbol(f"d{number}") for number in range(40)]
    assert all(len(sizes) == 40 and max(sizes.values()) <= 13 for sizes in assigned(dims))


def test_the_seed_decides() -> None:
    symbols = [Symbol.make("X", Shape(m, n)), Symbol.make("w", Shape(n, ONE))]
    first, again, other = (Sampler(symbols, {}, seed=seed).draw(7) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.values["X"], again.values["X"])
    assert first.sizes == again.sizes
    assert not np.array_equal(first.values["w"], other.values["w"])


def test_facts_of_operations() -> None:
    x, a, k = (
        Symbol.make("x", Shape(n, ONE)),
        Symbol.make("a", Shape(ONE, ONE)),
        Symbol.make("k", Shape(ONE, ONE)),
    )
    root = op.entrywise_power(op.leaf(x), op.leaf(ex.number(Fraction(1, 2))))
    assert facts.of_operations(root) == {"x": {"positive"}}
    assert facts.of_operations(op.divide(op.leaf(x), op.leaf(a))) == {"a": {"nonzero"}}
    assert facts.of_operations(op.power(op.leaf(a), op.leaf(k))) == {"a": {"positive"}}
    assert facts.asked((), [ex.multiply(ex.power(a, Fraction(-1)), x)]) == {"a": {"nonzero"}}
    part = op.part("s", root)
    assert facts.of_operations(op.negate(part)) == {"x": {"positive"}}


def test_the_quick_look_at_a_condition_number_changes_no_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """The points are those that the condition number alone would choose, large sizes and values included."""
    sizes = [Dim.number(size) for size in (1, 2, 3, 5, 13, LARGEST_BOUNDED, LARGEST_BOUNDED + 1, 90)]
    squares = [Symbol.make(f"A{size}", Shape(size, size)) for size in sizes]
    points = [Sampler(squares, {}, seed=seed).draw(number) for seed in range(3) for number in range(30)]
    monkeypatch.setattr(sampling, "_clearly_well_conditioned", lambda matrix: False)
    again = [Sampler(squares, {}, seed=seed).draw(number) for seed in range(3) for number in range(30)]
    for one, other in zip(points, again, strict=True):
        assert all(np.array_equal(one.values[name], other.values[name]) for name in one.values)
