"""What keeps a formula in one piece inside a sentence.

A module of its own because whoever spells a formula says so, and only a page of some width breaks lines.
"""

from __future__ import annotations

HARD_SPACE = "\u00a0"


def whole(text: str) -> str:
    """A formula that is to stay in one piece inside a sentence."""
    return text.replace(" ", HARD_SPACE)
