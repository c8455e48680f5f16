"""The sentences that say why: the rule that is used, what stands where, what is added.

A module of its own because each of them must be true of the very step it stands in: which one
is said is decided from the step's data and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.calculus.cost import cost
from dimcompat.derivation import Step
from dimcompat.expressions import Expr
from dimcompat.expressions.walk import distinct_nodes
from dimcompat.functions import find
from dimcompat.functions.record import Function
from dimcompat.language.layout import layout
from dimcompat.language.notation import Applied, Series
from dimcompat.messages import has
from dimcompat.renderers.blocks import Listed, Quotient, Row, Sentence, Value, Word, sentence
from dimcompat.renderers.matrix_rules import in_front
from dimcompat.renderers.told import Told, shown_chain, sums_over
from dimcompat.renderers.values import facts_of, left_side
from dimcompat.shapes import ONE, SCALAR

SHORT = 6
"""A stack of what differs from sample to sample is stated where its formula is no longer than this."""
MOST = 4
LONGEST_REPEATED = 40
"""A formula of the step before that is longer than this is spoken of by its sign."""


def reasons(told: Told) -> Iterator[Sentence]:
    """Why a step is as it is."""
    step = told.step
    facts = facts_of(step.facts)
    above = told.before.equation if told.before is not None else step.equation
    repeated = above.right is dict(step.facts).get("found") and cost(above.right) > LONGEST_REPEATED
    if repeated and isinstance(above.left, tuple):
        facts["found"] = sentence("found.above", derivative=Quotient(*above.left))
    variable = Word(step.variable or "")
    function = dict(step.facts).get("function")
    key = _key(step, function)
    if key == "reason.add the samples":
        yield _samples(step)
    elif key == "reason.entrywise function":
        yield from _entrywise(step, str(function))
    elif key is not None:
        shapes = [factor.shape for factor in step.factors]
        rows = next((shape.rows for shape in shapes if shape.rows is not ONE), ONE)
        cols = next((shape.cols for shape in shapes if shape.cols is not ONE), ONE)
        fields: dict[str, Value] = {"variable": variable, "rows": rows, "cols": cols}
        yield Sentence(key, tuple((fields | facts).items()))
    upstream = dict(step.facts).get("upstream")
    if key == "reason.read off a matrix" and isinstance(upstream, Expr) and step.before is None:
        rules = tuple(in_front(above.right, upstream))
        yield from [sentence("reason.in front", rules=Listed(rules))] if rules else []
    summed = isinstance(step.equation.right, ex.IndexSum) and step.kind != "samples"
    if summed and step.arranged not in (None, step.equation.right):
        yield sentence("reason.every sample", variable=variable)


def _key(step: Step, function: object) -> str | None:
    """The sentence that says why; the name of a function is a reason only if nothing says more."""
    if step.reason is not None and step.reason != function and has(f"reason.{step.reason}"):
        return f"reason.{step.reason}"
    spread = step.wanted is not None and all(factor.shape != step.wanted for factor in step.factors)
    match step.kind:
        case "sum" | "reduction" if spread:
            return "reason.spread"
        case "entrywise" if function:
            return "reason.entrywise function"
        case "entrywise" | "scaling" if all_numbers(step):
            return None
        case "sum" | "scaling" | "entrywise":
            return f"reason.{step.kind}"
        case "reduction" | "rule" if function:
            return f"reason.{step.kind}"
    return None


def all_numbers(step: Step) -> bool:
    """Whether nothing in a step has a shape: then there is nothing to arrange."""
    scalar = step.wanted is None or step.wanted.is_scalar
    return scalar and all(factor.shape.is_scalar for factor in (*step.factors, *step.scalar))


def units(told: Told) -> Iterator[Sentence]:
    """What a row or column of the identity does, where one stands in a result for the first time."""
    for node in told.news:
        index = (node.row or node.col) if isinstance(node, ex.Pick) else None
        if index is not None:
            unit = ex.transpose(node) if node.shape.is_row else node
            yield sentence("note.unit", unit=unit, index=index)


def sums(told: Told) -> Iterator[Sentence]:
    """What a product with ones adds up, where one stands in a formula for the first time; and a product
    that is shown by a short name, where its places are counted."""
    chain, closed = shown_chain(told.step) if told.use is not None else (None, False)
    again = told.before is not None and told.before.through == told.step.through
    if chain is not None and not again:
        short = layout(ex.Trace.make(chain) if closed else chain)
        product = Series(tuple(("matrix", layout(factor)) for factor in chain.factors))
        if short.weight < product.weight:
            yield sentence(
                "note.product", short=short, product=Applied("tr", (product,)) if closed else product
            )
    for node in told.news:
        way = sums_over(node)
        if way is not None and isinstance(node, ex.Chain):
            rest = node.factors[:-1] if way == "rows" else node.factors[1:]
            yield sentence(f"note.sums of {way}", product=node, factor=ex.multiply(*rest))


# rules of functions


def _entrywise(step: Step, name: str) -> Iterator[Sentence]:
    """A function of each entry, with its derivative where the record has it as a formula."""
    record = _record(step, name)
    stated = record is not None and record.origin is None and len(record.derivative) == 1
    numbers = all_numbers(step)
    if not stated:
        if not numbers:
            yield sentence("reason.entrywise function", function=name)
        return
    assert record is not None
    u = ex.Symbol.make(_free_letter(step), SCALAR)
    fields: dict[str, Value] = {"call": ex.call(record, (u,)), "slope": record.derivative[0](u)}
    if numbers:
        yield sentence("reason.derivative", **fields)
    else:
        yield sentence("reason.entrywise derivative", **fields)


def _free_letter(step: Step) -> str:
    """A letter for any number that means nothing else in a step."""
    equations = [
        equation for equation in (step.equation, step.through, step.upstream) if equation is not None
    ]
    leaves = frozenset[Expr]().union(*(equation.right.symbols for equation in equations))
    taken = {leaf.name for leaf in leaves if isinstance(leaf, ex.Symbol | ex.Named)}
    for equation in equations:
        taken |= {equation.left} if isinstance(equation.left, str) else set()
        taken |= set(equation.left) if isinstance(equation.left, tuple) else set()
    return next(letter for letter in ("u", "t", "x", "v", "u_0", "u__0") if letter not in taken)


def _record(step: Step, name: str) -> Function | None:
    """The record of the function that a step goes through."""
    nodes = distinct_nodes(step.through.right) if step.through is not None else ()
    calls = (n.function for n in nodes if isinstance(n, ex.Call) and n.function.name == name)
    return next((record for record in calls if isinstance(record, Function)), None) or find(name)


def _called(step: Step, name: str) -> Value:
    """The call that a step goes through, or the function's name where its formula shows no call."""
    if step.through is None:
        return Word(name)
    nodes = distinct_nodes(step.through.right)
    found = next((n for n in nodes if isinstance(n, ex.Call) and n.function.name == name), None)
    record = find(name)
    if found is not None or record is None or record.arity != 1 or record.axis != "none":
        return found or Word(name)
    leaves = (leaf for leaf in _names_of(step) if isinstance(leaf, ex.Symbol | ex.Named))
    argument = next((leaf for leaf in leaves if leaf.name == step.variable), None)
    return Word(name) if argument is None else ex.call(record, (argument,))


