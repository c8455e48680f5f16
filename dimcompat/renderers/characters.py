"""A picture of characters, for a terminal: boxes, with colours where the terminal has them.

A module of its own because here every place is a column and a line, and a letter may take two columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from dimcompat.renderers.drawing import BEFORE, Box, Drawing, Medium, Written, captions
from dimcompat.renderers.glyphs import Glyphs
from dimcompat.renderers.pictures import Called, Picture
from dimcompat.renderers.stairs import Drawn, drawn
from dimcompat.renderers.wrapping import columns

_PAINTS = (33, 208, 36, 170, 142, 130)
"""Numbers of the 256 colours of a terminal that are read on dark and on light ground."""
Cells = dict[tuple[int, int], tuple[str, int | None]]


def medium_of(name: Callable[[Called], str], glyphs: Glyphs, room: int, lang: str | None) -> Medium:
    """Columns and lines."""
    return Medium(
        name=name,
        dimension=glyphs.dimension,
        measure=columns,
        wide=lambda share: 5 + round(6 * share),
        tall=lambda share: 3 + round(2 * share),
        grid=1,
        line=1,
        space=1,
        below=0,
        gap=2,
        apart=5,
        pad=2,
        longest=max(min(16, room - 16), 3),
        room=room,
        turns=False,
        times=glyphs.fitted("·"),
        entry=glyphs.fitted("⊙"),
        captions=captions(lang),
    )


def characters(
    picture: Picture, medium: Medium, glyphs: Glyphs, *, colours: bool = False
) -> tuple[list[str], Drawn]:
    """The lines of a picture: what is given above or beside the arrangement, as there is room."""
    found = drawn(picture, medium)
    before, after = found.panels[0], found.panels[-1]
    arrow = f"  {glyphs.arrow}  "
    if len(found.panels) == 1 or before.width + len(arrow) + after.width > medium.room:
        drawings = (_lines(panel, glyphs, colours) for panel in found.panels)
        return [line for lines in drawings for line in (*lines, "")][:-1], found
    tall = int(max(before.height, after.height))
    left = before.moved(0, tall - before.height)
    right = after.moved(before.width + len(arrow), tall - after.height)
    sign = Written(before.width + len(arrow) / 2, tall // 2 + 0.5, glyphs.arrow, "middle", "sign")
    joined = Drawing(right.width, tall, 0, left.boxes + right.boxes, (*left.texts, *right.texts, sign))
    return _lines(joined, glyphs, colours), found


def _lines(drawing: Drawing, glyphs: Glyphs, colours: bool) -> list[str]:
    cells: Cells = {}
    for box in drawing.boxes:
        _frame(cells, box, glyphs)
    for written in drawing.texts:
        _write(cells, written)
    return [_line(cells, number, colours) for number in range(int(drawing.height))]


def _frame(cells: Cells, box: Box, glyphs: Glyphs) -> None:
    left, top = int(box.x), int(box.y)
    right, bottom = left + int(box.width) - 1, top + int(box.height) - 1
    across, down = glyphs.horizontal, glyphs.vertical
    if box.is_wanted:
        across, down = glyphs.dashes[0], glyphs.dashes[1]
    for x in range(left + 1, right):
        cells[top, x] = cells[bottom, x] = (across, box.cols)
    for y in range(top + 1, bottom):
        cells[y, left] = cells[y, right] = (down, box.rows)
    corners = ((top, left), (top, right), (bottom, left), (bottom, right))
    for place, corner in zip(corners, glyphs.corners, strict=True):
        cells[place] = (corner, None)


def _write(cells: Cells, written: Written) -> None:
    wide = columns(written.text)
    x = int(written.x - wide * BEFORE[written.anchor])
    for letter in written.text:
        cells[int(written.y), x] = (letter, written.colour)
        for further in range(1, columns(letter)):
            cells[int(written.y), x + further] = ("", written.colour)
        x += columns(letter)


def _line(cells: Cells, number: int, colours: bool) -> str:
    wide = max((x + 1 for y, x in cells if y == number), default=0)
    line: Sequence[tuple[str, int | None]] = [cells.get((number, x), (" ", None)) for x in range(wide)]
    if not colours:
        return "".join(letter for letter, _ in line).rstrip()
    text = ""
    for colour, run in groupby(line, key=lambda cell: cell[1]):
        letters = "".join(letter for letter, _ in run)
        text += letters if colour is None else f"\x1b[38;5;{_PAINTS[colour]}m{letters}\x1b[0m"
    return text.rstrip()
