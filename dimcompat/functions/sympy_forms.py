"""What SymPy calls the functions of the language, or how it writes those that it has no name for.

A module of its own because these are facts of single functions, which only this room knows by
name, and because a record is not to depend on SymPy: ``sp`` is the module, passed in when it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

SAME: dict[str, str] = {
    "exp": "exp",
    "log": "log",
    "erf": "erf",
    "sign": "sign",
    "abs": "Abs",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "asin": "asin",
    "acos": "acos",
    "atan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "asinh": "asinh",
    "acosh": "acosh",
    "atanh": "atanh",
}
"""The functions of one number that both have, ours first."""


def _same(theirs: str, sp: Any, t: Any) -> Any:
    return getattr(sp, theirs)(t)


def _absolute(sp: Any, t: Any) -> Any:
    """As it stands: SymPy stumbles when it simplifies the absolute value of sums of matrices."""
    return sp.Abs(t, evaluate=False)


OF_ENTRIES: dict[str, Callable[[Any, Any], Any]] = {
    **{ours: partial(_same, theirs) for ours, theirs in SAME.items()},
    "abs": _absolute,
    "expm1": lambda sp, t: sp.exp(t) - 1,
    "log1p": lambda sp, t: sp.log(1 + t),
    "gelu": lambda sp, t: t * (1 + sp.erf(t / sp.sqrt(2))) / 2,
    "step": lambda sp, t: sp.Heaviside(t, 0),
    "relu": lambda sp, t: sp.Max(0, t),
    "sigmoid": lambda sp, t: 1 / (1 + sp.exp(-t)),
    "logit": lambda sp, t: sp.log(t / (1 - t)),
    "softplus": lambda sp, t: sp.log(1 + sp.exp(t)),
    "silu": lambda sp, t: t / (1 + sp.exp(-t)),
}
"""One number to one number, in SymPy's terms."""

OF_PAIRS: dict[str, tuple[str, int]] = {"maximum": ("Max", 1), "minimum": ("Min", -1)}
"""The larger and the smaller of two: the name for numbers, and s in (A + B + s*|A - B|)/2 for matrices."""


def _exponentials(sp: Any, operand: Any) -> Any:
    return operand.applyfunc(sp.exp)


def _sums(sp: Any, operand: Any, axis: int | None) -> Any:
    """The sums of the entries along an axis, a row or a column; of all entries, a number."""
    rows, cols = operand.shape
    if axis == 0:
        return sp.MatMul(sp.OneMatrix(1, rows), operand)
    if axis == 1:
        return sp.MatMul(operand, sp.OneMatrix(cols, 1))
    return sp.Trace(sp.MatMul(sp.OneMatrix(1, rows), operand, sp.OneMatrix(cols, 1)))


def _stretched(sp: Any, sums: Any, operand: Any, axis: int | None) -> Any:
    """A row, a column or a number in the shape of the operand."""
    rows, cols = operand.shape
    if axis == 0:
        return sp.MatMul(sp.OneMatrix(rows, 1), sums)
    return sp.MatMul(sums, sp.OneMatrix(1, cols) if axis == 1 else sp.OneMatrix(rows, cols))


def _logsumexp(sp: Any, operand: Any, axis: int | None) -> Any:
    sums = _sums(sp, _exponentials(sp, operand), axis)
    return sp.log(sums) if axis is None else sums.applyfunc(sp.log)


def _softmax(sp: Any, operand: Any, axis: int | None) -> Any:
    raised = _exponentials(sp, operand)
    inverse = sp.HadamardPower(_sums(sp, raised, axis), -1)
    return sp.HadamardProduct(raised, _stretched(sp, inverse, operand, axis))


def _logsoftmax(sp: Any, operand: Any, axis: int | None) -> Any:
    taken = _stretched(sp, _logsumexp(sp, operand, axis), operand, axis)
    return sp.MatAdd(operand, sp.MatMul(-1, *(taken.args if taken.is_MatMul else (taken,))))


OF_MATRICES: dict[str, Callable[..., Any]] = {
    "det": lambda sp, operand, axis: sp.Determinant(operand),
    "logdet": lambda sp, operand, axis: sp.log(_absolute(sp, sp.Determinant(operand))),
    "diag": lambda sp, operand, axis: sp.DiagonalOf(operand),
    "kron": lambda sp, left, right, axis: sp.KroneckerProduct(left, right),
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "logsoftmax": _logsoftmax,
}
"""Functions of whole matrices, by SymPy's matrix expressions and the axis of the call."""

NAMED_THERE: dict[str, str] = {theirs: ours for ours, theirs in SAME.items()} | {
    "Determinant": "det",
    "DiagonalOf": "diag",
    "DiagMatrix": "diag",
    "KroneckerProduct": "kron",
    "Trace": "tr",
    "Inverse": "inv",
}
"""Our names of SymPy's functions, those of numbers and those of matrices."""
