"""Where several orders fit: which they are, why dimensions cannot choose, and what does.

A module of its own because this is the one place where the principle needs help, and it is
explained once at length and then in short.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.derivation import Candidate, Junctions, Step
from dimcompat.expressions import Expr
from dimcompat.language.layout import layout
from dimcompat.language.notation import Glue, Layout, Name, Series, Transposed
from dimcompat.renderers.blocks import Block, Listed, Quotient, Remark, Row, Sentence, Value, sentence
from dimcompat.renderers.told import Told, shown_chain
from dimcompat.renderers.values import counted
from dimcompat.shapes import Shape

LISTED = 4


def junctions_say_it(told: Told) -> bool:
    """Whether the shapes of the factors are said with their junctions, or were in the step before."""
    return told.step.junctions is not None and (told.chosen_before or _same_link(told.step, told.before))


def _same_link(step: Step, before: Step | None) -> bool:
    """Whether the step before has just explained the junctions of this link."""
    return before is not None and before.junctions is not None and before.through == step.through


def several_orders(
    step: Step, before: Step | None, explained: bool, signs: dict[Expr, Quotient]
) -> Iterator[Block]:
    """Several orders fit: which, why dimensions cannot choose, and what does; in short the second time."""
    junctions: tuple[Sentence, ...] = ()
    shown: tuple[Value, ...] = ()
    stand_ins = _stand_ins(signs)
    same = _same_link(step, before)
    others = step.candidates[1:]
    told_at_once = explained and not same and len(others) == 1 and bool(others[0].miss)
    if not same:
        first = step.candidates[:LISTED]
        shown = tuple([_arranged(candidate, stand_ins) for candidate in first])
        listed: Value = Listed(shown, last=len(step.candidates) <= LISTED)
        if len(step.candidates) > LISTED:
            rest = str(len(step.candidates) - LISTED)
            listed = sentence("list.more", first=listed, count=rest)
        count = counted("count", len(step.candidates))
        if told_at_once:
            other, percent = shown[1], _percent(step.candidates[1].miss or 0.0)
            yield Remark((sentence("fits.two again", chosen=shown[0], other=other, percent=percent),))
        else:
            key = "fits.several again" if explained else "fits.several"
            yield Remark((sentence(key, count=count, candidates=listed),))
        if step.junctions is not None:
            key = "junction.factor" if explained else "wanted.factor"
            junctions = tuple(
                sentence(key, factor=signs.get(factor, factor), shape=shape)
                for factor, shape in _as_shown(step, step.junctions)
            )
            if not explained:
                yield Remark((sentence("fits.junctions", factors=Listed(junctions)),))
    only = shown[0] if shown else _arranged(step.candidates[0], stand_ins)
    said = [sentence("only.fits", chosen=only)]
    if explained and junctions:
        said = [sentence("only.fits with", factors=Listed(junctions), chosen=only)]
    said += _misses(() if told_at_once else others, stand_ins, explained)
    if step.junctions is not None:
        yield Row(sentence("row.wanted", shape=step.junctions.wanted), tuple(said))
    else:
        yield Remark(tuple(said))


def _as_shown(step: Step, junctions: Junctions) -> tuple[tuple[Expr, Shape], ...]:
    """The labelled factors in the order in which they stand in the formula shown."""
    chain, closed = shown_chain(step)
    if chain is None:
        return junctions.factors
    count = len(chain.factors)
    given, others = junctions.factors[:count], junctions.factors[count:]
    for turned in (False, True):
        if turned:
            given = tuple((ex.transpose(factor), shape.transposed) for factor, shape in reversed(given))
        for start in range(count if closed else 1):
            order = (*given[start:], *given[:start])
            if tuple(factor for factor, _ in order) == chain.factors:
                return (*order, *others)
    return junctions.factors


def _misses(
    others: tuple[Candidate, ...], stand_ins: dict[Expr, Layout], explained: bool
) -> Iterator[Sentence]:
    """What the probe says of the other orders: each that is equal, and by how much the rest miss."""
    again = " again" if explained else ""
    for other in others:
        if other.miss == 0:
            yield sentence("candidate.equal", candidate=_arranged(other, stand_ins))
    wrong = sorted((other.miss, place) for place, other in enumerate(others) if other.miss)
    if len(wrong) == 1:
        candidate = _arranged(others[wrong[0][1]], stand_ins)
        yield sentence(f"candidate.misses{again}", candidate=candidate, percent=_percent(wrong[0][0]))
    elif wrong:
        yield sentence(f"candidates.miss{again}", low=_percent(wrong[0][0]), high=_percent(wrong[-1][0]))


def _percent(miss: float) -> str:
    return f"{miss:.0%}" if miss >= 0.01 else f"{100 * miss:.1g}%"


def _stand_ins(signs: dict[Expr, Quotient]) -> dict[Expr, Layout]:
    """What stands in an arrangement for a derivative that is spoken of by its sign, and for its transpose."""
    found: dict[Expr, Layout] = {}
    for derivative, sign in signs.items():
        name = Name("", (sign.objective, str(sign.variable)))
        found |= {ex.transpose(derivative): Transposed(name), derivative: name}
    return found


def _arranged(candidate: Candidate, stand_ins: dict[Expr, Layout]) -> Value:
    """An arrangement; a long derivative in it is spoken of by its sign."""
    if not any(map(stand_ins.__contains__, candidate.order)):
        return candidate.expression
    items: list[tuple[Glue, Layout]] = [
        ("scale" if factor.shape.is_scalar else "matrix", stand_ins.get(factor) or layout(factor))
        for factor in candidate.order
    ]
    return Series(tuple(items)) if len(items) > 1 else items[0][1]
