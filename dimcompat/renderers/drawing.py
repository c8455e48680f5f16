"""What a drawing is made of, and the medium it is made for.

A module of its own because a drawing for a page and one of characters differ in how wide a letter is and in
nothing else: both are rectangles and texts in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import ceil
from typing import Literal

from dimcompat.messages import text
from dimcompat.records import dataclass
from dimcompat.renderers.pictures import Called
from dimcompat.shapes import Dim

Anchor = Literal["start", "middle", "end"]
BEFORE: dict[Anchor, float] = {"start": 0, "middle": 0.5, "end": 1}
"""How much of a text stands before its place."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its upper left corner, its edges in the colours of rows and columns."""

    x: float
    y: float
    width: float
    height: float
    rows: int | None
    cols: int | None
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A text at a place, which is the middle of its height."""

    x: float
    y: float
    text: str
    anchor: Anchor
    kind: Literal["name", "dimension", "sign", "caption"]
    colour: int | None = None
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class Hinge:
    """A corner at which an edge that ends there is continued by its like."""

    x: float
    y: float
    colour: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What stands in a width and a height; ``middle`` is the height at which neighbours are aligned."""

    width: float
    height: float
    middle: float
    boxes: tuple[Box, ...] = ()
    texts: tuple[Written, ...] = ()
    hinges: tuple[Hinge, ...] = ()

    def moved(self, x: float, y: float) -> Drawing:
        """The same further right and down, for what is put beside it."""
        return Drawing(
            self.width + x,
            self.height + y,
            self.middle + y,
            tuple(replace(box, x=box.x + x, y=box.y + y) for box in self.boxes),
            tuple(replace(one, x=one.x + x, y=one.y + y) for one in self.texts),
            tuple(replace(hinge, x=hinge.x + x, y=hinge.y + y) for hinge in self.hinges),
        )


@dataclass(frozen=True, slots=True)
class Captions:
    """What is said below the factors, what is wanted, the arrangement, and factors met entry by entry."""

    before: str
    wanted: str
    after: str
    entry: str


def captions(lang: str | None) -> Captions:
    """The captions in a language."""
    return Captions(*(text(f"picture.{part}", lang) for part in ("before", "wanted", "after", "entry")))


@dataclass(frozen=True, slots=True)
class Medium:
    """How a format spells and measures: lengths of edges from a dimension's share, lines, spaces.

    Everything stands at multiples of ``grid`` from each other. ``longest`` is how wide a name may be that a
    rectangle is widened for, ``room`` how wide a drawing; ``turns`` says whether texts can stand upright.
    """

    name: Callable[[Called], str]
    dimension: Callable[[Dim], str]
    measure: Callable[[str], float]
    wide: Callable[[float], float]
    tall: Callable[[float], float]
    grid: float
    line: float
    space: float
    below: float
    gap: float
    apart: float
    pad: float
    longest: float
    room: float
    turns: bool
    times: str
    entry: str
    captions: Captions


def flow(pieces: Iterable[Drawing], medium: Medium, *, parts: bool = False) -> Drawing:
    """Pieces side by side, their middles on one height; a new row where there is no room.

    ``parts`` are further apart.
    """
    gap = medium.apart if parts else medium.gap
    rows: list[list[Drawing]] = [[]]
    width = 0.0
    for piece in pieces:
        if rows[-1] and width + gap + piece.width > medium.room:
            rows.append([])
            width = 0
        width += (gap if rows[-1] else 0) + piece.width
        rows[-1].append(piece)
    whole: Drawing | None = None
    for row in rows:
        middle = max(piece.middle for piece in row)
        y = 0 if whole is None else whole.height + medium.gap // 2
        joined: Drawing | None = None
        for piece in row:
            down = y + ceil((middle - piece.middle) / medium.grid) * medium.grid
            beside = piece.moved(0 if joined is None else joined.width + gap, down)
            joined = beside if joined is None else over(joined, beside)
        assert joined is not None
        whole = joined if whole is None else over(whole, joined)
    assert whole is not None
    return whole


def over(one: Drawing, other: Drawing) -> Drawing:
    """Both in one drawing, with the middle of the first."""
    return Drawing(
        max(one.width, other.width),
        max(one.height, other.height),
        one.middle,
        one.boxes + other.boxes,
        one.texts + other.texts,
        one.hinges + other.hinges,
    )
