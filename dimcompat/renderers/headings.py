"""What JSON says of a derivation as well as every page: titles, formulas, notes.

A module of its own because JSON has no explanations and no blocks.
"""

from __future__ import annotations

from dimcompat import expressions as ex
from dimcompat.derivation import Derivation, Equation, Step
from dimcompat.functions.record import Function
from dimcompat.language.layout import layout
from dimcompat.language.notation import ELLIPSIS, Layout, Terms
from dimcompat.language.typed_layout import typed_layout
from dimcompat.messages import has
from dimcompat.renderers.blocks import (
    Equality,
    Heading,
    Listed,
    Quotient,
    Remark,
    Sentence,
    Value,
    Word,
    sentence,
)
from dimcompat.renderers.comparison import repeats, same_atoms
from dimcompat.renderers.told import Told
from dimcompat.renderers.values import counted, facts_of, left_side

LONGEST_SAID_AGAIN = 12
"""A link that is longer than this is called by its name once it has been shown."""
OPENING = ("inferred", "sample row")
"""The notes that are said before everything else."""


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
        return Heading(number, lead, sentence(_own_title(step) or "title.simplify"))
    link = Equality(left_side(step.through.left), (layout(step.through.right),))
    if told.shown and link.sides[0].weight > LONGEST_SAID_AGAIN:
        link = Equality(link.left, ())
    fields: dict[str, Value] = {"link": link}
    key = "title.through"
    if told.term is not None:
        key, fields = f"{key} term", fields | {"term": told.term}
    if told.use is not None:
        key, fields = f"{key} nth", fields | {"nth": counted("nth", told.use[0]), "variable": Word(variable)}
    return Heading(number, lead, Sentence(key, tuple(fields.items())))


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


def _own_title(step: Step) -> str | None:
    """The key of the title that says why a step is made, where there is one."""
    key = f"title.{step.reason}"
    return key if step.reason is not None and has(key) else None


def _name_title(step: Step) -> Sentence:
    own = _own_title(step)
    if own is not None:
        return Sentence(own, tuple(facts_of(step.facts).items()))
    names = [named.left for named in step.names[:-1] if isinstance(named.left, str)]
    every = repeats([formula_of(named) for named in step.names], names)
    return sentence("title.name repeats" if every else "title.name")


def _simplify_title(step: Step) -> str:
    own = _own_title(step)
    if own is not None:
        return own
    if step.before is None:
        return "title.simplify"
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


def notes(derivation: Derivation, *, opening: bool | None = None) -> tuple[Remark, ...]:
    """The remarks on the whole derivation: all of them, those said before the problem, or the others."""
    return tuple(
        Remark((Sentence(f"note.{note.key}", tuple(facts_of(note.facts).items())),))
        for note in derivation.notes
        if has(f"note.{note.key}") and opening in (None, note.key in OPENING)
    )
