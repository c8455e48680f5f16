"""How text spells formulas, shapes and sentences: on one line, in the characters that a stream can show.

A module of its own because JSON, verdicts and pictures spell as a terminal does and have no lines to fill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.language.notation import ELLIPSIS, Layout, Piece
from dimcompat.renderers.blocks import Equality, Quotient, Sentence, Speller, Walk
from dimcompat.renderers.glyphs import Glyphs
from dimcompat.renderers.hard_spaces import HARD_SPACE, whole
from dimcompat.shapes import Dim, Shape

if TYPE_CHECKING:
    from dimcompat.renderers.pictures import Called


class TextSpeller(Speller):
    """Formulas on one line, kept whole inside sentences."""

    def __init__(self, lang: str | None, glyphs: Glyphs) -> None:
        super().__init__(lang)
        self.glyphs = glyphs
        self._pieces: dict[Layout, Piece] = {}
        self._scalar_pieces: dict[Layout, Piece] = {}
        self._shapes: dict[Shape, str] = {}

    def formula(self, node: Layout) -> str:
        return whole(self._written(node))

    def _written(self, node: Layout) -> str:
        text = self.glyphs.notation.piece(node, self._pieces).text
        return text.replace(ELLIPSIS.name, self.glyphs.fitted(ELLIPSIS.name)) if self.glyphs.ascii else text

    def quotient(self, objective: str, variable: str | tuple[str, str]) -> str:
        return self.glyphs.quotient(objective, variable)

    def name(self, name: str) -> str:
        return name

    def shape(self, shape: Shape) -> str:
        if shape not in self._shapes:
            self._shapes[shape] = whole(self.glyphs.shape(shape))
        return self._shapes[shape]

    def dimension(self, dim: Dim) -> str:
        return whole(self.glyphs.dimension(dim))

    def equality(self, value: Equality) -> str:
        return whole(self.line(value))

    def line(self, value: Equality) -> str:
        """An equality that stands by itself, and may be broken anywhere."""
        left = value.left
        if isinstance(left, str):
            sides = [left]
        elif isinstance(left, Quotient):
            sides = [self.quotient(left.objective, left.variable)]
        else:
            sides = [self._written(left)]
        for side in value.sides:
            spelled = self._written(side)
            if spelled != sides[-1]:
                sides.append(spelled)
        return " = ".join(sides)

    def scalar(self, node: Layout) -> str:
        return whole(self.glyphs.scalars.piece(node, self._scalar_pieces).text)

    def walk(self, walk: Walk) -> str:
        """``n ─Xᵀ→ m ─r→ 1``; it may be broken before an edge."""
        text = self.dimension(walk.edges[0].start)
        signs = dict(walk.signs)
        for edge in walk.edges:
            factor = self.spell(signs.get(edge.factor, edge.factor))
            if HARD_SPACE in factor or factor[:1] in "−-":
                factor = f"({factor})"
            arrow = f"{self.glyphs.line}{factor}{self.glyphs.arrow}"
            text += f" {arrow}\u00a0{self.dimension(edge.end)}"
        return text

    def called(self, called: Called) -> str:
        """What stands in a rectangle."""
        return self.spell(called).replace(HARD_SPACE, " ")

    def say(self, said: Sentence) -> str:
        text = super().say(said)
        return self.glyphs.fitted(text) if self.glyphs.ascii else text
