"""Expressions as plain records, for copying and pickling.

A module of its own because equal expressions must stay one object on the other side, and because a
program of a thousand layers is deeper than Python's pickling goes: an expression becomes one list,
parts before wholes, whose places stand for the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dimcompat.expressions.leaves import Named
from dimcompat.expressions.node import Expr
from dimcompat.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A part, by its number in the list."""

    number: int


Record = tuple[type[Expr], tuple[Any, ...], bool]


def reduced(root: Expr) -> tuple[tuple[Named, ...], tuple[Record | Named, ...]]:
    """The named parts under an expression, each after those in its definition, and what the nodes are
    made of, the root last. A named part is copied once, by itself."""
    names = tuple(
        node for node in _ordered(root, lambda _: True) if isinstance(node, Named) and node is not root
    )
    numbers: dict[Expr, Place] = {}
    found: list[Record | Named] = []
    for node in _ordered(root, lambda node: node is root or not isinstance(node, Named)):
        numbers[node] = Place(len(found))
        if node is root or not isinstance(node, Named):
            found.append((type(node), _changed(node._facts, numbers.__getitem__), node.symmetric))
        else:
            found.append(node)
    return names, tuple(found)


def restored(names: tuple[Named, ...], found: tuple[Record | Named, ...]) -> Expr:
    """The expression that was taken apart so."""
    nodes: list[Expr] = []
    for item in found:
        if isinstance(item, Expr):
            nodes.append(item)
        else:
            kind, facts, symmetric = item
            nodes.append(kind.restored(_placed(facts, nodes), symmetric=symmetric))
    return nodes[-1]


def _ordered(root: Expr, below: Callable[[Expr], bool]) -> Iterator[Expr]:
    """Every node and what stands in its facts, parts before wholes, entered where ``below`` says so."""
    done: set[Expr] = set()
    pending = [(root, False)]
    while pending:
        node, ready = pending.pop()
        if node in done:
            continue
        if ready or not below(node):
            done.add(node)
            yield node
        else:
            pending.append((node, True))
            pending.extend((part, False) for part in _parts(node._facts))


def _parts(facts: object) -> Iterator[Expr]:
    if isinstance(facts, Expr):
        yield facts
    elif isinstance(facts, (tuple, frozenset)):
        for item in facts:
            yield from _parts(item)


def _changed(facts: Any, change: Callable[[Expr], object]) -> Any:
    if isinstance(facts, Expr):
        return change(facts)
    if type(facts) is tuple:
        return tuple(_changed(item, change) for item in facts)
    if isinstance(facts, frozenset):
        return frozenset(_changed(item, change) for item in facts)
    return facts


def _placed(facts: Any, nodes: list[Expr]) -> Any:
    if isinstance(facts, Place):
        return nodes[facts.number]
    if type(facts) is tuple:
        return tuple(_placed(item, nodes) for item in facts)
    if isinstance(facts, frozenset):
        return frozenset(_placed(item, nodes) for item in facts)
    return facts
