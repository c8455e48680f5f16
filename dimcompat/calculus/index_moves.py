"""Moves on sums over an index: the same sum under two names of its index is one.

A module of its own because a bound index has no name of its own: a kernel's gradient has the sum
over its first and over its second index, which are the same once they are called alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.expressions.rebuild import rebuilt, renamed
from dimcompat.expressions.walk import distinct_nodes


def call_alike(node: Expr) -> Iterator[Expr]:
    """``sum(i, f(i)) + sum(j, f(j)) = 2*sum(i, f(i))``, where both run over one dimension."""
    if not isinstance(node, ex.Sum):
        return
    sums = [part for body, _ in node.terms for part in _sums_in(body)]
    for place, total in enumerate(sums):
        first = next(
            (other.index for other in sums[:place] if other.index.dim is total.index.dim), total.index
        )
        if first is not total.index:
            alike = _renamed(total, first)
            if alike is not None:
                yield renamed(node, total, alike)


def _sums_in(body: Expr) -> Iterator[ex.IndexSum]:
    """The sums over an index that are a term, or a factor of it."""
    _, scalars, inner = ex.split(body)
    for base in (*(base for base, _ in scalars), *(ex.factors_of(inner) if inner is not None else ())):
        found = base.operand if isinstance(base, ex.Transpose) else base
        if isinstance(found, ex.IndexSum):
            yield found


def _renamed(total: ex.IndexSum, index: ex.Index) -> Expr | None:
    """A sum with its index called otherwise; None where that name is in use inside."""
    if index in total.body.symbols:
        return None
    for node in distinct_nodes(total.body):
        if isinstance(node, ex.IndexSum) and node.index in (index, total.index):
            return None
        if isinstance(node, ex.Named) and total.index in node.symbols:
            return None
    return ex.index_sum(index, _with_index(total.body, total.index, index))


def _with_index(root: Expr, old: ex.Index, new: ex.Index) -> Expr:
    done: dict[Expr, Expr] = {}
    for node in distinct_nodes(root):
        if node is old:
            done[node] = new
        elif isinstance(node, ex.Pick):
            row, col = (new if index is old else index for index in (node.row, node.col))
            done[node] = ex.pick(done[node.base], row, col)
        else:
            done[node] = rebuilt(node, done.__getitem__)
    return done[root]
