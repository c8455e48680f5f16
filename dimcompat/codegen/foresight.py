"""What the whole formula will need, known before its first line is written.

A module of its own because these facts are about parts in their places: an inverse that stands alone
somewhere, a sigmoid that is needed from both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.logistic import SIGMOID
from dimcompat.functions.rules import called as called_as
from dimcompat.records import dataclass


@dataclass(frozen=True, slots=True)
class Foresight:
    """``order`` has every node once, parts before wholes, definitions before their names; ``products`` are
    those of declared names, short ones first; ``inverses`` the inverses that stand alone somewhere: where
    they are computed anyway nothing is solved; ``both_sided`` the sigmoids that occur together with 1 less
    themselves: one exponential makes both."""

    order: tuple[Expr, ...]
    products: tuple[ex.Chain, ...]
    inverses: frozenset[Expr]
    both_sided: frozenset[Expr]


def foreseen(outputs: Sequence[Expr]) -> Foresight:
    """What stands in these outputs, from one walk over them."""
    order = tuple(parts_first(outputs))
    inverses = {node for node in order if isinstance(node, ex.MatrixPower) and node.exponent == -1}
    sigmoids = {node for node in order if called_as(node, SIGMOID) is not None}
    alone, plain, complements = inverses & {*outputs}, sigmoids & {*outputs}, set[Expr]()
    for node in order if inverses or sigmoids else ():
        if inverses and not isinstance(node, ex.Chain | ex.Trace):
            alone.update(inverses.intersection(below(node)))
        if sigmoids:
            one_less = isinstance(node, ex.Sum) and one_less_sigmoid(node) is not None
            (complements if one_less else plain).update(sigmoids.intersection(below(node)))
    return Foresight(order, _products(order), frozenset(alone), frozenset(plain & complements))


def parts_first(roots: Sequence[Expr]) -> Iterable[Expr]:
    """Every node below these, each once, parts before wholes, definitions before their names."""
    found: dict[Expr, None] = {}
    opened: set[Expr] = set()
    pending = list(reversed(roots))
    while pending:
        node = pending[-1]
        parts = () if node in opened else below(node)
        if parts:
            opened.add(node)
            pending.extend(reversed(parts))
        else:
            found[pending.pop()] = None
    return found


def below(node: Expr) -> tuple[Expr, ...]:
    return (node.definition,) if isinstance(node, ex.Named) else node.children


def one_less_sigmoid(node: ex.Sum) -> ex.Call | None:
    """``1 - sigmoid(u)`` as the call of the sigmoid."""
    (first, one), (second, minus), *others = node.terms
    if first is ex.number(1) and one == 1 and minus == -1 and not others:
        return called_as(second, SIGMOID)
    return None


def _products(nodes: Iterable[Expr]) -> tuple[ex.Chain, ...]:
    """The products of declared names among these, short ones first; no inner products."""
    chains = [node for node in nodes if isinstance(node, ex.Chain) and not node.shape.is_scalar]
    found = [chain for chain in chains if all(map(_is_name, chain.factors))]
    return tuple(sorted(found, key=lambda chain: len(chain.factors)))


def _is_name(factor: Expr) -> bool:
    return isinstance(factor.operand if isinstance(factor, ex.Transpose) else factor, ex.Symbol)
