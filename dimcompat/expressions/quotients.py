"""Identities among the factors of a product, such as ``sinh(u)/cosh(u) = tanh(u)``, or between neighbours.

A module of its own because products of scalars and products entry by entry apply the
same rows, and the rows themselves belong to the records of the functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import overload

from dimcompat.expressions.compounds import Call, Chain, Diagonal, Hadamard, Sum, Transpose
from dimcompat.expressions.node import Exponent, Expr

Factors = dict[Expr, Exponent]
_UNIT = Fraction(1)


def rewrite_factors(factors: Factors, body: Expr | None = None) -> tuple[Factors, Expr | None] | None:
    """The factors and the body after the first identity that applies, or None.

    The factors of the body are offered too; an identity may replace one of them by another of
    the same shape.
    """
    inside = list(_multiplied(body)) if body is not None else []
    triggers = list(_calls(factors)) + [base for base in inside if isinstance(base, Call)]
    if not any(getattr(call.function, "quotients", ()) for call in triggers):
        return None
    offered: Factors = dict.fromkeys(inside, _UNIT)
    offered.update(factors)
    turned = {base.operand for base in offered if isinstance(base, Transpose)}
    for call in triggers:
        for row in getattr(call.function, "quotients", ()):
            changed = row.rewrite(dict(offered), call)
            if changed is None and (call not in offered or call in turned):
                changed = _turned(row.rewrite(_turned(offered), call))
            if changed is None or changed == offered:
                continue
            gone = [base for base in inside if base not in changed]
            new = {base: power for base, power in changed.items() if base not in offered}
            if not gone:
                kept = {base: power for base, power in changed.items() if base in factors or base in new}
                return kept, body
            if len(gone) == 1 and len(new) == 1 and body is not None:
                ((fresh, power),) = new.items()
                if power == 1 and fresh.shape == gone[0].shape:
                    rest = {base: power for base, power in changed.items() if base in factors}
                    return rest, _replace(body, gone[0], fresh)
    return None


@overload
def _turned(factors: Factors) -> Factors: ...
@overload
def _turned(factors: None) -> None: ...
def _turned(factors: Factors | None) -> Factors | None:
    """The factors of the transposed product."""
    from dimcompat.expressions.products import transpose

    return None if factors is None else {transpose(base): power for base, power in factors.items()}


def _calls(factors: Factors) -> Iterator[Call]:
    for base in factors:
        leaf = base.operand if isinstance(base, Transpose) else base
        if isinstance(leaf, Call):
            yield leaf
        elif isinstance(base, Sum):
            yield from (part for part, _ in base.terms if isinstance(part, Call))


def beside_call(left: Expr, right: Expr) -> Expr | None:
    """What the record of a function says of a call of it and its neighbour, or None."""
    for factor in (left, right):
        call = factor.operand if isinstance(factor, Transpose) else factor
        call = call.vector if isinstance(call, Diagonal) else call
        if isinstance(call, Call):
            for row in getattr(call.function, "neighbours", ()):
                found: Expr | None = None if row.optional else row.rewrite(left, right, call)
                if found is not None:
                    return found
    return None


def _multiplied(body: Expr) -> Iterator[Expr]:
    """What multiplies the rest of the body: chain factors, and entry-by-entry factors of them."""
    for factor in body.factors if isinstance(body, Chain) else (body,):
        yield factor
        if isinstance(factor, Hadamard):
            yield from (base for base, power in factor.factors if power == 1)


def _replace(body: Expr, old: Expr, new: Expr) -> Expr:
    from dimcompat.expressions.entrywise import entry_product
    from dimcompat.expressions.products import multiply

    def replaced(factor: Expr) -> Expr:
        if factor is old:
            return new
        if isinstance(factor, Hadamard):
            return entry_product([(new if base is old else base, power) for base, power in factor.factors])
        return factor

    if isinstance(body, Chain):
        return multiply(*(replaced(factor) for factor in body.factors))
    return replaced(body)
