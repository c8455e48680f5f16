"""The same source under names that were not seen before.

A module of its own because a session remembers what it made of the same names: how long a first answer
takes shows only under new ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

Source = tuple[str, list[str], dict[str, str]]
"""A text, the names that are asked for, and the shapes that go with it."""

_fresh = count()


def renamed(source: str, wrt: list[str], shapes: Mapping[str, str]) -> Source:
    """The source with a new ending on every name that it declares or gives."""
    ending = f"_{next(_fresh)}"
    parts = re.findall(r"^\s*(\w+)\s*=", source, re.MULTILINE)
    names = {name: name + ending for name in (*shapes, *parts)}
    text = re.sub(r"\b\w+\b(?!\()", lambda word: names.get(word[0], word[0]), source)
    return text, [names[name] for name in wrt], {names[name]: shape for name, shape in shapes.items()}


def under_new_names(
    source: str, wrt: list[str], shapes: Mapping[str, str], call: Callable[..., Any], times: int
) -> Callable[[], Any]:
    """``call(source, wrt, shapes)`` under other names each time, which are made beforehand."""
    sources: Iterator[Source] = iter([renamed(source, wrt, shapes) for _ in range(times)])
    return lambda: call(*next(sources))
