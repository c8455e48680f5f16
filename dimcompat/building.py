"""Expressions built from Python objects instead of text.

A module of its own because it is a second way in, beside the language: names with
shapes, the entry-by-entry operators that Python has no sign for, and the functions of
the registry as Python functions.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from dimcompat.callers import require, wrong_argument
from dimcompat.errors import ParseError, UnknownNameError, fault
from dimcompat.expressions import Expr, operators
from dimcompat.functions import find
from dimcompat.language.declarations import Declarations, declare_passed, dimension_of
from dimcompat.language.parser import parse_name, parse_shape
from dimcompat.language.syntax import ShapeSyntax
from dimcompat.operations import call, leaf
from dimcompat.shapes import ONE, Dim

Value = Expr | Dim | int | float | Fraction
Size = Dim | int | str
A_SIZE = 'a dimension, an integer or a text such as "n+1"'


def dims(names: str) -> tuple[Dim, ...]:
    """Dimension symbols: ``m, n = dims("m n")``."""
    require("names", names, str, 'a text of names, as in "m n"')
    return tuple(Dim.symbol(_checked(name)) for name in names.replace(",", " ").split())


def matrix(name: str, rows: Size, cols: Size, **attributes: bool) -> Expr:
    """A rows×cols matrix; a size is a dimension, an integer, or a text such as ``n+1``.

    Attributes are ``symmetric``, ``posdef``, ``diagonal``, ``orthogonal`` and ``positive``. Raises what the
    same declaration raises in a text.
    """
    for attribute, holds in attributes.items():
        require(attribute, holds, bool, "True or False")
    chosen = [attribute for attribute, holds in attributes.items() if holds]
    return _declared(name, (rows, cols), *chosen)


def vector(name: str, rows: Size, **attributes: bool) -> Expr:
    """A column vector, rows×1."""
    return matrix(name, rows, ONE, **attributes)


def scalar(name: str, **attributes: bool) -> Expr:
    """A scalar, 1×1."""
    return matrix(name, ONE, ONE, **attributes)


def labels(name: str, rows: Size, classes: Size) -> Expr:
    """Integer labels 0 … classes-1, rows×1."""
    return _declared(name, (rows,), f"labels({_size(classes)})")


def _declared(name: str, sizes: tuple[Size, ...], *attributes: str) -> Expr:
    """A name declared as a text declares it."""
    found = Declarations()
    shape = ", ".join(map(_size, sizes))
    declare_passed(found, {_checked(name): " ".join([shape, *attributes])})
    found.check_dimensions()
    return found.symbols[name]


def _size(size: object) -> str:
    """A size as it is written."""
    if isinstance(size, bool) or not isinstance(size, Dim | int | str):
        raise wrong_argument("a size", A_SIZE, size)
    return str(size)


def _dim(size: object) -> Dim:
    """A size as a dimension; raises ParseError for an expression, which is a value."""
    if isinstance(size, Expr):
        raise fault("E141", None, found=str(size))
    declared = parse_shape(_size(size), "size")
    if not isinstance(declared, ShapeSyntax) or len(declared.dimensions) != 1 or declared.attributes:
        raise wrong_argument("a size", A_SIZE, size)
    return dimension_of(declared.dimensions[0])


def _checked(name: str) -> str:
    """The name, where the language reads it as one; raises ParseError where it does not."""
    require("name", name, str, "a name")
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
        raise UnknownNameError(f"there is no function called {name}", code="E302")

    def apply(*arguments: Value, axis: int | None = None, **others: object) -> Expr:
        for key in [*others, *(["axis"] if axis is not None and record.axis == "none" else [])]:
            raise fault("E137", None, found=name, key=repr(key))
        if axis is not None and (type(axis) is not int or axis not in (0, 1)):
            raise fault("E140", None, found=repr(axis))
        sizes_taken = sorted({record.arity + number for number in record.sizes})
        if len(arguments) not in sizes_taken:
            wanted = " or ".join(str(number) for number in sizes_taken)
            raise ParseError(f"{name} takes {wanted} arguments, and here are {len(arguments)}", code="E136")
        operands = arguments[: record.arity]
        sizes = tuple(map(_dim, arguments[record.arity :]))
        leaves = tuple(leaf(operators.as_expression(operand)) for operand in operands)
        if record.lowering is not None:
            return record.lowering(leaves, axis, sizes).value
        return call(record, leaves, axis, sizes).value

    apply.__name__ = record.name
    apply.__doc__ = record.summary
    return apply
