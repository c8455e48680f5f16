"""Sums of very many terms: their operators as a list, and their total in good time.

A module of its own because adding 100,000 terms one by one takes time that grows with the
square of their number, since each partial sum is a normal form.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat import operations
from dimcompat.language import syntax as tree
from dimcompat.language.syntax import Node
from dimcompat.operations import Operation

SUMS = ("+", "-")


def links_of(top: Node) -> list[tree.Binary]:
    """The operators of a sum, from its first to its last."""
    links: list[tree.Binary] = []
    while isinstance(top, tree.Binary) and top.operator in SUMS:
        links.append(top)
        top = top.left
    return links[::-1]


def total(counts: dict[Operation, int]) -> Operation:
    """The sum of terms of one shape, each as often as counted, added in halves."""
    terms = [_times(count, term) for term, count in counts.items()]
    while len(terms) > 1:
        pairs = [operations.add(*terms[place : place + 2]) for place in range(0, len(terms) - 1, 2)]
        terms = pairs + terms[len(pairs) * 2 :]
    return terms[0]


def _times(count: int, term: Operation) -> Operation:
    if count == 1:
        return term
    if count == -1:
        return operations.negate(term)
    return operations.multiply(operations.leaf(ex.number(count)), term)
