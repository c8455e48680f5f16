"""Formulas of one number: their derivative, and what they are of every entry of a matrix.

A module of its own because here nothing has a shape: it is the calculus of school, on
expressions that are scalars throughout, and the records say what each function's derivative is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.expressions import Exponent, Expr, Symbol
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions.exponentials import EXP, LOG
from dimcompat.functions.record import Function
from dimcompat.functions.rules import ZERO


def depends(formula: Expr, parameter: Symbol) -> bool:
    """Whether the parameter stands in a formula."""
    return parameter in formula.symbols


def slope(formula: Expr, parameter: Symbol) -> Expr:
    """The derivative of a scalar formula by one of its symbols."""
    found: dict[Expr, Expr] = {}
    for node in distinct_nodes(formula):
        if node is parameter:
            found[node] = ex.number(1)
        elif not depends(node, parameter):
            found[node] = ZERO
        else:
            found[node] = ex.add(ZERO, *_terms(node, found))
    return found[formula]


def _terms(node: Expr, found: Mapping[Expr, Expr]) -> Iterator[Expr]:
    """What each part of a formula adds to its derivative."""
    match node:
        case ex.Sum():
            for body, factor in node.terms:
                yield ex.scale(factor, found[body])
        case ex.Product():
            for place, (base, exponent) in enumerate(node.scalars):
                others = (*node.scalars[:place], *node.scalars[place + 1 :])
                yield from _of_power(node, base, exponent, others, found)
        case ex.Call():
            function = node.function
            if not isinstance(function, Function) or not function.derivative:
                raise _not_scalar(node)
            for place, argument in enumerate(node.arguments):
                if found[argument] is not ZERO:
                    yield ex.multiply(function.derivative[place](*node.arguments), found[argument])
        case _:
            raise _not_scalar(node)


def _of_power(
    product: ex.Product,
    base: Expr,
    exponent: Exponent,
    others: tuple[tuple[Expr, Exponent], ...],
    found: Mapping[Expr, Expr],
) -> Iterator[Expr]:
    if found[base] is not ZERO:
        lower = exponent - 1 if isinstance(exponent, Fraction) else ex.subtract(exponent, ex.number(1))
        factor = ex.number(exponent) if isinstance(exponent, Fraction) else exponent
        power = ex.power(base, lower)
        yield ex.multiply(ex.scaled(product.coefficient, {}, None, *others), factor, power, found[base])
    if isinstance(exponent, Expr) and found[exponent] is not ZERO:
        yield ex.multiply(product, ex.call(LOG, (base,)), found[exponent])


def at(formula: Expr, values: Mapping[Expr, Expr]) -> Expr:
    """A scalar formula of every entry: its symbols replaced, products taken entry by entry."""
    done: dict[Expr, Expr] = {}

    def powered(base: Expr, exponent: Exponent) -> Expr:
        if isinstance(exponent, Fraction):
            return ex.entrywise_power(done[base], exponent)
        above = done[exponent]
        if above.shape.is_scalar:
            return ex.entrywise_power(done[base], above)
        return EXP(ex.hadamard(above, LOG(done[base])))

    for node in distinct_nodes(formula):
        match node:
            case _ if node in values:
                done[node] = values[node]
            case ex.Sum():
                done[node] = ex.add(*(ex.scale(factor, done[body]) for body, factor in node.terms))
            case ex.Product():
                factors = (powered(base, exponent) for base, exponent in node.scalars)
                done[node] = ex.scale(node.coefficient, ex.hadamard(*factors))
            case ex.Call():
                arguments = tuple(done[argument] for argument in node.arguments)
                done[node] = ex.call(node.function, arguments, node.axis, node.sizes)
            case _:
                done[node] = node
    return done[formula]


def _not_scalar(node: Expr) -> AssertionError:
    return AssertionError(f"{node} is not scalar arithmetic, and formulas are read as nothing else")
