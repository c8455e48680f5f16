"""Where everything in a picture stands: rectangles, dimensions on their edges, what joins them.

A module of its own because a drawing for a page and one of characters differ in how wide a letter is and in
nothing else. Arranged factors form a staircase: the right end of one's upper edge is the lower end of the
next one's left edge, so that the edges which touch are the two that must match; what the product comes to
has the rows of the first and the columns of the last, and stands in the corner below the stairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Literal

from dimcompat.messages import text
from dimcompat.renderers.pictures import Called, Look, Picture, Rectangle
from dimcompat.shapes import Dim, Shape

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

    Everything stands at multiples of ``grid`` from each other. ``longest`` is how wide a name may be inside
    a rectangle, ``room`` how wide a drawing; ``turns`` says whether texts can stand upright.
    """

    name: Callable[[Called], str]
    dimension: Callable[[Dim], str]
    measure: Callable[[str], float]
    wide: Callable[[float], float]
    tall: Callable[[float], float]
    grid: float
    line: float
    space: float
    gap: float
    apart: float
    pad: float
    longest: float
    room: float
    turns: bool
    times: str
    entry: str
    captions: Captions


Meanings = tuple[tuple[str, Called], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The factors with what is wanted, the arrangement, and what the marks in place of long names mean.

    Where factors meet entry by entry nothing is arranged, and there is one panel.
    """

    panels: tuple[Drawing, ...]
    meanings: Meanings


def drawn(picture: Picture, medium: Medium) -> Drawn:
    """A picture in a medium."""
    pen = _Pen(medium, picture.looks)
    words = medium.captions
    times, boxes = pen.sign(medium.times), [pen.box(one) for one in picture.before]
    front = [piece for one in picture.front for piece in (pen.sign(pen.called(one)), times)]
    lack = pen.captioned(pen.box(Rectangle(None, picture.wanted), is_wanted=True), words.wanted)
    if picture.glue == "entry":
        met = _flow([*front, *_parted(boxes, pen.sign(medium.entry))], medium)
        panels = [_flow([pen.captioned(met, words.entry), lack], medium, parts=True)]
    else:
        ones = [pen.sign("1"), times] if picture.has_one else []
        given = _flow([*front, *ones, *_parted(boxes, times)], medium)
        arranged = _flow([*front, *pen.stairs(picture.after, picture.wanted)], medium)
        before = _flow([pen.captioned(given, words.before), lack], medium, parts=True)
        panels = [before, pen.captioned(arranged, words.after)]
    return Drawn(tuple(panels), tuple(pen.meanings.items()))


def _parted(pieces: Sequence[Drawing], sign: Drawing) -> list[Drawing]:
    return [one for piece in pieces for one in (sign, piece)][1:]


def _flow(pieces: Iterable[Drawing], medium: Medium, *, parts: bool = False) -> Drawing:
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
            joined = beside if joined is None else _over(joined, beside)
        assert joined is not None
        whole = joined if whole is None else _over(whole, joined)
    assert whole is not None
    return whole


def _over(one: Drawing, other: Drawing) -> Drawing:
    """Both in one drawing, with the middle of the first."""
    return Drawing(
        max(one.width, other.width),
        max(one.height, other.height),
        one.middle,
        one.boxes + other.boxes,
        one.texts + other.texts,
        one.hinges + other.hinges,
    )


@dataclass(slots=True)
class _Pen:
    """Draws in a medium and remembers which names were too long."""

    medium: Medium
    looks: dict[Dim, Look]
    meanings: dict[str, Called] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def called(self, called: Called) -> str:
        """A name, or a mark in its place where it is too long for a rectangle."""
        name = self.medium.name(called)
        if self.medium.measure(name) <= self.medium.longest:
            return name
        if name not in self.marks:
            self.marks[name] = f"({len(self.marks) + 1})"
            self.meanings[self.marks[name]] = called
        return self.marks[name]

    def sign(self, text: str) -> Drawing:
        """A text by itself."""
        wide, tall = self.medium.measure(text), self.medium.line
        return Drawing(wide, tall, tall / 2, texts=(Written(wide / 2, tall / 2, text, "middle", "sign"),))

    def captioned(self, piece: Drawing, caption: str) -> Drawing:
        """A drawing above its caption."""
        wide, line = self.medium.measure(caption), self.medium.line
        width = max(piece.width, wide)
        said = Written(width / 2, piece.height + line / 2, caption, "middle", "caption")
        below = Drawing(width, piece.height + line, piece.middle, texts=(said,))
        return _over(piece.moved((width - piece.width) // 2, 0), below)

    def box(self, one: Rectangle, *, is_wanted: bool = False) -> Drawing:
        """A factor with its dimensions above it and at its left."""
        return self._whole([self._box(one, 0, 0, is_wanted=is_wanted)])

    def stairs(self, factors: Sequence[Rectangle], wanted: Shape) -> Iterator[Drawing]:
        """Factors as a staircase, in several where there is no room, and what they come to."""
        pieces: list[Drawing] = []
        x = y = 0.0
        for one in factors:
            wide, tall = self._size(one)
            if pieces and x + wide > self.medium.room:
                yield self._whole(pieces)
                pieces, x, y = [], 0, 0
            corner = (Hinge(x, y, self.looks[one.shape.rows].colour),) if pieces else ()
            stair = replace(self._box(one, x, y - tall), hinges=corner)
            pieces.append(self._apart(stair, pieces[-1]) if pieces else stair)
            x, y = x + wide, y - tall
        result = Rectangle(None, wanted)
        if len(pieces) == len(factors) > 1:
            first, last = pieces[0].boxes[0], pieces[-1].boxes[0]
            pieces.append(self._corner(result, replace(first, x=last.x, width=last.width)))
        yield self._whole(pieces)
        if len(pieces) < len(factors):
            yield self.sign("=")
            yield self.box(result, is_wanted=True)

    def _apart(self, stair: Drawing, before: Drawing) -> Drawing:
        """A stair without the dimension at its left, where the same one above the stair before is too near."""
        above, left = self._extent(before.texts[0]), self._extent(stair.texts[1])
        near = left[0] < above[2] and above[0] < left[2] and left[1] < above[3] and above[1] < left[3]
        return replace(stair, texts=(stair.texts[0], *stair.texts[2:])) if near else stair

    def _size(self, one: Rectangle) -> tuple[float, float]:
        """How wide and tall a rectangle is; it is wider where its name needs it."""
        medium = self.medium
        tall, wide = (
            medium.tall(self.looks[one.shape.rows].share),
            medium.wide(self.looks[one.shape.cols].share),
        )
        needed = max(self._needed(one, tall), medium.measure(medium.dimension(one.shape.cols)))
        return max(wide, needed), tall

    def _needed(self, one: Rectangle, tall: float) -> float:
        if one.called is None:
            return 0
        return (
            0
            if self._is_turned(one, tall)
            else self.medium.measure(self.called(one.called)) + 2 * self.medium.pad
        )

    def _is_turned(self, one: Rectangle, tall: float) -> bool:
        """Whether the name stands upright: it is wider than the rectangle and not than that is tall."""
        if one.called is None or not self.medium.turns:
            return False
        name = self.medium.measure(self.called(one.called)) + 2 * self.medium.pad
        return self.medium.wide(self.looks[one.shape.cols].share) < name <= tall

    def _box(self, one: Rectangle, x: float, y: float, *, is_wanted: bool = False) -> Drawing:
        medium, (rows, cols) = self.medium, one.shape
        (wide, tall), left, above = self._size(one), self.looks[rows].colour, self.looks[cols].colour
        texts = [
            Written(x + wide / 2, y - medium.line / 2, medium.dimension(cols), "middle", "dimension", above),
            Written(x - medium.space, y + tall / 2, medium.dimension(rows), "end", "dimension", left),
        ]
        if one.called is not None:
            turned = self._is_turned(one, tall)
            name = self.called(one.called)
            texts.append(Written(x + wide / 2, y + tall / 2, name, "middle", "name", None, turned))
        return Drawing(0, 0, 0, (Box(x, y, wide, tall, left, above, is_wanted),), tuple(texts))

    def _corner(self, one: Rectangle, place: Box) -> Drawing:
        """What a product comes to, with its dimensions at the right and below."""
        medium, (rows, cols) = self.medium, one.shape
        right, below = place.x + place.width, place.y + place.height
        middle = place.y + place.height / 2
        texts = (
            Written(right + medium.space, middle, medium.dimension(rows), "start", "dimension", place.rows),
            Written(
                place.x + place.width / 2,
                below + medium.line / 2,
                medium.dimension(cols),
                "middle",
                "dimension",
                self.looks[cols].colour,
            ),
        )
        box = replace(place, cols=self.looks[cols].colour, is_wanted=True)
        return Drawing(0, 0, 0, (box,), texts)

    def _whole(self, pieces: Sequence[Drawing]) -> Drawing:
        """Pieces around a corner as one drawing from its upper left; its middle is the first one's."""
        joined = pieces[0]
        for piece in pieces[1:]:
            joined = _over(joined, piece)
        left, top, right, bottom = zip(*self._bounds(joined), strict=True)
        x, y = min(left), min(top)
        first = joined.boxes[0]
        middle = first.y + first.height / 2 - y
        moved = replace(joined, width=0, height=0).moved(-x, -y)
        return replace(moved, width=max(right) - x, height=max(bottom) - y, middle=middle)

    def _bounds(self, drawing: Drawing) -> Iterator[tuple[float, float, float, float]]:
        for box in drawing.boxes:
            yield box.x, box.y, box.x + box.width, box.y + box.height
        for said in drawing.texts:
            if not said.is_turned:  # what is stands inside its rectangle
                yield self._extent(said)

    def _extent(self, said: Written) -> tuple[float, float, float, float]:
        wide, tall = self.medium.measure(said.text), self.medium.line
        left = said.x - wide * BEFORE[said.anchor]
        return left, said.y - tall / 2, left + wide, said.y + tall / 2
