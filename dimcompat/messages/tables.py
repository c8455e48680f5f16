"""All sentences of a language in one table, by key.

A module of its own because a table is read from several files, one for each topic, and another
language is loaded only when it is spoken.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

TOPICS = (
    "",
    "errors_reading",
    "errors_shapes",
    "errors_names",
    "errors_latex",
    "errors_python",
    "commands",
    "usage",
)
"""The files of each language: ``en``, ``errors_reading_en``, …"""


@cache
def table(lang: str) -> dict[str, str]:
    """Every sentence of a language that is there, by key."""
    found: dict[str, str] = {}
    for topic in TOPICS:
        name = f"{topic}_{lang}" if topic else lang
        found |= import_module(f"dimcompat.messages.{name}").SENTENCES
    return found
