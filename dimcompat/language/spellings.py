"""What was meant where a text is written as elsewhere: ``log det(X)``, ``sum_i x``, ``sum(i=1:m, …)``.

A module of its own because the grammar knows no functions, and its faults are told better where one stands.
"""

from __future__ import annotations

import re

from dimcompat.errors import DimcompatError
from dimcompat.functions import find
from dimcompat.functions.reductions import SUM
from dimcompat.messages import say

_RANGE = re.compile(r"(?P<function>[A-Za-z]\w*)\s*\(\s*(?P<index>[A-Za-z]\w*)\s*=\s*\d+\s*(?:\.\.|:|\.)")
_BARE = re.compile(r"(?P<function>[A-Za-z]\w*)\s+(?P<argument>[A-Za-z]\w*(?:\((?P<inside>[^()]*)\))?)")


def with_spelling(error: DimcompatError, text: str) -> DimcompatError:
    """The error with the text as this language writes it, where it is known what was meant."""
    instead = _meant(error, text)
    return error.at(None, hint=say("meant", instead=instead)) if instead else error


def _meant(error: DimcompatError, text: str) -> str | None:
    if error.span is None:
        return None
    start, end = error.span
    if error.code == "E115":
        bare = _BARE.match(text, start)
        if bare is None:
            return None
        if index := summed(bare["function"]):
            return f"{SUM.name}({index}, …)"
        return f"{bare['function']}({bare['argument']})" if find(bare["function"]) is not None else None
    if error.code in ("E106", "E119"):
        for ranged in _RANGE.finditer(text, max(start - 40, 0), end + 2):
            if ranged.end() >= start and find(ranged["function"]) is SUM:
                return f"{SUM.name}({ranged['index']}, …)"
    return None


def summed(name: str) -> str | None:
    """The index of ``sum_i``; None for a name that is no sum."""
    base, _, index = name.partition("_")
    return index if index.isalpha() and len(index) == 1 and find(base) is SUM else None
