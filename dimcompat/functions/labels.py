"""Functions of class labels: onehot, pick.

A module of its own because labels are integers: nothing is differentiated by them, and
these two are the only ways from a label to a number.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Function, NumpyCode, Sizes
from dimcompat.functions.rules import Shapes
from dimcompat.shapes import ONE, Shape


def _require_column(name: str, labels: Shape) -> None:
    if not labels.is_column:
        raise ShapeError(f"{name} takes a column of labels, and this one is {labels}", code="E207")


def _onehot_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    (labels,) = shapes
    _require_column("onehot", labels)
    return Shape(labels.rows, sizes[0])


def _pick_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    scores, labels = shapes
    _require_column("pick", labels)
    if scores.rows is not labels.rows:
        raise ShapeError(
            f"pick takes one label for each row, and there are {labels.rows} labels for {scores.rows} rows",
            code="E208",
        )
    return Shape(scores.rows, ONE)


def _pick_adjoint(g: Expr, arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr:
    """The upstream derivative at the entries that were picked, zero elsewhere."""
    scores, labels = arguments
    return ex.hadamard(g, ONEHOT(labels, sizes=(scores.shape.cols,)))


def _only_entry(arguments: Arguments, axis: int | None, sizes: Sizes) -> Expr | None:
    """Of a single class the one column, and of ones ones."""
    scores, _ = arguments
    if scores.shape.is_column:
        return scores
    return ex.ones(scores.shape.rows, ONE) if isinstance(scores, ex.Ones) else None


ONEHOT: Function = Function(
    name="onehot",
    group="labels",
    summary="one row for each label, with a 1 in the column of the label and 0 elsewhere",
    example=("sum(onehot(y, c).*S)", {"y": "m labels(c)", "S": "m, c"}),
    sizes=(1,),
    shape=_onehot_shape,
    constant=True,
    numpy=NumpyCode("np.eye({rows})[np.asarray({0}).astype(int)[:, 0]]"),
    latex=r"\operatorname{onehot}",
    domain=("labels",),
    unit_sums="rows",
)

PICK: Function = Function(
    name="pick",
    group="labels",
    summary="of each row i the entry S[i, y[i]]",
    example=("sum(pick(S, y))", {"S": "m, c", "y": "m labels(c)"}),
    arity=2,
    shape=_pick_shape,
    build=_only_entry,
    adjoints=(_pick_adjoint,),
    numpy=NumpyCode("np.take_along_axis({0}, np.asarray({1}).astype(int), axis=1)"),
    latex=r"\operatorname{pick}",
    domain=("real", "labels"),
)

RECORDS = (ONEHOT, PICK)
