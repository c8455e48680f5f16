"""What each operand of a link contributes: the rules, one for each kind of link.

A module of its own because this is all the calculus there is: given a link and the
derivative by its value, the derivative by each operand, with the facts that a step shows.
Nothing here knows of the rest of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.calculus.arrange import candidates, junctions, rotation, walk
from dimcompat.calculus.linear import adjoint, inner_product, reduced
from dimcompat.calculus.links import (
    CallLink,
    EntrywiseLink,
    Link,
    MatrixPowerLink,
    PickLink,
    PowerLink,
    ProductLink,
    SamplesLink,
    SumLink,
)
from dimcompat.calculus.naming import Graph, product_factors
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Candidate, Decision, Edge, Junctions, StepKind
from dimcompat.expressions import Expr
from dimcompat.functions.exponentials import LOG
from dimcompat.functions.record import Function
from dimcompat.operations import Operation
from dimcompat.shapes import Shape

Fact = tuple[str, "str | Expr"]
IN_A_FORMULA = "in a formula"
"""The reason of a step by a scalar that stands in the formula of a function."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """The derivative by one place of one operand (by ``places`` of them at once), and how it was found."""

    operand: Operation
    kind: StepKind
    value: Expr
    scalar: tuple[Expr, ...]
    factors: tuple[Expr, ...]
    decided_by: Decision = "dimensions"
    walk: tuple[Edge, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    junctions: Junctions | None = None
    reason: str | None = None
    facts: tuple[Fact, ...] = ()
    places: int = 1


def contributions(link: Link, shape: Shape, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    """One contribution for each place in the link whose operand depends on a variable.

    ``upstream`` is the derivative by the link's value, of ``shape``.
    """
    match link:
        case ProductLink():
            found = _product(link, shape, upstream, graph)
        case SumLink():
            found = _sum(link, upstream, graph)
        case EntrywiseLink():
            found = _entrywise(link, upstream, graph)
        case PowerLink():
            found = _power(link, upstream, graph)
        case MatrixPowerLink():
            found = _matrix_power(link, upstream, graph)
        case CallLink():
            found = _call(link, upstream, graph)
        case PickLink():
            found = _pick(link, upstream, graph)
        case SamplesLink():
            found = _samples(link, upstream, graph)
    for contribution in found:
        yield replace(contribution, value=simplified(contribution.value))


def _is_one(upstream: Expr) -> bool:
    return isinstance(upstream, ex.Number) and upstream.value == 1


def _with_upstream(upstream: Expr, *factors: Expr) -> tuple[Expr, ...]:
    return factors if _is_one(upstream) else (*factors, upstream)


def _sum(link: SumLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    for term, factor in link.terms:
        if graph.depends(term):
            value = ex.scale(factor, reduced(upstream, term.shape))
            stretched = value.shape != upstream.shape
            yield Contribution(
                term,
                "broadcast" if stretched else "sum",
                value,
                scalar=_with_upstream(upstream, ex.number(factor)),
                factors=(upstream,),
                reason=_stretch_reason(upstream.shape, term.shape) if stretched else None,
            )


def _stretch_reason(whole: Shape, small: Shape) -> str:
    if small.is_scalar:
        return "copied to every entry"
    return "copied to every row" if small.is_row else "copied to every column"


def _product(link: ProductLink, shape: Shape, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
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
            yield _single_factor(link, factors[0], weight, upstream)
        else:
            yield _chain_place(link, place, factors, weight, shape, upstream)


def _is_square(link: ProductLink) -> bool:
    """Whether a product is ``u'*u`` or ``tr(U'*U)``, whose two places contribute the same."""
    if len(link.factors) != 2:
        return False
    first, second = link.factors
    vector = first.operand.shape.is_column
    return (
        first.operand is second.operand
        and first.transposed
        and not second.transposed
        and (link.closed or vector)
    )


def _square(link: ProductLink, weight: Expr, upstream: Expr, graph: Graph) -> Contribution:
    """The derivative of ``u'*u``: as if scalar ``2u``, which fits as it stands."""
    operand = link.factors[0].operand
    double = ex.scale(2, graph.shown(operand))
    found = _arranged(operand, ex.multiply(weight, upstream), (double,), [double], double, None)
    return replace(found, places=2)


