r"""Formulas in LaTeX: ``2 X^{\top} (X w - y)``.

A module of its own because LaTeX needs what a line of text does not: fractions, brackets
that grow, names with sub- and superscripts, and no superscript on a superscript.
"""

from __future__ import annotations

import re
from typing import Literal

from dimcompat.expressions import Expr
from dimcompat.functions.record import Origin
from dimcompat.language.assembly import dimension
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
    Quotient,
    Rational,
    Series,
    SumOver,
    Transposed,
)
from dimcompat.language.precedence import Level
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.records import filled, record_of
from dimcompat.shapes import Dim, Shape

_TALL = re.compile(r"\\(frac|underset|sum|left)\b|\\sqrt")


class LatexNotation(Notation):
    """Juxtaposition for products, ``\\frac`` for quotients, ``\\odot`` entry by entry."""

    glue = {"scale": " ", "matrix": " ", "entry": r" \odot "}  # noqa: RUF012
    entry_slash = r" \oslash "
    mark = r"^{\top}"

    def bracketed(self, text: str) -> str:
        return rf"\left( {text} \right)" if _TALL.search(text) else f"({text})"

    def name(self, node: Name) -> Piece:
        if node.quotient is not None:
            return Piece(latex_derivative(*node.quotient), Level.UNARY)
        text = latex_name(node.name)
        return Piece(f"{{{text}}}" if "^" in text else text, Level.ATOM)

    def rational(self, node: Rational) -> Piece:
        return Piece(rf"\frac{{{node.top}}}{{{node.bottom}}}", Level.UNARY)

    def stands_apart(self, item: Layout) -> bool:
        if isinstance(item, Applied):
            return _is_infix(self._template(item))
        return isinstance(item, Series | SumOver) or (isinstance(item, Quotient) and item.entrywise)

    @staticmethod
    def _template(node: Applied) -> str:
        function = record_of(node)
        if function is not None and function.origin is not None:
            return latex_function(function.origin)
        return function.latex if function is not None else latex_name(node.name)

    def series(self, node: Series, done: dict[Layout, Piece]) -> Piece:
        return Piece(self._beside(node, done), Level.PRODUCT)

    def _beside(self, node: Series, done: dict[Layout, Piece], start: int = 0) -> str:
        text = last = ""
        for glue, item in node.items[start:]:
            piece = done[item]
            if self.stands_apart(item):
                body = self.bracketed(piece.text)
            else:
                body = self.operand(piece, "*", "right" if text else "left")
            text = text + self._between(glue, last, body) + body if text else body
            last = body
        return text

    def _between(self, glue: Literal["scale", "matrix", "entry"], left: str, right: str) -> str:
        """The sign of a product: none but where digits, or the letters of two names, would run together."""
        if glue == "entry":
            return self.glue[glue]
        if right[:1].isdigit():
            return r" \cdot "
        words = any(side.lstrip("{").startswith(r"\mathit") for side in (left, right))
        return r" \thinspace " if words else self.glue[glue]

    def quotient(self, node: Quotient, done: dict[Layout, Piece]) -> Piece:
        r"""A fraction; what divides a matrix product stands in front of it, as ``\frac{2}{m} X^{\top} r``."""
        if node.entrywise:
            return super().quotient(node, done)
        bottom = done[node.bottom].text
        top = node.top
        if isinstance(top, Series) and any(glue != "scale" for glue, _ in top.items[1:]):
            first = top.items[0][1]
            number = str(first.value) if isinstance(first, Integer) else "1"
            rest = self._beside(top, done, start=1 if isinstance(first, Integer) else 0)
            return Piece(rf"\frac{{{number}}}{{{bottom}}} {rest}", Level.PRODUCT)
        return Piece(rf"\frac{{{done[top].text}}}{{{bottom}}}", Level.UNARY)

    def power(self, node: Power, done: dict[Layout, Piece]) -> Piece:
        above = done[node.exponent].text
        if node.kind == "entry":
            above = rf"\odot {above}"
        return Piece(rf"{self._base(done[node.base])}^{{{above}}}", Level.POWER)

    def transposed(self, node: Transposed, done: dict[Layout, Piece]) -> Piece:
        if isinstance(node.operand, Inverse):
            return Piece(rf"{self._base(done[node.operand.operand])}^{{-\top}}", Level.POSTFIX)
        return Piece(self._base(done[node.operand]) + self.mark, Level.POSTFIX)

    def inverse(self, node: Inverse, done: dict[Layout, Piece]) -> Piece:
        return Piece(self._base(done[node.operand]) + "^{-1}", Level.POSTFIX)

    def _base(self, piece: Piece) -> str:
        return piece.text if piece.level is Level.ATOM else self.bracketed(piece.text)

    def indexed(self, node: Indexed, done: dict[Layout, Piece]) -> Piece:
        below = ",".join(map(self.index, node.indices))
        base = done[node.base].text
        plain = isinstance(node.base, Name) and node.base.quotient is None and not set(base) & set("_^{")
        return Piece(f"{base}_{{{below}}}" if plain else f"{self.bracketed(base)}_{{{below}}}", Level.ATOM)

    def index(self, item: IndexItem) -> str:
        if isinstance(item, LabelIndex):
            label = latex_name(item.label)
            bare = label if "_" not in label else f"{{{label}}}"
            return label if item.index is None else f"{bare}_{{{latex_name(item.index)}}}"
        return ":" if item is None else latex_name(item)

    def sum_over(self, node: SumOver, done: dict[Layout, Piece]) -> Piece:
        body = self.operand(done[node.body], "*", "left")
        index, last = latex_name(node.index), done[node.last].text
        return Piece(rf"\sum_{{{index}=1}}^{{{last}}} {body}", Level.PRODUCT)

    def applied(self, node: Applied, done: dict[Layout, Piece]) -> Piece:
        operator = self._template(node)
        if _is_infix(operator):
            sides = {
                side: Piece(self.operand(done[side], "*", "right"), Level.ATOM) for side in node.arguments
            }
            return Piece(filled(operator, node, done | sides), Level.PRODUCT)
        if "{0}" in operator or "{rows}" in operator:
            bare = {
                part: Piece(self._base(done[part]), Level.ATOM)
                for place, part in enumerate(node.arguments)
                if not _is_enclosed(operator, place)
            }
            text = filled(operator, node, done | bare)
            return Piece(text, Level.ATOM if "^" not in operator else Level.POSTFIX)
        if node.axis is not None:
            operator += rf"_{{\mathrm{{axis}}={node.axis}}}"
        inside = ", ".join(done[part].text for part in (*node.arguments, *node.sizes))
        return Piece(operator + self.bracketed(inside), Level.ATOM)


