"""Which of the known words are most like one that is not known.

A module of its own because what compares words is loaded only when a word is not known.
"""

from __future__ import annotations

from collections.abc import Iterable


def most_like(word: str, known: Iterable[str], count: int = 3, likeness: float = 0.6) -> list[str]:
    """At most so many of the known words, the most like first, none less alike than that."""
    from difflib import get_close_matches

    return get_close_matches(word, known, count, likeness)
