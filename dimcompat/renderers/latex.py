r"""The derivation in LaTeX: a fragment for lecture notes that needs amsmath, or a document of its own.

A module of its own because a page has a width and two kinds of letters: words are escaped, formulas are set,
and a formula that is wider than the page is broken at = and +.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dimcompat.derivation import Derivation
from dimcompat.language.notation import Layout, Notation, Terms
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
from dimcompat.renderers.displays import Display, Factor, Line, PageBlock, pages
from dimcompat.renderers.latex_formula import latex_dimension, latex_shape
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.latex_speller import LatexSpeller, looks
from dimcompat.renderers.latex_speller import factor as factor_text
from dimcompat.renderers.outline import closing, notes, problem, results

WIDE, PAGE = 58, 84
"""How many letters a formula may have, and a formula with the remark beside it."""

_PREAMBLES = {
    "en": r"\documentclass[11pt]{article}"
    + "\n"
    + r"\usepackage[T1]{fontenc}"
    + "\n"
    + r"\usepackage{lmodern}",
    "zh": r"\documentclass[11pt,fontset=fandol]{ctexart}",
}
_STEP = r"\medskip\noindent\hangindent=1.5em\hangafter=1 "
_SETTING = r"""\usepackage{amsmath}
\usepackage[a4paper,margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.4em plus 0.2em}
\setlength{\emergencystretch}{3em}
\setlength{\lineskiplimit}{2pt}
\setlength{\lineskip}{3pt}
\allowdisplaybreaks
"""


def render_latex(
    derivation: Derivation, *, steps: str = "all", standalone: bool = False, lang: str | None = None
) -> str:
    """The derivation as a LaTeX fragment, or as a document that compiles."""
    speller = LatexSpeller(lang, derivation)
    body = "\n\n".join(Page(speller).parts(derivation, steps)) + "\n"
    if not standalone:
        return "% needs \\usepackage{amsmath}\n" + body
    language = "zh" if (lang or "").lower().startswith("zh") else "en"
    engine = "% xelatex\n" if language == "zh" else ""
    start = rf"\begin{{document}}{chr(10)}\section*{{{speller.words(text('document.title', lang))}}}"
    return f"{engine}{_PREAMBLES[language]}\n{_SETTING}{start}\n{body}\\end{{document}}\n"


class Page:
    """Blocks in LaTeX."""

    def __init__(self, speller: LatexSpeller) -> None:
        self.speller = speller

    def parts(self, derivation: Derivation, steps: str) -> Iterator[str]:
        """The paragraphs and displays of a derivation."""
        for remark in notes(derivation, opening=True):
            yield self.remark(remark)
        yield "\n".join(self.problem(problem(derivation)))
        for blocks in pages(derivation, steps):
            yield "\n".join(self.step(blocks))
        for result in results(derivation):
            yield from self.result(result)
        said = text("document.semicolon", self.speller.lang).join(map(self.speller.say, closing(derivation)))
        yield rf"\noindent {_capital(said)}{text('document.stop', self.speller.lang)}"
        for remark in notes(derivation, opening=False):
            yield self.remark(remark)

    def remark(self, block: Remark) -> str:
        return r"\noindent " + " ".join(map(self.speller.say, block.sentences))

    def problem(self, block: Problem) -> Iterator[str]:
        speller = self.speller
        wanted = sentence("document.wanted", derivative=Listed(block.derivatives))
        yield rf"\noindent {speller.say(wanted)}"
        lines = [Line(block.objective.left, "=", (Factor(side),)) for side in block.objective.sides]
        yield self.display(Display(tuple(lines)))
        given = [
            rf"{latex_name(name)}\colon {latex_shape(shape)}"
            + (rf"\ \text{{{speller.words(', '.join(attributes))}}}" if attributes else "")
            for name, shape, attributes in block.declarations
        ]
        shapes = ", ".join(f"${item}$" for item in given)
        said = [speller.say(convention) for convention in block.conventions]
        comma, stop = text("list.comma", speller.lang), text("document.stop", speller.lang)
        said_whole = comma.join(said)
        yield rf"\noindent {text('document.where', speller.lang)} {shapes}{stop} {_capital(said_whole)}{stop}"

    def step(self, blocks: Sequence[PageBlock]) -> Iterator[str]:
        """A step: its title, its sentences, its display, all one paragraph."""
        said: list[str] = []
        for block in blocks:
            match block:
                case Heading():
                    lead = f"{self.speller.spell(block.lead)} " if block.lead is not None else ""
                    title = self.speller.say(block.title) if block.title is not None else ""
                    said.append(rf"{_STEP}\textbf{{{block.number}}}\quad {lead}{title}")
                case Row():
                    said.append(self.row(block))
                case Remark():
                    said.append(" ".join(map(self.speller.say, block.sentences)))
                case Display():
                    yield " \\\\*\n".join(said)
                    said.clear()
                    yield self.display(block)
        if said:
            yield " \\\\*\n".join(said)

    def row(self, block: Row) -> str:
        content = " ".join(self.speller.spell(value) for value in block.content)
        note = f" ({self.speller.say(block.note)})" if block.note is not None else ""
        label = self.speller.say(block.label)
        colon = text("document.colon", self.speller.lang)
        return f"{label}{colon}{content}{note}" if content else label

    # formulas

    def display(self, block: Display) -> str:
        """Lines set below each other at the sign of equality, remarks in a column at the right."""
        rows = [row for line in block.lines for row in self.lines(line)]
        wide = max((looks(left) + looks(right) for left, right, _ in rows), default=0)
        remarked = any(remark for *_, remark in rows)
        fits = all(not remark or wide + looks(remark) <= PAGE for *_, remark in rows)
        if not remarked or not fits:
            body = " \\\\\n".join(
                f"  {left} {right}" + (rf" \\{chr(10)}  &\quad {remark}" if remark else "")
                for left, right, remark in rows
            )
            return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"
        body = " \\\\\n".join(
            f"  {left} {right}" + (f" &\\qquad& {remark}" if remark else "") for left, right, remark in rows
        )
        return f"\\begin{{alignat*}}{{2}}\n{body}\n\\end{{alignat*}}"

    def lines(self, line: Line) -> Iterator[tuple[str, str, str]]:
        """A line, in several where it is too wide: what stands left of the sign, right of it, the remark."""
        speller = self.speller
        left = self.left(line.left)
        relation = r"&\;\sim\;" if line.relation == "~" else "&="
        remark = rf"\text{{{speller.say(line.reason)}}}" if line.reason is not None else ""
        if line.shape is not None and not remark:
            remark = latex_shape(line.shape)
        pieces = self.pieces(line)
        for place, piece in enumerate(pieces):
            start = f"{left} {relation}" if place == 0 else r"&\quad{}"
            yield start.strip(), piece, remark if place == len(pieces) - 1 else ""

    def left(self, left: str | Quotient | Layout | None) -> str:
        speller = self.speller
        if left is None:
            return ""
        if isinstance(left, str):
            return latex_name(left)
        return speller.stacked(left) if isinstance(left, Quotient) else speller.math(left)

    def pieces(self, line: Line) -> list[str]:
        """The right side of a line, in pieces that fit on a page."""
        speller = self.speller
        if len(line.factors) == 1 and line.factors[0].shape is None and not line.negative:
            node = line.factors[0].value
            if isinstance(node, Terms) and looks(speller.math(node)) > WIDE:
                return broken_sum(node, speller.notation, WIDE)
        parts = [self.factor(factor, alone=len(line.factors) == 1) for factor in line.factors]
        whole = r"\;".join(parts)
        sign = "-" if line.negative else ""
        if looks(whole) <= WIDE or len(parts) == 1:
            return [sign + whole]
        rows: list[str] = []
        for part in parts:
            if rows and looks(rows[-1]) + looks(part) <= WIDE:
                rows[-1] += r"\;" + part
            else:
                rows.append(part if not rows else r"\cdot " + part)
        return [sign + rows[0], *rows[1:]]

    def factor(self, factor: Factor, *, alone: bool) -> str:
        speller = self.speller
        match factor.value:
            case Quotient():
                body = speller.stacked(factor.value)
            case AsScalar():
                body = _factor(speller.scalars, factor.value.node, alone)
            case _:
                body = _factor(speller.notation, factor.value, alone)
        if factor.shape is None:
            return body
        rows, cols = map(latex_dimension, factor.shape)
        return rf"\underset{{{rows}\times {cols}}}{{{body}}}"

    def result(self, block: Result) -> Iterator[str]:
        """The answer in a box, its other forms below it."""
        speller = self.speller
        left = self.left(block.equality.left)
        lines = [
            piece for side in block.equality.sides for piece in self.pieces(Line(None, "=", (Factor(side),)))
        ]
        shape = rf"\qquad {latex_shape(block.shape)}"
        if len(lines) == 1:
            yield rf"\[{chr(10)}  \boxed{{{left} = {lines[0]}}}{shape}{chr(10)}\]"
        else:
            rows = r" \\ &\quad{} ".join(lines)
            inside = rf"\begin{{aligned}} {left} &= {rows} \end{{aligned}}"
            yield rf"\[{chr(10)}  \boxed{{{inside}}}{shape}{chr(10)}\]"
        for label, form in block.forms:
            yield rf"\noindent {speller.say(label)}: {speller.spell(form)}"


def _factor(notation: Notation, node: Layout, alone: bool) -> str:
    return notation.write(node) if alone else factor_text(notation, node)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def broken_sum(node: Terms, notation: Notation, width: int) -> list[str]:
    """A sum in lines that are no wider than this, broken before its signs."""
    rows: list[str] = []
    for place, (negative, term) in enumerate(node.terms):
        alone = notation.write(
            Terms(((negative, term),)) if negative else Terms(((False, term), (False, term)))
        )
        piece = alone if negative else notation.write(term)
        signed = piece if place == 0 else (piece if negative else "+ " + piece)
        if rows and looks(rows[-1]) + looks(signed) <= width:
            rows[-1] += " " + signed
        else:
            rows.append(signed)
    return rows
