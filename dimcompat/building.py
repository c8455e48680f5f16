"""Expressions built from Python objects instead of text.

A module of its own because it is a second way in, beside the language: names with
shapes, the entry-by-entry operators that Python has no sign for, and the functions of
the registry as Python functions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.errors import ParseError, UnknownNameError
from dimcompat.expressions import Expr, operators
from dimcompat.functions import find
from dimcompat.language.parser import parse_name
from dimcompat.messages import joined, say
from dimcompat.operations import call, leaf
from dimcompat.shapes import ONE, Dim, Shape, as_dim

Value = Expr | Dim | int | float | Fraction


def dims(names: str) -> tuple[Dim, ...]:
    """Dimension symbols: ``m, n = dims("m n")``."""
    return tuple(Dim.symbol(_checked(name)) for name in names.replace(",", " ").split())


def matrix(name: str, rows: Dim | int | str, cols: Dim | int | str, **attributes: bool) -> Expr:
    """A rows×cols matrix.

    Attributes are ``symmetric``, ``posdef``, ``diagonal``, ``orthogonal`` and ``positive``.
    """
    chosen = frozenset(attribute for attribute, holds in attributes.items() if holds)
    return ex.Symbol.make(_checked(name), Shape(as_dim(rows), as_dim(cols)), chosen)


def vector(name: str, rows: Dim | int | str, **attributes: bool) -> Expr:
    """A column vector, rows×1."""
    return matrix(name, rows, ONE, **attributes)


def scalar(name: str, **attributes: bool) -> Expr:
    """A scalar, 1×1."""
    return matrix(name, ONE, ONE, **attributes)


def labels(name: str, rows: Dim | int | str, classes: Dim | int | str) -> Expr:
    """Integer labels 0 … classes-1, rows×1."""
    return ex.Symbol.make(_checked(name), Shape(as_dim(rows), ONE), frozenset(), as_dim(classes))


def _checked(name: str) -> str:
    """The name, where the language reads it as one; raises ParseError where it does not."""
    return parse_name(name, "name").name


def hadamard(left: Value, right: Value) -> Expr:
    """``left .* right``. Raises ShapeError where neither can be stretched to the other."""
    return operators.entry_times(operators.as_expression(left), operators.as_expression(right))


def divide(left: Value, right: Value) -> Expr:
    """``left ./ right``. Raises ShapeError where neither can be stretched to the other."""
    return operators.entry_over(operators.as_expression(left), operators.as_expression(right))


def power(base: Value, exponent: Value) -> Expr:
    """``base .^ exponent``, the exponent a scalar."""
    return operators.entry_to_the(operators.as_expression(base), operators.as_expression(exponent))


def function(name: str) -> Callable[..., Expr]:
    """The function of the language called ``name``, as a Python function of expressions.

    Raises UnknownNameError where there is none.
    """
    record = find(name)
    if record is None:
        raise UnknownNameError(say("E302", name=name), code="E302")

    def apply(*arguments: Value, axis: int | None = None) -> Expr:
        sizes_taken = sorted({record.arity + number for number in record.sizes})
        if len(arguments) not in sizes_taken:
            wanted = joined([str(number) for number in sizes_taken], "E136.sizes")
            message = say("E136.python", name=name, wanted=wanted, given=len(arguments))
            raise ParseError(message, code="E136")
        operands = arguments[: record.arity]
        sizes = tuple(as_dim(size) for size in arguments[record.arity :])  # type: ignore[arg-type]
        leaves = tuple(leaf(operators.as_expression(operand)) for operand in operands)
        if record.lowering is not None:
            return record.lowering(leaves, axis, sizes).value
        return call(record, leaves, axis, sizes).value

    apply.__name__ = record.name
    apply.__doc__ = record.summary
    return apply
