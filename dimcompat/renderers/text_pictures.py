"""The pictures of products on a page of text.

A module of its own because they are drawn only for those who ask for them.
"""

from __future__ import annotations

from collections.abc import Callable

from dimcompat.derivation import Derivation
from dimcompat.renderers.characters import characters, medium_of
from dimcompat.renderers.dimension_looks import order_of
from dimcompat.renderers.pictures import picture_of
from dimcompat.renderers.text_speller import TextSpeller
from dimcompat.renderers.told import Told
from dimcompat.renderers.wrapping import broken


def pictures_of(
    derivation: Derivation, speller: TextSpeller, width: int, indent: str, *, colours: bool
) -> Callable[[Told], list[str]]:
    """What draws the product of a step: the factors as boxes, and the formulas too long to stand in them."""
    order = order_of(derivation)
    medium = medium_of(speller.called, speller.glyphs, width - len(indent), speller.lang)

    def lines(told: Told) -> list[str]:
        picture = picture_of(told, order)
        if picture is None:
            return []
        drawn, found = characters(picture, medium, speller.glyphs, colours=colours)
        lines = ["", *(f"{indent}{line}".rstrip() for line in drawn)]
        for mark, called in found.meanings:
            lines += [indent + line for line in broken(mark, speller.called(called), width - len(indent))]
        return lines

    return lines
