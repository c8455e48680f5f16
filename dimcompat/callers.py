"""What callers from Python are told: an argument of the wrong kind, or that the machine's limits are reached.

A module of its own because every public function says these two things alike, and neither has to do with
what it computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from operator import index
from threading import RLock
from typing import ParamSpec, TypeVar

from dimcompat.errors import UnsupportedError
from dimcompat.messages import Sentence, say

_ONE_AT_A_TIME = RLock()
P = ParamSpec("P")
R = TypeVar("R")


class ArgumentError(UnsupportedError, TypeError):
    """An argument of the wrong kind; a TypeError as well, as Python's own functions raise it."""


def wrong_argument(name: str, wanted: Sentence, found: object) -> ArgumentError:
    """The error for an argument, which says what was given and what would fit."""
    spelled = repr(found)
    spelled = spelled if len(spelled) <= 40 else f"{spelled[:37]}…"
    key, kind = ("E440", "") if found is None else ("E440.kind", type(found).__name__)
    return ArgumentError(
        say(key, name=name, wanted=wanted, found=spelled, kind=kind), code="E440", where=name
    )


def require(name: str, found: object, kinds: type | tuple[type, ...], wanted: str) -> None:
    """Refuse an argument that is of none of these kinds; ``wanted`` is the key of what it takes."""
    if not isinstance(found, kinds):
        raise wrong_argument(name, say(wanted), found)


def require_mapping(name: str, found: object, wanted: str) -> None:
    """Refuse what is neither left out nor a mapping from names; ``wanted`` is the key of what it takes."""
    if found is not None and not (isinstance(found, Mapping) and all(isinstance(key, str) for key in found)):
        raise wrong_argument(name, say(wanted), found)


def whole_number(name: str, found: object, least: int) -> int:
    """An integer of at least this size; a bool is none."""
    try:
        number = least - 1 if isinstance(found, bool) else index(found)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if number < least:
        raise wrong_argument(name, say("E440.integer", least=least), found)
    return number


def within_limits(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which says in our own words when memory or Python's recursion limit does not suffice.

    One thread at a time: equal expressions are one object, and two threads must not make it twice.
    """

    @wraps(function)
    def limited(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            with _ONE_AT_A_TIME:
                return function(*arguments, **options)
        except MemoryError:
            raise UnsupportedError(say("E441"), code="E441", hint=say("E441.hint")) from None
        except RecursionError:
            raise UnsupportedError(say("E442"), code="E442", hint=say("E442.hint")) from None

    return limited
