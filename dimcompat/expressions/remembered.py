"""Constructors that remember what they made of which parts.

A module of its own because one bound holds for all of them: equal nodes are one object, so a table by
the parts is exact, and it is short, so that what nobody uses any more is soon forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")

LATELY = 16_384
"""How many answers each constructor remembers: the largest derivations that a session comes back to."""


def remembered(constructor: Callable[Parameters, Made]) -> Callable[Parameters, Made]:
    """A pure function of expressions that looks up what it was asked lately."""
    return cast(Callable[Parameters, Made], lru_cache(maxsize=LATELY)(constructor))
