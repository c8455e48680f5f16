"""Constructors that remember what they made lately of which parts.

A module of its own because one memory serves all of them: equal nodes are one object, so a table by the
parts is exact, and what has not been asked for since the derivation before the last is forgotten, so that a
session holds what it works on and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Parts = ParamSpec("Parts")
Made = TypeVar("Made")

ENOUGH = 4_096
"""Answers that are kept while derivations are short, so that a session finds those of the last few."""
MOST = 100_000
"""Answers after which those before the last of them are forgotten, whatever is being done."""


class _Memory:
    """What was asked for since the last time that something was forgotten, and what before that."""

    __slots__ = ("before", "lately")

    def __init__(self) -> None:
        self.lately: dict[Any, Any] = {}
        self.before: dict[Any, Any] = {}

    def turn(self) -> None:
        self.before, self.lately = self.lately, {}


_memory = _Memory()


def forget_what_is_old() -> None:
    """To be called where a new piece of work begins."""
    if len(_memory.lately) > ENOUGH:
        _memory.turn()


def remembered(constructor: Callable[Parts, Made]) -> Callable[Parts, Made]:
    """A pure function of expressions, whose answer is never None, that looks up what it was asked lately."""

    @wraps(constructor)
    def look_up(*parts: Parts.args, **named: Parts.kwargs) -> Made:
        key = (constructor, parts, *named.items()) if named else (constructor, parts)
        made: Made | None = _memory.lately.get(key)
        if made is None:
            made = _memory.before.get(key)
            if made is None:
                made = constructor(*parts, **named)
            if len(_memory.lately) >= MOST:
                _memory.turn()
            _memory.lately[key] = made
        return made

    return look_up
