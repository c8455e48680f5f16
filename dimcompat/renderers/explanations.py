"""What a step says between its title and its formula: as if scalar, wanted, how it fits, why.

A module of its own because here a reader is convinced: which rows a step has, and which
sentence says why, is decided from the step's data and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dimcompat import expressions as ex
from dimcompat.derivation import Candidate, Step
from dimcompat.expressions import Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.language.assembly import fraction
from dimcompat.language.layout import layout
from dimcompat.language.notation import Glue, Layout, Name, Series, Terms, Transposed
from dimcompat.messages import has
from dimcompat.renderers.blocks import (
    AsScalar,
    Block,
    Equality,
    Listed,
    Quotient,
    Remark,
    Row,
    Sentence,
    Value,
    Walk,
    Word,
    sentence,
)
from dimcompat.renderers.told import Told
from dimcompat.shapes import ONE, Dim, Shape

LISTED = 4
LONG = 3
PLAIN_KINDS = ("entrywise", "sum", "scaling", "reduction")
"""Steps whose reason need not be heard twice."""


def left_side(left: str | tuple[str, str] | Expr) -> str | Quotient | Layout:
    """The left side of an equation as a value."""
    if isinstance(left, Expr):
        return layout(left)
    return left if isinstance(left, str) else Quotient(*left)


def counted(kind: str, number: int) -> Sentence:
    """A number in words: twice, two, second."""
    key = f"{kind}.{number}"
    return sentence(key) if has(key) else sentence(f"{kind}.n", count=str(number))


def scalar_product(factors: tuple[Expr, ...]) -> Layout:
    """The factors multiplied as if they were numbers, the number in front."""
    number = Fraction(1)
    items: list[tuple[Glue, Layout]] = []
    for factor in factors:
        own, body = ex.split_coefficient(factor)
        number *= own
        if isinstance(body, ex.Number | ex.Ones | ex.Identity):  # each of them is the number 1
            continue
        shown = layout(body)
        plain = isinstance(shown, Series) and all(glue != "entry" for glue, _ in shown.items)
        items += (
            [("scale", item) for _, item in shown.items]
            if plain and isinstance(shown, Series)
            else [("scale", shown)]
        )
    if abs(number) != 1 or not items:
        items.insert(0, ("scale", fraction(abs(number))))
    body_of = items[0][1] if len(items) == 1 else Series(tuple(items))
    return Terms(((True, body_of),)) if number < 0 else body_of


def explanation(told: Told) -> Iterator[Block]:
    """The rows and remarks of a step."""
    step = told.step
    signs = signs_of(step)
    if step.kind in ("collect", "simplify", "name", "problem", "result") or step.reason == "projection":
        yield from (Remark((said,)) for said in _reasons(step))
        return
    if step.scalar:
        yield Row(sentence("row.scalar"), (_scalar(step),))
    repeated = told.heard and step.kind in PLAIN_KINDS
    if step.wanted is not None and step.factors and not repeated and not _same_junctions(told):
        yield Row(sentence("row.wanted", shape=step.wanted), (_wanted(step, signs),))
    if len(step.candidates) > 1:
        yield from _distinct(step, told.before, told.chosen_before, signs)
    elif step.walk and not (len(step.walk) == 1 and _fits(step)):
        only = sentence("walk.only") if step.decided_by == "dimensions" else None
        yield Row(sentence("row.walk"), (Walk(step.walk, tuple(signs.items())),), only)
    facts = dict(step.facts)
    if "differential" in facts:
        yield from _differential(step, facts["differential"])
        return
    if repeated:
        return
    for said in _reasons(step):
        yield Row(sentence("row.why"), (said,))


def _scalar(step: Step) -> Value:
    upstream = step.upstream
    factors = list(step.scalar)
    if upstream is None or upstream.right not in factors:
        return AsScalar(scalar_product(step.scalar))
    factors.remove(upstream.right)
    sign = left_side(upstream.left)
    times: Value = Equality(sign, (layout(upstream.right),))
    if isinstance(sign, Quotient) and sign.objective == sign.variable:
        times = upstream.right  # a term of a sum that speaks for it has no sign of its own
    elif isinstance(sign, Quotient) and _is_long(upstream.right, sign):
        times = sign
    return sentence("scalar.times", factors=AsScalar(scalar_product(tuple(factors))), upstream=times)


def _is_long(formula: Expr, sign: Quotient) -> bool:
    """Whether a derivative found before is spoken of by its sign alone."""
    if isinstance(formula, ex.Named):
        return formula.quotient == (sign.objective, sign.variable)
    return layout(formula).weight >= LONG


def signs_of(step: Step) -> dict[Expr, Quotient]:
    """The upstream derivative by its sign, where its formula is long."""
    upstream = step.upstream
    if upstream is None or not isinstance(upstream.left, tuple) or isinstance(upstream.right, ex.Named):
        return {}
    sign = Quotient(*upstream.left)
    return (
        {upstream.right: sign} if sign.objective != sign.variable and _is_long(upstream.right, sign) else {}
    )


def _fits(step: Step) -> bool:
    return len(step.factors) == 1 and step.factors[0].shape == step.wanted


def _wanted(step: Step, signs: dict[Expr, Quotient]) -> Value:
    if step.reason == "the walk closes":
        return sentence("wanted.closed")
    factors = tuple(dict.fromkeys(factor for factor in step.factors if not isinstance(factor, ex.Number)))
    shown = tuple(
        sentence("wanted.factor", factor=signs.get(factor, factor), shape=factor.shape) for factor in factors
    )
    if len(factors) == 1 and factors[0].shape == step.wanted:
        return sentence("wanted.fits", factor=signs.get(factors[0], factors[0]), shape=factors[0].shape)
    return Listed(shown)


def _arranged(candidate: Candidate, signs: dict[Expr, Quotient]) -> Value:
    """An arrangement; a long derivative in it is spoken of by its sign."""
    if not any(factor in signs or ex.transpose(factor) in signs for factor in candidate.order):
        return candidate.expression
    items: list[tuple[Glue, Layout]] = []
    for factor in candidate.order:
        sign, turned = signs.get(factor), signs.get(ex.transpose(factor))
        item = layout(factor)
        if sign is not None:
            item = Name("", (sign.objective, str(sign.variable)))
        elif turned is not None:
            item = Transposed(Name("", (turned.objective, str(turned.variable))))
        items.append(("scale" if factor.shape.is_scalar else "matrix", item))
    return Series(tuple(items)) if len(items) > 1 else items[0][1]


def _same_link(step: Step, before: Step | None) -> bool:
    """Whether the step before has just explained the junctions of this link."""
    return before is not None and before.junctions is not None and before.through == step.through


def _same_junctions(told: Told) -> bool:
    return told.step.junctions is not None and _same_link(told.step, told.before)


def _distinct(
    step: Step, before: Step | None, explained: bool, signs: dict[Expr, Quotient]
) -> Iterator[Block]:
    """Several orders fit: which, why dimensions cannot choose, and what does; in short the second time."""
    junctions: tuple[Sentence, ...] = ()
    same = _same_link(step, before)
    chosen = step.candidates[0]
    if not same:
        first = step.candidates[:LISTED]
        shown: tuple[Value, ...] = tuple(_arranged(candidate, signs) for candidate in first)
        listed: Value = Listed(shown, last=len(step.candidates) <= LISTED)
        if len(step.candidates) > LISTED:
            rest = str(len(step.candidates) - LISTED)
            listed = sentence("list.more", first=listed, count=rest)
        count = counted("count", len(step.candidates))
        key = "fits.several again" if explained else "fits.several"
        yield Remark((sentence(key, count=count, candidates=listed),))
        if step.junctions is not None:
            key = "junction.factor" if explained else "wanted.factor"
            junctions = tuple(sentence(key, factor=f, shape=shape) for f, shape in step.junctions.factors)
            if not explained:
                yield Remark((sentence("fits.junctions", factors=Listed(junctions)),))
    only = _arranged(chosen, signs)
    said = [sentence("only.fits", chosen=only)]
    if explained and junctions:
        said = [sentence("only.fits with", factors=Listed(junctions), chosen=only)]
    said += _misses(step.candidates[1:], signs)
    if step.junctions is not None:
        yield Row(sentence("row.wanted", shape=step.junctions.wanted), tuple(said))
    else:
        yield Remark(tuple(said))


def _misses(others: tuple[Candidate, ...], signs: dict[Expr, Quotient]) -> Iterator[Sentence]:
    """What the probe says of the other orders: each that is equal, and by how much the rest miss."""
    for other in others:
        if other.miss == 0:
            yield sentence("candidate.equal", candidate=_arranged(other, signs))
    wrong = sorted((other.miss, place) for place, other in enumerate(others) if other.miss)
    if len(wrong) == 1:
        candidate = _arranged(others[wrong[0][1]], signs)
        yield sentence("candidate.misses", candidate=candidate, percent=_percent(wrong[0][0]))
    elif wrong:
        yield sentence("candidates.miss", low=_percent(wrong[0][0]), high=_percent(wrong[-1][0]))


def _percent(miss: float) -> str:
    return f"{miss:.0%}" if miss >= 0.01 else f"{100 * miss:.1g}%"


def _differential(step: Step, differential: object) -> Iterator[Block]:
    function = str(dict(step.facts).get("function", ""))
    call = Word(function)
    found: Value = call
    if step.through is not None:
        nodes = distinct_nodes(step.through.right)
        found = next((n for n in nodes if isinstance(n, ex.Call) and n.function.name == function), call)
    assert isinstance(differential, Expr)
    said = sentence("reason.differential", function=found, differential=differential)
    yield Row(sentence("row.rule"), (said,))
    changes = sorted(
        (leaf.name for leaf in differential.symbols - _names_of(step) if isinstance(leaf, ex.Symbol)), key=len
    )
    if changes:
        change = changes[0]
        link = step.through.left if step.through is not None else ""
        of_scalar = isinstance(found, Expr) and found.shape.is_scalar
        above = left_side(step.upstream.left) if step.upstream is not None else None
        if of_scalar or not isinstance(above, Quotient):
            yield Row(sentence("row.why"), (sentence("reason.read off", change=change),))
        else:
            fields = {"objective": above.objective, "link": f"{link}", "change": change}
            yield Row(sentence("row.why"), (sentence("reason.read off whole", upstream=above, **fields),))


def _names_of(step: Step) -> frozenset[Expr]:
    return step.through.right.symbols if step.through is not None else frozenset()


def facts_of(facts: tuple[tuple[str, str | Expr | Dim | Shape], ...]) -> dict[str, Value]:
    """The facts of a step or a note as values; an attribute is called as the language calls it."""
    found: dict[str, Value] = {key: Word(fact) if isinstance(fact, str) else fact for key, fact in facts}
    attribute = found.get("attribute")
    if isinstance(attribute, Word) and has(f"attribute.{attribute.text}"):
        found["attribute"] = sentence(f"attribute.{attribute.text}")
    return found


def _reasons(step: Step) -> Iterator[Sentence]:
    facts = facts_of(step.facts)
    fields: dict[str, Value] = {"variable": Word(step.variable or "")}
    shapes = [factor.shape for factor in step.factors]
    fields["rows"] = next((shape.rows for shape in shapes if shape.rows is not ONE), ONE)
    fields["cols"] = next((shape.cols for shape in shapes if shape.cols is not ONE), ONE)
    key = _reason_key(step, dict(step.facts).get("function"))
    if key is not None:
        yield Sentence(key, tuple((fields | facts).items()))


def _reason_key(step: Step, function: object) -> str | None:
    """The sentence that says why; the name of a function is a reason only if nothing says more."""
    if step.reason is not None and step.reason != function and has(f"reason.{step.reason}"):
        return f"reason.{step.reason}"
    spread = step.wanted is not None and all(factor.shape != step.wanted for factor in step.factors)
    match step.kind:
        case "sum" | "reduction" if spread:
            return "reason.spread"
        case "sum" | "scaling":
            return f"reason.{step.kind}"
        case "entrywise":
            return "reason.entrywise function" if function else "reason.entrywise"
        case "reduction" | "rule" if function:
            return f"reason.{step.kind}"
    return None
