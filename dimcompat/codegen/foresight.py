"""What the whole formula will need, known before its first line is written.

A module of its own because these facts are about parts in their places: an inverse that stands alone
somewhere, a sigmoid that is needed from both ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.logistic import SIGMOID
from dimcompat.functions.rules import called as called_as


def below(node: Expr) -> tuple[Expr, ...]:
    return (node.definition,) if isinstance(node, ex.Named) else node.children


def one_less_sigmoid(node: ex.Sum) -> ex.Call | None:
    """``1 - sigmoid(u)`` as the call of the sigmoid."""
    (first, one), (second, minus), *others = node.terms
    if first is ex.number(1) and one == 1 and minus == -1 and not others:
        return called_as(second, SIGMOID)
    return None


def products(nodes: Iterable[Expr]) -> list[ex.Chain]:
    """The products of declared names among these, short ones first; no inner products."""
    chains = [node for node in nodes if isinstance(node, ex.Chain) and not node.shape.is_scalar]
    found = [chain for chain in chains if all(map(_is_name, chain.factors))]
    return sorted(found, key=lambda chain: len(chain.factors))


def _is_name(factor: Expr) -> bool:
    return isinstance(factor.operand if isinstance(factor, ex.Transpose) else factor, ex.Symbol)


def inverses(outputs: Iterable[Expr]) -> frozenset[Expr]:
    """The inverses that stand alone somewhere: where they are computed anyway nothing is solved."""
    return frozenset(
        node
        for node, parent in _with_parents(outputs)
        if isinstance(node, ex.MatrixPower)
        and node.exponent == -1
        and not isinstance(parent, ex.Chain | ex.Trace)
    )


def both_sided(outputs: Iterable[Expr]) -> frozenset[Expr]:
    """The sigmoids that occur together with 1 less themselves: one exponential makes both."""
    plain: set[Expr] = set()
    complements: set[Expr] = set()
    for node, parent in _with_parents(outputs):
        if called_as(node, SIGMOID) is not None:
            other = isinstance(parent, ex.Sum) and one_less_sigmoid(parent) is not None
            (complements if other else plain).add(node)
    return frozenset(plain & complements)


def _with_parents(outputs: Iterable[Expr]) -> Iterable[tuple[Expr, Expr | None]]:
    """Every node with every node that it is a part of."""
    seen: set[Expr] = set()
    pending: list[tuple[Expr, Expr | None]] = [(output, None) for output in outputs]
    while pending:
        node, parent = pending.pop()
        yield node, parent
        if node not in seen:
            seen.add(node)
            pending.extend((part, node) for part in below(node))
