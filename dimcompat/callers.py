"""What callers from Python are told: an argument of the wrong kind, or that the machine's limits are reached.

A module of its own because every public function says these two things alike, and neither has to do with
what it computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from operator import index
from typing import ParamSpec, TypeVar

from dimcompat.errors import UnsupportedError

P = ParamSpec("P")
R = TypeVar("R")


class ArgumentError(UnsupportedError, TypeError):
    """An argument of the wrong kind; a TypeError as well, as Python's own functions raise it."""


def wrong_argument(name: str, wanted: str, found: object) -> ArgumentError:
    """The error for an argument, which says what was given and what would fit."""
    spelled = repr(found)
    spelled = spelled if len(spelled) <= 40 else f"{spelled[:37]}…"
    said = f"{name} takes {wanted}, and not {spelled}"
    return ArgumentError(
        said if found is None else f"{said} ({type(found).__name__})", code="E440", where=name
    )


def require(name: str, found: object, kinds: type | tuple[type, ...], wanted: str) -> None:
    """Refuse an argument that is of none of these kinds."""
    if not isinstance(found, kinds):
        raise wrong_argument(name, wanted, found)


def require_mapping(name: str, found: object, wanted: str) -> None:
    """Refuse what is neither left out nor a mapping from names."""
    if found is not None and not (isinstance(found, Mapping) and all(isinstance(key, str) for key in found)):
        raise wrong_argument(name, wanted, found)


def whole_number(name: str, found: object, least: int) -> int:
    """An integer of at least this size; a bool is none."""
    wanted = f"an integer of at least {least}"
    if isinstance(found, bool):
        raise wrong_argument(name, wanted, found)
    try:
        number = index(found)  # type: ignore[arg-type]
    except TypeError:
        raise wrong_argument(name, wanted, found) from None
    if number < least:
        raise wrong_argument(name, wanted, found)
    return number


def within_limits(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which says in our own words when memory or Python's recursion limit does not suffice."""

    @wraps(function)
    def limited(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            return function(*arguments, **options)
        except MemoryError:
            trouble = "this takes more memory than there is"
            hint = "give smaller numbers as sizes, or a smaller source"
            raise UnsupportedError(trouble, code="E441", hint=hint) from None
        except RecursionError:
            trouble = "Python's recursion limit is reached: the source, or the calls around it, nest too deep"
            hint = "name a part of the source and write the rest with it, or raise sys.setrecursionlimit"
            raise UnsupportedError(trouble, code="E442", hint=hint) from None

    return limited
