"""How Sphinx builds these pages: MyST for Markdown, furo for the looks, facts from the program itself."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

project = "dimcompat"
author = "The dimcompat developers"
copyright = f"2026, {author}"
release = version = version_of("dimcompat")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
smartquotes = False  # -- and quotation marks are what is typed
autodoc_typehints = "signature"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"dimcompat {release}"


def setup(app: Any) -> None:
    """Blocks of notes are shown as text; what the program knows is written down before pages are read."""
    import generated_pages
    from pygments.lexers.special import TextLexer

    app.add_lexer("dimcompat", TextLexer)
    app.connect("config-inited", lambda *_: generated_pages.write())
