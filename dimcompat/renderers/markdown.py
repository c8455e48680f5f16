r"""The derivation in Markdown that GitHub, Jupyter and Pandoc all show.

A module of its own because those three agree on less than LaTeX: displays between double dollar signs on
lines of their own, no ``\operatorname``, no dollar sign inside a display.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dimcompat.derivation import Derivation
from dimcompat.renderers.characters import characters, medium_of
from dimcompat.renderers.glyphs import UNICODE
from dimcompat.renderers.latex_speller import LatexSpeller
from dimcompat.renderers.pages import Page, Printed
from dimcompat.renderers.pictures import Picture
from dimcompat.renderers.stairs import Meanings
from dimcompat.renderers.text_speller import TextSpeller

PICTURE = 76
"""How many columns a picture may have; code is not broken into lines."""

RELATIONS = {"=": "&=", "~": r"&\sim", "": r"&\quad{}"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_OPERATOR = re.compile(r"\\operatorname\{([^{}]*)\}")


def render_markdown(
    derivation: Derivation, *, steps: str = "all", lang: str | None = None, pictures: bool = False
) -> str:
    """The derivation in Markdown."""
    page = MarkdownPage(MarkdownSpeller(lang, derivation), pictures=pictures)
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
    """Blocks in Markdown; it has no drawings, so pictures are made of characters."""

    def picture(self, picture: Picture) -> tuple[str, Meanings]:
        if not self.pictures:
            return super().picture(picture)
        medium = medium_of(
            TextSpeller(self.speller.lang, UNICODE).called, UNICODE, PICTURE, self.speller.lang
        )
        lines, found = characters(picture, medium, UNICODE)
        body = "\n".join(lines)
        return f"\n\n```text\n{body}\n```", found.meanings

    def paragraph(self, said: str) -> str:
        return said

    def title(self, number: int, said: str) -> str:
        return f"**{number}.** {said}"

    def asked(self, wanted: str, display: str, given: str) -> str:
        return f"{wanted}\n\n{display}\n\n{given}"

    def labelled(self, label: str, display: str) -> str:
        return f"{label}\n\n{display}"

    def together(self, title: str, said: Sequence[str], display: str) -> str:
        items = "\n".join(f"- {one}" for one in said)
        return "\n\n".join(part for part in (title, items, display) if part)

    def framed(self, rows: Sequence[Printed]) -> str:
        lines = []
        for row in rows:
            remark = f" && {_unnested(row.remark)}" if row.remark else ""
            lines.append(f"{row.left} {RELATIONS[row.relation]} {row.right}{remark}".strip())
        body = " \\\\\n".join(lines)
        return _displayed(f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}")

    def boxed(self, left: str, lines: Sequence[str], shape: str) -> str:
        inside = f"{left} = {lines[0]}"
        if len(lines) > 1:
            rows = " \\\\\n&\\quad{} ".join(lines)
            inside = f"\\begin{{aligned}}\n{left} &= {rows}\n\\end{{aligned}}"
        return _displayed(f"\\boxed{{{inside}}} \\qquad {shape}")


def _displayed(formula: str) -> str:
    return f"$$\n{without_operators(formula)}\n$$"


def _unnested(remark: str) -> str:
    r"""``\text{…}`` without formulas inside it: they stand beside it."""
    if not remark.startswith(r"\text{"):
        return remark
    parts = remark.removeprefix(r"\text{").removesuffix("}").split("$")
    words = [part if place % 2 else rf"\text{{{part}}}" for place, part in enumerate(parts)]
    return "".join(word for word in words if word != r"\text{}")
