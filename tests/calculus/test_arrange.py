"""The arrangement of a product: walks over dimensions, rotations, and the claim that junctions decide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from calculus.formulas import close, value
from hypothesis import given, settings
from hypothesis import strategies as st

from dimcompat import expressions as ex
from dimcompat.calculus.arrange import MOST_CANDIDATES, candidates, junctions, rotation, walk
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr
from dimcompat.shapes import ONE, SCALAR, Dim, Shape

SIZES = {"m": 3, "n": 4, "c": 2}
m, n, c = (Dim.symbol(name) for name in "mnc")


def symbol(name: str, rows: Dim, cols: Dim = ONE, *attributes: str) -> Expr:
    return ex.Symbol.make(name, Shape(rows, cols), frozenset(attributes))


def listed(bag: Sequence[Expr], rows: Dim, cols: Dim) -> list[str]:
    return [str(found) for found in candidates(bag, Shape(rows, cols), simplified)]


X, Y, A, B, S = (
    symbol("X", m, n),
    symbol("Y", m, n),
    symbol("A", n, n),
    symbol("B", n, n),
    symbol("S", n, n, "symmetric"),
)
w, z, r, G = symbol("w", n), symbol("z", n), symbol("r", m), symbol("G", m, c)


# ── walks ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bag", "rows", "cols", "found"),
    [
        ([r, X], n, ONE, ["X'*r"]),
        ([X, r], ONE, n, ["r'*X"]),
        ([G, X], n, c, ["X'*G"]),
        ([X, w], m, ONE, ["X*w"]),
        ([r, w], m, n, ["r*w'"]),
        ([X], n, m, ["X'"]),
        ([A, w], n, ONE, ["A*w", "A'*w"]),
        ([S, w], n, ONE, ["S*w"]),
        ([A], n, n, ["A", "A'"]),
        ([w, z], n, n, ["w*z'", "z*w'"]),
        ([w, w], n, n, ["w*w'"]),
        ([X, Y], n, n, ["X'*Y", "Y'*X"]),
        ([X, Y], m, m, ["X*Y'", "Y*X'"]),
    ],
    ids=str,
)
def test_walks(bag: list[Expr], rows: Dim, cols: Dim, found: list[str]) -> None:
    assert sorted(listed(bag, rows, cols)) == sorted(found)


@pytest.mark.parametrize(
    ("bag", "rows", "cols"),
    [([], n, n), ([X], c, c), ([X, G], n, n), ([X, r], m, ONE), ([X, Y], n, m), ([r, w], n, ONE)],
    ids=str,
)
def test_no_walk(bag: list[Expr], rows: Dim, cols: Dim) -> None:
    assert listed(bag, rows, cols) == []


def test_walks_of_three_square_matrices() -> None:
    C = symbol("C", n, n)
    orders = listed([A, B, C], n, n)
    assert len(orders) == MOST_CANDIDATES == 12
    assert len(set(orders)) == 12


def test_candidates_are_distinct_after_simplification() -> None:
    inverse = ex.inverse(A)
    for bag in ([A, inverse], [S, S, w], [A, A, w], [ex.transpose(A), A], [A, ex.scale(2, A), z]):
        found = candidates(bag, Shape(n, bag[-1].shape.cols), simplified)
        assert found and len(set(found)) == len(found)
        assert all(simplified(one) is one for one in found)
    assert len(listed([S, S, w], n, ONE)) == 1


def test_scalars_in_the_bag_are_walked_where_the_walk_needs_them() -> None:
    g = symbol("g", ONE)
    assert listed([g, w], n, ONE) == ["g*w"]


def test_a_large_bag_is_not_searched_to_the_end() -> None:
    many = [symbol(f"A_{number}", n, n) for number in range(12)]
    assert len(listed(many, n, n)) == MOST_CANDIDATES
    alike = [S] * 12
    assert listed(alike, n, n) == ["S^12"]


def test_edges_meet() -> None:
    edges = walk([ex.transpose(w), A, ex.transpose(X), r])
    assert [edge.factor for edge in edges] == [ex.transpose(w), A, ex.transpose(X), r]
    assert all(before.end is after.start for before, after in pairwise(edges))
    assert edges[0].start is ONE and edges[-1].end is ONE


# ── rotation ─────────────────────────────────────────────────────────────────────────────────────────


def chain(length: int, seed: int, *, closed: bool = False) -> tuple[list[Expr], dict[str, np.ndarray]]:
    """Factors F1 … Fk over few dimensions, and values for them."""
    random, draw = Random(seed), np.random.default_rng(seed)
    dims = [random.choice([ONE, m, n, n]) for _ in range(length + 1)]
    if closed:
        dims[-1] = dims[0]
    factors = [symbol(f"F{i + 1}", dims[i], dims[i + 1]) for i in range(length)]
    names = [*factors, symbol("G", dims[0], dims[-1])]
    return factors, {str(one): draw.normal(size=_size(one.shape)) for one in names}


def _size(shape: Shape) -> tuple[int, int]:
    return shape.rows.size(SIZES), shape.cols.size(SIZES)


def product(factors: Sequence[Expr], values: dict[str, np.ndarray]) -> np.ndarray:
    """The matrix product by NumPy alone."""
    result = values[str(factors[0])]
    for factor in factors[1:]:
        result = result @ values[str(factor)]
    return result


PLACES = [(length, place) for length in range(1, 6) for place in range(length)]


def difference(
    objective: object, name: str, values: dict[str, np.ndarray], change: np.ndarray, step: float = 1e-6
) -> float:
    moved = [objective({**values, name: values[name] + sign * step * change}) for sign in (1, -1)]  # type: ignore[operator]
    return float(moved[0] - moved[1]) / (2 * step)


@pytest.mark.parametrize(("length", "place"), PLACES)
@pytest.mark.parametrize("closed", [False, True], ids=["upstream", "trace"])
def test_rotation_is_the_derivative(length: int, place: int, closed: bool) -> None:
    for seed in range(5):
        factors, values = chain(length, 100 * length + seed, closed=closed)
        upstream = symbol("G", factors[0].shape.rows, factors[-1].shape.cols)

        def objective(values: dict[str, np.ndarray], factors: list[Expr] = factors) -> float:
            whole = product(factors, values)
            return float(np.trace(whole) if closed else np.sum(values["G"] * whole))

        order = rotation(factors, place, None if closed else upstream, closed=closed)
        target = factors[place]
        if not order:
            assert closed and length == 1, "the derivative of tr(F) is the empty product"
            continue
        derivative = ex.multiply(*order)
        assert derivative.shape == target.shape or target.shape == SCALAR
        assert len(order) == (length - 1 if closed else length)
        change = np.random.default_rng(seed).normal(size=_size(target.shape))
        found = float(np.sum(value(derivative, values, SIZES) * change))
        assert found == pytest.approx(difference(objective, str(target), values, change), rel=1e-6, abs=1e-6)


def test_rotation_without_an_upstream_matrix() -> None:
    """A scalar upstream derivative stands in front, not in the walk."""
    order = rotation([ex.transpose(w), A, z], 1, None, closed=False)
    assert order == (w, ex.transpose(z))


# ── junctions: the claim of the principle ────────────────────────────────────────────────────────────


def test_junctions_have_dimensions_of_their_own() -> None:
    found = junctions([ex.transpose(w), A, w], 1, closed=False, taken=frozenset({"n", "p"}))
    shapes = [shape for _, shape in found.factors]
    assert [factor for factor, _ in found.factors] == [ex.transpose(w), A, w]
    assert shapes[0].rows is ONE and shapes[-1].cols is ONE
    assert all(before.cols is after.rows for before, after in pairwise(shapes))
    labels = [shape.cols for shape in shapes[:-1]]
    assert len(set(labels)) == len(labels) and not {"n", "p"} & {str(label) for label in labels}
    assert found.wanted is shapes[1] or found.wanted == shapes[1]


def test_junctions_of_a_trace_bite_their_tail() -> None:
    found = junctions([A, B, A], 0, closed=True, taken=frozenset())
    shapes = [shape for _, shape in found.factors]
    assert shapes[0].rows is shapes[-1].cols
    assert len({shape.rows for shape in shapes}) == 3


def test_labels_never_run_out() -> None:
    found = junctions([A] * 40, 0, closed=False, taken=frozenset("pstuvklhqr"))
    assert len({shape.rows for _, shape in found.factors}) == 40


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    letters=st.lists(st.sampled_from("1mn"), min_size=2, max_size=7),
    data=st.data(),
    closed=st.booleans(),
)
def test_with_distinct_dimensions_one_walk_exists_and_is_the_derivative(
    letters: list[str], data: st.DataObject, closed: bool
) -> None:
    dims = [ONE if letter == "1" else Dim.symbol(letter) for letter in letters]
    if closed:
        dims[-1] = dims[0]
    length = len(dims) - 1
    place = data.draw(st.integers(0, length - 1))
    factors = [symbol(f"F{i + 1}", dims[i], dims[i + 1]) for i in range(length)]
    upstream = symbol("G", dims[0], dims[-1])

    found = junctions(factors, place, closed=closed, taken=frozenset("mn"))
    own = [Dim.symbol(f"j_{i}") for i in range(length + 1)]  # the 1 of a vector too
    if closed:
        own[-1] = own[0]
    marked = [symbol(f"F{i + 1}", own[i], own[i + 1]) for i in range(length)]
    marked_upstream = symbol("G", own[0], own[-1])
    bag = [factor for i, factor in enumerate(marked) if i != place] + ([] if closed else [marked_upstream])
    if bag:
        random = Random(length)
        random.shuffle(bag)
        only = candidates(bag, marked[place].shape, lambda walked: walked)
        turned = rotation(marked, place, None if closed else marked_upstream, closed=closed)
        assert list(only) == [ex.multiply(*turned)]
    assert len({shape.cols for _, shape in found.factors if shape.cols is not ONE}) >= length - 1

    order = rotation(factors, place, None if closed else upstream, closed=closed)
    if not order:
        return
    draw = np.random.default_rng(length)
    values = {str(one): draw.normal(size=_size(one.shape)) for one in (*factors, upstream)}
    change = draw.normal(size=_size(factors[place].shape))
    whole = product(factors, {**values, f"F{place + 1}": change})
    expected = np.trace(whole) if closed else np.sum(values["G"] * whole)
    formula = ex.multiply(*order)
    got = value(formula, values, SIZES)
    assert np.sum(got * change) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
    allowed = candidates(
        [f for i, f in enumerate(factors) if i != place] + ([] if closed else [upstream]),
        formula.shape,
        simplified,
    )
    full = len(allowed) == MOST_CANDIDATES
    assert full or any(close(value(one, values, SIZES), got) for one in allowed), (
        "the derivative is not listed"
    )
