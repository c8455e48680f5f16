"""How Sphinx builds these pages: MyST for Markdown, furo for the looks."""

from importlib.metadata import version as version_of

project = "dimcompat"
author = "The dimcompat developers"
copyright = f"2026, {author}"
release = version = version_of("dimcompat")

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"dimcompat {release}"
