"""From a derivation to text that people and programs read.

A room of its own because a derivation is plain data: every format prints the same neutral
blocks, and a new one touches nothing outside this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dimcompat.callers import whole_number
from dimcompat.errors import UnsupportedError
from dimcompat.messages import language

if TYPE_CHECKING:
    from dimcompat.derivation import Derivation

FORMATS = ("text", "latex", "markdown", "html", "json")
STEPS = ("all", "brief", "none")


def require_format(format: str) -> None:
    """Refuse a format that is not written yet, before any work is done for it."""
    if format not in FORMATS:
        raise UnsupportedError(
            f"the format {format!r} is not written yet",
            code="E433",
            hint=f"the formats are {' and '.join(FORMATS)}",
            where="format",
        )


def render(
    derivation: Derivation,
    format: str = "text",
    *,
    steps: str = "all",
    standalone: bool = False,
    lang: str | None = None,
    width: int | None = None,
) -> str:
    """The derivation in a format; ``steps`` is all, brief (a line each) or none."""
    if steps not in STEPS:
        raise UnsupportedError(
            f"there is no choice {steps!r} of steps", code="E432", hint="all, brief or none", where="steps"
        )
    require_format(format)
    width = None if width is None else whole_number("width", width, 1)
    lang = language(lang)
    if format == "json":
        from dimcompat.renderers.json import render_json

        return render_json(derivation, steps=steps, lang=lang)
    if format == "latex":
        from dimcompat.renderers.latex import render_latex

        return render_latex(derivation, steps=steps, standalone=standalone, lang=lang)
    if format == "markdown":
        from dimcompat.renderers.markdown import render_markdown

        return render_markdown(derivation, steps=steps, lang=lang)
    if format == "html":
        from dimcompat.renderers.html import render_html

        return render_html(derivation, steps=steps, lang=lang)
    from dimcompat.renderers.text import render_text

    return render_text(derivation, steps=steps, lang=lang, width=width)


__all__ = ["FORMATS", "STEPS", "render", "require_format"]
