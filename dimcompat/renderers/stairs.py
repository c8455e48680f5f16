"""The factors of a product drawn: as they are, beside the shape that is wanted, and as they are arranged.

A module of its own because here it is decided where everything stands. Arranged factors form a staircase:
the right end of one's upper edge is the lower end of the next one's left edge, so that the edges which touch
are the two that must match; what the product comes to has the rows of the first and the columns of the last,
and stands in the corner below the stairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace

from dimcompat.records import dataclass
from dimcompat.renderers.dimension_looks import Look
from dimcompat.renderers.drawing import BEFORE, Box, Drawing, Hinge, Medium, Written, flow, over
from dimcompat.renderers.pictures import Called, Picture, Rectangle
from dimcompat.shapes import Dim, Shape

WIDER = 1.25
"""How much wider a rectangle becomes for a name before that stands upright instead."""
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
    times = pen.sign(medium.times)
    front = [piece for one in picture.front for piece in (pen.scalar(one), times)]
    boxes = [pen.box(one) for one in picture.before]
    lack = pen.captioned(pen.box(Rectangle(None, picture.wanted), is_wanted=True), words.wanted)
    if picture.glue == "entry":
        met = flow([*front, *_parted(boxes, pen.sign(medium.entry))], medium)
        panels = [flow([pen.captioned(met, words.entry), lack], medium, parts=True)]
    else:
        ones = [pen.sign("1"), times] if picture.has_one else []
        given = flow([*front, *ones, *_parted(boxes, times)], medium)
        arranged = flow([*front, *pen.stairs(picture.after, picture.wanted)], medium)
        before = flow([pen.captioned(given, words.before), lack], medium, parts=True)
        panels = [before, pen.captioned(arranged, words.after)]
    return Drawn(tuple(panels), tuple(pen.meanings.items()))


def _parted(pieces: Sequence[Drawing], sign: Drawing) -> list[Drawing]:
    return [one for piece in pieces for one in (sign, piece)][1:]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """How wide and tall a rectangle is, and what stands in it."""

    wide: float
    tall: float
    name: str = ""
    is_turned: bool = False


@dataclass(slots=True)
class _Pen:
    """Draws in a medium and remembers which names were too long."""

    medium: Medium
    looks: dict[Dim, Look]
    meanings: dict[str, Called] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)

    def mark(self, called: Called) -> str:
        """What stands in place of a name that is too long for its rectangle."""
        name = self.medium.name(called)
        if name not in self.marks:
            self.marks[name] = f"({len(self.marks) + 1})"
            self.meanings[self.marks[name]] = called
        return self.marks[name]

    def scalar(self, called: Called) -> Drawing:
        """A scalar in front."""
        name = self.medium.name(called)
        return self.sign(name if self.medium.measure(name) <= self.medium.longest else self.mark(called))

    def sign(self, text: str) -> Drawing:
        """A text by itself."""
        wide, tall = self.medium.measure(text), self.medium.line
        return Drawing(wide, tall, tall / 2, texts=(Written(wide / 2, tall / 2, text, "middle", "sign"),))

    def captioned(self, piece: Drawing, caption: str) -> Drawing:
        """A drawing above its caption."""
        wide, line = self.medium.measure(caption), self.medium.line
        width, y = max(piece.width, wide), piece.height + self.medium.below
        said = Written(width / 2, y + line / 2, caption, "middle", "caption")
        below = Drawing(width, y + line, piece.middle, texts=(said,))
        return over(piece.moved((width - piece.width) // 2, 0), below)

    def box(self, one: Rectangle, *, is_wanted: bool = False) -> Drawing:
        """A factor with its dimensions above it and at its left."""
        return self._whole([self._box(one, 0, 0, is_wanted=is_wanted)])

    def stairs(self, factors: Sequence[Rectangle], wanted: Shape) -> Iterator[Drawing]:
        """Factors as a staircase, in several where there is no room, and what they come to."""
        medium = self.medium
        beside = (
            2 * medium.space + max(medium.measure(medium.dimension(one.shape.rows)) for one in factors) * 2
        )
        pieces: list[Drawing] = []
        x = y = 0.0
        for one in factors:
            fitted = self._fitted(one)
            wide, tall = fitted.wide, fitted.tall
            if pieces and beside + x + wide > medium.room:
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
        """A stair without the dimension at its left, where the same one above the last stair is too near."""
        above, left = self._extent(before.texts[0]), self._extent(stair.texts[1])
        near = left[0] < above[2] and above[0] < left[2] and left[1] < above[3] and above[1] < left[3]
        return replace(stair, texts=(stair.texts[0], *stair.texts[2:])) if near else stair

    def _fitted(self, one: Rectangle) -> _Fitted:
        """A rectangle with its name: as it is, upright, the rectangle a little wider, or a mark instead."""
        medium, (rows, cols) = self.medium, one.shape
        tall, wide = medium.tall(self.looks[rows].share), medium.wide(self.looks[cols].share)
        wide = max(wide, medium.measure(medium.dimension(cols)))
        if one.called is None:
            return _Fitted(wide, tall)
        name = medium.name(one.called)
        needed = medium.measure(name) + 2 * medium.pad
        if wide * WIDER < needed <= tall and medium.turns:
            return _Fitted(wide, tall, name, is_turned=True)
        if needed > max(medium.longest, wide * WIDER):
            name = self.mark(one.called)
            needed = medium.measure(name) + 2 * medium.pad
        return _Fitted(max(wide, needed), tall, name)

    def _box(self, one: Rectangle, x: float, y: float, *, is_wanted: bool = False) -> Drawing:
        medium, (rows, cols) = self.medium, one.shape
        fitted, left, above = self._fitted(one), self.looks[rows].colour, self.looks[cols].colour
        wide, tall = fitted.wide, fitted.tall
        texts = [
            Written(x + wide / 2, y - medium.line / 2, medium.dimension(cols), "middle", "dimension", above),
            Written(x - medium.space, y + tall / 2, medium.dimension(rows), "end", "dimension", left),
        ]
        if fitted.name:
            middle = x + wide / 2, y + tall / 2
            texts.append(Written(*middle, fitted.name, "middle", "name", is_turned=fitted.is_turned))
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
            joined = over(joined, piece)
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
