"""Expression to plain text that reads back as the same expression.

A module of its own because ``str(expression)`` comes here: this is the one spelling that the
project promises to read again.
"""

from __future__ import annotations

from dimcompat.expressions import Expr
from dimcompat.language.assembly import dimension
from dimcompat.language.layout import layout
from dimcompat.language.notation import Layout, Notation
from dimcompat.shapes import Dim, Shape

_PLAIN = Notation()


def write(expression: Expr) -> str:
    """The expression in plain text, as short as a textbook prints it."""
    return _PLAIN.write(layout(expression))


def write_layout(node: Layout) -> str:
    """A layout in plain text."""
    return _PLAIN.write(node)


def write_dimension(dim: Dim) -> str:
    """A dimension in plain text."""
    return _PLAIN.write(dimension(dim))


def write_shape(shape: Shape) -> tuple[str, str]:
    """The rows and the columns, each in plain text."""
    return write_dimension(shape.rows), write_dimension(shape.cols)
