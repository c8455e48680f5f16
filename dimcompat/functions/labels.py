"""Functions of class labels: onehot, pick.

A module of its own because labels are integers: nothing is differentiated by them, and
these two are the only ways from a label to a number.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.errors import ShapeError
from dimcompat.expressions import Expr
from dimcompat.functions.record import Arguments, Factors, Function, NumpyCode, Quotient, Sizes
from dimcompat.functions.rules import Shapes
from dimcompat.messages import say
from dimcompat.shapes import ONE, Shape


def _require_column(name: str, labels: Shape) -> None:
    if not labels.is_column:
        raise ShapeError(say("E207.labels", name=name, shape=labels), code="E207")


def _onehot_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    (labels,) = shapes
    _require_column("onehot", labels)
    return Shape(labels.rows, sizes[0])


def _pick_shape(shapes: Shapes, axis: int | None, sizes: Sizes) -> Shape:
    scores, labels = shapes
    _require_column("pick", labels)
    if scores.rows is not labels.rows:
        raise ShapeError(say("E208.pick", labels=labels.rows, rows=scores.rows), code="E208")
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


def _ones_and_zeros(factors: Factors, call: Expr) -> Factors | None:
    """A positive power of ones and zeros is no other."""
    power = factors.get(call)
    if not isinstance(power, Fraction) or power <= 0 or power == 1:
        return None
    return {**factors, call: Fraction(1)}


def _where_picked(factors: Factors, call: Expr) -> Factors | None:
    """Beside ``onehot(y, c)`` only the entries that y picks count, and there ``pick(P, y)`` is P itself."""
    if factors.get(call) != 1 or not isinstance(call, ex.Call) or call.shape.is_vector:
        return None
    for base, power in factors.items():
        if not isinstance(base, ex.Call) or base.function is not PICK or not isinstance(power, Fraction):
            continue
        scores, labels = base.arguments
        if labels is call.arguments[0] and scores.shape == call.shape and power.denominator == 1:
            rest = {other: own for other, own in factors.items() if other is not base}
            rest[scores] = ex.exponent_sum(rest.get(scores, Fraction(0)), power)
            return {other: own for other, own in rest.items() if own != 0}
    return None


def _where_one_is_picked(factors: Factors, call: Expr) -> Factors | None:
    """Beside ``onehot(y, c)`` of one label only the entry y counts, and there a vector v is ``v[y]``."""
    if factors.get(call) != 1 or not call.shape.is_row:
        return None
    for base, power in factors.items():
        if not isinstance(base, ex.Chain) or not isinstance(power, Fraction) or power >= 0:
            continue
        row = ex.transpose(base.factors[-1])
        if base.factors[0] is call and len(base.factors) == 2 and factors.get(row) == 1:
            rest = {other: own for other, own in factors.items() if other not in (base, row)}
            left_over: Factors = {base: power + 1} if power != -1 else {}
            return {**rest, **left_over, ex.ones(*row.shape): Fraction(1)}
    return None


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
    row_products=lambda s, onehot: ex.call(PICK, (s, onehot.arguments[0])),
    quotients=(
        Quotient(
            "onehot(y, c).^2 = onehot(y, c)",
            _ones_and_zeros,
            ("onehot(y, c).^2", "onehot(y, c)", {"y": "m labels(c)"}),
        ),
        Quotient(
            "onehot(y, c)./pick(P, y) = onehot(y, c)./P",
            _where_picked,
            ("onehot(y, c)./pick(exp(P), y)", "onehot(y, c)./exp(P)", {"P": "m, c", "y": "m labels(c)"}),
        ),
        Quotient(
            "v.*onehot(y, c)'/v[y] = onehot(y, c)'",
            _where_one_is_picked,
            ("v.*onehot(y, c)'/(onehot(y, c)*v)", "onehot(y, c)'", {"v": "c", "y": "1 labels(c)"}),
        ),
    ),
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
