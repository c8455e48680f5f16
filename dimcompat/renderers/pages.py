r"""A derivation on a page: which formula goes on which line, and what is said around it.

A module of its own because LaTeX, Markdown and HTML differ in how a paragraph, a display and a box are
written, and in nothing else: what is here holds for all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dimcompat.derivation import Derivation
from dimcompat.language.layout import layout
from dimcompat.language.notation import ELLIPSIS, Layout, Notation, Terms
from dimcompat.messages import text
from dimcompat.renderers.blocks import (
    AsScalar,
    Heading,
    Listed,
    Problem,
    Quotient,
    Remark,
    Result,
    Row,
    sentence,
)
from dimcompat.renderers.definitions import definitions
from dimcompat.renderers.displays import Display, Factor, Left, Line, PageBlock, pages
from dimcompat.renderers.headings import notes
from dimcompat.renderers.latex_breaking import broken, broken_sum
from dimcompat.renderers.latex_formula import latex_dimension, latex_shape
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.latex_speller import LatexSpeller, factor_text
from dimcompat.renderers.latex_widths import looks
from dimcompat.renderers.outline import closing, problem, results
from dimcompat.renderers.pictures import Picture
from dimcompat.renderers.stairs import Meanings

SHORT = 6
"""Letters of a left side that every line has room for: ``∂L/∂W``, as a fraction."""


class Printed(NamedTuple):
    """A line of a display: left of the sign, the sign (empty where a line goes on), right of it, a remark."""

    left: str
    relation: str
    right: str
    remark: str


class Page:
    """Blocks in one format; ``wide`` is how many letters a formula may have beside a short left side,
    ``boxed_wide`` the answer; ``pictures`` asks the formats that draw on request to draw."""

    wide, boxed_wide = 62, 54

    def __init__(self, speller: LatexSpeller, *, pictures: bool = False) -> None:
        self.speller, self.pictures = speller, pictures

    # what a format says in its own way

    def paragraph(self, said: str) -> str:
        """Words by themselves."""
        raise NotImplementedError

    def title(self, number: int, said: str) -> str:
        """The title of a step."""
        raise NotImplementedError

    def together(self, title: str, said: Sequence[str], display: str) -> str:
        """A step."""
        raise NotImplementedError

    def framed(self, rows: Sequence[Printed]) -> str:
        """A display."""
        raise NotImplementedError

    def boxed(self, left: str, lines: Sequence[str], shape: str) -> str:
        """The answer."""
        raise NotImplementedError

    def picture(self, picture: Picture) -> tuple[str, Meanings]:
        """The factors as rectangles, where they are drawn, and what the marks in it mean."""
        return "", ()

    # the order of things

    def parts(self, derivation: Derivation, steps: str) -> Iterator[str]:
        """The derivation from top to bottom."""
        for remark in notes(derivation, opening=True):
            yield self.paragraph(self.remark(remark))
        yield self.problem(problem(derivation))
        for blocks in pages(derivation, steps):
            yield self.step(blocks)
        for result in results(derivation):
            yield from self.result(result)
        for remark in definitions(derivation, steps):
            yield self.paragraph(self.remark(remark))
        said = self.listed("document.semicolon", map(self.speller.say, closing(derivation)))
        yield self.paragraph(said)
        for remark in notes(derivation, opening=False):
            yield self.paragraph(self.remark(remark))

    def listed(self, comma: str, said: Iterator[str]) -> str:
        """Several things as one sentence."""
        whole = text(comma, self.speller.lang).join(said)
        return whole[:1].upper() + whole[1:] + text("document.stop", self.speller.lang)

    def remark(self, block: Remark) -> str:
        return text("document.space", self.speller.lang).join(map(self.speller.say, block.sentences))

    def problem(self, block: Problem) -> str:
        wanted = sentence("document.wanted", derivative=Listed(block.derivatives))
        lines = []
        for equality in (block.objective, *block.parts):
            for place, side in enumerate(equality.sides or (ELLIPSIS,)):
                left = equality.left if place == 0 and equality.sides else None
                lines.append(Line(left, "=" if equality.sides else "", (Factor(side),)))
        display = self.framed(self.rows(lines))
        conventions = self.listed("list.comma", map(self.speller.say, block.conventions))
        given = self.given(block) + text("document.space", self.speller.lang) + conventions
        return self.asked(self.speller.say(wanted), display, given)

    def asked(self, wanted: str, display: str, given: str) -> str:
        """The question."""
        return "\n".join((self.paragraph(wanted), display, self.paragraph(given)))

    def labelled(self, label: str, display: str) -> str:
        """A display with words in front of it."""
        return f"{self.paragraph(label)}\n{display}"

    def given(self, block: Problem) -> str:
        """The declared names with their shapes."""
        speller = self.speller
        items = []
        for given in block.declarations:
            words = f" {speller.words(', '.join(given.attributes))}" if given.attributes else ""
            names = ", ".join(map(speller.math, given.names))
            items.append(speller.inline(rf"{names} \colon {latex_shape(given.shape)}") + words)
        listed = text("list.comma", speller.lang).join(items)
        said = (text(f"document.{part}", speller.lang) for part in ("where", "space", "stop"))
        return "{}{}{listed}{}".format(*said, listed=listed)

    def step(self, blocks: Sequence[PageBlock]) -> str:
        title, display = "", ""
        said: list[str] = []
        for block in blocks:
            match block:
                case Heading():
                    lead = f"{self.speller.spell(block.lead)} " if block.lead is not None else ""
                    words = self.speller.say(block.title) if block.title is not None else ""
                    title = self.title(block.number, lead + words)
                case Row():
                    said.append(self.row(block))
                case Remark():
                    said.append(self.remark(block))
                case Display():
                    display = self.framed(self.rows(block.lines))
                case Picture():
                    display += self.drawn(block)
        return self.together(title, said, display)

    def drawn(self, picture: Picture) -> str:
        """A picture and, below it, the formulas too long to stand in it."""
        drawing, meanings = self.picture(picture)
        rows = [
            Printed(mark if not place else "", "=" if not place else "", piece, "")
            for mark, called in meanings
            for place, piece in enumerate(self.pieces(Line(None, "=", (Factor(called),)), self.wide))
        ]
        return drawing + ("\n" + self.framed(rows) if rows else "")

    def row(self, block: Row) -> str:
        content = " ".join(self.speller.spell(value) for value in block.content)
        note = f" ({self.speller.say(block.note)})" if block.note is not None else ""
        colon = text("document.colon", self.speller.lang)
        label = self.speller.say(block.label)
        return f"{label}{colon}{content}{note}" if content else label

    def result(self, block: Result) -> Iterator[str]:
        left = self.left(block.equality.left)
        room = _room(self.boxed_wide, [left])
        sides = [Line(None, "=", (Factor(side),)) for side in block.equality.sides]
        lines = [piece for side in sides for piece in self.pieces(side, room)]
        yield self.boxed(left, lines, latex_shape(block.shape))
        for label, form in block.forms:
            said, colon = self.speller.say(label), text("document.colon", self.speller.lang)
            lines = self.pieces(Line(None, "=", (Factor(layout(form)),)), self.wide)
            if len(lines) == 1 and looks(said + lines[0]) <= self.wide:
                yield self.paragraph(f"{said}{colon}{self.speller.spell(form)}")
            else:
                yield self.labelled(f"{said}{colon}", self.framed([Printed("", "", p, "") for p in lines]))

    # formulas

    def rows(self, lines: Sequence[Line]) -> list[Printed]:
        """The lines of a display; the widest left side takes its room from all of them."""
        room = _room(self.wide, [self.left(line.left) for line in lines])
        return [row for line in lines for row in self.printed(line, room)]

    def printed(self, line: Line, room: int) -> Iterator[Printed]:
        """A line, in several where it is too wide."""
        remark = rf"\text{{{self.speller.say(line.reason)}}}" if line.reason is not None else ""
        if line.shape is not None and not remark:
            remark = latex_shape(line.shape)
        found = self.pieces(line, room)
        for place, piece in enumerate(found):
            left, relation = ("", "") if place else (self.left(line.left), line.relation)
            yield Printed(left, relation, piece, remark if place == len(found) - 1 else "")

    def left(self, left: Left) -> str:
        if left is None:
            return ""
        if isinstance(left, str):
            return latex_name(left)
        return self.speller.stacked(left) if isinstance(left, Quotient) else self.speller.math(left)

    def pieces(self, line: Line, room: int) -> list[str]:
        """The right side of a line, in pieces of so many letters."""
        alone = len(line.factors) == 1
        node = line.factors[0].value
        if alone and isinstance(node, Terms) and looks(self.speller.math(node)) > room:
            rows = broken_sum(node, self.speller.notation, room)
            return [piece for row in rows for piece in broken(row, room)]
        parts = [self.factor(factor, alone=alone and not line.negative) for factor in line.factors]
        rows = []
        for part in parts:
            if rows and looks(rows[-1]) + looks(part) <= room:
                rows[-1] += r"\;" + part
            else:
                rows.append(part if not rows else r"\cdot " + part)
        rows[0] = "-" + rows[0] if line.negative else rows[0]
        return [piece for row in rows for piece in broken(row, room)]

    def factor(self, factor: Factor, *, alone: bool) -> str:
        """A factor with its shape below it."""
        match factor.value:
            case Quotient():
                body = self.speller.stacked(factor.value)
            case AsScalar():
                body = _written(self.speller.scalars, factor.value.node, alone)
            case _:
                body = _written(self.speller.notation, factor.value, alone)
        if factor.shape is None:
            return body
        rows, cols = map(latex_dimension, factor.shape)
        return rf"\underset{{{rows}\times {cols}}}{{{body}}}"


def _room(wide: int, lefts: Sequence[str]) -> int:
    """What the left sides leave to the right one, never less than a third."""
    return max(wide // 3, wide - max(0, max(map(looks, lefts), default=0) - SHORT))


def _written(notation: Notation, node: Layout, alone: bool) -> str:
    return notation.write(node) if alone else factor_text(notation, node)