def _single_factor(link: ProductLink, factor: Expr, weight: Expr, upstream: Expr) -> Contribution:
    operand, transposed = link.factors[0].operand, link.factors[0].transposed
    if link.closed:
        value = ex.multiply(weight, upstream, ex.identity(factor.shape.rows))
        return Contribution(
            operand,
            "reduction",
            value,
            scalar=_with_upstream(upstream, weight),
            factors=(upstream, ex.identity(factor.shape.rows)),
            reason="empty product",
        )
    if not transposed:
        value = ex.multiply(weight, upstream)
        return Contribution(
            operand, "scaling", value, scalar=_with_upstream(upstream, weight), factors=(upstream,)
        )
    turned = ex.transpose(upstream)
    return _arranged(operand, weight, (turned,), [upstream], turned, None)


def _chain_place(
    link: ProductLink, place: int, factors: tuple[Expr, ...], weight: Expr, shape: Shape, upstream: Expr
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
    taken = frozenset(name for factor in factors for dim in factor.shape for name in dim.symbols)
    labelled = junctions(factors, place, closed=link.closed, taken=taken)
    if transposed:
        labelled = replace(labelled, wanted=labelled.wanted.transposed)
    return _arranged(operand, weight, order, bag, ex.multiply(*order), labelled)


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
    labelled: Junctions | None,
) -> Contribution:
    """A product step: ``product`` is the chosen arrangement of the bag, ``weight`` the scalar in front."""

    def finish(arrangement: Expr) -> Expr:
        return simplified(ex.multiply(weight, arrangement))

    chosen = finish(product)
    others = [other for other in candidates(bag, operand.shape, finish) if other is not chosen]
    listed = (chosen, *others)[:12]
    several = len(listed) > 1
    shown_weight = () if _is_one(weight) else (weight,)
    return Contribution(
        operand,
        "product",
        chosen,
        scalar=(*shown_weight, *bag),
        factors=tuple(bag),
        decided_by="distinct dimensions" if several else "dimensions",
        walk=walk(order),
        candidates=tuple(Candidate(candidate, 0.0 if candidate is chosen else None) for candidate in listed),
        junctions=labelled if several else None,
    )


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
            scalar=_with_upstream(upstream, rest),
            factors=_with_upstream(upstream, body),
            reason=None if body.shape.is_scalar else "the walk closes",
        )


