"""Moves for what is linear: traces and calls of linear functions, apart or together.

A module of its own because these two see inside a function, and ask nothing of it but that its
record says in which arguments it is linear.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.expressions import Expr
from dimcompat.functions.record import Function
from dimcompat.shapes import ONE, Shape

Key = tuple[object, ...]


def split_trace(node: Expr) -> Iterator[Expr]:
    """``tr(A*(B + C)) = tr(A*B) + tr(A*C)``."""
    coefficient, scalars, body = ex.split(node)
    for place, (base, exponent) in enumerate(scalars):
        if isinstance(base, ex.Trace) and exponent == 1:
            others = dict(scalars[:place] + scalars[place + 1 :])
            for split in _split(base):
                yield ex.scaled(coefficient, others, body, (split, exponent))


def _split(node: ex.Trace) -> Iterator[Expr]:
    factors = ex.factors_of(node.operand)
    for place, factor in enumerate(factors):
        if isinstance(factor, ex.Sum):
            parts = ((ex.stretch(body, factor.shape), weight) for body, weight in factor.terms)
            products = (
                (ex.trace(ex.multiply(*factors[:place], part, *factors[place + 1 :])), weight)
                for part, weight in parts
            )
            yield ex.combine(node.shape, products)


def join_traces(node: Expr) -> Iterator[Expr]:
    """``tr(A) + tr(B) = tr(A + B)``."""
    if not isinstance(node, ex.Sum):
        return
    by_size: defaultdict[Shape, list[int]] = defaultdict(list)
    for place, (body, _) in enumerate(node.terms):
        if isinstance(body, ex.Trace):
            by_size[body.operand.shape].append(place)
    for places in by_size.values():
        if len(places) > 1:
            members = [node.terms[place] for place in places]
            inside = [
                ex.scale(factor, body.operand) for body, factor in members if isinstance(body, ex.Trace)
            ]
            rest = (term for place, term in enumerate(node.terms) if place not in places)
            yield ex.combine(node.shape, [(ex.trace(ex.add(*inside)), Fraction(1)), *rest])


def join_calls(node: Expr) -> Iterator[Expr]:
    """``kron(A, B) + kron(A, C) = kron(A, B + C)``, and so for every function that is linear."""
    if not isinstance(node, ex.Sum):
        return
    groups: defaultdict[Key, dict[int, tuple[ex.Call, int, Expr]]] = defaultdict(dict)
    for number, (body, factor) in enumerate(node.terms):
        for call, place, argument in _openings(body, factor, node.shape):
            others = call.arguments[:place] + call.arguments[place + 1 :]
            key = (call.function.name, place, others, call.axis, call.sizes, argument.shape)
            groups[key].setdefault(number, (call, place, argument))
    for members in groups.values():
        if len(members) < 2:
            continue
        call, place, _ = next(iter(members.values()))
        inside = ex.add(*(argument for _, _, argument in members.values()))
        arguments = (*call.arguments[:place], inside, *call.arguments[place + 1 :])
        joined = ex.call(call.function, arguments, call.axis, call.sizes)
        rest = (term for number, term in enumerate(node.terms) if number not in members)
        yield ex.combine(node.shape, [(joined, Fraction(1)), *rest])


def _openings(body: Expr, factor: Fraction, shape: Shape) -> Iterator[tuple[ex.Call, int, Expr]]:
    """A term as a call, each argument in which it is linear with the term's numbers and scalars."""
    coefficient, scalars, inner = ex.split(body)
    inner = _as_call(inner, shape) if inner is not None else None
    if not isinstance(inner, ex.Call) or not isinstance(inner.function, Function):
        return
    for place in range(min(len(inner.function.adjoints), len(inner.arguments))):
        argument = ex.scaled(coefficient * factor, dict(scalars), inner.arguments[place])
        yield inner, place, argument


def _as_call(body: Expr, shape: Shape) -> Expr:
    """A body stretched to a sum's shape, as a call where a record lets its neighbours in."""
    factors = list(ex.factors_of(body))
    if not any(isinstance(factor, ex.Call) for factor in factors):
        return body
    if body.shape.cols is not shape.cols:
        factors.append(ex.ones(ONE, shape.cols))
    if body.shape.rows is not shape.rows:
        factors.insert(0, ex.ones(shape.rows, ONE))
    if len(factors) == 1:
        return body
    left, right = factors[0], ex.multiply(*factors[1:])
    if not isinstance(left, ex.Call):
        left, right = ex.multiply(*factors[:-1]), factors[-1]
    call = left if isinstance(left, ex.Call) else right
    if isinstance(call, ex.Call) and isinstance(call.function, Function):
        for row in call.function.neighbours:
            found = row.rewrite(left, right, call)
            if found is not None:
                return found
    return body
