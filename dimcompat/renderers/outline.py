"""A derivation as blocks, in reading order.

A module of its own because the order of what a reader is told is one decision, made once for
all formats; what a single step says is in `explanations`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import isinf

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Equation, Step, Verification
from dimcompat.functions.record import Function
from dimcompat.language.layout import layout
from dimcompat.language.notation import ELLIPSIS, Applied, Integer, Layout, Name, Terms, Transposed
from dimcompat.language.notation import Quotient as Quotient_
from dimcompat.language.typed_layout import typed_layout
from dimcompat.messages import has
from dimcompat.operations import postorder
from dimcompat.renderers.blocks import (
    Block,
    Equality,
    Formula,
    Heading,
    Listed,
    Problem,
    Quotient,
    Remark,
    Result,
    Sentence,
    Value,
    Word,
    sentence,
)
from dimcompat.renderers.comparison import differ_in_order_only, repeats, same_atoms
from dimcompat.renderers.explanations import explanation
from dimcompat.renderers.given import MOST, grouped, shortened
from dimcompat.renderers.told import Told
from dimcompat.renderers.values import counted, facts_of, left_side

LONGEST_SAID_AGAIN = 12
"""A link that is longer than this is called by its name once it has been shown."""
OPENING = ("inferred", "sample row")
"""The notes that are said before everything else."""


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


def objective_layout(derivation: Derivation) -> Layout:
    """The objective as it was typed, or in normal form where it was built otherwise."""
    return layout(derivation.objective) if derivation.typed is None else typed_layout(derivation.typed)


def heading(told: Told, number: int = 0) -> Heading:
    """The title of a step."""
    step = told.step
    left = left_side(step.equation.left)
    lead = left if isinstance(left, Quotient) else None
    variable = step.variable or ""
    match step.kind:
        case "problem":
            return Heading(number, None, _problem_title(told))
        case "name":
            return Heading(number, None, _name_title(step))
        case "collect":
            times = counted("times", len(step.terms))
            return Heading(number, None, sentence("title.collect", variable=variable, times=times))
        case "simplify":
            return Heading(number, None, sentence(_simplify_title(step)))
        case "result":
            return Heading(number, None, sentence("title.result"))
    if step.reason == "projection":
        attribute = dict(step.facts).get("attribute")
        named = sentence(f"attribute.{attribute}")
        return Heading(number, None, sentence("title.projection", variable=variable, attribute=named))
    if step.through is None:
        said = f"title.{step.reason}"
        return Heading(number, lead, sentence(said if has(said) else "title.simplify"))
    link = Equality(left_side(step.through.left), (_link(step.through.right),))
    if told.shown and link.sides[0].weight > LONGEST_SAID_AGAIN:
        link = Equality(link.left, ())
    fields: dict[str, Value] = {"link": link}
    key = "title.through"
    if told.term is not None:
        key, fields = f"{key} term", fields | {"term": told.term}
    if told.use is not None:
        key, fields = f"{key} nth", fields | {"nth": counted("nth", told.use[0]), "variable": Word(variable)}
    return Heading(number, lead, Sentence(key, tuple(fields.items())))


@lru_cache(maxsize=8)
def _link(right: ex.Expr) -> Layout:
    """The layout of what a step goes through; many steps in a row go through the same long sum."""
    return layout(right)


def _problem_title(told: Told) -> Sentence:
    step = told.step
    left = step.equation.left
    name = left[0] if isinstance(left, tuple) else str(left)
    variables = [part.strip() for part in (step.variable or "").split(",") if part.strip()]
    return sentence(
        "problem",
        derivative=Listed(tuple(Quotient(told.loss or name, variable) for variable in variables)),
        objective=Equality(name, (layout(step.equation.right),)),
    )


def _name_title(step: Step) -> Sentence:
    if has(f"title.{step.reason}"):
        return Sentence(f"title.{step.reason}", tuple(facts_of(step.facts).items()))
    names = [named.left for named in step.names[:-1] if isinstance(named.left, str)]
    every = repeats([formula_of(named) for named in step.names], names)
    return sentence("title.name repeats" if every else "title.name")


def _simplify_title(step: Step) -> str:
    if step.before is None or has(f"title.{step.reason}"):
        return f"title.{step.reason}" if has(f"title.{step.reason}") else "title.simplify"
    kept = step.equation.right.symbols
    gone = [leaf for leaf in step.before.symbols - kept if isinstance(leaf, ex.Named)]
    if not gone:
        return "title.simplify"
    parts: dict[str, Layout] = {}
    while gone:
        part = gone.pop()
        if part.name not in parts:
            parts[part.name] = layout(part.definition)
            gone += [leaf for leaf in part.definition.symbols - kept if isinstance(leaf, ex.Named)]
    alike = same_atoms(layout(step.before), layout(step.equation.right), parts)
    return "title.substitute" if alike else "title.substitute and simplify"


def step_blocks(told: Told, number: int) -> Iterator[Block]:
    """What one step says."""
    step = told.step
    yield heading(told, number)
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
    yield Formula(Equality(left_side(step.equation.left), sides), step.equation.right.shape)


def formula_of(equation: Equation) -> Layout:
    """The right side of an equation; the formula of a function as its author typed it."""
    function = equation.left.function if isinstance(equation.left, ex.Call) else None
    origin = function.origin if isinstance(function, Function) else None
    return layout(equation.right) if origin is None or origin.typed is None else typed_layout(origin.typed)


def right_side(step: Step) -> Layout:
    """What a step finds; one of several contributions has an ellipsis for the others beside it."""
    own = formula_of(step.equation)
    if step.occurrence is None or step.kind == "collect":
        return own
    place, places = step.occurrence
    terms = own.terms if isinstance(own, Terms) else ((False, own),)
    before = ((False, ELLIPSIS),) if place > 1 else ()
    after = ((False, ELLIPSIS),) if place < places else ()
    return Terms((*before, *terms, *after))


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


def check(found: Verification) -> Sentence:
    """What the numeric check found."""
    if found.passed is None:
        return sentence(f"check.none.{found.why}" if found.why else "check.none")
    key = "check.passed" if found.passed else "check.failed"
    if found.points == 1:
        key += " once"
    error = "?" if found.max_relative_error is None else _short(found.max_relative_error)
    fields = {"points": str(found.points), "error": error}
    if not found.dims:
        return sentence(f"{key} without dims", **fields)
    dims = " ".join(f"{name}={size}" for name, size in found.dims.items())
    return sentence(key, dims=dims, **fields)


def _short(error: float) -> str:
    if isinf(error):
        return "∞"
    mantissa, _, exponent = f"{error:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if error else "0"


def notes(derivation: Derivation, *, opening: bool | None = None) -> tuple[Remark, ...]:
    """The remarks on the whole derivation: all of them, those said before the problem, or the others."""
    return tuple(
        Remark((Sentence(f"note.{note.key}", tuple(facts_of(note.facts).items())),))
        for note in derivation.notes
        if has(f"note.{note.key}") and opening in (None, note.key in OPENING)
    )
