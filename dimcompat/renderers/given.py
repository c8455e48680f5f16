"""What is given, in short: many names of one shape stand together, and of a numbered family its ends.

A module of its own because a deep network declares a name for each of its layers, and the question
must stay shorter than the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dimcompat.derivation import Declared
from dimcompat.language.notation import ELLIPSIS, Layout, Name
from dimcompat.renderers.blocks import Given, Quotient

MOST = 8
"""So many names or parts are each said by themselves."""
FAMILY = 4
"""``W1, W2, W3`` are listed, ``W1, …, W4`` by their ends."""


def grouped(declarations: Sequence[Declared]) -> tuple[Given, ...]:
    """The declared names with their shapes; where they are many, those of one shape together."""
    if len(declarations) <= MOST:
        return tuple(Given((Name(d.name),), d.shape, d.attributes) for d in declarations)
    groups: dict[object, list[Declared]] = {}
    for given in declarations:
        groups.setdefault((given.shape, given.attributes), []).append(given)
    return tuple(_together(group) for group in groups.values())


def _together(group: Sequence[Declared]) -> Given:
    shown = _ends([given.name for given in group])
    names = tuple(ELLIPSIS if name is None else Name(name) for name in shown)
    return Given(names, group[0].shape, group[0].attributes)


def _ends(names: Sequence[str]) -> Iterator[str | None]:
    """The names; None for those inside a family."""
    for family in families(names):
        yield from family if len(family) < FAMILY else (family[0], None, family[-1])


def shortened(derivatives: Sequence[Quotient]) -> tuple[Quotient | Layout, ...]:
    """What is wanted; of many derivatives by a numbered family the first and the last."""
    by_name = {str(wanted.variable): wanted for wanted in derivatives}
    if len(derivatives) <= MOST:
        return tuple(derivatives)
    shown = _ends([*by_name])
    return tuple(ELLIPSIS if name is None else by_name[name] for name in shown)


def families(names: Sequence[str]) -> Iterator[list[str]]:
    """Names that follow each other and differ only in the number at their end, which grows by one."""
    family: list[str] = []
    for name in names:
        if family and _next(family[-1]) != name:
            yield family
            family = []
        family.append(name)
    if family:
        yield family


def _next(name: str) -> str | None:
    found = re.search(r"[1-9][0-9]*$|0$", name)
    return name[: found.start()] + str(int(found[0]) + 1) if found else None
