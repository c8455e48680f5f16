"""From a derivation to text that people and programs read.

A room of its own because a derivation is plain data: every format prints the same neutral
blocks, and a new one touches nothing outside this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.callers import whole_number
from dimcompat.errors import UnsupportedError
from dimcompat.messages import joined, language, say

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

FORMATS = ("text", "latex", "markdown", "html", "json")
STEPS = ("all", "brief", "none")


def require_format(format: str) -> None:
    """Refuse a format that is not written yet, before any work is done for it."""
    if format not in FORMATS:
        message = say("E433", format=repr(format))
        hint = say("E433.hint", formats=joined(FORMATS, "E433.formats"))
        raise UnsupportedError(message, code="E433", hint=hint, where="format")


def render(
    derivation: Derivation,
    format: str = "text",
    *,
    steps: str = "all",
    standalone: bool = False,
    lang: str | None = None,
    width: int | None = None,
    pictures: bool = False,
) -> str:
    """The derivation in a format; ``steps`` is all, brief (a line each) or none.

    ``pictures`` draws the factors of products in text, LaTeX and Markdown; HTML always does.
    """
    if steps not in STEPS:
        message = say("E432", steps=repr(steps))
        raise UnsupportedError(message, code="E432", hint=say("E432.hint"), where="steps")
    require_format(format)
    width = None if width is None else whole_number("width", width, 1)
    lang = language(lang)
    if format == "json":
        from dimcompat.renderers.json import render_json

        return render_json(derivation, steps=steps, lang=lang)
    if format == "latex":
        from dimcompat.renderers.latex import render_latex

        return render_latex(derivation, steps=steps, standalone=standalone, lang=lang, pictures=pictures)
    if format == "markdown":
        from dimcompat.renderers.markdown import render_markdown

        return render_markdown(derivation, steps=steps, lang=lang, pictures=pictures)
    if format == "html":
        from dimcompat.renderers.html import render_html

        return render_html(derivation, steps=steps, lang=lang)
    from dimcompat.renderers.text import render_text

    return render_text(derivation, steps=steps, lang=lang, width=width, pictures=pictures)


__all__ = ["FORMATS", "STEPS", "render", "require_format"]
