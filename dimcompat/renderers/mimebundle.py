"""A derivation for a notebook: the same in every format, by media type.

A module of its own because a notebook's page is somebody else's: the HTML here is a part with a style that
reaches nothing around it and takes the notebook's colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from importlib.resources import files

from dimcompat.derivation import Derivation
from dimcompat.messages import language
from dimcompat.renderers import render
from dimcompat.renderers.html import HtmlPage, HtmlSpeller

_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_ROOT = re.compile(r"^(?::root|body)(?=:|$)")
_COLOURS = """
.dimcompat { --ink: currentColor; --quiet: currentColor; --paper: #fff; --accent: #2f7fd0; --line: #8886; }
.dimcompat { --ground: #8881; color: inherit; background: none; color-scheme: inherit; max-width: 48rem; }
"""
_OWN = """
.dimcompat .display table { margin: 0; border: none; font-size: inherit; table-layout: auto; }
.dimcompat tr, .dimcompat td { background: none !important; border: none; }
.dimcompat .display td { text-align: left; }
"""


def mimebundle(
    derivation: Derivation,
    include: Container[str] | None = None,
    exclude: Container[str] | None = None,
    *,
    steps: str = "all",
    lang: str | None = None,
    pictures: bool = False,
) -> dict[str, str]:
    """The derivation by media type: those included, and not those excluded.

    ``pictures`` are for text and Markdown: HTML has them, and what sets LaTeX on a page does not draw.
    """
    writers: dict[str, Callable[[], str]] = {
        "text/plain": lambda: render(derivation, "text", steps=steps, lang=lang, pictures=pictures),
        "text/latex": lambda: render(derivation, "latex", steps=steps, lang=lang),
        "text/html": lambda: embedded(derivation, steps=steps, lang=lang),
        "text/markdown": lambda: render(derivation, "markdown", steps=steps, lang=lang, pictures=pictures),
    }
    return {
        media: write()
        for media, write in writers.items()
        if (not include or media in include) and not (exclude and media in exclude)
    }


def embedded(derivation: Derivation, *, steps: str = "all", lang: str | None = None) -> str:
    """The derivation in HTML as a part of somebody's page."""
    lang = language(lang)
    body = "\n".join(HtmlPage(HtmlSpeller(lang, derivation)).parts(derivation, steps))
    return f'<div class="dimcompat" lang="{lang}">\n<style>{style()}</style>\n{body}\n</div>\n'


def style() -> str:
    """The style of a page, kept to one part of it."""
    page = files("dimcompat.renderers").joinpath("page.css").read_text("utf-8")
    return _OWN + _RULE.sub(_kept, page) + _COLOURS


def _kept(rule: re.Match[str]) -> str:
    selectors = [one.strip() for one in rule[1].split(",")]
    kept = [_ROOT.sub(".dimcompat", one) if _ROOT.match(one) else f".dimcompat {one}" for one in selectors]
    return f"\n{', '.join(kept)} {{{rule[2]}}}"
