"""Every subexpression with its shape, as a tree of lines.

A module of its own because a tree is drawn from what was typed, not from a derivation.
"""

from __future__ import annotations

from collections.abc import Sequence

from dimcompat.language.shape_tree import ShapeNode
from dimcompat.renderers.glyphs import Glyphs
from dimcompat.renderers.wrapping import columns, padded

LONGEST = 60


def shape_lines(formulas: Sequence[ShapeNode], glyphs: Glyphs) -> list[str]:
    """One line for each subexpression, what it is made of below it."""
    branches = ("|- ", "`- ", "|  ") if glyphs.ascii else ("├─ ", "└─ ", "│  ")
    rows: list[tuple[str, str]] = []
    pending: list[tuple[ShapeNode, str, str]] = [(formula, "", "") for formula in reversed(formulas)]
    while pending:
        node, first, further = pending.pop()
        text = " ".join(node.text.split())
        if len(text) > LONGEST:
            text = text[: LONGEST - 1] + ("~" if glyphs.ascii else "…")
        named = f"{node.name} = " if node.name is not None else ""
        rows.append((first + named + text, glyphs.shape(node.shape)))
        last = len(node.children) - 1
        for place in range(last, -1, -1):
            branch, below = (branches[1], "   ") if place == last else (branches[0], branches[2])
            pending.append((node.children[place], further + branch, further + below))
    width = max((columns(left) for left, _ in rows), default=0) + 3
    return [padded(left, width) + shape for left, shape in rows]
