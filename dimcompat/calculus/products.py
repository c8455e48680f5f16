"""The rules of a product link: the principle at work.

A module of its own because this is where dimensions decide: each place of a matrix
product gets the bag of the other factors, arranged; scalars in front are closed into a
number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.calculus.arrange import MOST_CANDIDATES, candidates, junctions, rotation, walk
from dimcompat.calculus.contribution import Contribution, is_one, with_upstream
from dimcompat.calculus.linear import inner_product
from dimcompat.calculus.links import ProductLink
from dimcompat.calculus.naming import Graph, product_factors
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Candidate, Junctions
from dimcompat.expressions import Expr
from dimcompat.expressions.remembered import remembered
from dimcompat.operations import Operation
from dimcompat.shapes import Shape


def product_contributions(
    link: ProductLink, shape: Shape, upstream: Expr, graph: Graph
) -> Iterator[Contribution]:
    """One contribution for each factor and scalar of a product that depends on a variable."""
    factors = product_factors(link, graph)
    scalars = [(graph.shown(operand), ex.UNIT * exponent) for operand, exponent in link.scalars]
    weight = ex.scaled(link.coefficient, {}, None, *scalars)
    yield from _scalar_places(link, scalars, factors, upstream, graph)
    if _is_square(link) and graph.depends(link.factors[0].operand):
        yield _square(link, weight, upstream, graph)
        return
    for place, factor in enumerate(link.factors):
        if not graph.depends(factor.operand):
            continue
        if len(factors) == 1:
            yield _single_factor(link, factors[0], weight, upstream, graph.taken)
        else:
            yield _chain_place(link, place, factors, weight, shape, upstream, graph.taken)


def _is_square(link: ProductLink) -> bool:
    """Whether a product is ``u'*u`` (of a row ``u*u'``) or ``tr(U'*U)``: both places contribute the same."""
    if len(link.factors) != 2:
        return False
    first, second = link.factors
    if first.operand is not second.operand or first.transposed == second.transposed:
        return False
    shape = first.operand.shape
    return shape.is_column or link.closed if first.transposed else shape.is_row


def _square(link: ProductLink, weight: Expr, upstream: Expr, graph: Graph) -> Contribution:
    """The derivative of ``u'*u``: as if scalar ``2u``, which fits as it stands."""
    operand = link.factors[0].operand
    shown = graph.shown(operand)
    weight = ex.scale(2, ex.multiply(weight, upstream))

    def labelled() -> Junctions:
        return junctions((ex.transpose(shown), shown), 1, closed=link.closed, taken=graph.taken)

    found = _arranged(operand, weight, (shown,), [shown], shown, labelled)
    return replace(found, places=2)


def _single_factor(
    link: ProductLink, factor: Expr, weight: Expr, upstream: Expr, taken: frozenset[str]
) -> Contribution:
    operand, transposed = link.factors[0].operand, link.factors[0].transposed
    if link.closed:
        value = ex.multiply(weight, upstream, ex.identity(factor.shape.rows))
        return Contribution(
            operand,
            "reduction",
            value,
            scalar=with_upstream(upstream, weight),
            factors=(upstream, ex.identity(factor.shape.rows)),
            reason="empty product",
        )
    if not transposed:
        value = ex.multiply(weight, upstream)
        return Contribution(
            operand, "scaling", value, scalar=with_upstream(upstream, weight), factors=(upstream,)
        )
    turned = ex.transpose(upstream)

    def labelled() -> Junctions:
        return _turned(junctions((factor,), 0, closed=False, taken=taken, upstream=upstream))

    return _arranged(operand, weight, (turned,), [upstream], turned, labelled)


def _chain_place(
    link: ProductLink,
    place: int,
    factors: tuple[Expr, ...],
    weight: Expr,
    shape: Shape,
    upstream: Expr,
    taken: frozenset[str],
) -> Contribution:
    operand, transposed = link.factors[place].operand, link.factors[place].transposed
    inner = None if shape.is_scalar else upstream
    if inner is None:
        weight = ex.multiply(weight, upstream)
    order = rotation(factors, place, inner, closed=link.closed)
    if transposed:
        order = tuple(ex.transpose(factor) for factor in reversed(order))
    bag = [_standing(factor) for position, factor in enumerate(factors) if position != place]
    if inner is not None:
        bag.append(inner)

    def labelled() -> Junctions:
        found = junctions(factors, place, closed=link.closed, taken=taken, upstream=inner)
        return _turned(found) if transposed else found

    found = _arranged(operand, weight, order, bag, ex.multiply(*order), labelled)
    label = next((factor for factor in bag if _picks(factor)), None)
    return found if label is None else replace(found, reason="label", facts=(("row", label),))


def _turned(labelled: Junctions) -> Junctions:
    return replace(labelled, wanted=labelled.wanted.transposed)


def _picks(factor: Expr) -> bool:
    """Whether a factor stands for a label that picks: a row of onehot."""
    base = factor.base if isinstance(factor, ex.Pick) else factor
    return isinstance(base, ex.Call) and base.function.row_products is not None and factor.shape.is_row


def _standing(factor: Expr) -> Expr:
    """A factor as it is named, without the transpose that it happens to have in the link."""
    turned = ex.transpose(factor)
    return turned if turned.turned < factor.turned else factor


def _arranged(
    operand: Operation,
    weight: Expr,
    order: tuple[Expr, ...],
    bag: list[Expr],
    product: Expr,
    labelled: Callable[[], Junctions],
) -> Contribution:
    """A product step: ``product`` is the chosen arrangement of the bag, ``weight`` the scalar in front."""
    chosen = simplified(ex.multiply(weight, product))
    shown_weight = () if is_one(weight) else (weight,)
    found = _found(tuple(bag), operand.shape, weight)
    listed = [Candidate(chosen, 0.0, (*shown_weight, *order))]
    listed += [Candidate(other, None, (*shown_weight, *its)) for other, its in found if other is not chosen]
    del listed[MOST_CANDIDATES:]
    several = len(listed) > 1
    return Contribution(
        operand,
        "product",
        chosen,
        scalar=(*shown_weight, *bag),
        factors=tuple(bag),
        decided_by="distinct dimensions" if several else "dimensions",
        walk=walk(order),
        candidates=tuple(listed),
        junctions=labelled() if several else None,
    )


@remembered
def _found(bag: tuple[Expr, ...], wanted: Shape, weight: Expr) -> tuple[tuple[Expr, tuple[Expr, ...]], ...]:
    """The products of the bag that have the wanted shape, the weight in front, each with its factors."""

    def finish(arrangement: Expr) -> Expr:
        return simplified(ex.multiply(weight, arrangement))

    return tuple(candidates(bag, wanted, finish).items())


def _scalar_places(
    link: ProductLink,
    scalars: list[tuple[Expr, Fraction]],
    factors: tuple[Expr, ...],
    upstream: Expr,
    graph: Graph,
) -> Iterator[Contribution]:
    body = ex.multiply(*factors) if factors else ex.number(1)
    if link.closed:
        body = ex.trace(body)
    for place, (operand, _) in enumerate(link.scalars):
        if not graph.depends(operand):
            continue
        base, exponent = scalars[place]
        others = scalars[:place] + scalars[place + 1 :]
        closed = ex.multiply(upstream, body) if body.shape.is_scalar else inner_product(upstream, body)
        slope = ex.scaled(
            link.coefficient * exponent, {}, None, *others, (base, exponent - 1), (closed, ex.UNIT)
        )
        rest = ex.scaled(link.coefficient * exponent, {}, body, *others, (base, exponent - 1))
        yield Contribution(
            operand,
            "scaling",
            slope,
            scalar=with_upstream(upstream, rest),
            factors=with_upstream(upstream, body),
            reason=None if body.shape.is_scalar else "the walk closes",
        )
