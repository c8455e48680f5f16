"""A picture as inline SVG, in the colours of the page it stands on.

A module of its own because here lengths are pixels and colours are classes of the style sheet.
"""

from __future__ import annotations

from html import escape

from dimcompat.messages import text
from dimcompat.renderers.blocks import Quotient
from dimcompat.renderers.drawing import Box, Drawing, Hinge, Medium, Written, captions
from dimcompat.renderers.glyphs import UNICODE
from dimcompat.renderers.pictures import Called, Picture, Rectangle
from dimcompat.renderers.stairs import Drawn, drawn
from dimcompat.renderers.unicode_formula import unicode_dimension, unicode_layout, unicode_shape
from dimcompat.renderers.wrapping import columns

LETTER, AROUND, HINGE = 7.2, 3, 9


def svg(picture: Picture, lang: str | None) -> tuple[str, Drawn]:
    """A figure of two drawings, below each other where there is no room, with a sentence about it."""
    medium = Medium(
        name=_name,
        dimension=unicode_dimension,
        measure=lambda said: LETTER * columns(said) + AROUND,
        wide=_length,
        tall=_length,
        grid=1,
        line=17,
        space=5,
        below=3,
        gap=9,
        apart=22,
        pad=5,
        longest=76,
        room=330,
        turns=True,
        times="·",
        entry="⊙",
        captions=captions(lang),
    )
    found = drawn(picture, medium)
    arrow = '<span class="to" aria-hidden="true">→</span>'
    first, *others = map(_svg, found.panels)
    drawings = first + "".join(f"<span>{arrow}{other}</span>" for other in others)
    label = escape(f"{text('picture.label', lang)} {_described(picture)}")
    return f'<div class="shapes" role="img" aria-label="{label}">{drawings}</div>', found


def _length(share: float) -> float:
    return 30 + 40 * share if share else 18


def _name(called: Called) -> str:
    if isinstance(called, Quotient):
        return UNICODE.quotient(called.objective, called.variable)
    return unicode_layout(called)


def _described(picture: Picture) -> str:
    def listed(rectangles: tuple[Rectangle, ...]) -> str:
        return ", ".join(
            f"{_name(one.called)} {unicode_shape(one.shape)}" for one in rectangles if one.called is not None
        )

    return f"{listed(picture.before)} → {listed(picture.after)} = {unicode_shape(picture.wanted)}"


def _svg(drawing: Drawing) -> str:
    width, height = drawing.width + 2, drawing.height + 2
    parts = [*map(_hinge, drawing.hinges), *map(_box, drawing.boxes), *map(_text, drawing.texts)]
    size = f'viewBox="-1 -1 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg {size} aria-hidden="true">{"".join(parts)}</svg>'


def _class(colour: int | None) -> str:
    return "d" if colour is None else f"d{colour}"


def _hinge(hinge: Hinge) -> str:
    x, y = hinge.x, hinge.y
    way = f"M{x:.1f} {y:.1f}h-{HINGE}a{HINGE} {HINGE} 0 0 1 {HINGE} -{HINGE}z"
    return f'<path class="hinge {_class(hinge.colour)}" d="{way}"></path>'


def _box(box: Box) -> str:
    x, y, right, below = box.x, box.y, box.x + box.width, box.y + box.height
    wanted = " wanted" if box.is_wanted else ""
    down, across = f"v{box.height:.1f}", f"h{box.width:.1f}"
    edges = "".join(
        f'<path class="edge {_class(colour)}{wanted}" d="{way}"></path>'
        for colour, way in (
            (box.rows, f"M{x:.1f} {y:.1f}{down}M{right:.1f} {y:.1f}{down}"),
            (box.cols, f"M{x:.1f} {y:.1f}{across}M{x:.1f} {below:.1f}{across}"),
        )
    )
    size = f'x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect class="factor{wanted}" {size}></rect>{edges}'


def _text(written: Written) -> str:
    kind = f"{_class(written.colour)}" if written.kind == "dimension" else written.kind
    x, y = written.x, written.y + 4.5
    turned = f' transform="rotate(-90 {x:.1f} {written.y:.1f})"' if written.is_turned else ""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{written.anchor}"{turned}'
    return f'<text class="{kind}" {place}>{escape(written.text)}</text>'
