r"""The derivation in Markdown that GitHub, Jupyter and Pandoc all show.

A module of its own because those three agree on less than LaTeX: displays between double dollar signs on
lines of their own, no ``\operatorname``, no dollar sign inside a display.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dimcompat.derivation import Derivation
from dimcompat.messages import text
from dimcompat.renderers.blocks import Heading, Listed, Problem, Remark, Result, Row, sentence
from dimcompat.renderers.displays import Display, Factor, Line, PageBlock
from dimcompat.renderers.latex import Page
from dimcompat.renderers.latex_formula import latex_shape
from dimcompat.renderers.latex_names import latex_name
from dimcompat.renderers.latex_speller import LatexSpeller

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_OPERATOR = re.compile(r"\\operatorname\{([^{}]*)\}")


def render_markdown(derivation: Derivation, *, steps: str = "all", lang: str | None = None) -> str:
    """The derivation in Markdown."""
    page = MarkdownPage(MarkdownSpeller(lang, derivation))
    return "\n\n".join(page.parts(derivation, steps)) + "\n"


def without_operators(formula: str) -> str:
    r"""A formula with the names of functions in ``\mathrm``."""
    return _OPERATOR.sub(r"\\mathop{\\mathrm{\1}}", formula)


class MarkdownSpeller(LatexSpeller):
    """Sentences in Markdown, formulas between dollar signs."""

    def words(self, text: str) -> str:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", " ")
        return _SPECIAL.sub(r"\\\1", escaped)

    def inline(self, formula: str) -> str:
        return f"${without_operators(formula)}$"


class MarkdownPage(Page):
    """Blocks in Markdown."""

    start, emphasis = "", "**{}**"

    def problem(self, block: Problem) -> Iterator[str]:
        speller = self.speller
        yield speller.say(sentence("document.wanted", derivative=Listed(block.derivatives)))
        lines = [Line(block.objective.left, "=", (Factor(side),)) for side in block.objective.sides]
        yield "\n" + self.display(Display(tuple(lines)))
        yield "\n" + self.given(block)

    def remark(self, block: Remark) -> str:
        return " ".join(map(self.speller.say, block.sentences))

    def step(self, blocks: Sequence[PageBlock]) -> Iterator[str]:
        items: list[str] = []
        for block in blocks:
            match block:
                case Heading():
                    lead = f"{self.speller.spell(block.lead)} " if block.lead is not None else ""
                    title = self.speller.say(block.title) if block.title is not None else ""
                    yield f"**{block.number}.** {lead}{title}"
                case Row():
                    items.append("- " + self.row(block))
                case Remark():
                    items.append("- " + self.remark(block))
                case Display():
                    if items:
                        yield "\n" + "\n".join(items)
                    items = []
                    yield "\n" + self.display(block)

    def framed(self, rows: Sequence[tuple[str, str, str]], remarked: bool) -> str:
        body = " \\\\\n".join(
            f"{left} {right}" + (f" && {_unnested(remark)}" if remark else "") for left, right, remark in rows
        )
        return f"$$\n{without_operators(f'\\begin{{aligned}}{chr(10)}{body}{chr(10)}\\end{{aligned}}')}\n$$"

    def boxed(self, left: str, lines: Sequence[str], block: Result) -> str:
        rows = " \\\\\n&\\quad{} ".join(lines)
        inside = f"{left} = {rows}"
        if len(lines) > 1:
            inside = f"\\begin{{aligned}}\n{left} &= {rows}\n\\end{{aligned}}"
        return f"$$\n\\boxed{{{without_operators(inside)}}} \\qquad {latex_shape(block.shape)}\n$$"

    def title(self, label: str) -> str:
        return text(label, self.speller.lang)


def _unnested(remark: str) -> str:
    r"""``\text{…}`` without formulas inside it: they stand beside it."""
    if not remark.startswith(r"\text{"):
        return remark
    parts = remark.removeprefix(r"\text{").removesuffix("}").split("$")
    words = [part if place % 2 else rf"\text{{{part}}}" for place, part in enumerate(parts)]
    return "".join(word for word in words if word != r"\text{}")


__all__ = ["latex_name", "render_markdown"]
