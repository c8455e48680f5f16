"""What each operand of a link contributes: the rules, one for each kind of link.

A module of its own because this is all the calculus there is: given a link and the
derivative by its value, the derivative by each operand, with the facts that a step shows.
Nothing here knows of the rest of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dimcompat import expressions as ex
from dimcompat.calculus.contribution import Contribution, Fact, with_upstream
from dimcompat.calculus.linear import adjoint, reduced
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
from dimcompat.calculus.naming import Graph
from dimcompat.calculus.products import product_contributions
from dimcompat.calculus.simplify import simplified
from dimcompat.expressions import Expr, Named
from dimcompat.expressions.rebuild import renamed
from dimcompat.functions.exponentials import LOG
from dimcompat.functions.record import Function
from dimcompat.operations import Operation
from dimcompat.shapes import Shape

IN_A_FORMULA = "in a formula"
"""The reason of a step by a scalar that stands in the formula of a function."""


def contributions(
    link: Link, shape: Shape, upstream: Expr, graph: Graph, own_name: tuple[Expr, Named] | None = None
) -> Iterator[Contribution]:
    """One contribution for each place in the link whose operand depends on a variable.

    ``upstream`` is the derivative by the link's value, of ``shape``; ``own_name`` is the value as it stands
    and its name, where a rule should call it so: ``H .* (1 - H)`` for a sigmoid H.
    """

    def named(expression: Expr) -> Expr:
        if own_name is not None:
            expression = renamed(expression, *own_name)
        return simplified(expression)

    match link:
        case ProductLink():
            found = product_contributions(link, shape, upstream, graph)
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
        value = named(contribution.value)
        if own_name is not None:
            yield replace(
                contribution,
                value=value,
                scalar=tuple(map(named, contribution.scalar)),
                factors=tuple(map(named, contribution.factors)),
            )
        else:
            yield contribution if value is contribution.value else replace(contribution, value=value)


def _sum(link: SumLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    for term, factor in link.terms:
        if graph.depends(term):
            value = ex.scale(factor, reduced(upstream, term.shape))
            stretched = value.shape != upstream.shape
            yield Contribution(
                term,
                "broadcast" if stretched else "sum",
                value,
                scalar=with_upstream(upstream, ex.number(factor)),
                factors=(upstream,),
                reason=_stretch_reason(upstream.shape, term.shape) if stretched else None,
            )


def _stretch_reason(whole: Shape, small: Shape) -> str:
    if small.is_scalar:
        return "copied to every entry"
    return "copied to every row" if small.is_row else "copied to every column"


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
        scalar=with_upstream(upstream, slope),
        factors=with_upstream(upstream, slope),
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
        scalar=(),
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
    scalar: tuple[Expr, ...] = ()
    if function.adjoints:
        scalar = with_upstream(upstream, ex.number(1))
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
        scalar=scalar,
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
    if link.row is None and not link.base.shape.is_vector:
        reason = "columns side by side"
    yield Contribution(
        link.base,
        "samples",
        value,
        scalar=(),
        factors=(upstream,),
        reason=reason,
        facts=(("base", graph.shown(link.base)),),
    )


def _samples(link: SamplesLink, upstream: Expr, graph: Graph) -> Iterator[Contribution]:
    """A sum passes the derivative on to each sample; a sample that is the same for all counts for all."""
    if not graph.depends(link.body):
        return
    alike = link.index not in graph.free_in(link.body)
    value = ex.multiply(ex.size_of(link.index.dim), upstream) if alike else upstream
    yield Contribution(
        link.body,
        "samples",
        value,
        scalar=with_upstream(upstream, ex.number(1)),
        factors=(upstream,),
        reason="each sample",
    )
