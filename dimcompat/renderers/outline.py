"""A derivation as blocks, in reading order.

A module of its own because the order of what a reader is told is one decision, made once for
all formats; what a single step says is in `explanations`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Step
from dimcompat.language.layout import layout
from dimcompat.language.notation import ELLIPSIS, Applied, Integer, Layout, Name, Terms, Transposed
from dimcompat.language.notation import Quotient as Quotient_
from dimcompat.language.typed_layout import typed_layout
from dimcompat.operations import postorder
from dimcompat.renderers.blocks import (
    Block,
    Equality,
    Formula,
    Listed,
    Problem,
    Quotient,
    Result,
    Sentence,
    Value,
    sentence,
)
from dimcompat.renderers.check_result import check
from dimcompat.renderers.comparison import differ_in_order_only
from dimcompat.renderers.explanations import explanation
from dimcompat.renderers.given import MOST, grouped, shortened
from dimcompat.renderers.headings import formula_of, heading, objective_layout, right_side
from dimcompat.renderers.told import Told
from dimcompat.renderers.values import left_side


def problem(derivation: Derivation) -> Problem:
    """The question that the derivation answers."""
    names = [result.variable for result in derivation.results]
    quotients = tuple(Quotient(derivation.loss, name) for name in names)
    conventions = [sentence(f"layout.{derivation.layout}")]
    if derivation.loss != derivation.name:
        given = Quotient(derivation.loss, derivation.name)
        conventions.append(sentence("problem.given", derivative=given))
    elif len(quotients) == 1 and isinstance(names[0], str) and derivation.order == 1:
        shape = derivation.results[0].expression.shape
        own = next((given.shape for given in derivation.declarations if given.name == names[0]), None)
        likeness = (
            "" if own is None else " like" if shape == own else " turned" if shape == own.transposed else ""
        )
        so = sentence(f"problem.so{likeness}", derivative=quotients[0], shape=shape, variable=names[0])
        conventions.append(so)
    return Problem(
        shortened(quotients),
        Equality(derivation.name, (objective_layout(derivation),)),
        tuple(conventions),
        grouped(derivation.declarations),
        parts(derivation),
    )


def parts(derivation: Derivation) -> tuple[Equality, ...]:
    """What the program names on the way to the objective, as typed; of many the first two and the last."""
    root = derivation.typed
    if root is None:
        return ()
    named = [part for part in postorder(root) if part.kind == "part" and part is not root]
    shown = named if len(named) <= MOST else [*named[:2], None, named[-1]]
    return tuple(
        Equality(ELLIPSIS, ()) if part is None else Equality(str(part.name), (typed_layout(part),))
        for part in shown
    )


def step_blocks(told: Told, number: int) -> Iterator[Block]:
    """What one step says."""
    step = told.step
    title = heading(told, number)
    yield title
    if step.kind == "name":
        for named in step.names:
            equality = Equality(left_side(named.left), (formula_of(named),))
            yield Formula(equality, named.right.shape)
        yield from explanation(told)
        return
    yield from explanation(told)
    right = right_side(step)
    sides: tuple[Layout, ...] = (right,)
    if step.kind == "collect":
        sides = (added(step), right)
    elif step.reason == "projection" and step.before is not None:
        unbound = free_name(step)
        yield Formula(Equality(unbound, (layout(step.before),)), step.before.shape)
        sides = (projection(step, unbound), right)
    elif step.before is not None and step.kind in ("simplify", "samples"):
        sides = (layout(step.before), right)
    if len(sides) == 2 and differ_in_order_only(*sides):
        sides = (right,)
    left = left_side(step.equation.left) if title.lead is None else title.lead
    yield Formula(Equality(left, sides), step.equation.right.shape)


def free_name(step: Step) -> str:
    """A name for the gradient before it is projected that means nothing else here."""
    symbols = step.before.symbols | step.equation.right.symbols if step.before is not None else frozenset()
    taken = {leaf.name for leaf in symbols if isinstance(leaf, ex.Symbol | ex.Named)}
    return next(name for name in ("G", "D", "H", "G_0", "G__0") if name not in taken)


def projection(step: Step, unbound: str) -> Layout:
    """The part of a matrix that is symmetric, or diagonal, as a formula of its name."""
    whole = Name(unbound)
    if dict(step.facts).get("attribute") == "diagonal":
        return Applied("diag", (Applied("diag", (whole,)),))
    return Quotient_(Terms(((False, whole), (False, Transposed(whole)))), Integer(2))


def added(step: Step) -> Layout:
    """The contributions as they are added, before anything is collected."""
    terms: list[tuple[bool, Layout]] = []
    for term in step.terms:
        shown = layout(term)
        terms += shown.terms if isinstance(shown, Terms) else ((False, shown),)
    return Terms(tuple(terms))


def results(derivation: Derivation) -> Iterator[Result]:
    """The answers."""
    for result in derivation.results:
        forms = tuple((sentence(f"form.{form.name}"), form.expression) for form in result.forms)
        yield Result(
            Equality(Quotient(derivation.loss, result.variable), (layout(result.expression),)),
            result.expression.shape,
            forms,
        )


def closing(derivation: Derivation) -> tuple[Sentence, ...]:
    """How the results were decided and what the numeric check found."""
    by_decision: dict[str, list[Value]] = {}
    for result in derivation.results:
        by_decision.setdefault(result.decided_by, []).append(Quotient(derivation.loss, result.variable))
    said = [sentence(f"decided.{decision}") for decision in by_decision]
    if len(by_decision) > 1:
        listed = (Listed(tuple(derivatives)) for derivatives in by_decision.values())
        said = [
            sentence("decided.which", derivatives=derivatives, decision=decision)
            for derivatives, decision in zip(listed, said, strict=True)
        ]
    if derivation.verification is not None:
        said.append(check(derivation.verification))
    return tuple(said)
