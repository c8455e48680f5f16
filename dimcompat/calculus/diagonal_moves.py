"""Moves between a diagonal matrix in a product and a product entry by entry.

A module of its own because the two are each other's inverse, and cost alone decides between them.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.expressions import Expr


def diagonal_to_entries(node: Expr) -> Iterator[Expr]:
    """``diag(v)*M = v.*M``."""
    _, scalars, body = ex.split(node)
    if not isinstance(body, ex.Chain):
        return
    first, last = body.factors[0], body.factors[-1]
    coefficient = ex.split(node)[0]
    if isinstance(first, ex.Diagonal):
        rest = ex.multiply(*body.factors[1:])
        yield ex.scaled(coefficient, dict(scalars), ex.hadamard(first.vector, rest))
    if isinstance(last, ex.Diagonal):
        rest = ex.multiply(*body.factors[:-1])
        yield ex.scaled(coefficient, dict(scalars), ex.hadamard(rest, ex.transpose(last.vector)))


def entries_to_diagonal(node: Expr) -> Iterator[Expr]:
    """``v.*M = diag(v)*M`` where ``v`` is stretched along ``M``."""
    coefficient, scalars, body = ex.split(node)
    if not isinstance(body, ex.Hadamard) or body.shape.is_vector:
        return
    full = [(base, power) for base, power in body.factors if base.shape == body.shape]
    columns = [(base, power) for base, power in body.factors if base.shape.is_column]
    rows = [(base, power) for base, power in body.factors if base.shape.is_row]
    parts = [ex.entry_product(full)]
    if columns:
        parts.insert(0, ex.diagonal(ex.entry_product(columns)))
    if rows:
        parts.append(ex.diagonal(ex.entry_product(rows)))
    if len(parts) > 1:
        yield ex.scaled(coefficient, dict(scalars), ex.multiply(*parts))