def differential(step: Step, change_of_value: Expr) -> Iterator[Row]:
    """The rule of a function as a differential, and how the derivative is read off it."""
    found = _called(step, str(dict(step.facts).get("function", "")))
    said = sentence("reason.differential", function=found, differential=change_of_value)
    yield Row(sentence("row.rule"), (said,))
    symbols = change_of_value.symbols - _names_of(step)
    changes = sorted((leaf.name for leaf in symbols if isinstance(leaf, ex.Symbol)), key=len)
    if changes:
        change = changes[0]
        link = step.through.left if step.through is not None else ""
        of_scalar = isinstance(found, Expr) and found.shape.is_scalar
        above = left_side(step.upstream.left) if step.upstream is not None else None
        times = step.factors[0] if step.factors else ex.number(1)
        if of_scalar and times is not ex.number(1):
            sign = above if step.upstream is not None and step.upstream.right is times else None
            said = sentence("reason.read off times", change=change, upstream=sign or times)
            yield Row(sentence("row.why"), (said,))
        elif of_scalar or not isinstance(above, Quotient):
            yield Row(sentence("row.why"), (sentence("reason.read off", change=change),))
        else:
            fields = {"objective": above.objective, "link": f"{link}", "change": change}
            yield Row(sentence("row.why"), (sentence("reason.read off whole", upstream=above, **fields),))


def _names_of(step: Step) -> frozenset[Expr]:
    return step.through.right.symbols if step.through is not None else frozenset()


# samples


def _samples(step: Step) -> Sentence:
    """A sum over samples as a product: what the samples are when they stand under each other."""
    stacks = tuple(_stacks(step.before)) if isinstance(step.before, ex.IndexSum) else ()
    if not stacks or len(stacks) > MOST:
        return sentence("reason.add the samples")
    return sentence("reason.add the samples so", stacks=Listed(stacks))


def _stacks(before: ex.IndexSum) -> Iterator[Sentence]:
    """What the names and picks in a sum are under each other, where that is short."""
    index = before.index
    for node in distinct_nodes(before.body, below=lambda n: not isinstance(n, ex.Named | ex.Pick)):
        if not isinstance(node, ex.Named | ex.Pick) or index not in node.symbols:
            continue
        row = node if node.shape.is_row or node.shape.is_scalar else ex.transpose(node)
        stacked = ex.stack(row, index) if row.shape.is_row or row.shape.is_scalar else None
        if stacked is not None and layout(stacked).weight <= SHORT:
            key = "reason.entries stacked" if row.shape.is_scalar else "reason.rows stacked"
            yield sentence(key, part=row, stack=stacked)
