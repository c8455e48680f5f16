"""Formulas compared as a reader sees them: by their layout, not by what they mean.

A module of its own because equality of meaning is the engine's business, and what is shown twice
or only stands in another order is a question of the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dimcompat.language.notation import Applied, Integer, Layout, Name, Series, Terms, parts_first
from dimcompat.language.writer import write_layout

MOST = 2000
"""Formulas with more parts are not compared."""


def differ_in_order_only(first: Layout, second: Layout) -> bool:
    """Whether two formulas are the same but for the order of terms and of factors that commute."""
    return first.weight == second.weight and _sorted(first) == _sorted(second)


def _sorted(root: Layout) -> object:
    """A formula with its terms and commuting factors in one order."""
    done: dict[Layout, Any] = {}
    for node in parts_first(root):
        match node:
            case Terms():
                found: object = ("+", *sorted((str(negative), done[term]) for negative, term in node.terms))
            case Series() if all(glue != "matrix" for glue, _ in node.items[1:]):
                found = ("*", *sorted(done[item] for _, item in node.items))
            case _:
                inside = [done[part] for part in node.parts]
                found = (_head(node), *inside)
        done[node] = repr(found)
    return done[root]


def _head(node: Layout) -> str:
    """What a node is besides its parts."""
    if not node.parts:
        return write_layout(node)
    kind = type(node).__name__
    match node:
        case Applied():
            return f"{kind} {node.name} {node.axis}"
        case Series():
            return f"{kind} {[glue for glue, _ in node.items[1:]]}"
        case _:
            more = [getattr(node, name, "") for name in ("kind", "entrywise", "indices", "index")]
            return f"{kind} {more}"


def repeats(formulas: Sequence[Layout], names: Sequence[str]) -> bool:
    """Whether every one of these names stands in the formulas at least twice."""
    places = _atoms(formulas, {})
    return bool(names) and places is not None and all(places[name] > 1 for name in names)


def same_atoms(before: Layout, after: Layout, definitions: Mapping[str, Layout]) -> bool:
    """Whether a formula consists of the names and functions of another one, its parts written out."""
    first, second = _atoms([before], definitions), _atoms([after], {})
    return first is None or second is None or first == second


def _atoms(formulas: Sequence[Layout], definitions: Mapping[str, Layout]) -> Counter[str] | None:
    """How often every name and function stands in formulas; None where they are very long."""
    found: Counter[str] = Counter()
    for count, atom in enumerate(_standing(formulas, definitions)):
        if count > MOST:
            return None
        found[atom] += 1
    return found


def _standing(formulas: Sequence[Layout], definitions: Mapping[str, Layout]) -> Iterator[str]:
    pending = list(formulas)
    while pending:
        node = pending.pop()
        if isinstance(node, Name) and node.name in definitions:
            pending.append(definitions[node.name])
            continue
        if isinstance(node, Name | Applied):
            yield node.name
        elif not isinstance(node, Integer):
            yield ""
        pending.extend(node.parts)
