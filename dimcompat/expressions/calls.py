"""Calls of the registry's functions, in normal form.

A module of its own because here the facts of a record act: its shape rule, its sign,
what a transposed argument does, and its identities.
"""

from __future__ import annotations

from dimcompat.expressions.compounds import Call
from dimcompat.expressions.linear import scale, split_coefficient
from dimcompat.expressions.node import Expr, Operator
from dimcompat.expressions.products import prefers_transpose, transpose
from dimcompat.expressions.remembered import remembered
from dimcompat.shapes import Dim


@remembered
def call(
    function: Operator, arguments: tuple[Expr, ...], axis: int | None = None, sizes: tuple[Dim, ...] = ()
) -> Expr:
    """A function of the registry applied to arguments.

    Raises ShapeError where the record's shape rule does.
    """
    shape = function.shape_of(arguments, axis, sizes)
    found = function.rewrite(arguments, axis, sizes)
    if found is not None:
        return found
    if function.parity != "none":
        coefficient, _ = split_coefficient(arguments[0])
        if coefficient < 0:
            opposite = call(function, (scale(-1, arguments[0]), *arguments[1:]), axis, sizes)
            return opposite if function.parity == "even" else scale(-1, opposite)
    if function.transposition not in ("none", "distributes") and _turns(function, arguments, axis):
        turned = tuple(transpose(argument) for argument in arguments)
        if function.transposition == "invariant":
            return call(function, turned, axis, sizes)
        other = 1 - axis if function.transposition == "swaps axis" and axis is not None else axis
        return transpose(call(function, turned, other, sizes))
    keeps = function.transposition in ("commutes", "distributes")
    symmetric = keeps and all(argument.symmetric for argument in arguments)
    return Call.make(function, arguments, axis, sizes, shape, symmetric=symmetric)


def _turns(function: Operator, arguments: tuple[Expr, ...], axis: int | None) -> bool:
    """Whether the function is written of the transposes: those with fewer transposes, then along rows."""
    if function.transposition == "swaps axis" and axis is not None and not arguments[0].shape.is_vector:
        before = sum(argument.turned for argument in arguments)
        after = sum(transpose(argument).turned for argument in arguments)
        if before == after:
            return axis == 0
    return prefers_transpose(*arguments)
