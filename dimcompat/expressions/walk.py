"""The distinct nodes of an expression, parts before wholes.

A module of its own because every pass walks in this one way: each node once, however
often it stands in the expression, and without recursion, however deep it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dimcompat.expressions.node import Expr


def distinct_nodes(*roots: Expr, below: Callable[[Expr], bool] = lambda _: True) -> Iterator[Expr]:
    """Every distinct node, parts before wholes; nodes for which ``below`` is false are not entered."""
    seen: set[Expr] = set()
    pending: list[tuple[Expr, bool]] = [(root, False) for root in reversed(roots)]
    while pending:
        node, ready = pending.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            if not node.children or not below(node):
                yield node
                continue
            pending.append((node, True))
            pending += [(child, False) for child in reversed(node.children)]
