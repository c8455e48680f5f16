"""Calls of function records as values.

A module of its own because functions are open: what is applied entry by entry is spelled by its record,
and each function that looks at its argument as a whole has one row here, keyed by the record itself.
The softmaxes and log-sum-exp are written out, so that they share the exponentials of shifted scores.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.codegen.algebra import UNIT, Algebra, axes_of
from dimcompat.codegen.values import Op, Value
from dimcompat.errors import UnsupportedError
from dimcompat.expressions import Operator
from dimcompat.functions.determinants import DET, LOGDET
from dimcompat.functions.exponentials import EXP, LOG, LOG1P
from dimcompat.functions.kinks import ABS, RELU
from dimcompat.functions.labels import ONEHOT, PICK
from dimcompat.functions.linear_algebra import DIAG, KRON, RESHAPE, VEC
from dimcompat.functions.logistic import SIGMOID, SILU, SOFTPLUS
from dimcompat.functions.record import Function
from dimcompat.functions.softmax import LOGSOFTMAX, LOGSUMEXP, SOFTMAX
from dimcompat.messages import say
from dimcompat.shapes import ONE

Arguments = tuple[Value, ...]
Row = Callable[[Algebra, ex.Call, Arguments], Value]
MINUS = Fraction(-1)


def applied(algebra: Algebra, function: Function, *arguments: Value) -> Value:
    """A function entry by entry; smaller arguments are stretched."""
    largest = max(arguments, key=lambda value: len(value.axes))
    return algebra.make(Op.CALL, *arguments, facts=function, axes=largest.axes)


# ── log-sum-exp ──────────────────────────────────────────────────────────────────────────────────────


def _shifted(
    algebra: Algebra, call: ex.Call, u: Value
) -> tuple[Value, Value, Value, Callable[[Value], Value]]:
    """The scores less their largest, the exponentials of those, their sums; and how a value for each sum
    meets the scores."""
    if len(u.axes) < 2 or call.axis is None:
        top = algebra.make(Op.MAX, u)
        meets: Callable[[Value], Value] = lambda value: value  # noqa: E731
    else:
        top = algebra.make((Op.MAX0, Op.MAX1)[call.axis], u, axes=(u.axes[1 - call.axis],))
        meets = algebra.column if call.axis == 1 else lambda value: value
    low = algebra.sum([(u, UNIT), (meets(top), MINUS)], u.axes)
    exponentials = applied(algebra, EXP, low)
    whole = len(u.axes) < 2 or call.axis is None
    sums = algebra.total(exponentials) if whole else algebra.sums(exponentials, call.axis or 0)
    return low, exponentials, sums, meets


def _logsumexp(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    (u,) = arguments
    low, _, sums, _ = _shifted(algebra, call, u)
    top = low.operands[1]
    if top.op == Op.COLUMN:
        top = top.operands[0]
    logarithm = applied(algebra, LOG, sums)
    whole = algebra.sum([(top, UNIT), (logarithm, UNIT)], top.axes)
    algebra.peaks[whole] = (u, low, logarithm)
    return whole


def _softmax(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    _, exponentials, sums, meets = _shifted(algebra, call, arguments[0])
    softmax = algebra.product([(exponentials, UNIT), (meets(sums), MINUS)])
    algebra.logarithms[softmax] = _logsoftmax(algebra, call, arguments)
    return softmax


def _logsoftmax(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    low, _, sums, meets = _shifted(algebra, call, arguments[0])
    return algebra.sum([(low, UNIT), (meets(applied(algebra, LOG, sums)), MINUS)], low.axes)


# ── the logistic family, one exponential for all of it ───────────────────────────────────────────────


def _softplus(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    """``relu(u) + log1p(exp(-abs(u)))``."""
    (u,) = arguments
    rest = applied(algebra, LOG1P, _small(algebra, u))
    return algebra.sum([(applied(algebra, RELU, u), UNIT), (rest, UNIT)], u.axes)


def _small(algebra: Algebra, u: Value) -> Value:
    bare, _ = _unsigned(algebra, u)
    return applied(algebra, EXP, algebra.scale(MINUS, applied(algebra, ABS, bare)))


def _unsigned(algebra: Algebra, u: Value) -> tuple[Value, bool]:
    """The value without a minus sign before it, and whether there was none."""
    if u.op == Op.PRODUCT and isinstance(u.facts, tuple) and u.facts[0] < 0:
        return algebra.scale(MINUS, u), False
    return u, True


def _sigmoid(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    """By the exponential that a softplus of the same has computed, where there is one."""
    (u,) = arguments
    small = _small(algebra, u)
    if any(value.operands == (small,) and value.facts is LOG1P for value in algebra.graph.known.values()):
        return sigmoid_of_small(algebra, u)
    return applied(algebra, SIGMOID, u)


def sigmoid_of_small(algebra: Algebra, u: Value) -> Value:
    """The sigmoid by ``exp(-abs(u))``, which that of -u and a softplus share; exact at both ends."""
    bare, positive = _unsigned(algebra, u)
    op = Op.LOGISTIC if positive else Op.COUNTER_LOGISTIC
    return algebra.make(op, bare, _small(algebra, u), axes=u.axes)


def _silu(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    (u,) = arguments
    return algebra.product([(u, UNIT), (_sigmoid(algebra, call, arguments), UNIT)])


# ── linear algebra and labels ────────────────────────────────────────────────────────────────────────


def _diag(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    return algebra.diagonal(arguments[0])


def _vec(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    return algebra.flatten(arguments[0], axes_of(call.shape))


def _reshape(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    flat = algebra.flatten(arguments[0], (arguments[0].axes and call.shape.size,))  # type: ignore[arg-type]
    return algebra.unflatten(flat, *call.shape) if not call.shape.is_scalar else flat


def _kron(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    """Of two vectors an outer product, of larger matrices blocks."""
    left, right = arguments
    a, b = (argument.shape for argument in call.arguments)
    if a.is_scalar or b.is_scalar:
        return algebra.product([(left, UNIT), (right, UNIT)])
    if a.is_vector and b.is_vector:
        if a.is_column == b.is_column:
            return algebra.make(Op.RAVEL, algebra.outer(left, right), axes=axes_of(call.shape))
        return algebra.outer(left, right) if a.is_column else algebra.outer(right, left)
    sides = [
        algebra.column(value) if shape.is_column else algebra.row(value) if shape.is_row else value
        for value, shape in ((left, a), (right, b))
    ]
    return algebra.make(Op.KRON, *sides, facts=(*a, *b), axes=axes_of(call.shape))


def _onehot(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    return algebra.make(Op.ONEHOT, arguments[0], facts=call.shape.cols, axes=axes_of(call.shape))


def _pick(algebra: Algebra, call: ex.Call, arguments: Arguments) -> Value:
    scores, labels = arguments
    if call.arguments[0].shape.is_row:
        return algebra.make(Op.ENTRY, scores, labels)
    rows = call.shape.rows
    if rows is ONE:
        return algebra.make(Op.ENTRY, scores, labels)
    return algebra.make(Op.PICK, scores, labels, algebra.places(rows), axes=(rows,))


def _of_matrix(op: Op) -> Row:
    return lambda algebra, call, arguments: algebra.make(op, *arguments)


WHOLE: dict[Operator, Row] = {
    LOGSUMEXP: _logsumexp,
    SOFTMAX: _softmax,
    LOGSOFTMAX: _logsoftmax,
    DIAG: _diag,
    VEC: _vec,
    RESHAPE: _reshape,
    KRON: _kron,
    ONEHOT: _onehot,
    PICK: _pick,
    DET: _of_matrix(Op.DET),
    LOGDET: _of_matrix(Op.LOGDET),
}
WRITTEN_OUT: dict[Operator, Row] = {SOFTPLUS: _softplus, SIGMOID: _sigmoid, SILU: _silu}


def called(algebra: Algebra, call: ex.Call, arguments: Arguments, *, written_out: bool) -> Value:
    """A call by its row, or entry by entry. ``written_out`` says that the target has no logistic functions
    of its own."""
    if call.function is LOG and arguments[0] in algebra.logarithms:
        return algebra.logarithms[arguments[0]]
    row = WHOLE.get(call.function) or (WRITTEN_OUT.get(call.function) if written_out else None)
    if row is not None:
        return row(algebra, call, arguments)
    function = call.function
    assert isinstance(function, Function)
    if function.origin is not None and function.origin.shape is not None:
        return algebra.make(Op.CALL, *arguments, facts=function, axes=axes_of(call.shape))
    if not function.entrywise:
        raise UnsupportedError(say("E497", name=function.name), code="E497", where="target")
    target = call.shape
    if len(arguments) > 1 and not target.is_vector:
        shapes = [argument.shape for argument in call.arguments]
        arguments = tuple(
            algebra.column(value) if shape.is_column else value
            for value, shape in zip(arguments, shapes, strict=True)
        )
    return algebra.make(Op.CALL, *arguments, facts=function, axes=axes_of(target))
