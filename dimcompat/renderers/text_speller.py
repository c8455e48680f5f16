"""How text spells formulas, shapes and sentences: on one line, in the characters that a stream can show.

A module of its own because JSON, verdicts and pictures spell as a terminal does and have no lines to fill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.language.notation import ELLIPSIS, Layout, Piece
from dimcompat.renderers.blocks import Equality, Sentence, Speller, Walk
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
        self._formulas: dict[Layout, str] = {}
        self._pieces: dict[Layout, Piece] = {}
        self._scalar_pieces: dict[Layout, Piece] = {}
        self._shapes: dict[Shape, str] = {}

    def formula(self, node: Layout) -> str:
        if node not in self._formulas:
            self._formulas[node] = self._written(node)
        return self._formulas[node]

    def _written(self, node: Layout) -> str:
        text = self.glyphs.notation.piece(node, self._pieces).text
        return whole(text.replace(ELLIPSIS.name, self.glyphs.fitted(ELLIPSIS.name)))

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
        return whole(super().equality(value))

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
        return self.glyphs.fitted(super().say(said))
