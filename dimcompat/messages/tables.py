"""All sentences of a language in one table, by key.

A module of its own because a table is read from several files, one for each topic, which are loaded when
something of theirs is said, and another language only when it is spoken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Table(Mapping[str, str]):
    """Every sentence of a language, by key; a file is read when those before it lack a key."""

    def __init__(self, lang: str) -> None:
        self.files = tuple(f"{topic}_{lang}" if topic else lang for topic in TOPICS)
        self.read: dict[str, str] = {}
        self.done: set[str] = set()

    def __getitem__(self, key: str) -> str:
        if key not in self.read:
            for name in self.files:
                self._read(name)
                if key in self.read:
                    break
        return self.read[key]

    def __iter__(self) -> Iterator[str]:
        self._read_all()
        return iter(self.read)

    def __len__(self) -> int:
        self._read_all()
        return len(self.read)

    def _read_all(self) -> None:
        for name in self.files:
            self._read(name)

    def _read(self, name: str) -> None:
        if name not in self.done:
            self.read.update(import_module(f"dimcompat.messages.{name}").SENTENCES)
            self.done.add(name)  # last, so that no other thread takes it for read before it is


@cache
def table(lang: str) -> Table:
    """The sentences of a language."""
    return Table(lang)