def _entrywise(link: EntrywiseLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    factors = [(graph.shown(operand), ex.UNIT * sign) for operand, sign in link.factors]
    for place, (operand, sign) in enumerate(link.factors):
        if graph.depends(operand):
            base = factors[place][0]
            others = factors[:place] + factors[place + 1 :]
            slope = ex.scale(sign, ex.entry_product([*others, (base, ex.UNIT * (sign - 1))]))
            yield _entry_by_entry(operand, slope, upstream)


def _entry_by_entry(
    operand: Operation, slope: Expr, upstream: Expr, facts: tuple[Fact, ...] = ()
) -> Contribution:
    slope = simplified(slope)
    product = ex.hadamard(upstream, slope)
    value = reduced(product, operand.shape)
    stretched = operand.shape != product.shape
    return Contribution(
        operand,
        "broadcast" if stretched else "entrywise",
        value,
        scalar=_with_upstream(upstream, slope),
        factors=_with_upstream(upstream, slope),
        reason=_stretch_reason(product.shape, operand.shape) if stretched else None,
        facts=facts,
    )


def _power(link: PowerLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    base, exponent = graph.shown(link.base), graph.shown(link.exponent)
    if graph.depends(link.base):
        lower = ex.exponent_of(ex.subtract(exponent, ex.number(1)))
        yield _entry_by_entry(link.base, ex.multiply(exponent, ex.entrywise_power(base, lower)), upstream)
    if graph.depends(link.exponent):
        whole = ex.entrywise_power(base, ex.exponent_of(exponent))
        slope = ex.hadamard(whole, ex.call(LOG, (base,)))
        yield _entry_by_entry(link.exponent, slope, upstream)


def _matrix_power(link: MatrixPowerLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    if not graph.depends(link.base):
        return
    base = graph.shown(link.base)
    if link.exponent > 0:
        pairs = [(low, link.exponent - 1 - low) for low in range(link.exponent)]
    else:
        pairs = [(-low, link.exponent - 1 + low) for low in range(1, 1 - link.exponent)]
    terms = []
    for left, right in pairs:
        first, last = ex.matrix_power(base, left), ex.matrix_power(base, right)
        terms.append(ex.multiply(ex.transpose(first), upstream, ex.transpose(last)))
    if link.exponent == 0:
        value = ex.zeros(*base.shape)
    else:
        value = ex.scale(1 if link.exponent > 0 else -1, ex.add(*terms))
    name = "inverse" if link.exponent == -1 else "matrix power"
    yield Contribution(
        link.base,
        "rule",
        value,
        scalar=_with_upstream(upstream, base),
        factors=(upstream, ex.matrix_power(base, -1 if link.exponent < 0 else 1)),
        decided_by="rule",
        reason=name,
    )


def _call(link: CallLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    function = link.function
    assert isinstance(function, Function)
    arguments = tuple(graph.shown(operand) for operand in link.operands)
    for place, operand in enumerate(link.operands):
        if not graph.depends(operand):
            continue
        if function.derivative:
            slope = function.derivative[place](*arguments)
            found = _entry_by_entry(operand, slope, upstream, (("function", function.name),))
            yield found if place < function.written else replace(found, reason=IN_A_FORMULA)
        else:
            yield _rule(function, link, place, arguments, upstream)


def _rule(
    function: Function, link: CallLink, place: int, arguments: tuple[Expr, ...], upstream: Expr
) -> Contribution:
    operand = link.operands[place]
    facts: tuple[Fact, ...] = (("function", function.name),)
    if function.adjoints:
        value = function.adjoints[place](upstream, arguments, link.axis, link.sizes)
    else:
        assert function.differential is not None
        change = change_of(arguments[place])
        changes = tuple(
            change if position == place else ex.zeros(*argument.shape)
            for position, argument in enumerate(arguments)
        )
        stated = function.differential(arguments, changes, link.axis, link.sizes)
        facts = (*facts, ("differential", simplified(stated)))
        value = adjoint(stated, change, upstream)
    is_reduction = function.group == "reductions"
    return Contribution(
        operand,
        "reduction" if is_reduction else "rule",
        value,
        scalar=_with_upstream(upstream, ex.number(1)),
        factors=(upstream,),
        decided_by="dimensions" if is_reduction else "rule",
        reason=function.name,
        facts=facts,
    )


def change_of(expression: Expr) -> Expr:
    """The symbol dX for the change of an expression X."""
    name = getattr(expression, "name", "u")
    return ex.Symbol.make(f"d{name}", expression.shape)


def _pick(link: PickLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    """What is picked passes its derivative to its own place; every other place gets nothing."""
    if not graph.depends(link.base):
        return
    value = upstream
    rows, cols = link.base.shape
    if link.row is not None:
        value = ex.multiply(ex.pick(ex.identity(rows), None, link.row), value)
    if link.col is not None:
        value = ex.multiply(value, ex.pick(ex.identity(cols), link.col, None))
    both = link.row is not None and link.col is not None
    reason = "entries in their places" if both or link.base.shape.is_vector else "rows stack"
    if link.row is None:
        reason = "columns side by side"
    yield Contribution(
        link.base, "samples", value, scalar=_with_upstream(upstream), factors=(upstream,), reason=reason
    )


def _samples(link: SamplesLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    """A sum passes the derivative on to each sample; a sample that is the same for all counts for all."""
    if not graph.depends(link.body):
        return
    alike = link.index not in graph.free_in(link.body)
    value = ex.multiply(ex.Size.make(link.index.dim), upstream) if alike else upstream
    yield Contribution(
        link.body,
        "samples",
        value,
        scalar=_with_upstream(upstream, ex.number(1)),
        factors=(upstream,),
        reason="each sample",
    )
