"""Pieces of the text as they are quoted in messages: on one line, and short.

A module of its own because every fault quotes, and quoting knows nothing of faults.
"""

from __future__ import annotations

import re

LONGEST_WORDS = 40


def one_line(words: str) -> str:
    """A piece of the text without its comments and line ends."""
    return re.sub(r"\s*[\r\n\x85\u2028\u2029]\s*", " ", re.sub(r"#[^\r\n\x85\u2028\u2029]*", "", words))


def short(words: str) -> str:
    """A piece of the text on one line, cut where it is long."""
    line = one_line(words)
    return line if len(line) <= LONGEST_WORDS else line[: LONGEST_WORDS - 1] + "…"
