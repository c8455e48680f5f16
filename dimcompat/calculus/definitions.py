"""What the functions of a source stand for, said in a derivation where it is first needed.

A module of its own because the way back speaks of ``f'`` by its name alone: once it is known which
functions and derivatives it spoke of, each formula is stated, once, before the step that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from dimcompat import expressions as ex
from dimcompat.calculus.contributions import IN_A_FORMULA
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Derivation, Equation, Note, Step
from dimcompat.expressions import Expr
from dimcompat.functions.record import Function, Origin
from dimcompat.functions.user import UserFunction, primed
from dimcompat.shapes import SCALAR


def with_definitions(derivation: Derivation, functions: Mapping[str, UserFunction]) -> Derivation:
    """The derivation of a program with these functions, with the steps that state their formulas.

    A note says which functions are unnamed.
    """
    if not functions:
        return derivation
    stated = _Stated()
    steps: list[Step] = []
    for step in derivation.steps:
        found = list(_name_steps(stated.needed_by(step)))
        steps += [step, *found] if step.kind == "problem" else [*found, step]
    notes = [
        Note(
            "any function of entries" if given.record.entrywise else "any function of a matrix",
            (("function", name),),
        )
        for name, given in functions.items()
        if name in stated.unnamed
    ]
    return replace(derivation, steps=tuple(steps), notes=(*derivation.notes, *notes))


def _name_steps(found: list[Function]) -> Iterator[Step]:
    """One step for the formulas of the source, and one for the derivatives that are found from them."""
    for derived in (False, True):
        records = [record for record in found if (_origin(record).order > 0) is derived]
        equations = tuple(_equation(record) for record in records)
        if equations:
            names = ", ".join(dict.fromkeys(_origin(record).base for record in records))
            reason = "differentiate" if derived else "functions"
            facts = (("function", names),)
            yield Step("name", equations[-1], names=equations, reason=reason, facts=facts)


def _equation(record: Function) -> Equation:
    """``f'(t) = …``, where a derivative is in textbook form."""
    origin = _origin(record)
    assert origin.formula is not None
    left = ex.Call.make(record, origin.parameters, None, (), SCALAR)
    return Equation(left, simplified(origin.formula) if origin.order else origin.formula)


def _origin(record: Function) -> Origin:
    assert record.origin is not None
    return record.origin


@dataclass(slots=True)
class _Stated:
    """What has been said so far: the functions whose formulas were stated, and the nodes that were seen."""

    seen: set[Expr] = field(default_factory=set)
    records: set[Function] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)

    def needed_by(self, step: Step) -> list[Function]:
        """The functions with formulas that a step speaks of for the first time, each after those it calls."""
        spoken = [*self._called(_expressions(step)), *_differentiated(step)]
        found: list[Function] = []
        pending = [(record, False) for record in reversed(spoken)]
        while pending:
            record, ready = pending.pop()
            formula = _origin(record).formula
            if formula is None:
                self.unnamed.add(_origin(record).base)
            elif ready:
                found.append(record)
            elif record not in self.records:
                self.records.add(record)
                pending.append((record, True))
                shown = _equation(record).right
                pending.extend((other, False) for other in self._called([formula, shown]))
        return found

    def _called(self, roots: Iterable[Expr]) -> list[Function]:
        """The functions of the user's that are called in expressions, in nodes not seen before."""
        found: dict[Function, None] = {}
        pending = list(roots)
        while pending:
            node = pending.pop()
            if node in self.seen:
                continue
            self.seen.add(node)
            if isinstance(node, ex.Call) and isinstance(node.function, Function) and node.function.origin:
                found[node.function] = None
            pending.extend(reversed(node.children))
        return list(found)


def _expressions(step: Step) -> Iterator[Expr]:
    if step.through is not None:
        yield step.through.right
    yield from step.scalar
    yield from (equation.right for equation in step.names)
    yield from step.terms
    yield step.equation.right


def _differentiated(step: Step) -> Iterator[Function]:
    """The derivative that a step through a function with a formula speaks of, though it may be a number."""
    facts = dict(step.facts)
    around = [step.through.right] if step.through is not None else []
    around += [term for term in (facts.get("term"),) if isinstance(term, Expr)]
    for node in (part for root in around for part in (root, *root.children)):
        if isinstance(node, ex.Call) and isinstance(node.function, Function):
            record = node.function
            by_scalar = step.reason == IN_A_FORMULA
            if record.name == facts.get("function") and record.origin and record.origin.formula and not by_scalar:
                yield primed(record)
