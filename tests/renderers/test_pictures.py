"""What a picture of a product shows, before anything is drawn: which edges match, what stands in front."""

from __future__ import annotations

from functools import cache

import acceptance
import pytest

import dimcompat as dc
from dimcompat.derivation import Derivation
from dimcompat.language.notation import Layout
from dimcompat.language.writer import write_layout
from dimcompat.renderers.blocks import Quotient
from dimcompat.renderers.dimension_looks import COLOURS, order_of
from dimcompat.renderers.pictures import MOST, Called, Picture, picture_of
from dimcompat.renderers.told import Told, told_steps
from dimcompat.shapes import ONE, Dim

m, n, c = (Dim.symbol(name) for name in "mnc")
LAYER = {"X": "m, n", "W": "n, c", "b": "1, c", "Y": "m, c"}


def pictured(
    text: str, wrt: str | list[str], shapes: dict[str, str], **options: bool
) -> list[tuple[Told, Picture]]:
    derivation = dc.derive(text, wrt, shapes, verify=False, **options)  # type: ignore[arg-type]
    return list(pictures(derivation))


def pictures(derivation: Derivation) -> list[tuple[Told, Picture]]:
    order = order_of(derivation)
    found = ((told, picture_of(told, order)) for told in told_steps(derivation))
    return [(told, picture) for told, picture in found if picture is not None]


@cache
def corpus() -> list[tuple[Told, Picture]]:
    """The pictures of every third case of the corpora that derives."""
    found = []
    for name in ("identities", "programs", "samples", "upstream"):
        for case in acceptance.load(name)[::3]:
            options = {"order": 2} if case["kind"] == "hessian" else {}
            options |= {"upstream": True} if case["kind"] == "upstream" else {}
            shapes, objective = case.get("shapes"), case.get("objective")
            derivation = dc.derive(
                case["text"], case["wrt"], shapes, objective=objective, verify=False, **options
            )
            found += pictures(derivation)
    return found


def text(called: Called | None) -> str:
    assert not isinstance(called, Quotient) and called is not None
    return f"({write_layout(called)})"


def names(picture: Picture) -> list[str]:
    """The names in the arrangement."""
    return [write_layout(one.called) for one in picture.after if isinstance(one.called, Layout)]


def test_inner_edges_match_and_outer_ones_are_wanted() -> None:
    matrix = [picture for _, picture in corpus() if picture.glue == "matrix"]
    assert len(matrix) > 60
    for picture in matrix:
        rows = [one.shape.rows for one in picture.after]
        cols = [one.shape.cols for one in picture.after]
        assert rows[1:] == cols[:-1]
        assert (rows[0], cols[-1]) == picture.wanted


def test_every_product_with_something_to_arrange_is_drawn() -> None:
    drawn = [told.step for told, _ in corpus() if told.step.kind == "product"]
    assert len(drawn) > 60 and all(
        len(step.walk) > 1 or step.factors[0] is not step.walk[0].factor for step in drawn
    )
    assert pictured("x'*x", "x", {"x": "n"}) == []


def test_both_rows_have_the_same_factors() -> None:
    for told, picture in corpus():
        ones = sum(one.shape.rows is ONE or one.shape.cols is ONE for one in picture.after)
        extra = len(picture.after) - len(picture.before)
        assert extra == 0 or (told.step.kind in ("broadcast", "reduction") and 0 < extra <= ones)
        before = [{*one.shape} for one in picture.before]
        after = [{*one.shape} for one in picture.after]
        assert all(after.count(edges) >= before.count(edges) for edges in before)


@pytest.mark.parametrize(
    ("source", "wrt", "shapes"),
    [
        ("-3/2*u'*A*v", "v", {"u": "m", "A": "m, n", "v": "n"}),
        ("a*b^2*u'*A*v", "u", {"u": "m", "A": "m, n", "v": "n", "a": "scalar", "b": "scalar"}),
        ("tr(A*X'*B)/sqrt(q)", "X", {"A": "p, q", "X": "r, q", "B": "r, p"}),
        ("u'*(A .* (x*y'))*v", "x", {"u": "m", "A": "m, n", "x": "m", "y": "n", "v": "n"}),
        ("w'*A*w*(w'*B*w)", "w", {"w": "n", "A": "n, n", "B": "n, n symmetric"}),
    ],
)
def test_front_and_arrangement_multiply_to_what_is_found(
    source: str, wrt: str, shapes: dict[str, str]
) -> None:
    """Nothing is lost between the step and its picture: the product reads as the arranged formula."""
    found = 0
    for told, picture in pictured(source, wrt, shapes):
        step = told.step
        every = (*picture.front, *(one.called for one in picture.after))
        if step.kind != "product" or any(isinstance(called, Quotient) for called in every):
            continue
        leaves = {leaf.name: leaf for leaf in step.arranged.symbols}  # type: ignore[union-attr]
        declared = {name: f"{leaf.shape.rows}, {leaf.shape.cols}" for name, leaf in leaves.items()}
        declared |= {name: shape for name, shape in shapes.items() if name in declared}
        assert str(dc.parse("*".join(map(text, every)), declared).objective) == str(step.arranged)
        found += 1
    assert found


