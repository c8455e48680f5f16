"""What a step says between its title and its formula: as if scalar, wanted, how it fits, why.

A module of its own because here a reader is convinced: which rows a step has is decided from
the step's data and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.derivation import Step
from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.renderers.blocks import (
    AsScalar,
    Block,
    Equality,
    Listed,
    Quotient,
    Remark,
    Row,
    Value,
    Walk,
    sentence,
)
from dimcompat.renderers.orders import junctions_say_it, several_orders
from dimcompat.renderers.reasons import all_numbers, differential, reasons, sums, units
from dimcompat.renderers.scalars import scalar_product
from dimcompat.renderers.told import Told
from dimcompat.renderers.values import is_long, left_side, signs_of, with_turned

PLAIN_KINDS = ("entrywise", "sum", "scaling", "reduction")
"""Steps whose reason need not be heard twice."""


def explanation(told: Told) -> Iterator[Block]:
    """The rows and remarks of a step."""
    step = told.step
    signs = signs_of(step)
    if step.kind in ("collect", "simplify", "name", "problem", "result") or step.reason == "projection":
        yield from (Remark((said,)) for said in (*reasons(told), *sums(told)))
        return
    yield from (Row(sentence("row.note"), (said,)) for said in sums(told))
    if step.scalar and step.kind != "rule":
        yield Row(sentence("row.scalar"), (_scalar(step),))
    repeated = told.heard and step.kind in PLAIN_KINDS
    if step.wanted is not None and step.factors and not (repeated or _is_told(told)):
        yield Row(sentence("row.wanted", shape=step.wanted), (_wanted(step, signs),))
    if len(step.candidates) > 1:
        yield from several_orders(step, told.before, told.chosen_before, signs)
    elif step.walk and not (len(step.walk) == 1 and _fits(step)):
        only = sentence("walk.only") if step.decided_by == "dimensions" else None
        yield Row(sentence("row.walk"), (Walk(step.walk, tuple(with_turned(signs).items())),), only)
    change = dict(step.facts).get("differential")
    if isinstance(change, Expr):
        yield from differential(step, change)
        return
    for said in () if repeated else reasons(told):
        yield Row(sentence("row.why"), (said,))
    yield from (Row(sentence("row.note"), (said,)) for said in units(told))


def _is_told(told: Told) -> bool:
    """Whether the shapes of the factors are said elsewhere, or there are none."""
    step = told.step
    numbers = step.kind == "rule" and all(factor.shape.is_scalar for factor in step.factors)
    return numbers or all_numbers(step) or junctions_say_it(told)


def _scalar(step: Step) -> Value:
    upstream = step.upstream
    factors = list(step.scalar)
    if upstream is None or upstream.right not in factors:
        return AsScalar(scalar_product(step.scalar))
    factors.remove(upstream.right)
    sign = left_side(upstream.left)
    times: Value
    if isinstance(sign, Quotient) and sign.objective == sign.variable:
        times = upstream.right  # a term of a sum that speaks for it has no sign of its own
    elif isinstance(sign, Quotient) and is_long(upstream.right, sign):
        times = sign
    else:
        times = Equality(sign, (layout(upstream.right),))
    return sentence("scalar.times", factors=AsScalar(scalar_product(tuple(factors))), upstream=times)


def _fits(step: Step) -> bool:
    return len(step.factors) == 1 and step.factors[0].shape == step.wanted


def _wanted(step: Step, signs: dict[Expr, Quotient]) -> Value:
    if step.reason == "the walk closes":
        return sentence("wanted.closed")
    factors = tuple(dict.fromkeys(factor for factor in step.factors if not isinstance(factor, ex.Number)))
    shown = tuple(
        sentence("wanted.factor", factor=signs.get(factor, factor), shape=factor.shape) for factor in factors
    )
    decided = step.kind != "rule" and len(step.candidates) < 2
    if len(factors) == 1 and factors[0].shape == step.wanted and decided:
        return sentence("wanted.fits", factor=signs.get(factors[0], factors[0]), shape=factors[0].shape)
    return Listed(shown)
