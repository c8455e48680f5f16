"""What the functions of a source stand for, said in a derivation where it is first needed.

A module of its own because the way back speaks of ``f'`` by its name alone: once it is known which
functions and derivatives it spoke of, each formula is stated, once, before the step that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from dimcompat import expressions as ex
from dimcompat.calculus.contributions import IN_A_FORMULA
from dimcompat.calculus.cost import cost
from dimcompat.calculus.simplify import simplified
from dimcompat.derivation import Derivation, Equation, Note, Step
from dimcompat.expressions import Expr
from dimcompat.functions.formulas import slope
from dimcompat.functions.record import Function, Origin
from dimcompat.functions.user import UserFunction, primed
from dimcompat.records import dataclass
from dimcompat.shapes import SCALAR

LONGEST_SEARCHED = 60


def with_definitions(derivation: Derivation, functions: Mapping[str, UserFunction]) -> Derivation:
    """The derivation of a program with these functions, with the steps that state their formulas.

    A note says which functions are unnamed.
    """
    stated = _Stated()
    steps: list[Step] = []
    for step in derivation.steps:
        found = list(_name_steps(stated.needed_by(step), stated.partial_by(step)))
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


def _name_steps(found: list[Function], partial: list[Equation]) -> Iterator[Step]:
    """One step for the formulas of the source, and one for the derivatives that are found from them."""
    for derived in (False, True):
        records = [record for record in found if (_origin(record).order > 0) is derived]
        more = partial if derived else []
        equations = (*(_equation(record) for record in records), *more)
        if equations:
            bases = [_origin(record).base for record in records]
            bases += [left[0].rstrip("'") for left in (one.left for one in more) if isinstance(left, tuple)]
            names = ", ".join(dict.fromkeys(bases))
            reason = "differentiate" if derived else "functions"
            facts = (("function", names),)
            yield Step("name", equations[-1], names=equations, reason=reason, facts=facts)


def _equation(record: Function) -> Equation:
    """``f'(t) = …``, where a derivative is in textbook form."""
    origin = _origin(record)
    assert origin.formula is not None
    left = ex.Call.make(record, origin.parameters, None, (), SCALAR)
    return Equation(left, _textbook(origin.formula) if origin.order else origin.formula)


def _textbook(formula: Expr) -> Expr:
    """A derivative in textbook form; a long one as it comes, since the search costs more than it finds."""
    return simplified(formula) if cost(formula) <= LONGEST_SEARCHED else formula


def _origin(record: Function) -> Origin:
    assert record.origin is not None
    return record.origin


@dataclass(slots=True)
class _Stated:
    """What has been said so far: the functions whose formulas were stated, and the nodes that were seen."""

    seen: set[Expr] = field(default_factory=set)
    records: set[Function] = field(default_factory=set)
    partial: set[tuple[Function, Expr]] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)

    def needed_by(self, step: Step) -> list[Function]:
        """The functions with formulas that a step speaks of for the first time, each after those it calls."""
        spoken = self._called(_expressions(step))
        if step.reason != IN_A_FORMULA:  # the derivative may be a number, which no call shows
            spoken += [primed(record) for record in _through(step)]
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

    def partial_by(self, step: Step) -> list[Equation]:
        """The derivative of a formula by a scalar in it that a step needs for the first time: ``∂f/∂a``."""
        found: list[Equation] = []
        for record in _through(step) if step.reason == IN_A_FORMULA else ():
            origin = _origin(record)
            for scalar in origin.parameters[1:]:
                if scalar.name == step.variable and (record, scalar) not in self.partial:
                    self.partial.add((record, scalar))
                    assert origin.formula is not None
                    right = _textbook(slope(origin.formula, scalar))
                    found.append(Equation((record.name, scalar.name), right))
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


def _through(step: Step) -> Iterator[Function]:
    """The function with a formula that a step goes through."""
    facts = dict(step.facts)
    around = [step.through.right] if step.through is not None else []
    around += [term for term in (facts.get("term"),) if isinstance(term, Expr)]
    for node in (part for root in around for part in (root, *root.children)):
        if isinstance(node, ex.Call) and isinstance(node.function, Function):
            record, origin = node.function, node.function.origin
            if origin is not None and origin.formula is not None and record.name == facts.get("function"):
                yield record
