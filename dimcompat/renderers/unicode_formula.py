"""Formulas on one line of a terminal, with the operators of mathematics; they can be pasted back.

A module of its own because the terminal's spelling is neither that of plain text, which
files and JSON keep, nor LaTeX. `ascii_text` turns it into what every stream can show.
"""

from __future__ import annotations

from dataclasses import replace

from dimcompat.expressions import Expr
from dimcompat.language.assembly import dimension
from dimcompat.language.layout import layout
from dimcompat.language.notation import (
    Applied,
    Integer,
    Inverse,
    Layout,
    Name,
    Notation,
    Piece,
    Power,
    Transposed,
)
from dimcompat.language.precedence import POSTFIX, Level, needs_brackets
from dimcompat.renderers.records import record_of
from dimcompat.shapes import Dim, Shape

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class UnicodeNotation(Notation):
    """``2·Xᵀ·(X·w − y)``, ``A⁻ᵀ``, ``∂J/∂w``."""

    glue = {"scale": "·", "matrix": "·", "entry": " ⊙ "}  # noqa: RUF012
    entry_slash = " ⊘ "
    plus, minus, sign = " + ", " − ", "−"
    mark = "ᵀ"

    def name(self, node: Name) -> Piece:
        if node.quotient is None:
            return Piece(node.name, Level.ATOM)
        return Piece(derivative(*node.quotient), Level.UNARY)

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        if node.kind == "entry" or not isinstance(node.exponent, Integer):
            return super().power(node, done)
        base = self.operand(done[node.base], "^", "left")
        return Piece(base + str(node.exponent.value).translate(_RAISED), Level.POWER)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        if isinstance(node.operand, Inverse):
            return Piece(self._inverted(node.operand, done) + "⁻ᵀ", Level.POWER)
        return super().transposed(node, done)

    def inverse(self, node: Inverse, done: dict[Layout, Piece]) -> Piece:
        return Piece(self._inverted(node, done) + "⁻¹", Level.POWER)

    def applied(self, node: Applied, done: dict[Layout, Piece]) -> Piece:
        function = record_of(node)
        origin = function.origin if function is not None else None
        if origin is not None and origin.shape is not None and origin.order:
            node = replace(node, name=f"∇{origin.base}")
        return super().applied(node, done)

    def _inverted(self, node: Inverse, done: dict[Layout, Piece]) -> str:
        piece = done[node.operand]
        wanted = needs_brackets(piece.level, POSTFIX["'"], "left")
        return self.bracketed(piece.text) if wanted else piece.text


class ScalarNotation(UnicodeNotation):
    """Everything as if it were a number: one product, one division, nothing is turned."""

    glue = {"scale": "·", "matrix": "·", "entry": "·"}  # noqa: RUF012
    entry_slash = "/"
    mark = ""

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        return super().power(_as_scalar(node), done)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        return done[node.operand]


def _as_scalar(node: Power) -> Power:
    return Power(node.base, node.exponent, "scalar")


_UNICODE = UnicodeNotation()


def derivative(objective: str, variable: str) -> str:
    """``∂J/∂w``."""
    return f"∂{objective}/∂{variable}"


def unicode_layout(node: Layout) -> str:
    """A layout on one line."""
    return _UNICODE.write(node)


def unicode_formula(expression: Expr) -> str:
    """An expression on one line."""
    return _UNICODE.write(layout(expression))


def unicode_dimension(dim: Dim) -> str:
    """A dimension on one line."""
    return _UNICODE.write(dimension(dim))


def unicode_shape(shape: Shape) -> str:
    """``m×n``; a sum stands in brackets."""

    def side(dim: Dim) -> str:
        text = unicode_dimension(dim).replace(" ", "")
        return f"({text})" if len(dim.terms) > 1 or "·" in text else text

    return f"{side(shape.rows)}×{side(shape.cols)}"
