"""The functions of the language: one record for each, found by name.

Adding a function is adding a record to one of the files here. `REGISTRY` holds them by
their names in the order of the docs, `ALIASES` their other names.
"""

from __future__ import annotations

import copyreg
from typing import Any

from dimcompat.functions import (
    constants,
    determinants,
    exponentials,
    kinks,
    labels,
    linear_algebra,
    logistic,
    reductions,
    softmax,
    trigonometric,
)
from dimcompat.functions.record import Function
from dimcompat.messages import Sentence, say

REGISTRY: dict[str, Function] = {}
ALIASES: dict[str, str] = {}

UNSUPPORTED = ("expm", "logm", "sqrtm", "pinv", "chol")
"""Names that are known and not supported."""


def instead_of(name: str) -> Sentence:
    """What to do instead of calling a function that is not supported."""
    return say(f"E418.{name}")


def find(name: str) -> Function | None:
    """The record of the function with this name or alias, or None."""
    return REGISTRY.get(ALIASES.get(name, name))


def _reduced(record: Function) -> tuple[Any, ...]:
    """How a record is copied and pickled: by its name, or by what a source says of it."""
    if record.origin is not None:
        from dimcompat.functions.user import from_origin

        return from_origin, (record.origin,)
    return find, (record.name,)


copyreg.pickle(Function, _reduced)


def _register(record: Function) -> None:
    for name in (record.name, *record.aliases):
        if name in REGISTRY or name in ALIASES or name in UNSUPPORTED:
            raise TypeError(f"two functions are called {name}")
        ALIASES.update({name: record.name} if name != record.name else {})
    REGISTRY[record.name] = record


for _module in (
    exponentials,
    kinks,
    trigonometric,
    logistic,
    reductions,
    softmax,
    determinants,
    linear_algebra,
    constants,
    labels,
):
    for _record in _module.RECORDS:
        _register(_record)
