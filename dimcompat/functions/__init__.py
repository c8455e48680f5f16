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
from dimcompat.functions.user import from_origin

REGISTRY: dict[str, Function] = {}
ALIASES: dict[str, str] = {}

UNSUPPORTED: dict[str, str] = {
    "expm": "exp(X) is the exponential of each entry; a matrix exponential is not differentiated",
    "logm": "log(X) is the logarithm of each entry; for the logarithm of a determinant write logdet(X)",
    "sqrtm": "sqrt(X) is the root of each entry; declare a matrix R and write R*R for X instead",
    "pinv": "for full column rank write inv(X'*X)*X', for full row rank X'*inv(X*X')",
    "chol": "declare the factor L as a matrix and write L*L' for X instead",
}
"""Names that are known and not supported, with what to do instead."""


def find(name: str) -> Function | None:
    """The record of the function with this name or alias, or None."""
    return REGISTRY.get(ALIASES.get(name, name))


def _reduced(record: Function) -> tuple[Any, ...]:
    """How a record is copied and pickled: by its name, or by what a source says of it."""
    if record.origin is not None:
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
