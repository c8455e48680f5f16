"""What a function's record says about its spelling, with the arguments filled in.

A module of its own because LaTeX and NumPy both print calls from templates of the records.
"""

from __future__ import annotations

from dimcompat.functions import find
from dimcompat.functions.record import Function
from dimcompat.language.notation import Applied, Layout, Piece


def record_of(node: Applied) -> Function | None:
    """The record of a function that is written by its name; None where there is none."""
    if isinstance(node.function, Function):
        return node.function
    return find(node.name)


def filled(template: str, node: Applied, done: dict[Layout, Piece], *, axis: int | None = None) -> str:
    """The template with arguments, axis and sizes put in; it may have other braces."""
    sizes = [done[size].text for size in node.sizes]
    if len(sizes) == 1:
        sizes.append("1")
    fields = {str(place): done[argument].text for place, argument in enumerate(node.arguments)}
    fields |= {"axis": str(axis)} | dict(zip(("rows", "cols"), sizes, strict=False))
    parts = template.split("{")
    text = parts[0]
    for part in parts[1:]:
        key, closed, rest = part.partition("}")
        text += fields[key] + rest if closed and key in fields else "{" + part
    return text
