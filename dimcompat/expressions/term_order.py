"""The order of the terms of a sum: what a reader expects to stand first.

A module of its own because it is taste, not arithmetic: ``X*w - y``, ``x - a``, ``1 + 2*s + 3*s^2``.
"""

from __future__ import annotations

from fractions import Fraction

from dimcompat.expressions.compounds import Chain, Hadamard, MatrixPower, Product, Transpose
from dimcompat.expressions.leaves import Number, Ones, Size, Symbol
from dimcompat.expressions.node import Expr


def term_order(term: tuple[Expr, Fraction]) -> tuple[object, ...]:
    """The key by which a term, a body and its coefficient, is sorted: by kind, degree and name."""
    body = term[0]
    rank, lead = body.order[:2]
    kind = 0 if isinstance(body, Size) else 1 if isinstance(body, Number) else 2
    return (kind, -_degree(body), rank, not _is_unknown(body), lead, _power(body), body.order)


def _is_unknown(body: Expr) -> bool:
    """Whether a name is one of those that authors give to what varies: ``x - a``, ``X - M``, ``z - y``."""
    leaf = body.operand if isinstance(body, Transpose) else body
    return isinstance(leaf, Symbol) and leaf.name[0] in "uvwxzUVWXZ"


def _power(body: Expr) -> Fraction:
    """The exponents in a product: of powers of one name the smaller one stands first."""
    if isinstance(body, MatrixPower):
        return Fraction(body.exponent)
    powers = body.scalars if isinstance(body, Product) else body.factors if isinstance(body, Hadamard) else ()
    return sum((exponent for _, exponent in powers if isinstance(exponent, Fraction)), Fraction(0))


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