def _is_enclosed(template: str, place: int) -> bool:
    """Whether brackets or bars of the template stand around this argument."""
    before = template.partition(f"{{{place}}}")[0].rstrip()
    return before.endswith(("{", "(", "[", ",", r"\lvert", r"\lVert", r"\langle"))


def _is_infix(template: str) -> bool:
    """Whether the arguments stand at the ends of what is written, with nothing around them."""
    return template.startswith("{0}")


def latex_function(origin: Origin) -> str:
    r"""A function of the user's: ``f'``, ``{f^{(l)}}'``, ``\nabla \phi``."""
    base = latex_name(origin.base)
    if origin.shape is not None:
        return rf"\nabla {base}" if origin.order else base
    return (f"{{{base}}}" if "^" in base else base) + "'" * origin.order


_LATEX = LatexNotation()


def latex_derivative(objective: str, variable: str) -> str:
    r"""``\frac{\partial J}{\partial w}``."""
    return rf"\frac{{\partial {latex_name(objective)}}}{{\partial {latex_name(variable)}}}"


def latex_layout(node: Layout) -> str:
    """A layout in LaTeX."""
    return _LATEX.write(node)


def latex_formula(expression: Expr) -> str:
    """An expression in LaTeX."""
    return _LATEX.write(layout(expression))


def latex_dimension(dim: Dim) -> str:
    """A dimension in LaTeX."""
    return _LATEX.write(dimension(dim))


def latex_shape(shape: Shape) -> str:
    r"""``m \times n``."""
    return rf"{latex_dimension(shape.rows)} \times {latex_dimension(shape.cols)}"
