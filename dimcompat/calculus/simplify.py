"""The search for the form that a textbook prints.

A module of its own because it is the one place that decides between equal spellings:
bottom-up over the distinct nodes, at each node a short best-first search over the moves,
by cost. It ends because a node is replaced only by a cheaper one, and what it returns
does not depend on anything derived before, because moves and costs depend on the node alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice

from dimcompat.calculus.cost import cost
from dimcompat.calculus.moves import LONG_SUM, MOVES_OF
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import rebuilt
from dimcompat.expressions.walk import distinct_nodes

EXPANSIONS = 2
ROUNDS_OF_A_LONG_SUM = 40
WORK = 20_000
"""Terms that the proposals for one node may touch, so that a sum of thousands costs no more than one of a
hundred."""
DEAREST = 400
"""Operators in a node that is still rewritten: beyond them no spelling reads well, and each costs its length
to try."""


def simplified(expression: Expr) -> Expr:
    """An equal expression in textbook form: same shape, same value, no dearer, and stable."""
    if expression._simplified is None:
        for node in distinct_nodes(expression, below=lambda node: node._simplified is None):
            if node._simplified is None:
                node._simplified = _settled(rebuilt(node, _known))
                if node._simplified._simplified is None:
                    node._simplified._simplified = node._simplified
    assert expression._simplified is not None
    return expression._simplified


def _known(node: Expr) -> Expr:
    assert node._simplified is not None
    return node._simplified


def _settled(node: Expr) -> Expr:
    """The node after as many cheaper spellings as there are, the parts of each in textbook form too."""
    if cost(node) <= 1:  # only a leaf is cheaper, and nothing else equals one
        return node
    for rounds in count(1):
        better = _best(node) if cost(node) <= DEAREST else node
        if better is node:
            return node
        tidied = rebuilt(better, simplified)
        node = tidied if cost(tidied) <= cost(better) else better
        if rounds >= ROUNDS_OF_A_LONG_SUM and len(node.children) > LONG_SUM:
            return node
    raise AssertionError("a cheaper node is found only so often")


def _best(start: Expr) -> Expr:
    """The cheapest spelling within a few moves of a node; the node itself where none is cheaper."""
    seen = {start}
    frontier = [start]
    best = start
    for _ in range(EXPANSIONS if len(start.children) <= LONG_SUM else 1):
        if not frontier:
            break
        frontier.sort(key=lambda node: (cost(node), node.order))
        for proposal in _neighbours(frontier.pop(0)):
            if proposal not in seen:
                seen.add(proposal)
                frontier.append(proposal)
                if cost(proposal) < cost(best):
                    best = proposal
    return best


def _neighbours(node: Expr) -> Iterator[Expr]:
    proposals = chain.from_iterable(move.propose(node) for move in MOVES_OF.get(type(node), ()))
    return islice(proposals, max(8, WORK // max(1, len(node.children))))
