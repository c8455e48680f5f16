"""The factors of a product as rectangles, as they are and as they are arranged, matching edges in one colour.

A module of its own because a drawing has sizes and places: how long a dimension is, and what stands where.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dimcompat.renderers.displays import Picture, Rectangle
from dimcompat.renderers.unicode_formula import unicode_dimension
from dimcompat.shapes import ONE, Dim

LENGTHS = (52, 34, 70, 44, 60, 28)
SHORT, GAP, ABOVE, BESIDE, LETTER, COLOURS = 13, 10, 18, 18, 7.5, 5


def svg(picture: Picture, label: str) -> str:
    """The drawing, with a sentence for those who do not see it."""
    dims = dict.fromkeys(
        dim for one in (*picture.before, *picture.after) for dim in one.shape if dim is not ONE
    )
    order = list(dims)
    lengths = {dim: LENGTHS[place % len(LENGTHS)] for place, dim in enumerate(order)} | {ONE: SHORT}
    colours = {dim: f"d{place % COLOURS}" for place, dim in enumerate(order)} | {ONE: "d"}
    tall = max(lengths[one.shape.rows] for one in (*picture.before, *picture.after))
    middle = ABOVE + tall / 2
    parts: list[str] = []
    x = _row(parts, picture.before, 0.0, middle, lengths, colours)
    parts.append(f'<text class="to" x="{x + 22:.0f}" y="{middle + 5:.0f}">→</text>')
    x = _row(parts, picture.after, x + 36, middle, lengths, colours)
    width, height = x + 4, ABOVE + tall + 6
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg class="shapes" {size} role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def _row(
    parts: list[str],
    rectangles: Sequence[Rectangle],
    x: float,
    middle: float,
    lengths: dict[Dim, int],
    colours: dict[Dim, str],
) -> float:
    """Draws rectangles side by side; returns where they end."""
    for one in rectangles:
        rows, cols = one.shape
        tall, wide = lengths[rows], lengths[cols]
        side, top = unicode_dimension(rows), unicode_dimension(cols)
        x += GAP + max(BESIDE, LETTER * len(side) + 6)
        y = middle - tall / 2
        parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide}" height="{tall}"></rect>')
        for dim, (x1, y1, x2, y2) in (
            (rows, (x, y, x, y + tall)),
            (rows, (x + wide, y, x + wide, y + tall)),
            (cols, (x, y, x + wide, y)),
            (cols, (x, y + tall, x + wide, y + tall)),
        ):
            place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            parts.append(f'<line class="{colours[dim]}" {place}></line>')
        parts.append(_text(colours[rows], x - 5, middle + 4, side, "end"))
        parts.append(_text(colours[cols], x + wide / 2, y - 5, top, "middle"))
        if LETTER * len(one.text) < max(wide, 16):
            parts.append(_text("name", x + wide / 2, middle + 4.5, one.text, "middle"))
        x += max(wide, LETTER * len(top) - wide / 2)
    return x


def _text(kind: str, x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
