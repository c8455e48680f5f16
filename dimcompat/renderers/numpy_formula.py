"""Formulas as one line of NumPy, for the reader who takes the result into code.

A module of its own because it is a spelling of the formula, ``2*X.T @ (X @ w - y)``, not a
program: no imports, no checks, no helper functions. Those are `codegen`'s.
"""

from __future__ import annotations

import keyword
import re

from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.language.notation import (
    Applied,
    Indexed,
    IndexItem,
    Integer,
    Inverse,
    LabelIndex,
    Layout,
    Name,
    Notation,
    Piece,
    Power,
    SumOver,
)
from dimcompat.language.precedence import Level
from dimcompat.renderers.records import filled, record_of

_CALL = re.compile(r"[\w.]+\(")


class NumpyNotation(Notation):
    """Python's operators: ``@`` between matrices, ``*`` for scaling and entry by entry."""

    glue = {"scale": "*", "matrix": " @ ", "entry": "*"}  # noqa: RUF012
    entry_slash = "/"
    mark = ".T"

    def name(self, node: Name) -> Piece:
        name = node.name.replace("'", "_prime")
        return Piece(name + "_" if keyword.iskeyword(name) else name, Level.ATOM)

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        if node.kind == "matrix" and isinstance(node.exponent, Integer):
            return Piece(f"np.linalg.matrix_power({done[node.base].text}, {node.exponent.value})", Level.ATOM)
        base = self.operand(done[node.base], "^", "left")
        return Piece(f"{base}**{self.operand(done[node.exponent], '^', 'right')}", Level.POWER)

    def inverse(self, node: Inverse, done: dict[Layout, Piece]) -> Piece:
        return Piece(f"np.linalg.inv({done[node.operand].text})", Level.ATOM)

    def indexed(self, node: Indexed, done: dict[Layout, Piece]) -> Piece:
        base = self.operand(done[node.base], "^", "left")
        items = [":" if index is None else f"[{self.index(index)}]" for index in node.indices]
        if len(items) == 1:
            return Piece(f"{base}.reshape(-1, 1)[{items[0]}]", Level.POSTFIX)
        if None in node.indices:
            return Piece(f"{base}[{', '.join(items)}]", Level.POSTFIX)
        return Piece(f"{base}[{', '.join(map(self.index, node.indices))}].reshape(1, 1)", Level.POSTFIX)

    def index(self, item: IndexItem) -> str:
        if isinstance(item, LabelIndex):
            return f"{item.label}.item()" if item.index is None else f"{item.label}.reshape(-1)[{item.index}]"
        return ":" if item is None else item

    def sum_over(self, node: SumOver, done: dict[Layout, Piece]) -> Piece:
        return Piece(
            f"sum({done[node.body].text} for {node.index} in range({done[node.last].text}))", Level.ATOM
        )

    def applied(self, node: Applied, done: dict[Layout, Piece]) -> Piece:
        function = record_of(node)
        if function is None:
            return super().applied(node, done)
        text = filled(function.numpy.expression, node, done, axis=node.axis)
        return Piece(text, Level.ATOM if _is_one_call(text) else Level.SUM)


def _is_one_call(text: str) -> bool:
    start = _CALL.match(text)
    if start is None:
        return False
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and place >= start.end():
            return place == len(text) - 1
    return False


_NUMPY = NumpyNotation()


def numpy_formula(expression: Expr) -> str:
    """An expression as one line of NumPy."""
    return _NUMPY.write(layout(expression))
