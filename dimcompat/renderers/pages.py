r"""A derivation on a page: which formula goes on which line, and what is said around it.

A module of its own because LaTeX, Markdown and HTML differ in how a paragraph, a display and a box are
written, and in nothing else: what is here holds for all three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dimcompat.derivation import Derivation
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
from dimcompat.renderers.displays import Display, Factor, Left, Line, PageBlock, pages
from dimcompat.renderers.latex_formula import latex_dimension, latex_shape
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.latex_speller import LatexSpeller, factor_text, looks
from dimcompat.renderers.outline import closing, notes, problem, results


class Printed(NamedTuple):
    """A line of a display: left of the sign, the sign (empty where a line goes on), right of it, a remark."""

    left: str
    relation: str
    right: str
    remark: str


class Page:
    """Blocks in one format; ``wide`` is how many letters a formula may have."""

    wide = 58

    def __init__(self, speller: LatexSpeller) -> None:
        self.speller = speller

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
        said = self.listed("document.semicolon", map(self.speller.say, closing(derivation)))
        yield self.paragraph(said)
        for remark in notes(derivation, opening=False):
            yield self.paragraph(self.remark(remark))

    def listed(self, comma: str, said: Iterator[str]) -> str:
        """Several things as one sentence."""
        whole = text(comma, self.speller.lang).join(said)
        return whole[:1].upper() + whole[1:] + text("document.stop", self.speller.lang)

    def remark(self, block: Remark) -> str:
        return " ".join(map(self.speller.say, block.sentences))

    def problem(self, block: Problem) -> str:
        wanted = sentence("document.wanted", derivative=Listed(block.derivatives))
        lines = []
        for equality in (block.objective, *block.parts):
            for place, side in enumerate(equality.sides or (ELLIPSIS,)):
                left = equality.left if place == 0 and equality.sides else None
                lines.append(Line(left, "=", (Factor(side),)))
        display = self.framed([row for line in lines for row in self.lines(line)])
        given = self.given(block) + " " + self.listed("list.comma", map(self.speller.say, block.conventions))
        return self.asked(self.speller.say(wanted), display, given)

    def asked(self, wanted: str, display: str, given: str) -> str:
        """The question."""
        return "\n".join((self.paragraph(wanted), display, self.paragraph(given)))

    def given(self, block: Problem) -> str:
        """The declared names with their shapes."""
        speller = self.speller
        items = []
        for name, shape, attributes in block.declarations:
            words = f" {speller.words(', '.join(attributes))}" if attributes else ""
            items.append(speller.inline(rf"{latex_name(name)} \colon {latex_shape(shape)}") + words)
        listed = text("list.comma", speller.lang).join(items)
        return f"{text('document.where', speller.lang)} {listed}{text('document.stop', speller.lang)}"

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
                    display = self.framed([row for line in block.lines for row in self.lines(line)])
        return self.together(title, said, display)

    def row(self, block: Row) -> str:
        content = " ".join(self.speller.spell(value) for value in block.content)
        note = f" ({self.speller.say(block.note)})" if block.note is not None else ""
        colon = text("document.colon", self.speller.lang)
        label = self.speller.say(block.label)
        return f"{label}{colon}{content}{note}" if content else label

    def result(self, block: Result) -> Iterator[str]:
        lines = [p for side in block.equality.sides for p in self.pieces(Line(None, "=", (Factor(side),)))]
        yield self.boxed(self.left(block.equality.left), lines, latex_shape(block.shape))
        for label, form in block.forms:
            colon = text("document.colon", self.speller.lang)
            yield self.paragraph(f"{self.speller.say(label)}{colon}{self.speller.spell(form)}")

    # formulas

    def lines(self, line: Line) -> Iterator[Printed]:
        """A line, in several where it is too wide."""
        remark = rf"\text{{{self.speller.say(line.reason)}}}" if line.reason is not None else ""
        if line.shape is not None and not remark:
            remark = latex_shape(line.shape)
        found = self.pieces(line)
        for place, piece in enumerate(found):
            left, relation = ("", "") if place else (self.left(line.left), line.relation)
            yield Printed(left, relation, piece, remark if place == len(found) - 1 else "")

    def left(self, left: Left) -> str:
        if left is None:
            return ""
        if isinstance(left, str):
            return latex_name(left)
        return self.speller.stacked(left) if isinstance(left, Quotient) else self.speller.math(left)

    def pieces(self, line: Line) -> list[str]:
        """The right side of a line, in pieces that fit on a page."""
        alone = len(line.factors) == 1
        node = line.factors[0].value
        if alone and isinstance(node, Terms) and looks(self.speller.math(node)) > self.wide:
            return broken_sum(node, self.speller.notation, self.wide)
        parts = [self.factor(factor, alone=alone and not line.negative) for factor in line.factors]
        rows: list[str] = []
        for part in parts:
            if rows and looks(rows[-1]) + looks(part) <= self.wide:
                rows[-1] += r"\;" + part
            else:
                rows.append(part if not rows else r"\cdot " + part)
        return ["-" + rows[0] if line.negative else rows[0], *rows[1:]]

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


def _written(notation: Notation, node: Layout, alone: bool) -> str:
    return notation.write(node) if alone else factor_text(notation, node)


def broken_sum(node: Terms, notation: Notation, width: int) -> list[str]:
    """A sum in lines that are no wider than this, broken before its signs."""
    rows: list[str] = []
    for place, (negative, term) in enumerate(node.terms):
        piece = notation.write(Terms(((True, term),)) if negative else term)
        signed = piece if place == 0 or negative else f"+ {piece}"
        if rows and looks(rows[-1]) + looks(signed) <= width:
            rows[-1] += f" {signed}"
        else:
            rows.append(signed)
    return rows
