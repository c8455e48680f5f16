"""The help of a command in another language than click's.

A module of its own because it is loaded for those who ask for help in that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from inspect import cleandoc

import click

from dimcompat.messages import joined, say, told
from dimcompat.renderers.wrapping import columns, padded, wrapped
from dimcompat.usage import known_sentence

_EXTRA = re.compile(r"(.*?)\s*(?:\[([^\[\]]*)\])?", re.DOTALL)


class Formatter(click.HelpFormatter):
    """The help of a command in another language than click's."""

    def __init__(self, lang: str, width: int) -> None:
        super().__init__(width=width)
        self.lang = lang

    def translated(self, said: str) -> str:
        """A text of the help in the language; what is no text, such as an example, stays as it is."""
        plain = " ".join(said.split())
        found = _helps(self.lang).get(plain)
        return str(told(known_sentence(plain), self.lang)) if found is None else found

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for key in ("click.options", "click.commands"):
            args = args.replace(say(key), told(say(key), self.lang))
        start = told(say("click.usage"), self.lang)
        self.write(f"{'':>{self.current_indent}}{start}{prog} {args}".rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self.translated(heading)}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = []
        for paragraph in cleandoc(text).split("\n\n"):
            if paragraph.lstrip().startswith("\b"):
                lines = paragraph.lstrip("\b\n").split("\n")
                lines = [self.translated(line) if line == line.strip() else line for line in lines]
            else:
                lines = wrapped(self.translated(paragraph), max(self.width - len(indent), 20))
            paragraphs.append("\n".join((indent + line).rstrip() for line in lines))
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        shown = [(self._signature(first), self._explained(second)) for first, second in rows]
        indent = self.current_indent
        column = min(max(columns(first) for first, _ in shown), col_max) + col_spacing
        for first, second in shown:
            lines = wrapped(second, max(self.width - indent - column, 20))
            start = padded(first, column) if columns(first) + col_spacing <= column else first
            if start == first and lines:
                self.write(f"{'':>{indent}}{first}\n")
                start = " " * column
            head, *rest = lines or [""]
            self.write((f"{'':>{indent}}{start}{head}").rstrip() + "\n")
            for line in rest:
                self.write(f"{'':>{indent + column}}{line}\n")

    def _signature(self, first: str) -> str:
        whole = say("click.whole number")
        return first.replace(whole, told(whole, self.lang))

    def _explained(self, second: str) -> str:
        found = _EXTRA.fullmatch(second)
        assert found is not None
        said, extra = found.groups()
        parts = [known_sentence(part) for part in (extra or "").split("; ") if part]
        beside = f" [{told(joined(parts, 'joined.extras'), self.lang)}]" if parts else ""
        return ((self.translated(said) if said else "") + beside).strip()


@cache
def _helps(lang: str) -> dict[str, str]:
    """The texts of the help in a language, by the English ones."""
    found: dict[str, str] = import_module(f"dimcompat.messages.help_{lang}").HELP
    return found
