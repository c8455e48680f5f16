"""The order of the terms of a sum, and which way round a product stands: what a reader expects first.

A module of its own because it is taste, not arithmetic: ``X*w - y``, ``x - a``, ``1 + 2*s + 3*s^2``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dimcompat.expressions.compounds import Chain, Hadamard, MatrixPower, Product, Transpose
from dimcompat.expressions.leaves import Number, Ones, Size, Symbol
from dimcompat.expressions.node import Expr
from dimcompat.expressions.rationals import UNIT


def term_order(term: tuple[Expr, Fraction]) -> tuple[object, ...]:
    """The key by which a term, a body and its coefficient, is sorted: by kind, degree and name."""
    body = term[0]
    rank, lead = body.order[:2]
    kind = 0 if isinstance(body, Size) else 1 if isinstance(body, Number) else 2
    return (kind, -_degree(body), rank, not _is_unknown(body), lead, _power(body), body.order)


def orientation_key(factors: Sequence[Expr]) -> tuple[int, list[object]]:
    """Of equal products the one with the smallest key is written: few transposes, then a fixed order."""
    return (sum(factor.turned for factor in factors), [factor.order for factor in factors])


def _is_unknown(body: Expr) -> bool:
    """Whether a name is one of those that authors give to what varies: ``x - a``, ``X - M``, ``z - y``."""
    leaf = body.operand if isinstance(body, Transpose) else body
    return isinstance(leaf, Symbol) and leaf.name[0] in "uvwxzUVWXZ"


def _power(body: Expr) -> Fraction | int:
    """The exponents in a product: of powers of one name the smaller one stands first."""
    if isinstance(body, MatrixPower):
        return body.exponent
    powers = body.scalars if isinstance(body, Product) else body.factors if isinstance(body, Hadamard) else ()
    return sum(1 if own is UNIT else own for _, own in powers if not isinstance(own, Expr))


def _degree(body: Expr) -> int:
    if isinstance(body, Chain):
        return sum(not isinstance(factor, Ones) for factor in body.factors)
    if isinstance(body, Size):
        return 0
    if isinstance(body, Product):
        if body.body is not None:
            return _degree(body.body)
        return sum(_degree(base) for base, _ in body.scalars)
    return 1