def test_distinct_dimensions_are_drawn_where_they_decide() -> None:
    (_, first), (_, second) = pictured("w'*A*w", "w", {"A": "n, n", "w": "n"})
    assert names(first) == ["A", "w"] and names(second) == ["A'", "w"]
    for picture in (first, second):
        matrix, column = (one.shape for one in picture.after)
        assert matrix.rows is not matrix.cols and matrix.cols is column.rows
        assert picture.wanted == (matrix.rows, ONE) and matrix.rows is not n


def test_one_factor_that_occurs_twice_is_walked_through_twice() -> None:
    for _, picture in pictured("tr(B'*X'*C*X*X'*C*X*B)", "X", {"B": "n, p", "X": "m, n", "C": "m, m"}):
        inner = [one.shape.cols for one in picture.after[:-1]]
        assert len(set(inner)) == len(inner) == 6


def test_ones_take_the_place_of_a_one() -> None:
    found = pictured("S = X*W + b", "b", LAYER, upstream=True)
    (_, picture), *_ = found
    assert picture.has_one and [one.shape for one in picture.after] == [(ONE, m), (m, c)]
    assert [one.shape for one in picture.before] == [(m, c)]


def test_ones_that_are_factors_stand_in_both_rows() -> None:
    ((_, picture),) = pictured("ones(1,m)*X*w", "X", {"X": "m, n", "w": "n"})
    assert not picture.has_one and [one.shape for one in picture.before] == [(ONE, m), (n, ONE)]
    assert [one.shape for one in picture.after] == [(m, ONE), (ONE, n)]


def test_factors_met_entry_by_entry_are_drawn_once() -> None:
    source = "sum(exp(A*tanh(B*tanh(C*x))))"
    shapes = {"A": "m, n", "B": "n, p", "C": "p, q", "x": "q"}
    entry = [picture for _, picture in pictured(source, "x", shapes) if picture.glue == "entry"]
    assert len(entry) == 1
    assert {one.shape for one in entry[0].after} == {entry[0].wanted}


def test_a_dimension_keeps_its_colour_and_has_its_own() -> None:
    found = pictured("J = sum(sigmoid(X*W + b) .* Y)", ["W", "b"], LAYER)
    kept: dict[Dim, int | None] = {}
    for _, picture in found:
        colours = [look.colour for dim, look in picture.looks.items() if dim is not ONE]
        assert len(set(colours)) == len(colours) and None not in colours
        for dim, look in picture.looks.items():
            assert kept.setdefault(dim, look.colour) == look.colour
    assert len(kept) == 4 and kept[ONE] is None


def test_dimensions_beyond_the_colours_have_none() -> None:
    letters = "abcdefgh"
    shapes = {f"M{i}": f"{letters[i]}, {letters[i + 1]}" for i in range(7)}
    ((_, picture),) = pictured("*".join(shapes), "M3", shapes, upstream=True)
    colours = [look.colour for dim, look in picture.looks.items() if dim is not ONE]
    assert len(colours) == 8 and colours.count(None) == 8 - COLOURS
    assert {colour for colour in colours if colour is not None} == set(range(COLOURS))


def test_larger_dimensions_have_longer_edges() -> None:
    ((_, picture),) = pictured("u'*A*B*v", "A", {"u": "3", "A": "3, 10", "B": "10, n", "v": "n"})[:1]
    share = {dim: look.share for dim, look in picture.looks.items()}
    assert share[ONE] == 0 < share[Dim.number(3)] < share[Dim.number(10)] == 1
    ((_, wide),) = pictured("u'*A*v", "A", {"u": "m", "A": "m, n + 1", "v": "n + 1"})
    assert all(0 <= look.share <= 1 for look in wide.looks.values())


def test_what_is_not_seen_at_a_glance_is_not_drawn() -> None:
    shapes = {f"M{i}": f"d{i}, d{i + 1}" for i in range(MOST + 2)}
    assert pictured("*".join(shapes), "M3", shapes, upstream=True) == []
    del shapes[f"M{MOST + 1}"], shapes[f"M{MOST}"]
    assert len(pictured("*".join(shapes), "M3", shapes, upstream=True)) == 1
