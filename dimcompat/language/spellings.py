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
_WORDS = re.compile(r"[A-Za-z]\w*(?:[ \t]+[A-Za-z]\w*)+")


def with_spelling(error: DimcompatError, text: str) -> DimcompatError:
    """The error with the text as this language writes it, where it is known what was meant."""
    instead = _meant(error, text)
    return error.at(None, hint=say("meant", instead=instead)) if instead else error


def _meant(error: DimcompatError, text: str) -> str | None:
    if error.span is None:
        return None
    start, end = error.span
    if error.code == "E115":
        run = _WORDS.match(text, start)
        return _with_brackets(run.group().split(), text[run.end() :]) if run is not None else None
    if error.code in ("E106", "E119"):
        for ranged in _RANGE.finditer(text, max(start - 40, 0), end + 2):
            if ranged.end() >= start and find(ranged["function"]) is SUM:
                return f"{SUM.name}({ranged['index']}, …)"
    return None


def _with_brackets(words: list[str], behind: str) -> str | None:
    """``log(det(X))`` for ``log det X``; None where the first word is no function."""
    if index := summed(words[0]):
        return f"{SUM.name}({index}, …)"
    count = next((n for n, word in enumerate(words) if find(word) is None), len(words))
    if count == 0:
        return None
    inner = words[count] if count < len(words) else "…"
    bracketed = re.match(r"\(([^()]*)\)", behind)
    if inner == "…" and bracketed is not None:
        inner = bracketed[1]
    return "(".join([*words[:count], inner]) + ")" * count


def summed(name: str) -> str | None:
    """The index of ``sum_i``; None for a name that is no sum."""
    base, _, index = name.partition("_")
    return index if index.isalpha() and len(index) == 1 and find(base) is SUM else None
